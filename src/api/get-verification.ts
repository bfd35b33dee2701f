import type { IncomingMessage } from 'node:http';
import { hashToken } from '../sign-in/access-tokens.js';
import type { ReadAttempt } from '../verification/read-verification.js';
import type { RecordedQuery } from '../verification/recorded-query.js';
import { type Caller, requireIdentityPermission } from './post-verification.js';
import { jsonReply, type Reply } from './reply.js';
import { bearerToken, checkHeaders, NO_HEADERS } from './request-headers.js';
import { recordedDocument } from './verification-document.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export interface GetVerificationTools {
  readonly now: () => Date;
  read(attempt: ReadAttempt): Promise<RecordedQuery>;
}

/** `GET /v1/identity/verifications/{id}`: the recorded result, for the person and the client that asked. */
export async function getVerification(
  request: IncomingMessage,
  id: string,
  caller: Caller,
  tools: GetVerificationTools,
): Promise<Reply> {
  requireIdentityPermission(caller.client);
  const token = bearerToken(request.headers);
  const headers = checkHeaders(request.headers);
  const recorded = await tools.read({
    client: caller.client,
    certificateSha256: caller.certificateSha256,
    tokenHash: token === null ? null : hashToken(token),
    receivedAt: tools.now(),
    headers: { ...(headers.ok ? headers.value : NO_HEADERS), requestId: caller.requestId },
    wanted: UUID.test(id) ? id : null,
  });
  return jsonReply(recordedDocument(recorded));
}
