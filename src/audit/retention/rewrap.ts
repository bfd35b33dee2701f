import { isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import type { Lane } from '../lane.js';
import type { MasterKeys } from '../master-keys.js';
import { personKeyPlace } from '../person-keys.js';
import { done, refused, retentionEntry, type Verdict } from './exclusive-lane.js';
import { type ActingOfficer, actorNumber, type StillActs } from './officer.js';
import { proposalPlace } from './proposals.js';

type TableName = DataOf<'keys.rewrapped'>['table'];

/** A table with values under a master key. Names are ours, never input. */
export interface RewrapTarget {
  readonly table: TableName;
  readonly id: string;
  readonly box: string;
  /** The place at which the row's value is sealed. */
  place(row: Readonly<Record<string, unknown>>): string;
}

export const personKeyTarget: RewrapTarget = {
  table: 'person_key',
  id: 'key_id',
  box: 'wrapped',
  place: (row) => personKeyPlace(row.key_id as string, row.tag as Buffer, row.year as number),
};

export const proposalTarget: RewrapTarget = {
  table: 'retention_proposal',
  id: 'proposal_id',
  box: 'person_box',
  place: (row) => proposalPlace(row.proposal_id as string, row.proposal, row.proposer_tag as Buffer),
};

/** One batch: the rows of `target` behind the id `after` that another than the active key has wrapped. */
export interface RewrapBatch {
  readonly officer: ActingOfficer;
  readonly target: RewrapTarget;
  readonly after: string | null;
}

/** What one batch did. `last`: id up to which rows were looked at; null where none was left. */
export interface Rewrapped {
  readonly count: number;
  readonly damaged: number;
  readonly last: string | null;
}

/** Some milliseconds of work, and the rows that one transaction keeps locked. */
export const REWRAP_AT_ONCE = 1000;
const PATIENCE_MS = 30_000;

/** What wrapping anew needs. `knownIds`: ids of all master keys in the settings. */
export interface RewrapTools {
  readonly instance: string;
  readonly masterKeys: MasterKeys;
  readonly knownIds: readonly string[];
  readonly stillActs: StillActs;
}

/**
 * Wraps rows anew under the active master key, a bounded batch in a transaction with its entry: what was killed goes on where
 * it stopped. Shares the batch lock: a value can be read before and after. Refused: `TOKEN_INVALID`.
 */
export function createRewrapLane(tools: RewrapTools): Lane<RewrapBatch, Verdict<Rewrapped>> {
  return {
    name: '5-rewrap',
    patienceMs: PATIENCE_MS,
    settle: async (tx, batches, now) => {
      const settled = [];
      for (const { officer, target, after } of batches) {
        if (!(await tools.stillActs(tx, officer, now))) {
          settled.push(
            refused<Rewrapped>('TOKEN_INVALID', 'the session or the role of the officer has ended'),
          );
          continue;
        }
        const { from, ...result } = await rewrapRows(tx, target, after, tools);
        if (result.count === 0 && result.damaged === 0) {
          const answer = (): Verdict<Rewrapped> => ({ kind: 'done', value: result });
          settled.push({ entries: [], effects: [], answer });
          continue;
        }
        const { instance, masterKeys } = tools;
        const entry = retentionEntry(
          'keys.rewrapped',
          {
            actor: officer.session,
            count: result.count,
            damaged: result.damaged,
            from,
            instance,
            table: target.table,
            to: masterKeys.activeId,
          },
          [actorNumber(officer.person)],
          now,
        );
        settled.push(done([entry], [], () => result));
      }
      return settled;
    },
  };
}

async function rewrapRows(
  tx: Transaction,
  target: RewrapTarget,
  after: string | null,
  tools: RewrapTools,
): Promise<Rewrapped & { from: Record<string, number> }> {
  const { masterKeys } = tools;
  const old = tools.knownIds.filter((id) => id !== masterKeys.activeId);
  const { rows } = await tx.query({
    text: `SELECT * FROM bridge.${target.table} WHERE master_key_id = ANY($1::text[])
      AND ($2::uuid IS NULL OR ${target.id} > $2::uuid) ORDER BY ${target.id} LIMIT $3 FOR UPDATE`,
    values: [old, after, REWRAP_AT_ONCE],
  });
  const from: Record<string, number> = {};
  const ids: string[] = [];
  const boxes: Buffer[] = [];
  for (const row of rows) {
    const place = target.place(row);
    const keyId = row.master_key_id as string;
    const plain = openOrNull(masterKeys, row[target.box] as Buffer, place, keyId);
    if (plain === null) continue;
    ids.push(row[target.id] as string);
    boxes.push(masterKeys.wrap(plain, place));
    from[keyId] = (from[keyId] ?? 0) + 1;
  }
  await tx.query({
    text: `UPDATE bridge.${target.table} AS t SET ${target.box} = n.box, master_key_id = $3
      FROM unnest($1::uuid[], $2::bytea[]) AS n(id, box) WHERE t.${target.id} = n.id`,
    values: [ids, boxes, masterKeys.activeId],
  });
  const last = (rows.at(-1)?.[target.id] as string | undefined) ?? null;
  return { count: ids.length, damaged: rows.length - ids.length, last, from };
}

function openOrNull(masterKeys: MasterKeys, box: Buffer, place: string, keyId: string): Buffer | null {
  try {
    return masterKeys.unwrap(box, place, keyId);
  } catch (error) {
    // A row that somebody changed must not keep the others under the old key.
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}

/** Rows under other than the active master key, by table and key id. Empty: the old keys can be taken out of the settings. */
export async function rowsUnderOldKeys(
  q: Queryable,
  targets: readonly RewrapTarget[],
  activeId: string,
): Promise<readonly { readonly table: TableName; readonly keyId: string; readonly count: number }[]> {
  const found = [];
  for (const { table } of targets) {
    const { rows } = await q.query<{ master_key_id: string; count: bigint }>({
      text: `SELECT master_key_id, count(*) AS count FROM bridge.${table}
        WHERE master_key_id <> $1 GROUP BY master_key_id ORDER BY master_key_id`,
      values: [activeId],
    });
    found.push(...rows.map((row) => ({ table, keyId: row.master_key_id, count: Number(row.count) })));
  }
  return found;
}
