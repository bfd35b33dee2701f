import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { BrowserSession } from '../living-session.js';
import type { PageTools } from './page-tools.js';

/** What is needed to know whose browser it is. */
export interface BrowserSessionParts {
  provider(): Provider;
  /** The living session, moved on by this use. */
  use(sessionId: string): Promise<BrowserSession | null>;
  /** The first makes tokens of forms, all of them are accepted. */
  readonly formKeys: readonly Buffer[];
  now(): Date;
}

/** The browser's session by the provider's cookie: there is one session, for applications and for our own pages. */
export function createPageTools(parts: BrowserSessionParts): PageTools {
  const tokenOf = (key: Buffer, session: BrowserSession) =>
    createHmac('sha256', key).update(`form\0${session.sessionId}`).digest('base64url');
  return {
    current: async (request: IncomingMessage, response: ServerResponse) => {
      const provider = parts.provider();
      const session = await provider.Session.get(provider.createContext(request, response));
      return session.accountId === undefined ? null : parts.use(session.accountId);
    },
    formToken: (session) => tokenOf(parts.formKeys[0] as Buffer, session),
    formHolds: (session, given) =>
      typeof given === 'string' && parts.formKeys.some((key) => sameText(tokenOf(key, session), given)),
    now: parts.now,
  };
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
