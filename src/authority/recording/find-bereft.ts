import type { Transaction } from '../../storage/database.js';
import { inForceOn } from '../transitions.js';
import { readRecords } from './records.js';

interface SeatRow {
  tag: string;
  mersis_no: string;
}

const ELSEWHERE = `SELECT DISTINCT encode(person_tag, 'hex') AS tag, mersis_no FROM bridge.authority_seat
  WHERE person_tag = ANY($1::bytea[]) AND NOT mersis_no = ANY($2::text[])
    AND (ends_on IS NULL OR ends_on > $3::date) AND (gone_on IS NULL OR gone_on > $3::date)`;
const ROLES = `SELECT DISTINCT encode(person_tag, 'hex') AS tag FROM bridge.authority_role
  WHERE person_tag = ANY($1::bytea[]) AND NOT role_id = ANY($2::uuid[])
    AND (ends_on IS NULL OR ends_on > $3::date) AND (starts_on IS NULL OR starts_on <= $3::date)`;

/** What is being changed in this transaction, and so is not looked at again. */
interface Beside {
  readonly mersisNos: readonly string[];
  readonly roleIds: readonly string[];
}

/**
 * Of these persons (hex of tags), who have nothing left on `day`: no seat in force elsewhere and no role. The changing transaction
 * holds the head, so that nothing comes or goes beside it.
 */
export async function findBereft(
  tx: Transaction,
  tags: readonly string[],
  beside: Beside,
  day: string,
): Promise<readonly Buffer[]> {
  if (tags.length === 0) return [];
  const bytes = tags.map((tag) => Buffer.from(tag, 'hex'));
  const roles = await tx.query<{ tag: string }>({ text: ROLES, values: [bytes, beside.roleIds, day] });
  const left = new Set(roles.rows.map(({ tag }) => tag));
  const { rows } = await tx.query<SeatRow>({ text: ELSEWHERE, values: [bytes, beside.mersisNos, day] });
  const records = await readRecords(tx, [...new Set(rows.map((row) => row.mersis_no))]);
  for (const { record } of records.values()) {
    const running = inForceOn(record, day);
    for (const seat of record.seats) if (running.has(seat.seatId)) left.add(seat.tag);
  }
  return [...new Set(tags)].filter((tag) => !left.has(tag)).map((tag) => Buffer.from(tag, 'hex'));
}
