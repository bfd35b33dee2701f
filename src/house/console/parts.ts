import type { LogGate } from '../../audit/log-gate.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { DecisionDesk } from '../../console/decisions/port.js';
import type { JobKind, Jobs } from '../../console/jobs/port.js';
import type { Looks } from '../../console/looks/port.js';
import type { StepUp } from '../../sign-in/step-up/step-up.js';
import type { Database } from '../../storage/database.js';
import type { Log } from '../../telemetry/log.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { SystemHealth } from '../../telemetry/system-health.js';
import type { OpenLog } from '../open-log.js';
import type { OpenRights } from '../open-rights.js';
import type { Timestamps } from '../open-timestamps.js';
import type { PublicLog } from '../public-log.js';
import type { OpenSignIn } from '../sign-in/doors.js';

/** What the console needs of the house. */
export interface ConsoleParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: OpenLog;
  readonly gate: LogGate;
  readonly published: PublicLog;
  readonly stamps: Timestamps;
  readonly rights: OpenRights;
  readonly signIn: OpenSignIn;
  readonly told: Log;
  readonly metrics: Metrics;
  readonly health: SystemHealth;
  now(): Date;
}

/** What each room's joining file is given. */
export interface RoomParts extends ConsoleParts {
  readonly looks: Looks;
  readonly jobs: Jobs;
  readonly stepUp: Pick<StepUp, 'state'>;
}

/** Done again and again beside the pages. */
interface ConsoleChore {
  readonly event: string;
  readonly everyMs: number;
  work(): Promise<void>;
}

/** What a room brings beside its pages: long work that it can do, and matters that need two persons. */
export interface BroughtWork {
  readonly jobKinds?: readonly JobKind[];
  readonly desks?: readonly DecisionDesk[];
  /** Started with the web; each safe on all instances at once. */
  readonly chores?: readonly ConsoleChore[];
}
