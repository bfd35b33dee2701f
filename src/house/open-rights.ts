import type { HotCall } from '../api/service-api.js';
import type { BroughtRoutes } from '../api/service-route.js';
import type { LogGate } from '../audit/log-gate.js';
import type { BridgeConfig } from '../config/schema.js';
import type { Maintenance } from '../maintenance/known-windows.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { SystemHealth } from '../telemetry/system-health.js';
import {
  type AppointmentParts,
  type OpenAppointments,
  openAppointments,
} from './appointments/open-appointments.js';
import { openAuthorities } from './authority/open-authorities.js';
import { openAuthority } from './authority/open-authority.js';
import { openEvents } from './events/open-events.js';
import { type OpenMersis, openMersis } from './mersis/open-mersis.js';
import type { OpenLog } from './open-log.js';

/** What everything about rights needs of the house. */
export interface RightsParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: OpenLog;
  readonly gate: LogGate;
  readonly maintenance: Maintenance;
  readonly told: Log;
  readonly metrics: Metrics;
  readonly health: SystemHealth;
  /** The use case of an identity check, whole: whoever is to be appointed is checked by it. */
  readonly verify: AppointmentParts['verify'];
}

/** Reading the registry, deciding from memory, appointments, and telling others, as listeners and start know them. */
export interface OpenRights extends BroughtRoutes {
  readonly hot: readonly HotCall[];
  /** All of it once; stopping waits for what is under way. */
  startChores(): () => Promise<void>;
  close(): Promise<void>;
  /** What a directorate does from the console. `refresh` null: the settings have no MERSİS. */
  readonly desk: {
    readonly decide: OpenAppointments['decideAtDesk'];
    readonly refresh: OpenMersis['refreshAtDesk'] | null;
  };
}

/** Opens all of it; memory is read whole before anything is answered. Errors: `CONFIG_INVALID` and those of `Database`. */
export async function openRights(parts: RightsParts): Promise<OpenRights> {
  const { config, gate, log, maintenance, told, verify } = parts;
  const mersis = await openMersis(parts);
  try {
    const authority = await openAuthority(parts);
    const events = await openEvents(parts);
    const appointments = openAppointments({
      config,
      gate,
      log,
      maintenance,
      verify,
      mersis: mersis?.calls ?? null,
      disagreed: (matter) => told.error('authority.disagreed', { reason: matter }),
    });
    const brought = [
      authority.calls,
      openAuthorities(parts),
      events.routes,
      appointments,
      ...(mersis === null ? [] : [mersis.routes]),
    ];
    return {
      hot: authority.calls.hot,
      routes: brought.flatMap(({ routes }) => routes),
      schemas: Object.assign({}, ...brought.map(({ schemas }) => schemas)),
      startChores: () => {
        const stops = [authority.startChores(), events.startChores(), mersis?.startChores()];
        return async () => void (await Promise.all(stops.map((stop) => stop?.())));
      },
      close: async () => mersis?.close(),
      desk: { decide: appointments.decideAtDesk, refresh: mersis?.refreshAtDesk ?? null },
    };
  } catch (error) {
    await mersis?.close();
    throw error;
  }
}
