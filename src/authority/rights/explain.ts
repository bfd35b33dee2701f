import type { CooperativeRecord, RecordedSeat } from '../record.js';
import type { AnswerFreshness, Evaluation } from './evaluate.js';
import { REASON_TEXTS, type ReasonCode } from './reasons.js';

/** What an explanation needs of the record of the cooperative whose seats count. `leaf`: the entry that last told of it. */
export interface ExplainedRecord {
  readonly record: Pick<CooperativeRecord, 'seats'>;
  readonly leaf: bigint | null;
}

/**
 * Why, from the right to the seat or role, from the seat to its registration, and to the entry of the audit log that told of it (the
 * entry of the seat itself stands in front of it). Nothing personal: a seat is named by its id. `seat` of a refusal: the one that comes
 * nearest. `role`: of staff, whose right rests on a role and not on a seat.
 */
export interface Reason {
  readonly code: ReasonCode;
  readonly tr: string;
  readonly en: string;
  readonly right: { readonly role: string; readonly action: string; readonly rule: string } | null;
  readonly seat: {
    readonly id: string;
    readonly role: string;
    readonly from: string;
    readonly to: string | null;
    readonly representation: string | null;
    /** VKN of the legal person that sits there through this representative. */
    readonly actsFor: string | null;
  } | null;
  readonly role: {
    readonly id: string;
    readonly role: string;
    readonly ministry: string | null;
    readonly il: string | null;
    readonly from: string | null;
    readonly to: string | null;
  } | null;
  readonly registration: { readonly on: string; readonly gazette: string | null } | null;
  readonly entry: { readonly leafIndex: number } | null;
}

/** An AuthZEN decision (Authorization API 1.0, "Decision"). `authority_version`: rises with every change of who may act. */
export interface DecisionDocument {
  readonly decision: boolean;
  readonly context: {
    readonly reason: Reason;
    readonly authority_version: number;
    readonly read_at: string | null;
    readonly freshness: AnswerFreshness;
  };
}

/** The reason alone, for what is refused before anything was looked up. Pure. */
export function plainReason(code: ReasonCode): Reason {
  const nothing = { right: null, seat: null, role: null, registration: null, entry: null };
  return { code, ...REASON_TEXTS[code], ...nothing };
}

/** `held`: the record of the cooperative whose seats count; null where it is not known. Pure. */
export function explain({ reason, right, seat, staff }: Evaluation, held: ExplainedRecord | null): Reason {
  const shown: Partial<RecordedSeat> = held?.record.seats.find((one) => one.seatId === seat?.seatId) ?? {};
  const registeredOn = seat?.registeredOn ?? null;
  return {
    ...plainReason(reason.code),
    right: right && { role: right.role, action: right.action, rule: right.rule },
    seat: seat && {
      id: seat.seatId,
      role: seat.role,
      from: seat.startsOn,
      to: seat.endsOn,
      representation: shown.representation ?? null,
      actsFor: shown.actsFor ?? null,
    },
    role: staff && {
      id: staff.roleId,
      role: staff.role,
      ministry: staff.ministry,
      il: staff.il,
      from: staff.startsOn,
      to: staff.endsOn,
    },
    registration: registeredOn === null ? null : { on: registeredOn, gazette: shown.gazette ?? null },
    entry: seat === null || held === null || held.leaf === null ? null : { leafIndex: Number(held.leaf) },
  };
}

/** The whole answer, the same on the API and on the command line. Pure. */
export function decisionDocument(
  evaluation: Evaluation,
  held: ExplainedRecord | null,
  version: bigint,
): DecisionDocument {
  const { decision, freshness, readAt } = evaluation;
  return {
    decision,
    context: {
      reason: explain(evaluation, held),
      authority_version: Number(version),
      read_at: readAt?.toISOString() ?? null,
      freshness,
    },
  };
}

/** The same in lines for people. Pure. */
export function explainLines({ decision, context }: DecisionDocument): readonly string[] {
  const { code, tr, en, right, seat, role, registration, entry } = context.reason;
  const days = (from: string | null, to: string | null) =>
    from === null ? '' : `, ${from} to ${to ?? 'no end'}`;
  const place = [role?.ministry, role?.il].filter((part) => typeof part === 'string').join('/');
  return [
    `decision      ${decision ? 'yes' : 'no'}`,
    `reason        ${code}: ${tr} / ${en}`,
    right && `right         ${right.role}, ${right.action}: ${right.rule}`,
    seat && `seat          ${seat.id} (${seat.role}${days(seat.from, seat.to)})`,
    seat?.representation && `signature     ${seat.representation} (shown only: each acts alone)`,
    role &&
      `role          ${role.id} (${role.role}${place === '' ? '' : `:${place}`}${days(role.from, role.to)})`,
    registration && `registration  ${registration.on}, gazette ${registration.gazette ?? 'not known'}`,
    entry && `entry         leaf ${entry.leafIndex}`,
    `reading       ${context.freshness}, of ${context.read_at ?? 'no day'}; authority version ${context.authority_version}`,
  ].filter((line) => typeof line === 'string');
}
