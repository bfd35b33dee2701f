import type { IncomingMessage } from 'node:http';
import type { SearchAttempt, SearchResult } from '../audit/search/attempt.js';
import { Refusal } from '../errors/refusal.js';
import { hashToken } from '../sign-in/access-tokens.js';
import { searchDocument } from './audit-search-document.js';
import { checkSearch } from './audit-search-schema.js';
import type { Caller } from './post-verification.js';
import { readJsonBody } from './read-body.js';
import { jsonReply, type Reply } from './reply.js';
import { bearerToken, checkHeaders } from './request-headers.js';

/** A token as it was shown: by which client, over which certificate. `tokenHash` null: none that can be one. */
interface ShownToken {
  readonly tokenHash: Buffer | null;
  readonly clientId: string;
  readonly certificateSha256: Buffer;
}

export interface PostAuditSearchTools {
  readonly maxBodyBytes: number;
  readonly now: () => Date;
  search(attempt: Omit<SearchAttempt, 'identify'> & { readonly token: ShownToken }): Promise<SearchResult>;
}

/** `POST /v1/audit/searches`: reads the call, hands it to the use case, writes its answer. */
export async function postAuditSearch(
  request: IncomingMessage,
  caller: Caller,
  tools: PostAuditSearchTools,
): Promise<Reply> {
  // Without the permission in the client's registration no token is even looked at.
  if (!caller.client.permissions.includes('audit')) throw new Refusal('CLIENT_NOT_PERMITTED');
  const receivedAt = tools.now();
  const token = bearerToken(request.headers);
  const headers = checkHeaders(request.headers);
  const body = await readJsonBody(request, tools.maxBodyBytes);
  const result = await tools.search({
    client: caller.client.id,
    receivedAt,
    token: {
      tokenHash: token === null ? null : hashToken(token),
      clientId: caller.client.id,
      certificateSha256: caller.certificateSha256,
    },
    request: headers.ok ? requestOf(body) : { ok: false, code: 'REQUEST_INVALID', reason: headers.reason },
  });
  return jsonReply(searchDocument(result));
}

function requestOf(body: Awaited<ReturnType<typeof readJsonBody>>): SearchAttempt['request'] {
  if (!body.ok) return body;
  const checked = checkSearch(body.json);
  return checked.ok ? checked : { ok: false, code: 'REQUEST_INVALID', reason: checked.reason };
}
