import { listVersions } from '../../../authority/area/list-versions.js';
import { readRepresentatives } from '../../../authority/area/read-representatives.js';
import type { AuthorityPolicy } from '../../../authority/decide.js';
import { readAuthorities } from '../../../authority/history/read-authorities.js';
import type { HeldRecord } from '../../../authority/recording/port.js';
import { istanbulDay } from '../../../calendar/istanbul-day.js';
import type { ShownCooperative } from '../../../console/directorate/ports.js';
import { Refusal } from '../../../errors/refusal.js';
import type { Database } from '../../../storage/database.js';

const VERSIONS_SHOWN = 20;
const WAITING = `SELECT seen_at AS "seenAt", cardinality(lost) AS lost FROM bridge.mersis_held
  WHERE mersis_no = $1 AND released_at IS NULL`;

/** Everything that the page of a cooperative shows. Errors: those of `Database`. */
export async function readCooperative(
  db: Database,
  held: HeldRecord,
  policy: AuthorityPolicy,
  now: Date,
): Promise<ShownCooperative> {
  const { mersisNo } = held.record;
  const today = istanbulDay(now);
  const authorities = await readAuthorities(db, { mersisNo, day: today, knownLeaf: null }, policy, now);
  if (authorities === null) throw new Refusal('NOT_FOUND');
  const representatives = await readRepresentatives(db, mersisNo, today);
  const versions = await listVersions(db, mersisNo, VERSIONS_SHOWN);
  const { rows } = await db.query<{ seenAt: Date; lost: number }>({ text: WAITING, values: [mersisNo] });
  return { held, authorities, representatives, versions, waiting: rows[0] ?? null };
}
