import type { Capacity } from '../../authority/decide.js';
import { readAuthority } from '../../authority/read-authority.js';
import { readRecords } from '../../authority/recording/records.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { Refusal } from '../../errors/refusal.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { SignedIn } from '../../sign-in/access-tokens.js';
import { authenticateUser } from '../../sign-in/authenticate-user.js';
import { readShownToken, type Shown } from '../../sign-in/read-shown-tokens.js';
import type { Transaction } from '../../storage/database.js';
import {
  type ApplicationProblem,
  isOfBody,
  judgeDays,
  judgeLegacy,
  judgeOpen,
} from '../application-rules.js';
import { readOpenApplications } from '../appointment-rows.js';
import type { Application, ApplicationCall, Sent } from '../call.js';
import type { AppointmentTools } from '../ports.js';
import { requireRight } from '../require-right.js';

/** An application that no rule stands against, as far as it can be seen here. */
export interface SoundApplication {
  readonly application: Application;
  readonly user: SignedIn;
  /** The seat by which the applicant acts. */
  readonly capacity: Capacity;
  readonly person: KimlikNo;
  readonly personTag: Buffer;
}

/** A refusal, and whom it is written down under. */
export interface RefusedApplication extends Shown {
  readonly refusal: Refusal;
}

type Judged =
  | { readonly kind: 'sound'; readonly sound: SoundApplication }
  | ({ readonly kind: 'refused' } & RefusedApplication);

/**
 * Token, body, right, number, days, and what is known of the person at this cooperative, in the order of CONTRACT §4. Asked twice:
 * before anything is asked of others, and again in the transaction that writes the application down.
 */
export async function judgeApplication(
  tx: Transaction,
  { call, sent }: ApplicationCall,
  tools: AppointmentTools,
  now: Date,
): Promise<Judged> {
  const shown = await readShownToken(tx, call, tools, now);
  try {
    const today = istanbulDay(now);
    const user = authenticateUser(shown.signedIn, tools.twoStepFrom, today);
    const application = requireSent(sent);
    const { cooperative } = application;
    const [facts] = await readAuthority(tx, [{ tag: user.tag, mersisNo: cooperative }], today);
    const capacity = requireRight('appointee.apply', { user, facts }, { ...tools.authority, now, today });
    const person = requireNumber(application.subject.kimlikNo);
    refuse(judgeDays(application, today));
    const personTag = tools.tagger.tag('authority', person);
    await requireNew(tx, application, personTag, tools);
    return { kind: 'sound', sound: { application, user, capacity, person, personTag } };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { kind: 'refused', refusal, ...shown };
  }
}

async function requireNew(
  tx: Transaction,
  { cooperative, decision }: Application,
  personTag: Buffer,
  { policy }: AppointmentTools,
): Promise<void> {
  const record = (await readRecords(tx, [cooperative])).get(cooperative)?.record ?? { seats: [] };
  refuse(judgeLegacy(record, personTag.toString('hex'), decision.date, policy.legacyDecisionAfter));
  refuse(judgeOpen(await readOpenApplications(tx, personTag, cooperative), decision));
}

/** The body, or what is wrong with it. */
export function requireSent<T>(sent: Sent<T>): T {
  if (!sent.ok) throw new Refusal(sent.code, { reason: sent.reason });
  return sent.value;
}

function requireNumber(text: string): KimlikNo {
  const parsed = KimlikNo.parse(text);
  if (!parsed.ok) throw new Refusal('IDENTITY_NUMBER_INVALID', { reason: parsed.problem });
  return parsed.value;
}

function refuse(problem: ApplicationProblem | null): void {
  if (problem === null) return;
  throw new Refusal(isOfBody(problem) ? 'REQUEST_INVALID' : 'STATE_CONFLICT', { reason: problem });
}
