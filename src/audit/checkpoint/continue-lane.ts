import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import { checkData } from '../catalogue/check-data.js';
import { rangeRoot } from '../compact-range.js';
import { draftOf } from '../draft.js';
import type { EntryDraft, PersonalValue, Receipt } from '../entry.js';
import type { Effect, EffectApplier, Lane } from '../lane.js';
import { parseCheckpoint } from '../note/checkpoint.js';
import { lastCheckpoint, readHead } from './store.js';

/** Two officers let a log go on under a new origin. */
export interface Continuation {
  readonly instance: string;
  readonly newOrigin: string;
  /** The last checkpoint known of the old log: the whole note, its signature checked. */
  readonly oldNote: string;
  readonly reason: string;
  readonly actor: EntryDraft['data'];
  readonly second: EntryDraft['data'];
  readonly personal: readonly PersonalValue[];
}

interface LogContinued extends Effect {
  readonly kind: 'log-continued';
  readonly newOrigin: string;
}

const PATIENCE_MS = 5_000;
const NAME = 'continued-as';
const LOCK = 'SELECT pg_advisory_xact_lock(7202, 9)';

/**
 * The lane of `log.continued`. Answers with the receipt, or null where the entry was written before and only what comes
 * after it is missing. Errors: `STATE_CONFLICT` where checkpoints of the new origin exist already: a name is never used for
 * two logs.
 */
export const continueLane: Lane<Continuation, Receipt | null> = {
  name: '8-continue',
  patienceMs: PATIENCE_MS,
  // Not beside others: what the log held is what it was found with.
  exclusive: true,
  settle: async (tx, items, now) => {
    await tx.query({ text: LOCK });
    const recorded = await readContinuedAs(tx);
    const head = await readHead(tx);
    const settled = [];
    for (const item of items) {
      if (recorded === item.newOrigin) {
        settled.push({ entries: [], effects: [], answer: () => null });
        continue;
      }
      if ((await lastCheckpoint(tx, item.newOrigin)) !== null)
        throw new BridgeError('STATE_CONFLICT', 'audit.origin names a log that has checkpoints already', {
          fields: { origin: item.newOrigin },
        });
      const old = parseCheckpoint(item.oldNote.slice(0, item.oldNote.lastIndexOf('\n\n') + 1));
      const data = {
        actor: item.actor,
        heldRoot: rangeRoot(head).toString('base64'),
        heldSize: Number(head.size),
        instance: item.instance,
        newOrigin: item.newOrigin,
        oldNote: item.oldNote,
        oldOrigin: old.origin,
        oldRoot: old.root.toString('base64'),
        oldSize: Number(old.size),
        reason: item.reason,
        second: item.second,
      };
      checkData('log.continued', data);
      const effect: LogContinued = { kind: 'log-continued', newOrigin: item.newOrigin };
      settled.push({
        entries: [draftOf('log.continued', now, data as never, item.personal)],
        effects: [effect],
        answer: ([receipt]: readonly Receipt[]) => receipt ?? null,
      });
    }
    return settled;
  },
};

/** Remembers under which name the log goes on, so that a command that was cut off can be repeated. */
export const continueApplier: EffectApplier<LogContinued> = {
  kind: 'log-continued',
  apply: async (tx, placed) => {
    await tx.query({
      text: `INSERT INTO bridge.log_state (name, state) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state`,
      values: [NAME, JSON.stringify({ origin: placed.at(-1)?.effect.newOrigin })],
    });
  },
};

/** The origin under which two officers let the log of this database go on last; null where it never was continued. */
export async function readContinuedAs(tx: Queryable): Promise<string | null> {
  const { rows } = await tx.query<{ origin: string | null }>({
    text: `SELECT state->>'origin' AS origin FROM bridge.log_state WHERE name = $1`,
    values: [NAME],
  });
  return rows[0]?.origin ?? null;
}
