import type { Appender } from '../audit/appender.js';
import type { Lane } from '../audit/lane.js';
import type { LogGate } from '../audit/log-gate.js';
import { Refusal } from '../errors/refusal.js';
import type { KpsReply } from '../kps/port.js';
import { type AskTools, askKps } from './ask-kps.js';
import { conclude } from './conclude.js';
import type { Attempt } from './question.js';
import type { AdmittedQuery, IntentAnswer } from './record-intent.js';
import type { OutcomeAnswer, OutcomeItem } from './record-outcome.js';
import type { RecordedQuery } from './recorded-query.js';

/** What the use case needs from outside. */
export interface VerifyTools extends AskTools {
  readonly log: Appender;
  readonly intents: Lane<Attempt, IntentAnswer>;
  readonly outcomes: Lane<OutcomeItem, OutcomeAnswer>;
  readonly now: () => Date;
  /** Closed while the log cannot be relied on: nothing new is asked then. */
  readonly gate: LogGate;
}

/** The durable end of a query, and whether it is a repeated answer. */
export interface VerificationResult {
  readonly recorded: RecordedQuery;
  readonly replayed: boolean;
}

/**
 * One identity check (m.9(3)): rights, intent, question, outcome, answer, in that order and never another. Resolves
 * with an outcome only; everything else is thrown as `Refusal`, or as `AUDIT_UNAVAILABLE`/`AUDIT_OVERLOADED` of the log
 * while KPS has not been asked.
 */
export async function verifyIdentity(attempt: Attempt, tools: VerifyTools): Promise<VerificationResult> {
  tools.gate.requireSound();
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
