import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../errors/refusal.js';
import { hashToken } from '../sign-in/access-tokens.js';
import type { Attempt, CallingClient } from '../verification/question.js';
import type { VerificationResult } from '../verification/verify-identity.js';
import { readJsonBody } from './read-body.js';
import { jsonReply, type Reply } from './reply.js';
import { bearerToken, checkHeaders, NO_HEADERS } from './request-headers.js';
import { verificationDocument } from './verification-document.js';
import { checkQuestion } from './verification-schema.js';

/** The caller as the network found it. */
export interface Caller {
  readonly client: CallingClient;
  readonly certificateSha256: Buffer;
  /** The caller's own request id where it has the form, else one of ours: finds the log line and the entry. */
  readonly requestId: string;
}

export interface PostVerificationTools {
  readonly maxBodyBytes: number;
  readonly now: () => Date;
  verify(attempt: Attempt): Promise<VerificationResult>;
}

/** `POST /v1/identity/verifications`: reads the call, hands it to the use case, writes its answer. */
export async function postVerification(
  request: IncomingMessage,
  caller: Caller,
  tools: PostVerificationTools,
): Promise<Reply> {
  requireIdentityPermission(caller.client);
  const attempt = await readAttempt(request, caller, tools);
  const { recorded, replayed } = await tools.verify(attempt);
  return jsonReply(verificationDocument(recorded), replayed ? { 'Idempotency-Replayed': 'true' } : {});
}

/** Identity checks need the permission in the client's registration; without it no token is even looked at. */
export function requireIdentityPermission(client: CallingClient): void {
  if (!client.permissions.includes('identity')) throw new Refusal('CLIENT_NOT_PERMITTED');
}

async function readAttempt(
  request: IncomingMessage,
  caller: Caller,
  tools: PostVerificationTools,
): Promise<Attempt> {
  const receivedAt = tools.now();
  const token = bearerToken(request.headers);
  const headers = checkHeaders(request.headers);
  const body = await readJsonBody(request, tools.maxBodyBytes);
  return {
    client: caller.client,
    certificateSha256: caller.certificateSha256,
    tokenHash: token === null ? null : hashToken(token),
    queryId: randomUUID(),
    messageId: randomUUID(),
    receivedAt,
    headers: { ...(headers.ok ? headers.value : NO_HEADERS), requestId: caller.requestId },
    question: headers.ok ? questionOf(body) : { ok: false, code: 'REQUEST_INVALID', reason: headers.reason },
  };
}

function questionOf(body: Awaited<ReturnType<typeof readJsonBody>>): Attempt['question'] {
  if (!body.ok) return body;
  const question = checkQuestion(body.json);
  return question.ok ? question : { ok: false, code: 'REQUEST_INVALID', reason: question.reason };
}
