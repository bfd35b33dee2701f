import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { FoundDifference } from '../../audit/check/difference.js';
import { type DetachedParts, isDetached, readDetachedParts } from '../../audit/check/entries-at.js';
import type { LineCheck, ReadEntry } from '../../audit/check/line-check.js';
import type { Transaction } from '../../storage/database.js';
import { statementHash } from '../quarter/quarter-row.js';
import { holdStatement } from './hold-statement.js';

type Frozen = DataOf<'fees.quarter-frozen'>;

/** Where the entries have left a quarter. */
interface Told {
  readonly state: 'collecting' | 'frozen' | 'approved' | 'sealed';
  /** Of the entry that left it there. */
  readonly leaf: bigint;
  readonly frozen: { readonly leaf: bigint; readonly data: Frozen } | null;
  readonly approved: bigint | null;
  readonly sealed: bigint | null;
}

interface Row {
  readonly quarter: string;
  readonly state: string;
  readonly statement: string | null;
  readonly statement_hash: Buffer | null;
  readonly frozen_leaf: bigint | null;
  readonly proposal_id: string | null;
  readonly approved_leaf: bigint | null;
  readonly sealed_leaf: bigint | null;
}

const NAME = 'fee-quarters';
const ROW = `SELECT quarter, state, statement, statement_hash, frozen_leaf, proposal_id, approved_leaf, sealed_leaf
  FROM bridge.fee_quarter WHERE quarter > $1 ORDER BY quarter LIMIT 1`;

/**
 * Quarters against the log: each stands where its entries have left it, in an order that closing has; the bytes of a kept statement are those
 * that the entry hashed; and what it says is what the book gives, by every cut. What was told in detached ranges is not at hand: of such a
 * quarter the statement must only agree with itself and with the book.
 */
export async function checkQuarters(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const told = new Map<string, Told>();
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) remember(entry, told, detached.size > 0);
    },
    finish: async () => {
      let kept = 0;
      let count = 0;
      for (let after = ''; ; count += 1) {
        const { rows } = await tx.query<Row>({ text: ROW, values: [after] });
        const row = rows[0];
        if (row === undefined) break;
        after = row.quarter;
        const said = told.get(row.quarter);
        told.delete(row.quarter);
        holdState(row, said, detached);
        if (row.statement === null) continue;
        kept += 1;
        holdBytes(row, said);
        const leaf = row.frozen_leaf ?? null;
        const { quarter, statement } = row;
        await holdStatement(tx, NAME, { quarter, statement, leaf, entry: said?.frozen?.data ?? null });
      }
      for (const [quarter, { leaf }] of told) throw new FoundDifference(NAME, `${quarter} is gone`, leaf);
      return `${count} quarters stand where the log left them; ${kept} kept statements say what the book gives`;
    },
  };
}

/** Takes an entry about a quarter in. `isPart`: entries before it may be away. */
function remember(entry: ReadEntry, told: Map<string, Told>, isPart: boolean): void {
  const { data, kind, leaf } = entry;
  const quarter = String(data.quarter);
  const before = told.get(quarter);
  const expectFrom = (states: readonly (Told['state'] | undefined)[]) => {
    const isSame = before?.frozen == null || before.frozen.data.statementSha256 === data.statementSha256;
    const isKnown = before !== undefined || !isPart;
    if (isKnown && (!states.includes(before?.state) || (kind !== 'fees.quarter-frozen' && !isSame)))
      throw new FoundDifference(NAME, `${quarter} was closed in no order that closing has`, leaf);
  };
  const base = { leaf, frozen: before?.frozen ?? null, approved: null, sealed: null };
  if (kind === 'fees.quarter-frozen') {
    expectFrom([undefined, 'collecting']);
    told.set(quarter, { ...base, state: 'frozen', frozen: { leaf, data: data as unknown as Frozen } });
  } else if (kind === 'fees.quarter-reopened') {
    expectFrom(['frozen']);
    told.set(quarter, { ...base, state: 'collecting', frozen: null });
  } else if (kind === 'fees.quarter-approved') {
    expectFrom(['frozen']);
    told.set(quarter, { ...base, state: 'approved', approved: leaf });
  } else if (kind === 'fees.quarter-sealed') {
    expectFrom(['approved']);
    told.set(quarter, { ...base, state: 'sealed', approved: before?.approved ?? null, sealed: leaf });
  }
}

function holdState(row: Row, told: Told | undefined, detached: DetachedParts): void {
  const { quarter } = row;
  const isAway = (leaf: bigint | null) => leaf !== null && isDetached(detached, leaf);
  if (told === undefined) {
    const isTold = isAway(row.frozen_leaf) || (row.state === 'collecting' && detached.size > 0);
    if (!isTold)
      throw new FoundDifference(NAME, `${quarter} is ${row.state}, and no entry says so`, row.frozen_leaf);
    return;
  }
  if (row.state !== told.state)
    throw new FoundDifference(NAME, `${quarter} is not where its entries have left it`, told.leaf);
  const places = [
    [row.frozen_leaf, told.frozen?.leaf ?? null],
    [row.approved_leaf, told.approved],
    [row.sealed_leaf, told.sealed],
  ] as const;
  if (places.some(([held, said]) => held !== said && !(said === null && isAway(held))))
    throw new FoundDifference(NAME, `${quarter} names other entries than its own`, told.leaf);
  if (told.frozen !== null && row.proposal_id !== told.frozen.data.proposal)
    throw new FoundDifference(NAME, `${quarter} names another proposal than its entry`, told.frozen.leaf);
}

function holdBytes({ frozen_leaf, quarter, statement, statement_hash }: Row, told: Told | undefined): void {
  const hash = statementHash(statement ?? '').toString('hex');
  const said = told?.frozen?.data.statementSha256 ?? hash;
  if (hash !== said || statement_hash?.toString('hex') !== said)
    throw new FoundDifference(
      NAME,
      `the kept statement of ${quarter} is not the one that was frozen`,
      frozen_leaf,
    );
}
