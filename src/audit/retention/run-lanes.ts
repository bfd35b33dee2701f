import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import type { Side } from '../catalogue/side.js';
import type { Lane } from '../lane.js';
import { destroyKeys, type KeysDestroyed } from './destroy-keys.js';
import { exclusiveLane, retentionEntry } from './exclusive-lane.js';
import { type RetentionStateChanged, readState, termInForce } from './state.js';
import { isRunDue, lastDueYear } from './term.js';

/** The settings that the periodic run goes by. */
export interface RunRules {
  readonly instance: string;
  readonly legalGround: string;
  readonly years: number;
  readonly everyDays: number;
}

/**
 * A second clock, the database's in production. Of two clocks the earlier one counts: a host whose clock has run away into
 * the future must not destroy what is not due.
 */
export type SecondClock = (q: Queryable) => Promise<Date>;

export const databaseClock: SecondClock = async (q) => {
  const { rows } = await q.query<{ now: Date }>({ text: 'SELECT clock_timestamp() AS now' });
  return (rows[0] as { now: Date }).now;
};

/** Keys of one year and side that looked due. */
export interface DueKeys {
  readonly year: number;
  readonly side: Side;
  readonly keyIds: readonly string[];
}

/** What a run, or one batch of it, took away. */
export interface Taken {
  readonly keys: number;
  readonly searchRows: number;
}

/** What the record of a run says. */
export interface RunReport extends Taken {
  readonly held: number;
  readonly kept: number;
  /** True where the settings' term is shorter than the one in force and nobody has confirmed it. */
  readonly unconfirmedTerm: boolean;
}

const NOTHING: Taken = { keys: 0, searchRows: 0 };

async function earlierOf(tx: Transaction, now: Date, clock: SecondClock): Promise<Date> {
  return new Date(Math.min(now.getTime(), (await clock(tx)).getTime()));
}

/** Destroys one bounded batch of keys whose term is over. Everything is looked at again here: since the choice, a hold may stand. */
export function createTermLane(rules: RunRules, clock: SecondClock): Lane<DueKeys, Taken> {
  return exclusiveLane('5-retention-term', async (tx, due, processNow) => {
    const now = await earlierOf(tx, processNow, clock);
    const years = termInForce(await readState(tx, true), rules.years);
    const nothing = { entries: [], effects: [], answer: () => NOTHING };
    if (due.year > lastDueYear(now, years)) return nothing;
    const { keys, searchRows } = await destroyKeys(tx, due.keyIds, istanbulDay(now));
    if (keys.length === 0) return nothing;
    const entry = retentionEntry(
      'retention.destroyed',
      {
        actor: null,
        decision: null,
        instance: rules.instance,
        keptForRecords: 0,
        keys: keys.map((key) => key.keyId),
        legalGround: rules.legalGround,
        proposal: null,
        rule: 'term',
        searchRows,
        side: due.side,
        yearFrom: due.year,
        yearTo: due.year,
        years,
      },
      [],
      processNow,
    );
    const effect: KeysDestroyed = { kind: 'keys-destroyed', keys };
    return { entries: [entry], effects: [effect], answer: () => ({ keys: keys.length, searchRows }) };
  });
}

/** Writes the record of a run, also of one that found nothing. Null where another instance has just written its own. */
export function createRunLane(rules: RunRules, clock: SecondClock): Lane<Taken, RunReport | null> {
  return exclusiveLane('5-retention-run', async (tx, taken, processNow) => {
    const now = await earlierOf(tx, processNow, clock);
    const state = await readState(tx, true);
    const lastRunAt = state?.lastRunAt ?? null;
    const isDue = isRunDue(lastRunAt === null ? null : new Date(lastRunAt), rules.everyDays, now);
    if (!isDue && taken.keys === 0) return { entries: [], effects: [], answer: () => null };
    const years = termInForce(state, rules.years);
    const due = lastDueYear(now, years);
    const left = await countLeft(tx, due, istanbulDay(now));
    const unconfirmedTerm = rules.years < years;
    const isNews = unconfirmedTerm && state?.refusedYears !== rules.years;
    const run = retentionEntry(
      'retention.run',
      {
        configuredYears: rules.years,
        destroyed: taken.keys,
        due: taken.keys + left.held + left.kept,
        held: left.held,
        instance: rules.instance,
        kept: left.kept,
        lastDueYear: due,
        legalGround: rules.legalGround,
        searchRows: taken.searchRows,
        years,
      },
      [],
      processNow,
    );
    const effect: RetentionStateChanged = {
      kind: 'retention-state',
      state: {
        years,
        lastRunAt: now.toISOString(),
        refusedYears: unconfirmedTerm ? rules.years : null,
      },
    };
    return {
      entries: isNews ? [shorterTermRefused(rules, years, processNow), run] : [run],
      effects: [effect],
      answer: () => ({ ...taken, ...left, unconfirmedTerm }),
    };
  });
}

function shorterTermRefused(rules: RunRules, from: number, now: Date) {
  return retentionEntry(
    'retention.refused',
    {
      actor: null,
      code: 'no-confirmation',
      ended: false,
      instance: rules.instance,
      proposal: null,
      reason: null,
      term: { from, to: rules.years },
      what: 'shorter-term',
    },
    [],
    now,
  );
}

/** Keys that are due and stay: by a hold (counted first), or as a record of destruction. */
async function countLeft(tx: Transaction, dueYear: number, today: string) {
  const { rows } = await tx.query<{ held: bigint; kept: bigint }>({
    text: `WITH held AS (
        SELECT DISTINCT k.key_id FROM bridge.legal_hold h JOIN bridge.person_key k ON k.tag IN (h.actor_tag, h.subject_tag)
        WHERE h.lifted_leaf IS NULL AND k.year BETWEEN h.year_from AND h.year_to AND k.year <= $1
      ), kept AS (
        SELECT k.key_id FROM bridge.destruction_officer o JOIN bridge.person_key k USING (tag, year)
        WHERE o.kept_until > $2::date AND k.year <= $1
      )
      SELECT (SELECT count(*) FROM held) AS held,
        (SELECT count(*) FROM kept WHERE key_id NOT IN (SELECT key_id FROM held)) AS kept`,
    values: [dueYear, today],
  });
  const { held, kept } = rows[0] as { held: bigint; kept: bigint };
  return { held: Number(held), kept: Number(kept) };
}
