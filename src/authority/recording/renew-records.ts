import type { Queryable } from '../../storage/database.js';
import type { CooperativeRecord } from '../record.js';

/** A record that a reading has confirmed; what decides nothing may be new. */
export interface ConfirmedRecord
  extends Pick<CooperativeRecord, 'mersisNo' | 'vkn' | 'unvan' | 'tur' | 'kanun' | 'seviye'> {
  readonly readAt: Date;
  readonly asOf: Date | null;
}

// In key order, as whatever else locks cooperatives must.
const RENEW = `WITH n AS (SELECT * FROM json_to_recordset($1::json)
    AS x("mersisNo" text, vkn text, unvan text, tur text, kanun text, seviye text, "readAt" timestamptz, "asOf" timestamptz)),
  locked AS (SELECT mersis_no FROM bridge.authority_cooperative WHERE mersis_no IN (SELECT "mersisNo" FROM n)
    ORDER BY mersis_no FOR UPDATE)
  UPDATE bridge.authority_cooperative c SET read_at = greatest(c.read_at, n."readAt"), as_of = greatest(c.as_of, n."asOf"),
    vkn = n.vkn, unvan = n.unvan, tur = n.tur, kanun = n.kanun, seviye = n.seviye
  FROM n JOIN locked ON locked.mersis_no = n."mersisNo" WHERE c.mersis_no = n."mersisNo"`;

/**
 * Notes that cooperatives were read and nothing that decides was new: the time, and what decides nothing. No entry, one statement for all.
 * A newer time is never made older. Errors: those of `Queryable`.
 */
export async function renewRecords(db: Queryable, confirmed: readonly ConfirmedRecord[]): Promise<void> {
  if (confirmed.length === 0) return;
  const rows = confirmed.map(({ mersisNo, vkn, unvan, tur, kanun, seviye, readAt, asOf }) => {
    return { mersisNo, vkn, unvan, tur, kanun, seviye, readAt, asOf };
  });
  await db.query({ name: 'authority-renew', text: RENEW, values: [JSON.stringify(rows)] });
}
