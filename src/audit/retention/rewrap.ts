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

type Row = Readonly<Record<string, unknown>>;

/** A column of a table's primary key. Names are ours, never input. */
interface KeyColumn {
  readonly name: string;
  readonly type: 'uuid' | 'text' | 'bytea';
}

/** A column with a value under the row's master key. */
interface SealedColumn {
  readonly column: string;
  /** The place at which the row's value is sealed. */
  place(row: Row): string;
}

/** A table with values under a master key. */
export interface RewrapTarget {
  readonly table: TableName;
  /** The whole primary key; rows are locked in its order, as by everybody else. */
  readonly key: readonly KeyColumn[];
  /** All that stands under the row's one `master_key_id`: it moves to another key together or not at all. */
  readonly boxes: readonly SealedColumn[];
  /** Rows of one batch where they are large; absent: `REWRAP_AT_ONCE`. */
  readonly atOnce?: number;
}

export const personKeyTarget: RewrapTarget = {
  table: 'person_key',
  key: [{ name: 'key_id', type: 'uuid' }],
  boxes: [
    {
      column: 'wrapped',
      place: (row) => personKeyPlace(row.key_id as string, row.tag as Buffer, row.year as number),
    },
  ],
};

export const proposalTarget: RewrapTarget = {
  table: 'retention_proposal',
  key: [{ name: 'proposal_id', type: 'uuid' }],
  boxes: [
    {
      column: 'person_box',
      place: (row) => proposalPlace(row.proposal_id as string, row.proposal, row.proposer_tag as Buffer),
    },
  ],
};

/** The values of a row's key, in the order of `RewrapTarget.key`. */
export type RowKey = readonly unknown[];

/** One batch: the rows of `target` behind the key `after` that another than the active key has wrapped. */
export interface RewrapBatch {
  readonly officer: ActingOfficer;
  readonly target: RewrapTarget;
  readonly after: RowKey | null;
}

/** What one batch did. `last`: key up to which rows were looked at; null where none was left. */
export interface Rewrapped {
  readonly count: number;
  readonly damaged: number;
  readonly last: RowKey | null;
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
  after: RowKey | null,
  tools: RewrapTools,
): Promise<Rewrapped & { from: Record<string, number> }> {
  const rows = await lockRows(tx, target, after, tools);
  const from: Record<string, number> = {};
  const anew: { readonly key: RowKey; readonly boxes: readonly (Buffer | null)[] }[] = [];
  for (const row of rows) {
    const boxes = wrapAnew(row, target, tools.masterKeys);
    if (boxes === null) continue;
    anew.push({ key: keyOf(row, target), boxes });
    const keyId = row.master_key_id as string;
    from[keyId] = (from[keyId] ?? 0) + 1;
  }
  const { key, boxes } = target;
  const columns = [...key.map(({ name }) => name), ...boxes.map(({ column }) => column)];
  const types = [...key.map(({ type }) => type), ...boxes.map(() => 'bytea')];
  await tx.query({
    text: `UPDATE bridge.${target.table} AS t
      SET ${boxes.map(({ column }) => `${column} = n.${column}`).join(', ')}, master_key_id = $${columns.length + 1}
      FROM unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')}) AS n(${columns.join(', ')})
      WHERE ${key.map(({ name }) => `t.${name} = n.${name}`).join(' AND ')}`,
    values: [
      ...key.map((_, index) => anew.map((one) => one.key[index])),
      ...boxes.map((_, index) => anew.map((one) => one.boxes[index])),
      tools.masterKeys.activeId,
    ],
  });
  const last = rows.at(-1);
  return {
    count: anew.length,
    damaged: rows.length - anew.length,
    last: last === undefined ? null : keyOf(last, target),
    from,
  };
}

/** Rows of `target` under an old key that hold anything. No key changes: rows that refer to them can still be written. */
async function lockRows(
  tx: Transaction,
  target: RewrapTarget,
  after: RowKey | null,
  { masterKeys, knownIds }: RewrapTools,
): Promise<readonly Row[]> {
  const old = knownIds.filter((id) => id !== masterKeys.activeId);
  const names = target.key.map(({ name }) => name).join(', ');
  const places = target.key.map(({ type }, index) => `$${index + 3}::${type}`).join(', ');
  const behind = after === null ? '' : `AND (${names}) > (${places})`;
  const { rows } = await tx.query({
    text: `SELECT * FROM bridge.${target.table} WHERE master_key_id = ANY($1::text[]) AND ${holdsAnything(target)} ${behind}
      ORDER BY ${names} LIMIT $2 FOR NO KEY UPDATE`,
    values: [old, target.atOnce ?? REWRAP_AT_ONCE, ...(after ?? [])],
  });
  return rows;
}

function holdsAnything({ boxes }: RewrapTarget): string {
  return `num_nonnulls(${boxes.map(({ column }) => column).join(', ')}) > 0`;
}

function keyOf(row: Row, { key }: RewrapTarget): RowKey {
  return key.map(({ name }) => row[name]);
}

/** The boxes of a row under the active key; null where one of them does not open. */
function wrapAnew(row: Row, target: RewrapTarget, masterKeys: MasterKeys): readonly (Buffer | null)[] | null {
  const wrapped: (Buffer | null)[] = [];
  for (const { column, place } of target.boxes) {
    const box = row[column] as Buffer | null;
    const plain = box && openOrNull(masterKeys, box, place(row), row.master_key_id as string);
    if (box !== null && plain === null) return null;
    wrapped.push(plain && masterKeys.wrap(plain, place(row)));
  }
  return wrapped;
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
  for (const target of targets) {
    const { table } = target;
    const { rows } = await q.query<{ master_key_id: string; count: bigint }>({
      text: `SELECT master_key_id, count(*) AS count FROM bridge.${table}
        WHERE master_key_id <> $1 AND ${holdsAnything(target)} GROUP BY master_key_id ORDER BY master_key_id`,
      values: [activeId],
    });
    found.push(...rows.map((row) => ({ table, keyId: row.master_key_id, count: Number(row.count) })));
  }
  return found;
}
