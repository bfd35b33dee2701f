import type { Database, Queryable } from '../../storage/database.js';
import type { SystemSeen, SystemState } from '../../telemetry/system-health.js';

/** What one instance has seen of one system. */
export interface KeptState extends SystemSeen {
  readonly instance: string;
  readonly seenAt: Date;
}

const KEEP = `INSERT INTO bridge.system_state (instance, system, state, last_ok_at, last_fault_at, fault, calls, faults, slowest_ms, seen_at)
  SELECT $1, x.system, x.state, x.ok, x.bad, x.fault, x.calls, x.faults, x.slowest, $3
  FROM json_to_recordset($2::json) AS x(system text, state text, ok timestamptz, bad timestamptz, fault text, calls integer,
    faults integer, slowest integer)
  ON CONFLICT (instance, system) DO UPDATE SET state = excluded.state,
    last_ok_at = coalesce(excluded.last_ok_at, system_state.last_ok_at),
    last_fault_at = coalesce(excluded.last_fault_at, system_state.last_fault_at),
    fault = coalesce(excluded.fault, system_state.fault), calls = excluded.calls, faults = excluded.faults,
    slowest_ms = excluded.slowest_ms, seen_at = excluded.seen_at`;
// Instances that are gone, and systems that left the settings.
const PURGE = 'DELETE FROM bridge.system_state WHERE seen_at < $1';
const READ = `SELECT instance, system, state, last_ok_at AS "lastOkAt", last_fault_at AS "lastFaultAt", fault, calls, faults,
    slowest_ms AS "slowestMs", seen_at AS "seenAt"
  FROM bridge.system_state ORDER BY system, instance LIMIT 500`;
const KEPT_MS = 86_400_000;

/** Writes down what `instance` has seen; what it saw before its restart stays until it sees something else. */
export async function keepStates(
  db: Database,
  instance: string,
  seen: readonly SystemSeen[],
  now: Date,
): Promise<void> {
  const rows = seen.map(({ calls, fault, faults, lastFaultAt, lastOkAt, slowestMs, state, system }) => ({
    ...{ system, state, fault, calls, faults },
    ...{ ok: lastOkAt, bad: lastFaultAt, slowest: slowestMs },
  }));
  await db.query({ text: KEEP, values: [instance, JSON.stringify(rows), now] });
  await db.query({ text: PURGE, values: [new Date(now.getTime() - KEPT_MS)] });
}

/** What all instances have seen. */
export async function readStates(db: Queryable): Promise<readonly KeptState[]> {
  const { rows } = await db.query<KeptState & { state: SystemState }>({ text: READ });
  return rows;
}
