import type { Effect, EffectApplier } from '../audit/lane.js';
import type { Queryable } from '../storage/database.js';
import type { OpenApplication } from './application-rules.js';
import { settledApplier, toldApplier } from './disagreements/disagreement-rows.js';

/** A new row of `bridge.appointment`. Tags in the domain `authority`; `entryId`: of `appointment.applied`. */
export interface AppliedAppointment extends Effect {
  readonly kind: 'appointment-applied';
  readonly entryId: string;
  readonly appointment: string;
  readonly mersisNo: string;
  readonly personTag: Buffer;
  readonly personBox: Buffer;
  readonly masterKeyId: string;
  readonly applicantTag: Buffer;
  readonly applicantSeat: string;
  readonly decisionNo: string;
  readonly decisionDate: string;
  readonly documentSha256: string;
  readonly vkn: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  readonly queryId: string;
  readonly appliedAt: Date;
}

/** What the directorate has decided. `vkn` as corrected; `seatId` null where it was refused. `entryId`: of `appointment.decided`. */
export interface DecidedAppointment extends Effect {
  readonly kind: 'appointment-decided';
  readonly entryId: string;
  readonly appointment: string;
  readonly state: 'accepted' | 'refused';
  readonly vkn: string;
  readonly startsOn: string;
  readonly seatId: string | null;
  readonly reason: string | null;
  readonly decidedAt: Date;
}

/** An accepted appointment that ends before its time. */
export interface EndedAppointments extends Effect {
  readonly kind: 'appointments-ended';
  readonly appointments: readonly string[];
}

/** Where the number of the person of an appointment is sealed: moved to another one it does not open. */
export function appointmentPlace(appointment: string): string {
  return `appointment\n${appointment}`;
}

export interface AppointmentRow {
  readonly appointment: string;
  readonly mersisNo: string;
  readonly personTag: Buffer;
  readonly personBox: Buffer;
  readonly masterKeyId: string;
  readonly applicantTag: Buffer;
  readonly state: 'applied' | 'accepted' | 'refused' | 'ended';
  readonly decisionDate: string;
  readonly vkn: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
}

const SELECT = `SELECT appointment_id AS appointment, mersis_no AS "mersisNo", person_tag AS "personTag", person_box AS "personBox",
    master_key_id AS "masterKeyId", applicant_tag AS "applicantTag", state, decision_date::text AS "decisionDate", vkn,
    starts_on::text AS "startsOn", ends_on::text AS "endsOn"
  FROM bridge.appointment WHERE appointment_id = $1`;

/** The application or appointment with this id; null where there is none. Errors: those of `Queryable`. */
export async function readAppointment(db: Queryable, id: string): Promise<AppointmentRow | null> {
  const { rows } = await db.query<AppointmentRow>({ name: 'appointment', text: SELECT, values: [id] });
  return rows[0] ?? null;
}

const OPEN = `SELECT decision_no AS "decisionNo", document_sha256 AS "documentSha256" FROM bridge.appointment
  WHERE person_tag = $1 AND mersis_no = $2 AND state = 'applied' LIMIT 100`;

/** Applications for this person at this cooperative that wait for their decision. Errors: those of `Queryable`. */
export async function readOpenApplications(
  db: Queryable,
  personTag: Buffer,
  mersisNo: string,
): Promise<readonly OpenApplication[]> {
  const values = [personTag, mersisNo];
  return (await db.query<OpenApplication>({ name: 'appointments-open', text: OPEN, values })).rows;
}

const INSERT = `INSERT INTO bridge.appointment (appointment_id, mersis_no, person_tag, person_box, master_key_id, applicant_tag,
    applicant_seat, decision_no, decision_date, document_sha256, vkn, starts_on, ends_on, query_id, applied_at, applied_leaf)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;
const DECIDE = `UPDATE bridge.appointment SET state = $2, vkn = $3, starts_on = $4, seat_id = $5, reason = $6, decided_at = $7,
    decided_leaf = $8
  WHERE appointment_id = $1 AND state = 'applied'`;
const END = `UPDATE bridge.appointment SET state = 'ended' WHERE appointment_id = ANY($1::uuid[]) AND state = 'accepted'`;

/** Both lanes are exclusive: there is one effect in a batch. */
const appliedApplier: EffectApplier<AppliedAppointment> = {
  kind: 'appointment-applied',
  apply: async (tx, placed) => {
    for (const { effect, leafOf } of placed) {
      const { appointment, mersisNo, personTag, personBox, masterKeyId, applicantTag, applicantSeat } =
        effect;
      const { decisionNo, decisionDate, documentSha256, vkn, startsOn, endsOn, queryId, appliedAt } = effect;
      const person = [personTag, personBox, masterKeyId, applicantTag, applicantSeat];
      const decision = [decisionNo, decisionDate, documentSha256, vkn, startsOn, endsOn];
      const values = [
        appointment,
        mersisNo,
        ...person,
        ...decision,
        queryId,
        appliedAt,
        leafOf(effect.entryId),
      ];
      await tx.query({ name: 'appointment-apply', text: INSERT, values });
    }
  },
};

const decidedApplier: EffectApplier<DecidedAppointment> = {
  kind: 'appointment-decided',
  apply: async (tx, placed) => {
    for (const { effect, leafOf } of placed) {
      const { appointment, state, vkn, startsOn, seatId, reason, decidedAt, entryId } = effect;
      const values = [appointment, state, vkn, startsOn, seatId, reason, decidedAt, leafOf(entryId)];
      await tx.query({ name: 'appointment-decide', text: DECIDE, values });
    }
  },
};

const endedApplier: EffectApplier<EndedAppointments> = {
  kind: 'appointments-ended',
  apply: async (tx, placed) => {
    const values = [[...new Set(placed.flatMap(({ effect }) => effect.appointments))].sort()];
    await tx.query({ name: 'appointments-end', text: END, values });
  },
};

/** Whoever accepts applications, and whoever changes who sits on boards, hands its log these. */
export const APPOINTMENT_APPLIERS = [
  appliedApplier,
  decidedApplier,
  endedApplier,
  toldApplier,
  settledApplier,
] as readonly EffectApplier[];
