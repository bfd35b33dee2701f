import type { Appender } from '../audit/appender.js';
import type { Lane } from '../audit/lane.js';
import { Refusal } from '../errors/refusal.js';
import type { KpsPort, KpsReply } from '../kps/port.js';
import { conclude } from './conclude.js';
import type { Attempt } from './question.js';
import type { AdmittedQuery, IntentAnswer } from './record-intent.js';
import type { OutcomeAnswer, OutcomeItem } from './record-outcome.js';
import type { RecordedQuery } from './recorded-query.js';
import type { Rules } from './rules.js';

/** What the use case needs from outside. */
export interface VerifyTools {
  readonly rules: Rules;
  readonly log: Appender;
  readonly intents: Lane<Attempt, IntentAnswer>;
  readonly outcomes: Lane<OutcomeItem, OutcomeAnswer>;
  readonly kps: KpsPort;
  readonly now: () => Date;
}

/** The durable end of a query, and whether it is a repeated answer. */
export interface VerificationResult {
  readonly recorded: RecordedQuery;
  readonly replayed: boolean;
}

/** Left of the deadline for writing the outcome; a question that could not be answered before it is not asked any more. */
const RECORDING_MS = 1000;

/**
 * One identity check (m.9(3)): rights, intent, question, outcome, answer, in that order and never another. Resolves
 * with an outcome only; everything else is thrown as `Refusal`, or as `AUDIT_UNAVAILABLE`/`AUDIT_OVERLOADED` of the log
 * while KPS has not been asked.
 */
export async function verifyIdentity(attempt: Attempt, tools: VerifyTools): Promise<VerificationResult> {
  const intent = await recordIntent(attempt, tools);
  if (intent.kind === 'replayed') return answer(intent.recorded, true);
  const sentAt = tools.now();
  const reply = await askKps(intent.query, tools, sentAt);
  const recorded = await recordOutcome(intent.query, reply, tools, sentAt);
  return answer(recorded, false);
}

async function recordIntent(
  attempt: Attempt,
  tools: VerifyTools,
): Promise<Exclude<IntentAnswer, { kind: 'refused' }>> {
  const intent = await tools.log.submit(tools.intents, attempt);
  if (intent.kind === 'refused') throw intent.refusal;
  return intent;
}

function askKps(query: AdmittedQuery, tools: VerifyTools, sentAt: Date): Promise<KpsReply> {
  const { attempt, subject, user, account } = query;
  const leftMs = query.deadline.getTime() - sentAt.getTime() - RECORDING_MS;
  if (leftMs <= 0) return Promise.resolve({ kind: 'not-sent', reason: 'deadline-passed', messageIds: [] });
  const question = {
    messageId: attempt.messageId,
    account: account.id,
    service: tools.rules.service,
    ...subject,
    asker: {
      kimlikNo: user.person,
      address: attempt.headers.userAddress ?? undefined,
      application: attempt.client.id,
    },
    timeoutMs: Math.min(leftMs, tools.rules.kpsTimeoutMs),
  };
  // The port promises not to throw. Were it to, nobody could tell whether KPS was asked: doubt counts as sent.
  return tools.kps
    .ask(question)
    .catch((): KpsReply => ({ kind: 'unknown', reason: 'answer-unreadable', messageIds: [] }));
}

async function recordOutcome(
  query: AdmittedQuery,
  reply: KpsReply,
  tools: VerifyTools,
  sentAt: Date,
): Promise<RecordedQuery> {
  const conclusion = conclude(query.subject, reply);
  const item = { kind: 'concluded', query, conclusion, messageIds: reply.messageIds, sentAt } as const;
  const { queryId } = query.attempt;
  const { recorded } = await tools.log
    .submit<OutcomeItem, OutcomeAnswer>(tools.outcomes, item)
    .catch((error: unknown) => {
      if (!conclusion.sent) throw error;
      // Asked and counted there, but not durable here: to the caller that is an unknown outcome with an id to look it up by.
      // "Try again later" would cost a second query.
      throw new Refusal('KPS_OUTCOME_UNKNOWN', { reason: 'outcome-not-recorded', queryId, cause: error });
    });
  if (recorded === null) throw new Refusal('KPS_OUTCOME_UNKNOWN', { reason: 'no-outcome', queryId });
  if (conclusion.state === 'refused' && !conclusion.sent && recorded.state === 'refused') {
    throw new Refusal(conclusion.code, { reason: conclusion.reason, retryAfterS: conclusion.retryAfterS });
  }
  if (recorded.problem !== null && 'reason' in conclusion) {
    throw new Refusal(recorded.problem, { reason: conclusion.reason, queryId: recorded.queryId });
  }
  return recorded;
}

function answer(recorded: RecordedQuery, replayed: boolean): VerificationResult {
  if (recorded.problem !== null) throw new Refusal(recorded.problem, { queryId: recorded.queryId, replayed });
  return { recorded, replayed };
}
