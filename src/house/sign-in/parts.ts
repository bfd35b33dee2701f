import type { BridgeConfig } from '../../config/schema.js';
import type { Upstream } from '../../edevlet/port.js';
import type { RefusalCounter } from '../../network/refusal-counter.js';
import type { Database } from '../../storage/database.js';
import type { Log } from '../../telemetry/log.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { SystemHealth } from '../../telemetry/system-health.js';
import type { OpenLog } from '../open-log.js';

/** What sign-in needs of the house. */
export interface SignInParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: OpenLog;
  readonly refusals: RefusalCounter;
  readonly told: Log;
  readonly metrics: Pick<Metrics, 'signInEnded'>;
  readonly health: SystemHealth;
  /** Stands in for the one that the settings name. */
  readonly upstream?: Upstream | undefined;
}
