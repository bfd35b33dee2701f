import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Queryable } from '../../storage/database.js';
import { type CooperativeRecord, isSuspendedOn, runsOn, statusOn } from '../record.js';

/** A kept version of a cooperative, and what differs from the one before it. */
export interface ListedVersion {
  readonly version: number;
  readonly leaf: bigint;
  readonly recordedAt: Date;
  readonly durum: string;
  readonly suspended: boolean;
  /** Seats that run on the day on which it was recorded. */
  readonly running: number;
  /** Seats that the version before did not have, or had otherwise; null of the first that is kept. */
  readonly different: number | null;
}

interface Row {
  readonly version: bigint;
  readonly leaf_index: bigint;
  readonly recorded_at: Date;
  readonly facts: CooperativeRecord;
}

const SELECT = `SELECT version, leaf_index, recorded_at, facts FROM bridge.authority_history
  WHERE mersis_no = $1 ORDER BY leaf_index DESC LIMIT $2`;

/** The newest `count` versions, the newest first. Errors: those of `Queryable`. */
export async function listVersions(
  db: Queryable,
  mersisNo: string,
  count: number,
): Promise<readonly ListedVersion[]> {
  // One more, to tell what the oldest of them changed.
  const { rows } = await db.query<Row>({ text: SELECT, values: [mersisNo, count + 1] });
  return rows.slice(0, count).map((row, i) => {
    const day = istanbulDay(row.recorded_at);
    const before = rows[i + 1];
    return {
      version: Number(row.version),
      leaf: row.leaf_index,
      recordedAt: row.recorded_at,
      durum: statusOn(row.facts, day),
      suspended: isSuspendedOn(row.facts, day),
      running: row.facts.seats.filter((seat) => runsOn(seat, day)).length,
      different: before === undefined ? null : differentSeats(before.facts, row.facts),
    };
  });
}

function differentSeats(before: CooperativeRecord, after: CooperativeRecord): number {
  const known = new Set(before.seats.map((seat) => JSON.stringify(seat)));
  return after.seats.filter((seat) => !known.has(JSON.stringify(seat))).length;
}
