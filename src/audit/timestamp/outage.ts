import type { Queryable } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import { draftOf } from '../draft.js';
import type { EntryDraft } from '../entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../lane.js';

/** What a schedule saw; whether it is told in the log is decided by what was told before. */
export type OutageNews =
  | { readonly kind: 'timestamp.outage'; readonly at: Date; readonly data: DataOf<'timestamp.outage'> }
  | {
      readonly kind: 'timestamp.restored';
      readonly at: Date;
      readonly data: Omit<DataOf<'timestamp.restored'>, 'outage' | 'since'>;
    };

/** The outage that the log tells of. `leaf`: of its entry. */
export interface ToldOutage {
  readonly since: string;
  readonly leaf: number | null;
}

interface TellOutage extends Effect {
  readonly kind: 'timestamp-told';
  /** Since when; null where it is over. */
  readonly since: string | null;
}

/** Row of `bridge.log_state`. */
const NAME = 'timestamp.outage';
/** Longer than a restart of the database; what is not told now is told with the next try. */
const PATIENCE_MS = 10_000;

// The row must be there before it can be locked: two instances that both found none would both tell.
const ENSURE = `INSERT INTO bridge.log_state (name, state) VALUES ('${NAME}', '{}') ON CONFLICT DO NOTHING`;
const READ = `SELECT state FROM bridge.log_state WHERE name = '${NAME}'`;

/**
 * The lane of `timestamp.outage` and `timestamp.restored`: each is written once for an outage, whichever instances see it.
 * Answers true where an entry was written. Needs `outageApplier`.
 */
export const outageLane: Lane<OutageNews, boolean> = {
  name: '8-timestamp',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items) => {
    await tx.run(ENSURE);
    let told = await readRow(tx, `${READ} FOR UPDATE`);
    return items.map((news): Settled<boolean> => {
      const settled = settle(news, told);
      if (settled !== null) told = settled.told;
      return {
        entries: settled === null ? [] : [settled.entry],
        effects: settled === null ? [] : [effectOf(settled.told)],
        answer: () => settled !== null,
      };
    });
  },
};

function settle(
  news: OutageNews,
  told: ToldOutage | null,
): { entry: EntryDraft; told: ToldOutage | null } | null {
  if (news.kind === 'timestamp.outage') {
    if (told !== null) return null;
    return { entry: draftOf(news.kind, news.at, news.data), told: { since: news.data.since, leaf: null } };
  }
  if (told === null) return null;
  return {
    entry: draftOf(news.kind, news.at, { ...news.data, outage: told.leaf, since: told.since }),
    told: null,
  };
}

function effectOf(told: ToldOutage | null): TellOutage {
  return { kind: 'timestamp-told', since: told?.since ?? null };
}

/** Keeps what the log tells of, in the transaction of the entry that tells it. The row is locked by the lane. */
export const outageApplier: EffectApplier<TellOutage> = {
  kind: 'timestamp-told',
  apply: async (tx, placed) => {
    const last = placed.at(-1);
    if (last === undefined) return;
    const { since } = last.effect;
    const state = since === null ? {} : { since, leaf: Number(last.receipt.leafIndex) };
    await tx.query({
      text: `UPDATE bridge.log_state SET state = $1 WHERE name = '${NAME}'`,
      values: [JSON.stringify(state)],
    });
  },
};

/** The outage that the log tells of now; null where there is none. */
export function readOutage(q: Queryable): Promise<ToldOutage | null> {
  return readRow(q, READ);
}

async function readRow(q: Queryable, text: string): Promise<ToldOutage | null> {
  const { rows } = await q.query<{ state: Partial<ToldOutage> }>({ text });
  const { since, leaf = null } = rows[0]?.state ?? {};
  return since === undefined ? null : { since, leaf };
}
