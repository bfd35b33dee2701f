import type { JsonObject } from '../audit/canonical-json.js';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { entriesAt } from '../audit/check/entries-at.js';
import { type Area, insideSql, insideValues } from '../authority/area/area.js';
import type { Ministry } from '../authority/facts.js';
import type { Queryable } from '../storage/database.js';
import type { AppointmentRow } from './appointment-rows.js';

/** An application that waits, and the cooperative that it is for. */
export interface WaitingApplication {
  readonly appointment: string;
  readonly mersisNo: string;
  readonly unvan: string;
  readonly il: string;
  readonly decisionNo: string;
  readonly decisionDate: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  readonly appliedAt: Date;
}

const APPLICATIONS_SHOWN = 50;
/** Beyond it a start page says "more than". */
const MAX_COUNTED = 1_000;

const SELECT = `SELECT a.appointment_id AS appointment, a.mersis_no AS "mersisNo", c.unvan, c.il, a.decision_no AS "decisionNo",
    a.decision_date::text AS "decisionDate", a.starts_on::text AS "startsOn", a.ends_on::text AS "endsOn", a.applied_at AS "appliedAt"
  FROM bridge.appointment a JOIN bridge.authority_cooperative c USING (mersis_no)
  WHERE a.state = 'applied' AND ${insideSql(1)}
    AND ($3::uuid IS NULL OR (a.applied_at, a.appointment_id) >
      ((SELECT b.applied_at FROM bridge.appointment b WHERE b.appointment_id = $3), $3))
  ORDER BY a.applied_at, a.appointment_id LIMIT ${APPLICATIONS_SHOWN + 1}`;

/** Applications of these areas that wait for their decision, the longest first, behind the one called `after`. Errors: those of `Queryable`. */
export async function listApplications(
  db: Queryable,
  areas: readonly Area[],
  after: string | null,
): Promise<{ readonly applications: readonly WaitingApplication[]; readonly next: string | null }> {
  const values = [...insideValues(areas), after];
  const { rows } = await db.query<WaitingApplication>({ text: SELECT, values });
  const applications = rows.slice(0, APPLICATIONS_SHOWN);
  const next = rows.length > APPLICATIONS_SHOWN ? (applications.at(-1)?.appointment ?? null) : null;
  return { applications, next };
}

const COUNT = `SELECT count(*)::int AS n FROM (
    SELECT 1 FROM bridge.appointment a JOIN bridge.authority_cooperative c USING (mersis_no)
    WHERE a.state = 'applied' AND ${insideSql(1)} LIMIT ${MAX_COUNTED + 1}) AS waiting`;

/** How many wait; a thousand and one stands for more. Errors: those of `Queryable`. */
export async function countApplications(db: Queryable, areas: readonly Area[]): Promise<number> {
  const { rows } = await db.query<{ n: number }>({ text: COUNT, values: insideValues(areas) });
  return rows[0]?.n ?? 0;
}

/** Values of an application that its decision may change. */
export type AppliedFor = Pick<AppointmentRow, 'vkn' | 'startsOn' | 'endsOn'>;

/** Everything about an application but the person's number. Tags in the domain `authority`, hex. */
export interface ShownApplication
  extends Omit<AppointmentRow, 'personTag' | 'personBox' | 'masterKeyId' | 'applicantTag'> {
  readonly unvan: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  readonly personTag: string;
  readonly applicantTag: string;
  readonly applicantSeat: string;
  readonly decisionNo: string;
  readonly documentSha256: string;
  readonly queryId: string;
  readonly appliedAt: Date;
  readonly appliedLeaf: bigint;
  /** What was applied for, where its entry is at hand: an acceptance overwrites the rest with what was decided. */
  readonly applied: AppliedFor | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
}

const ONE = `SELECT a.appointment_id AS appointment, a.mersis_no AS "mersisNo", c.unvan, c.il, c.ilgili_bakanlik AS "ilgiliBakanlik",
    encode(a.person_tag, 'hex') AS "personTag", encode(a.applicant_tag, 'hex') AS "applicantTag", a.applicant_seat AS "applicantSeat",
    a.state, a.decision_no AS "decisionNo", a.decision_date::text AS "decisionDate", a.document_sha256 AS "documentSha256", a.vkn,
    a.starts_on::text AS "startsOn", a.ends_on::text AS "endsOn", a.query_id AS "queryId", a.applied_at AS "appliedAt",
    a.applied_leaf AS "appliedLeaf", a.decided_at AS "decidedAt", a.reason
  FROM bridge.appointment a JOIN bridge.authority_cooperative c USING (mersis_no) WHERE a.appointment_id = $1`;

/** One application, whatever became of it; null where there is none. Errors: those of `Queryable`. */
export async function readApplication(db: Queryable, appointment: string): Promise<ShownApplication | null> {
  const { rows } = await db.query<Omit<ShownApplication, 'applied'>>({ text: ONE, values: [appointment] });
  const [row] = rows;
  if (row === undefined) return null;
  const entry = (await entriesAt(db, [row.appliedLeaf])).get(row.appliedLeaf);
  return { ...row, applied: entry === undefined ? null : appliedIn(entry, appointment) };
}

function appliedIn(
  { data, kind }: { readonly kind: string; readonly data: JsonObject },
  appointment: string,
): AppliedFor | null {
  if (kind !== 'appointment.applied' || data.appointment !== appointment) return null;
  const { endsOn, startsOn, vkn } = data as unknown as DataOf<'appointment.applied'>;
  return { endsOn, startsOn, vkn };
}
