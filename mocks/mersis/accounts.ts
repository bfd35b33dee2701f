import { iisForbidden, unauthorized } from '../http/html-pages.js';
import type { HttpReply } from '../http/http-reply.js';
import type { SystemRequest } from '../http/national-system.js';
import type { Accounts } from '../nvi/accounts.js';

/** Why a caller may not ask at all. */
export interface Stranger {
  readonly refused: string;
  readonly reply: HttpReply;
}

/**
 * The gateway's own check, in its order: the allow-list of addresses, HTTP Basic (RFC 7617, UTF-8), the addresses of that
 * account. Null where the caller is known.
 */
export function strangerAt(
  { headers, remoteAddress }: Pick<SystemRequest, 'headers' | 'remoteAddress'>,
  accounts: Accounts,
): Stranger | null {
  if (!accounts.knowsAddress(remoteAddress)) return { refused: 'source-address', reply: iisForbidden };
  const given = basicOf(headers.authorization);
  if (given === null) return { refused: 'basic-missing', reply: unauthorized('mersis') };
  if (!accounts.passwordIsRight(given.userName, given.password))
    return { refused: 'basic', reply: unauthorized('mersis') };
  if (!accounts.mayComeFrom(given.userName, remoteAddress))
    return { refused: 'account-address', reply: iisForbidden };
  return null;
}

/** The password may hold colons, the user name none. */
function basicOf(
  header: string | undefined,
): { readonly userName: string; readonly password: string } | null {
  const [, token] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '') ?? [];
  if (token === undefined) return null;
  const given = Buffer.from(token, 'base64').toString('utf8');
  const colon = given.indexOf(':');
  return colon < 0 ? null : { userName: given.slice(0, colon), password: given.slice(colon + 1) };
}
