import type { Queryable } from '../../storage/database.js';
import { readBudget } from './budget.js';
import { isPaused, type Pause, readPause } from './pause.js';
import { type Run, readLastRun, readOpenRun } from './run.js';
import type { PollSettings } from './settings.js';

/** How polling stands, for command line and metrics; nothing personal in it. */
export interface Progress {
  /** The open run, else the last one; null before the first. */
  readonly run: Run | null;
  readonly cooperatives: number;
  /** How many are due now, of these those that somebody waits for. */
  readonly due: number;
  readonly wished: number;
  readonly neverRead: number;
  /** With a failure or a refusal since the last sound reading. */
  readonly troubled: number;
  /** Losses that wait for a second reading or for persons. */
  readonly held: number;
  readonly oldestReadAt: Date | null;
  readonly budget: { readonly used: number; readonly limit: number };
  /** Why nobody is asked just now; null where nothing stands in the way. */
  readonly pause: Pause | null;
}

interface Counts {
  cooperatives: number;
  due: number;
  wished: number;
  neverRead: number;
  troubled: number;
  oldestReadAt: Date | null;
  held: number;
}

const COUNTS = `SELECT count(*)::int AS cooperatives, count(*) FILTER (WHERE due_at <= $1)::int AS due,
    count(*) FILTER (WHERE wished_at IS NOT NULL)::int AS wished, count(*) FILTER (WHERE read_at IS NULL)::int AS "neverRead",
    count(*) FILTER (WHERE failures > 0)::int AS troubled, min(read_at) AS "oldestReadAt",
    (SELECT count(*)::int FROM bridge.mersis_held) AS held
  FROM bridge.mersis_cooperative`;
const NOTHING: Counts = {
  cooperatives: 0,
  due: 0,
  wished: 0,
  neverRead: 0,
  troubled: 0,
  oldestReadAt: null,
  held: 0,
};

/** How polling stands at `now`. Errors: those of `Queryable`. */
export async function readProgress(
  db: Queryable,
  { dailyBudget }: Pick<PollSettings, 'dailyBudget'>,
  now: Date,
): Promise<Progress> {
  const run = (await readOpenRun(db)) ?? (await readLastRun(db));
  const { rows } = await db.query<Counts>({ text: COUNTS, values: [now] });
  const pause = await readPause(db);
  return {
    run,
    ...(rows[0] ?? NOTHING),
    budget: { used: await readBudget(db, now), limit: dailyBudget },
    pause: isPaused(pause, now) ? pause : null,
  };
}
