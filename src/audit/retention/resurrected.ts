import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Queryable } from '../../storage/database.js';
import type { Side } from '../catalogue/side.js';
import type { Lane } from '../lane.js';
import { destroyKeys, type KeysDestroyed, sideOf } from './destroy-keys.js';
import { recordedBy } from './destruction-record.js';
import { done, exclusiveLane, refused, retentionEntry, type Verdict } from './exclusive-lane.js';
import { type ActingOfficer, actorNumber } from './officer.js';
import type { RetentionTools } from './tools.js';

/** A key that exists although the log says that it was destroyed: a backup brought it back. */
export interface ResurrectedKey {
  readonly keyId: string;
  readonly year: number;
  readonly side: Side;
}

/** Keys destroyed again in one transaction; the rest follows in the next. */
export const REPLAY_AT_ONCE = 1000;

/** Entries of destruction that are looked through for one answer: ten years of full batches. */
const MAX_ENTRIES = 100_000;

/**
 * Keys that exist although `bridge.destroyed_key` or an entry `retention.destroyed` says that they were destroyed; `limit` at the
 * most, in order of ids. The entries are found through the search rows, and behind those by reading.
 */
export async function resurrectedKeys(
  q: Queryable,
  limit: number = REPLAY_AT_ONCE,
): Promise<readonly ResurrectedKey[]> {
  const { rows } = await q.query<{ key_id: string; year: number; side: Side }>({
    text: `WITH told AS (
        (SELECT leaf_index FROM bridge.log_search WHERE kind = 'retention.destroyed' ORDER BY leaf_index DESC LIMIT $2)
        UNION SELECT leaf_index FROM bridge.entry
          WHERE leaf_index >= (SELECT size FROM bridge.log_indexed) AND kind = 'retention.destroyed'
      ), gone AS (
        SELECT key_id FROM bridge.destroyed_key
        UNION SELECT id::uuid FROM told JOIN bridge.entry e USING (leaf_index),
          jsonb_array_elements_text(e.line::jsonb -> 'data' -> 'keys') AS id
          WHERE e.kind = 'retention.destroyed'
      )
      SELECT k.key_id, k.year, k.side FROM bridge.person_key k JOIN gone USING (key_id) ORDER BY k.key_id LIMIT $1`,
    values: [limit, MAX_ENTRIES],
  });
  return rows.map((row) => ({ keyId: row.key_id, year: row.year, side: row.side }));
}

/** What one batch of a replay did. `left`: keys that a hold, or a record of destruction, keeps from being destroyed again. */
export interface Replayed {
  readonly keys: number;
  readonly searchRows: number;
  readonly left: number;
}

/**
 * Destroys again what the log says was destroyed, after a backup brought it back. One officer is enough: two had decided it, or
 * its term had ended. A hold stops this too. Refused: `TOKEN_INVALID`.
 */
export function createReplayLane(
  tools: RetentionTools,
): Lane<{ readonly officer: ActingOfficer }, Verdict<Replayed>> {
  return exclusiveLane('5-retention-replay', async (tx, { officer }, now) => {
    if (!(await tools.stillActs(tx, officer, now)))
      return refused('TOKEN_INVALID', 'the session or the role of the officer has ended');
    const back = await resurrectedKeys(tx);
    const { keys, searchRows } = await destroyKeys(
      tx,
      back.map((key) => key.keyId),
      istanbulDay(now),
    );
    const left = back.length - keys.length;
    if (keys.length === 0)
      return {
        entries: [],
        effects: [],
        answer: () => ({ kind: 'done', value: { keys: 0, searchRows: 0, left } }),
      };
    const years = keys.map((key) => key.year);
    const entry = retentionEntry(
      'retention.destroyed',
      {
        actor: officer.session,
        decision: null,
        instance: tools.instance,
        keptForRecords: 0,
        keys: keys.map((key) => key.keyId),
        legalGround: tools.legalGround,
        proposal: null,
        rule: 'replay',
        searchRows,
        side: sideOf(keys, 'both'),
        yearFrom: Math.min(...years),
        yearTo: Math.max(...years),
        years: null,
      },
      [actorNumber(officer.person)],
      now,
    );
    const destroyed: KeysDestroyed = { kind: 'keys-destroyed', keys };
    const effects = [destroyed, recordedBy(tools, [officer.person], now)];
    return done([entry], effects, () => ({ keys: keys.length, searchRows, left }));
  });
}
