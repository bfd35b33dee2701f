import type { Transaction } from '../../storage/database.js';
import { checkData } from '../catalogue/check-data.js';
import { draftOf } from '../draft.js';
import type { Receipt } from '../entry.js';
import type { Effect, EffectApplier, Lane } from '../lane.js';
import type { VerifierKey } from '../note/note.js';

/** The key that signs in this process, and those that only verify. */
export interface CheckpointKeys {
  readonly instance: string;
  readonly active: VerifierKey;
  readonly old: readonly VerifierKey[];
}

interface KeyRecorded extends Effect {
  readonly kind: 'checkpoint-key-recorded';
  readonly key: string;
}

const PATIENCE_MS = 30_000;
const NAME = 'checkpoint-key';
/** Two instances that start at once: the second one sees what the first one wrote. */
const LOCK = 'SELECT pg_advisory_xact_lock(7202, 9)';

/**
 * The lane of `log.key-changed`: one entry where the active key is not the one recorded last, none otherwise. Answers with
 * the receipt, or null.
 */
export const keyLane: Lane<CheckpointKeys, Receipt | null> = {
  name: '8-checkpoint-key',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items, now) => {
    await tx.query({ text: LOCK });
    let recorded = await readRecorded(tx);
    return items.map(({ instance, active, old }) => {
      const from = recorded;
      if (from === active.text) return { entries: [], effects: [], answer: () => null };
      recorded = active.text;
      const draft = draftOf('log.key-changed', now, {
        from,
        instance,
        old: old.map(({ text }) => text),
        to: active.text,
      });
      checkData(draft.kind, draft.data);
      const effect: KeyRecorded = { kind: 'checkpoint-key-recorded', key: active.text };
      return { entries: [draft], effects: [effect], answer: ([receipt]) => receipt ?? null };
    });
  },
};

/** Remembers the key beside the log, so that a start need not search for the last entry about it. */
export const keyApplier: EffectApplier<KeyRecorded> = {
  kind: 'checkpoint-key-recorded',
  apply: async (tx, placed) => {
    await tx.query({
      text: `INSERT INTO bridge.log_state (name, state) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state`,
      values: [NAME, JSON.stringify({ key: placed.at(-1)?.effect.key })],
    });
  },
};

async function readRecorded(tx: Transaction): Promise<string | null> {
  const { rows } = await tx.query<{ key: string | null }>({
    text: `SELECT state->>'key' AS key FROM bridge.log_state WHERE name = $1`,
    values: [NAME],
  });
  return rows[0]?.key ?? null;
}
