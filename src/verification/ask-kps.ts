import type { KpsPort, KpsReply } from '../kps/port.js';
import type { AdmittedQuery } from './record-intent.js';
import type { Rules } from './rules.js';

/** What the question needs from outside. */
export interface AskTools {
  readonly rules: Rules;
  readonly kps: KpsPort;
}

/** Left of the deadline for writing the outcome; a question that could not be answered before it is not asked any more. */
const RECORDING_MS = 1000;

/**
 * Asks KPS once, inside the intent's deadline. Never rejects: what cannot be told apart from an answer that was lost counts
 * as sent. `sentAt`: now.
 */
export function askKps(query: AdmittedQuery, tools: AskTools, sentAt: Date): Promise<KpsReply> {
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
