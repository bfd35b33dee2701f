import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Database, Queryable } from '../../storage/database.js';
import type { Appender } from '../appender.js';
import type { Side } from '../catalogue/side.js';
import { NOT_HELD, NOT_KEPT } from './destroy-keys.js';
import {
  createRunLane,
  createTermLane,
  databaseClock,
  type RunReport,
  type RunRules,
  type SecondClock,
} from './run-lanes.js';
import { readState, termInForce } from './state.js';
import { isRunDue, lastDueYear } from './term.js';

/** What the periodic run needs from outside. */
export interface RunTools {
  readonly db: Database;
  readonly appender: Appender;
  readonly rules: RunRules;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
  /** True once the process stops: the run ends between two batches and goes on after the next start. */
  readonly stopping: () => boolean;
  readonly clock?: SecondClock;
}

/** Nobody else writes while a batch is destroyed: small enough that callers wait below a second for it. */
const KEYS_AT_ONCE = 1000;
/** Search rows of one batch, for the same reason; one key with more goes alone. */
const SEARCH_ROWS_AT_ONCE = 20_000;
/** Between two batches the others write. */
const PAUSE_MS = 100;
/** Ten million keys in one run; the rest waits for the next. */
const MAX_BATCHES = 10_000;
/** A batch finds nothing where a hold came in between; more often in a row only where a clock was set back. */
const MAX_EMPTY = 3;
const SIDES: readonly Side[] = ['actor', 'subject'];

/** One instance at a time; the transaction that holds it does nothing else, so it may idle longer than others. */
const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(7202, 7) AS mine';
const MAY_IDLE = "SET LOCAL idle_in_transaction_session_timeout = '5min'";

/**
 * Destroys the keys whose term is over, if a run is due, and writes the record of it. Null where none is due, another instance
 * runs, or the process stops. Errors: those of `Appender.submit` and `Database`; what was destroyed until then is recorded.
 */
export async function runRetention(tools: RunTools): Promise<RunReport | null> {
  const { db, rules } = tools;
  const clock = tools.clock ?? databaseClock;
  const now = new Date(Math.min(tools.now().getTime(), (await clock(db)).getTime()));
  const lastRunAt = (await readState(db, false))?.lastRunAt ?? null;
  if (!isRunDue(lastRunAt === null ? null : new Date(lastRunAt), rules.everyDays, now)) return null;
  return db.transaction(async (tx) => {
    await tx.run(MAY_IDLE);
    const { rows } = await tx.query<{ mine: boolean }>({ text: TRY_LOCK });
    if (rows[0]?.mine !== true) return null;
    const taken = await destroyDue(tools, now, clock, async () => {
      await tx.query({ text: 'SELECT 1' }); // fails where the lock was lost with its connection
    });
    if (taken === null) return null;
    return tools.appender.submit(createRunLane(rules, clock), taken);
  });
}

async function destroyDue(
  tools: RunTools,
  now: Date,
  clock: SecondClock,
  stillMine: () => Promise<void>,
): Promise<{ keys: number; searchRows: number } | null> {
  const { db, appender, rules } = tools;
  const years = termInForce(await readState(db, false), rules.years);
  const last = lastDueYear(now, years);
  const lane = createTermLane(rules, clock);
  const total = { keys: 0, searchRows: 0 };
  let batches = 0;
  let empty = 0;
  for (let year = await firstYear(db); year !== null && year <= last; year += 1) {
    for (const side of SIDES) {
      for (;;) {
        if (tools.stopping()) return null;
        if (batches === MAX_BATCHES) return total;
        const keyIds = await chooseKeys(db, year, side, istanbulDay(now));
        if (keyIds.length === 0) break;
        if (batches > 0) await tools.sleep(PAUSE_MS);
        await stillMine();
        const taken = await appender.submit(lane, { year, side, keyIds });
        total.keys += taken.keys;
        total.searchRows += taken.searchRows;
        batches += 1;
        empty = taken.keys === 0 ? empty + 1 : 0;
        if (empty === MAX_EMPTY) return total;
      }
    }
  }
  return total;
}

async function firstYear(q: Queryable): Promise<number | null> {
  const { rows } = await q.query<{ year: number | null }>({
    text: 'SELECT min(year) AS year FROM bridge.person_key',
  });
  return rows[0]?.year ?? null;
}

/** Keys of the next batch, chosen outside the lock: counting search rows takes time. */
async function chooseKeys(q: Queryable, year: number, side: Side, today: string): Promise<readonly string[]> {
  const { rows } = await q.query<{ key_id: string }>({
    text: `SELECT key_id FROM (
        SELECT k.key_id, sum(n.rows) OVER (ORDER BY k.key_id) - n.rows AS before FROM (
          SELECT key_id, tag, year FROM bridge.person_key k
          WHERE year = $1 AND side = $3 AND ${NOT_HELD} AND ${NOT_KEPT} ORDER BY key_id LIMIT $4
        ) AS k CROSS JOIN LATERAL (
          SELECT count(*) AS rows FROM (
            SELECT 1 FROM bridge.log_tag t WHERE t.tag = k.tag AND t.year = k.year LIMIT $5
          ) AS one
        ) AS n
      ) AS chosen WHERE before < $5 ORDER BY key_id`,
    values: [year, today, side, KEYS_AT_ONCE, SEARCH_ROWS_AT_ONCE],
  });
  return rows.map((row) => row.key_id);
}
