import type { Queryable } from '../../storage/database.js';
import type { CooperativeRecord } from '../record.js';
import { readRecords } from '../recording/records.js';

/** What was known of a cooperative: one version of it. */
export interface KnownVersion {
  readonly record: CooperativeRecord;
  readonly version: number;
  /** The entry that told of it (`authority.recorded`); null where it came before entries were kept with it. */
  readonly leaf: bigint | null;
  /**
   * Null where this is what was known then. Else nothing is kept of what was known then, and this is what was known from that instant on:
   * the first version that is kept, or the tables as they are.
   */
  readonly knownFrom: Date | null;
}

interface Row {
  leaf_index: bigint;
  version: bigint;
  recorded_at: Date;
  facts: CooperativeRecord;
}

const AT = `SELECT leaf_index, version, recorded_at, facts FROM bridge.authority_history
  WHERE mersis_no = $1 AND ($2::bigint IS NULL OR leaf_index < $2) ORDER BY leaf_index DESC LIMIT 1`;
const FIRST = `SELECT leaf_index, version, recorded_at, facts FROM bridge.authority_history
  WHERE mersis_no = $1 ORDER BY leaf_index LIMIT 1`;

/** The first version of a cooperative that the bridge heard of when versions were kept already. */
const VERY_FIRST = 1n;

/**
 * What was known of a cooperative before `knownLeaf` (null: now), all of it; null where it was not known then. Of one that was known
 * before versions were kept: the first that is, and `knownFrom` says so. Errors: those of `Queryable`.
 */
export async function readVersionAt(
  db: Queryable,
  mersisNo: string,
  knownLeaf: bigint | null,
): Promise<KnownVersion | null> {
  const found = await readRow(db, 'authority-version-at', AT, [mersisNo, knownLeaf]);
  if (found !== null) return versionOf(found, null);
  const first = knownLeaf === null ? null : await readRow(db, 'authority-first-version', FIRST, [mersisNo]);
  if (first !== null) return first.version === VERY_FIRST ? null : versionOf(first, first.recorded_at);
  const held = (await readRecords(db, [mersisNo])).get(mersisNo);
  if (held === undefined) return null;
  const { record, version, leaf, readAt } = held;
  return { record, version, leaf, knownFrom: knownLeaf === null ? null : readAt };
}

async function readRow(
  db: Queryable,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row | null> {
  return (await db.query<Row>({ name, text, values })).rows[0] ?? null;
}

function versionOf({ facts: record, version, leaf_index: leaf }: Row, knownFrom: Date | null): KnownVersion {
  return { record, version: Number(version), leaf, knownFrom };
}
