import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { EffectApplier, Lane } from '../audit/lane.js';
import { budgetApplier, lockBudget, type SpentBudget } from './poll/budget.js';
import { allowance } from './poll/schedule.js';
import type { MersisReply, MersisSource } from './port.js';

/** What trying needs from outside. `log` has `TRY_APPLIERS`. */
export interface TryTools {
  readonly log: Appender;
  readonly source: Pick<MersisSource, 'read'>;
  readonly instance: string;
  readonly dailyBudget: number;
}

/** `answered`: what came back, of which nothing is taken in. `nothing-known`, `budget`: nothing was sent. */
export type Tried =
  | { readonly kind: 'answered'; readonly reply: MersisReply }
  | { readonly kind: 'nothing-known' | 'budget' };

type Chosen =
  | { readonly kind: 'asking'; readonly mersisNo: string }
  | { readonly kind: 'nothing-known' | 'budget' };

export const TRY_APPLIERS = [budgetApplier] as readonly EffectApplier[];

/** Somebody waits at a terminal. */
const PATIENCE_MS = 2_000;
// One that MERSİS knew a moment ago; else any that is polled.
const CHOOSE = `SELECT mersis_no AS "mersisNo" FROM bridge.mersis_cooperative
  ORDER BY read_at DESC NULLS LAST, mersis_no LIMIT 1`;

/**
 * Asks MERSİS one question about a cooperative that is polled anyway, to see whether it answers. `mersis.asking` and the day's budget come
 * before, in one transaction: without them nothing is sent. A pause does not keep it back (whoever tries wants to know whether what paused
 * is mended, and it is one request), nor does it end one. Errors: those of `Appender`, with nothing sent.
 */
export async function tryOne({ log, source, ...rules }: TryTools): Promise<Tried> {
  const chosen = await log.submit(tryLane, rules);
  if (chosen.kind !== 'asking') return chosen;
  const { mersisNo } = chosen;
  try {
    return { kind: 'answered', reply: await source.read({ mersisNo }) };
  } catch {
    // The port resolves always; a source that breaks that promise gave no answer.
    const fault = { kind: 'unavailable', cause: 'connection' } as const;
    return { kind: 'answered', reply: { kind: 'fault', fault } };
  }
}

const tryLane: Lane<Pick<TryTools, 'instance' | 'dailyBudget'>, Chosen> = {
  // Behind the claims of polling, which lock the day's budget last of their rows.
  name: '7-mersis-try',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items, now) => {
    const { rows } = await tx.query<{ mersisNo: string }>({ text: CHOOSE });
    const mersisNo = rows[0]?.mersisNo;
    const { day, used } = await lockBudget(tx, now);
    return items.map(({ instance, dailyBudget }, i) => {
      if (mersisNo === undefined) return nothing('nothing-known');
      if (allowance(dailyBudget, used + i).wishes === 0) return nothing('budget');
      const spent: SpentBudget = { kind: 'mersis-spent', day, count: 1 };
      return {
        entries: [draftOf('mersis.asking', now, { cooperatives: [mersisNo], instance, run: null })],
        effects: [spent],
        answer: () => ({ kind: 'asking' as const, mersisNo }),
      };
    });
  },
};

function nothing(kind: 'nothing-known' | 'budget') {
  return { entries: [], effects: [], answer: () => ({ kind }) };
}
