import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import { FoundDifference } from '../check/difference.js';
import { type DetachedParts, isDetached, readDetachedParts } from '../check/entries-at.js';
import { scanRows } from '../check/leaf-cursor.js';
import type { LineCheck } from '../check/line-check.js';

interface Row {
  hold_id: string;
  year_from: number;
  year_to: number;
  document: unknown;
  placed_leaf: bigint;
  lifted_leaf: bigint | null;
}

interface Placed {
  readonly leaf: bigint;
  readonly data: DataOf<'hold.placed'>;
}

/** What the entries at hand say, by the hold. */
interface Told {
  readonly placed: Map<string, Placed>;
  readonly lifted: Map<string, bigint>;
}

const NAME = 'legal-holds';
const ROWS =
  'SELECT hold_id, year_from, year_to, document, placed_leaf, lifted_leaf FROM bridge.legal_hold ORDER BY placed_leaf';

/**
 * The legal holds against the log: each that was placed stands there with its years and its paper, is lifted exactly where
 * a `hold.lifted` says so (the second officer's; a proposal alone lifts nothing), and none stands there besides. Not
 * compared: the person's tags, since entries hold the person sealed. What was told in detached ranges is not at hand.
 */
export async function checkHolds(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const told: Told = { placed: new Map(), lifted: new Map() };
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const { kind, leaf, data } of entries) {
        if (kind === 'hold.placed') {
          const said = data as unknown as Placed['data'];
          told.placed.set(said.hold, { leaf, data: said });
        } else if (kind === 'hold.lifted') told.lifted.set(String(data.hold), leaf);
      }
    },
    finish: async () => {
      const counts = { standing: 0, lifted: 0 };
      for await (const rows of scanRows<Row>(tx, 'check_holds', ROWS)) {
        for (const row of rows) {
          holdRow(row, told, detached);
          counts[row.lifted_leaf === null ? 'standing' : 'lifted'] += 1;
        }
      }
      const gone = [...told.placed.values()].map(({ leaf }) => leaf).concat([...told.lifted.values()])[0];
      if (gone !== undefined)
        throw new FoundDifference(NAME, 'a legal hold that the log tells of is gone from the table', gone);
      return `${counts.standing} legal holds stand and ${counts.lifted} were lifted, as the log says`;
    },
  };
}

/** Holds one row against what was told of it, and takes that out of `told`. */
function holdRow(row: Row, told: Told, detached: DetachedParts): void {
  const placed = told.placed.get(row.hold_id);
  const lifted = told.lifted.get(row.hold_id) ?? null;
  told.placed.delete(row.hold_id);
  told.lifted.delete(row.hold_id);
  if (placed === undefined && !isDetached(detached, row.placed_leaf))
    throw new FoundDifference(NAME, 'a legal hold stands in the table that no entry placed', row.placed_leaf);
  if (placed !== undefined && !isAsPlaced(row, placed))
    throw new FoundDifference(NAME, 'a legal hold is not what was placed', placed.leaf);
  if (row.lifted_leaf === lifted) return;
  if (lifted === null && row.lifted_leaf !== null && isDetached(detached, row.lifted_leaf)) return;
  throw new FoundDifference(
    NAME,
    lifted === null
      ? 'a legal hold is lifted, and no entry lifts it'
      : 'a legal hold is not lifted as the log says',
    lifted ?? row.placed_leaf,
  );
}

function isAsPlaced(row: Row, { leaf, data }: Placed): boolean {
  return (
    row.placed_leaf === leaf &&
    row.year_from === data.yearFrom &&
    row.year_to === data.yearTo &&
    isDeepStrictEqual(row.document, data.document)
  );
}
