import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Settled } from '../../audit/lane.js';
import type { AuthorityPolicy } from '../../authority/decide.js';
import { readAuthority } from '../../authority/read-authority.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { clearLineFault } from '../../person/clear-text.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { readAppointment } from '../appointment-rows.js';
import { requireRight } from '../require-right.js';
import { SETTLEMENTS, type SettledDisagreement, type Settlement } from './disagreement-rows.js';

/** What the directorate has decided. `disagreement`: leaf of `authority.disagreed`; `note` stands in the log in clear. */
export interface SettleWish {
  readonly disagreement: bigint;
  readonly decision: Settlement;
  readonly note: string;
  readonly officer: ActingOfficer;
}

/** What deeds about contradictions need from outside. */
export interface SettlePorts extends DeedPorts {
  readonly authority: AuthorityPolicy;
}

const MAX_NOTE = 500;

const LOCK = `SELECT appointment_id AS appointment, mersis_no AS "mersisNo", decision
  FROM bridge.appointment_disagreement WHERE told_leaf = $1 FOR UPDATE`;

/** What is wrong with a note; null where nothing is. Pure. */
export function noteFault(
  note: string,
): 'missing' | 'too-long' | 'control-characters' | 'identity-number' | null {
  if (note.trim() === '') return 'missing';
  const fault = clearLineFault(note, MAX_NOTE);
  return fault === 'unseen' ? 'control-characters' : fault;
}

/**
 * Records what follows from a contradiction; who may act is changed by nothing of it. `log` needs `APPOINTMENT_APPLIERS`. Refused:
 * `TOKEN_INVALID`; `OUTSIDE_OWN_AREA` (also where there is no such contradiction: which there are elsewhere is nobody's to find out) and what
 * `requireRight` says; `REQUEST_INVALID` (the note); `SECOND_PERSON_REQUIRED` (one's own appointment or application); `STATE_CONFLICT`
 * (settled already). Errors: those of `Appender`.
 */
export function settleDisagreement(
  log: Appender,
  ports: SettlePorts,
  wish: SettleWish,
): Promise<Verdict<bigint>> {
  const lane = deedLane<SettleWish, bigint>('5-disagreement-settle', (tx, item, now) =>
    settleOne(tx, item, ports, now),
  );
  return log.submit(lane, wish);
}

interface Row {
  readonly appointment: string;
  readonly mersisNo: string;
  readonly decision: Settlement | null;
}

async function settleOne(
  tx: Transaction,
  wish: SettleWish,
  ports: SettlePorts,
  now: Date,
): Promise<Settled<Verdict<bigint>>> {
  const { decision, disagreement, note, officer } = wish;
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const { rows } = await tx.query<Row>({ text: LOCK, values: [disagreement] });
  const [row] = rows;
  if (row === undefined) return refused('OUTSIDE_OWN_AREA', 'no such contradiction in the own area');
  const right = await rightTo(tx, row, wish, ports, now);
  if ('code' in right) return refused(right.code, 'the person may not decide on this cooperative');
  if (noteFault(note) !== null || !SETTLEMENTS.includes(decision))
    return refused('REQUEST_INVALID', 'note: one line of 1 to 500 characters, no identity number in it');
  const of = await readAppointment(tx, row.appointment);
  if (of?.personTag.equals(officer.tag) || of?.applicantTag.equals(officer.tag))
    return refused('SECOND_PERSON_REQUIRED', 'it is the person’s own appointment or application');
  if (row.decision !== null) return refused('STATE_CONFLICT', 'the contradiction was settled already');
  const { actor, personal } = actedBy(officer);
  const { appointment, mersisNo: cooperative } = row;
  const data = {
    ...{ actor, appointment, cooperative, decision, note, instance: ports.instance },
    ...{ disagreement: Number(disagreement), role: right.roleId },
  };
  const effect: SettledDisagreement = {
    kind: 'appointment-disagreement-settled',
    ...{ toldLeaf: disagreement, decision, settledAt: now },
  };
  return done(
    [draftOf('disagreement.settled', now, data, personal)],
    [effect],
    ([receipt]) => receipt?.leafIndex ?? -1n,
  );
}

/** Whoever decides on the appointment decides on what contradicts it: by the one table of rights, nobody where they sit themselves. */
async function rightTo(
  tx: Transaction,
  { mersisNo }: Row,
  { officer }: SettleWish,
  { authority }: SettlePorts,
  now: Date,
) {
  const today = istanbulDay(now);
  const [facts] = await readAuthority(tx, [{ tag: officer.tag, mersisNo }], today);
  try {
    const { basis } = requireRight(
      'appointee.decide',
      { user: officer, facts },
      { ...authority, now, today },
    );
    return { roleId: basis };
  } catch (error) {
    if (!isBridgeError(error)) throw error;
    return { code: error.code };
  }
}
