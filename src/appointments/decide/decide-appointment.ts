import type { Lane, Settled } from '../../audit/lane.js';
import { readAuthority } from '../../authority/read-authority.js';
import { lockRecords } from '../../authority/recording/records.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { Refusal } from '../../errors/refusal.js';
import type { SignedIn } from '../../sign-in/access-tokens.js';
import { authenticateUser } from '../../sign-in/authenticate-user.js';
import { readShownToken, type Shown } from '../../sign-in/read-shown-tokens.js';
import type { Transaction } from '../../storage/database.js';
import { judgeAcceptance } from '../acceptance-rules.js';
import { requireSent } from '../apply/judge-application.js';
import { type AppointmentRow, readAppointment } from '../appointment-rows.js';
import type { VerdictCall } from '../call.js';
import { refusedEntry } from '../entries.js';
import type { AppointmentTools } from '../ports.js';
import { requireRight } from '../require-right.js';
import { type Decided, type SoundVerdict, settleAcceptance, settleRefusal } from './settle-verdict.js';

/** An official waits, and asks again. */
const PATIENCE_MS = 5_000;

type Answer = Decided | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * The competent directorate decides on an application (m.15(1)). Everything is judged under the cooperative's lock, in one transaction
 * with what follows from it. Throws `Refusal`, which has its entry, and the errors of `Appender`. `log` needs `APPOINTMENT_APPLIERS`,
 * `AUTHORITY_APPLIERS` and those of sessions.
 */
export function decideAppointment(item: VerdictCall, tools: AppointmentTools): Promise<Decided> {
  return decideAppointmentAs(item, tools, (tx, now) => readShownToken(tx, item.call, tools, now));
}

/** Who decides, looked at inside the transaction of the decision. */
export type WhoDecides = (tx: Transaction, now: Date) => Promise<Shown>;

/** The same for somebody who is known otherwise than by the token of a call. */
export async function decideAppointmentAs(
  item: VerdictCall,
  tools: AppointmentTools,
  who: WhoDecides,
): Promise<Decided> {
  tools.requireSound();
  const answer = await tools.log.submit(decideLane(tools, who), item);
  if (answer.kind === 'refused') throw answer.refusal;
  for (const matter of answer.disagreements) tools.disagreed(matter);
  return answer;
}

/** Exclusive, as whatever changes who may act: two acceptances are judged one after the other. */
function decideLane(tools: AppointmentTools, who: WhoDecides): Lane<VerdictCall, Answer> {
  return {
    name: '5-appointment-decide',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<Answer>[] = [];
      for (const item of items) settled.push(await settleOne(tx, item, { ...tools, who }, now));
      return settled;
    },
  };
}

async function settleOne(
  tx: Transaction,
  item: VerdictCall,
  tools: AppointmentTools & { readonly who: WhoDecides },
  now: Date,
): Promise<Settled<Answer>> {
  const { call } = item;
  const { signedIn: user, tokenFault } = await tools.who(tx, now);
  let cooperative: string | null = null;
  try {
    authenticateUser(user, tools.twoStepFrom, istanbulDay(now));
    const row = await requireRow(tx, item);
    cooperative = row.mersisNo;
    const sound = await judge(tx, item, { row, user: user as SignedIn }, tools, now);
    return sound.verdict.decision === 'refuse'
      ? settleRefusal(sound, tools, now)
      : await settleAcceptance(tx, sound, tools, now);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const refused = {
      call,
      operation: 'appointment-decide',
      cooperative,
      user,
      tokenFault,
      refusal,
    } as const;
    const entries = [refusedEntry(refused, tools.instance)];
    return { entries, effects: [], answer: () => ({ kind: 'refused', refusal }) };
  }
}

async function requireRow(tx: Transaction, { sent, appointment }: VerdictCall): Promise<AppointmentRow> {
  requireSent(sent);
  const row = appointment === null ? null : await readAppointment(tx, appointment);
  if (row === null) throw new Refusal('NOT_FOUND');
  return row;
}

async function judge(
  tx: Transaction,
  item: VerdictCall,
  { row, user }: { readonly row: AppointmentRow; readonly user: SignedIn },
  tools: AppointmentTools,
  now: Date,
): Promise<SoundVerdict> {
  const today = istanbulDay(now);
  const verdict = requireSent(item.sent);
  const held = (await lockRecords(tx, [row.mersisNo])).get(row.mersisNo);
  const [facts] = await readAuthority(tx, [{ tag: user.tag, mersisNo: row.mersisNo }], today);
  const { basis: roleId } = requireRight(
    'appointee.decide',
    { user, facts },
    { ...tools.authority, now, today },
  );
  // Nobody decides on what they asked for, or on themselves, whatever role they hold by now.
  if (row.applicantTag.equals(user.tag)) throw conflict('own-application');
  if (row.personTag.equals(user.tag)) throw conflict('own-person');
  if (row.state !== 'applied') throw conflict('already-decided');
  if (held === undefined) throw new Refusal('NOT_FOUND');
  if (verdict.decision === 'accept') {
    const wanted = {
      ...row,
      tag: row.personTag.toString('hex'),
      applicantTag: row.applicantTag.toString('hex'),
      vkn: verdict.correctedVkn ?? row.vkn,
    };
    const problem = judgeAcceptance(held.record, wanted, tools.policy, today);
    if (problem !== null) throw conflict(problem);
  }
  return { item, verdict, row, held, user, roleId };
}

function conflict(reason: string): Refusal {
  return new Refusal('STATE_CONFLICT', { reason });
}
