import type { SystemRequest, Verdict } from '../http/national-system.js';
import { provenClient } from './clients.js';
import type { EdevletParts } from './parts.js';
import { readPostedForm } from './read-posted.js';
import { Refused } from './refused.js';
import { jsonReply } from './replies.js';

/** AccessTokenController: a code for a token. Errors too stand under HTTP 200 (facts/e-devlet.md §3). */
export function tokenCall(request: SystemRequest, parts: EdevletParts): Verdict {
  try {
    const { token, kimlikNo } = exchange(request, parts);
    // Nothing beside the token: a client must live without token_type and expires_in.
    return { seen: [{ action: 'token', kimlikNo }], reply: jsonReply({ access_token: token }) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { reason, code, text, kimlikNo } = error;
    return {
      seen: [{ action: 'token', kimlikNo }],
      refused: reason,
      reply: jsonReply({ error: code, error_description: text }),
    };
  }
}

function exchange(request: SystemRequest, parts: EdevletParts): { token: string; kimlikNo: string } {
  if (request.headers.authorization !== undefined)
    throw refused('authorization-header', 'invalid_client', 'Istemci bilgileri govdede gonderilmelidir');
  const read = readPostedForm(request);
  if (!read.ok) throw refused(read.problem, 'invalid_request', 'Istek okunamadi');
  const { fields } = read;
  const grantType = fields.get('grant_type');
  if (grantType === undefined) throw refused('grant-type', 'invalid_request', 'grant_type eksik');
  if (grantType !== 'authorization_code')
    throw refused('grant-type', 'unsupported_grant_type', 'grant_type desteklenmiyor');
  const client = provenClient(parts.clients, fields.get('client_id'), fields.get('client_secret'));
  if (client === undefined) throw refused('client', 'invalid_client', 'Istemci dogrulanamadi');
  const code = fields.get('code');
  if (code === undefined) throw refused('code', 'invalid_request', 'code eksik');
  const redeemed = parts.issued.redeem(code, client.clientId, fields.get('redirect_uri'));
  if (!redeemed.ok) throw refused(redeemed.reason, 'invalid_grant', 'code gecersiz', redeemed.kimlikNo);
  const { kimlikNo } = redeemed.grant;
  if (request.fault?.kind === 'error-200')
    throw refused('fault-error-200', 'server_error', 'Islem gerceklestirilemedi', kimlikNo);
  return { token: redeemed.token, kimlikNo };
}

function refused(reason: string, code: string, text: string, kimlikNo?: string): Refused {
  return new Refused(reason, { code, text }, kimlikNo);
}
