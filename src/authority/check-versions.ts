import { FoundDifference } from '../audit/check/difference.js';
import type { RecordedSeat, StatusSpan, Suspension } from './record.js';
import { digestOf, recordTexts, seatDigest } from './record-digests.js';
import type { Comparison } from './told-records.js';

interface HistoryRow {
  leaf_index: bigint;
  mersis_no: string;
  version: bigint;
  facts: {
    il: string;
    ilgiliBakanlik: string;
    statuses: StatusSpan[];
    successor: string | null;
    suspensions: Suspension[];
    seats: RecordedSeat[];
  };
}

/** Versions read at once, with their seats. */
const CHUNK = 1_000;
const HISTORY = `SELECT leaf_index, mersis_no, version, facts FROM bridge.authority_history
  WHERE (mersis_no, leaf_index) > ($1, $2) ORDER BY mersis_no, leaf_index LIMIT ${CHUNK}`;

/**
 * Every kept version of a cooperative is what its entry said, of the persons whose seats they are now. `tags`: by seat. Returns how many
 * there are. Throws `FoundDifference`.
 */
export async function holdVersions(
  { tx, check, told: { versions }, isWhole }: Comparison,
  tags: ReadonlyMap<string, string>,
): Promise<number> {
  let count = 0;
  for (let after: readonly [string, string] = ['', '-1']; ; ) {
    const { rows } = await tx.query<HistoryRow>({ text: HISTORY, values: [...after] });
    for (const row of rows) {
      const told = versions.get(row.leaf_index);
      versions.delete(row.leaf_index);
      count += 1;
      if (told === undefined && !isWhole) continue;
      const trouble = troubleOf(row, told, tags);
      if (trouble !== null)
        throw new FoundDifference(
          check,
          `version ${row.version} of cooperative ${row.mersis_no} ${trouble}`,
          row.leaf_index,
        );
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = [last.mersis_no, String(last.leaf_index)];
  }
  for (const [leaf] of versions)
    throw new FoundDifference(check, 'a version of a cooperative is gone from its history', leaf);
  return count;
}

function troubleOf(
  { mersis_no: cooperative, version, facts }: HistoryRow,
  told: string | undefined,
  tags: ReadonlyMap<string, string>,
): string | null {
  const { il, ilgiliBakanlik: ministry, statuses, successor, suspensions, seats } = facts;
  const plain = recordTexts({ version: Number(version), il, ministry, statuses, successor, suspensions });
  const digests = seats.map(({ seatId: id, ...seat }) => seatDigest({ id, ...seat }));
  if (told !== digestOf([cooperative, ...plain, ...digests])) return 'is not what the log said';
  if (seats.some(({ seatId, tag }) => tags.get(seatId) !== tag)) return 'names another person';
  return null;
}
