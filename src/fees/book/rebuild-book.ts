import type { JsonObject } from '../../audit/canonical-json.js';
import { FoundDifference } from '../../audit/check/difference.js';
import {
  type DetachedParts,
  entriesAt,
  isDetached,
  readDetachedParts,
} from '../../audit/check/entries-at.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import type { Booking } from './fee-line.js';
import {
  BOOKED_KINDS,
  bookingOfIntent,
  type EndedQuery,
  type RebuiltLine,
  rebuildLine,
} from './rebuild-lines.js';

/** Name of the check that whatever does not fit is found by. */
export const BOOK_CHECK = 'fee-book';
/** Leaves in one window: some megabytes of lines, however long the log is. */
const WINDOW = 5_000n;

const ENDS = `SELECT leaf_index, line FROM bridge.entry
  WHERE leaf_index >= $1 AND leaf_index < $2 AND kind = ANY($3::text[]) ORDER BY leaf_index`;

/**
 * The whole book from the log alone, in order of leaves and in bounded pieces; of detached ranges there is nothing. Errors:
 * `FoundDifference` where an end names an intent that is not its own.
 */
export async function* rebuildBook(tx: Transaction): AsyncGenerator<readonly RebuiltLine[]> {
  const detached = await readDetachedParts(tx);
  const { rows: heads } = await tx.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_head' });
  const size = heads[0]?.size ?? 0n;
  for (let from = 0n; from < size; from += WINDOW) {
    const { rows } = await tx.query<{ leaf_index: bigint; line: string }>({
      text: ENDS,
      values: [from, from + WINDOW < size ? from + WINDOW : size, BOOKED_KINDS],
    });
    const ends = rows.map(({ leaf_index: leaf, line }) => {
      return { leaf, data: (JSON.parse(line) as { data: JsonObject }).data };
    });
    if (ends.length > 0) yield await rebuildLines(tx, ends, detached);
  }
}

/** The lines of these ends, in their order. Errors as those of `rebuildBook`. */
export async function rebuildLines(
  q: Queryable,
  ends: readonly EndedQuery[],
  detached: DetachedParts,
): Promise<readonly RebuiltLine[]> {
  const intents = await entriesAt(q, ends.map(intentOf));
  return ends.map((end) => {
    const intent = intents.get(intentOf(end));
    if (intent?.kind === 'query.intent' && intent.data.query === end.data.query)
      return rebuildLine(end, bookingOf(intent.data, end.leaf));
    if (intent === undefined && isDetached(detached, intentOf(end))) return rebuildLine(end, null);
    throw new FoundDifference(BOOK_CHECK, 'an outcome names an intent that is not its own', end.leaf);
  });
}

function bookingOf(data: JsonObject, leaf: bigint): Booking {
  try {
    return bookingOfIntent(data);
  } catch {
    throw new FoundDifference(BOOK_CHECK, 'the intent of an outcome lacks what the book needs', leaf);
  }
}

function intentOf({ data }: EndedQuery): bigint {
  return BigInt(data.intent as number);
}
