import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrowserSession } from '../living-session.js';

/** What every page of ours needs to know of the browser. */
export interface PageTools {
  /** The browser's living session, moved on by this use; null where there is none. */
  current(request: IncomingMessage, response: ServerResponse): Promise<BrowserSession | null>;
  /** The token that a form of this session must carry, as the hidden field `csrf`. */
  formToken(session: BrowserSession): string;
  /** Whether `given` is that token. */
  formHolds(session: BrowserSession, given: unknown): boolean;
  now(): Date;
}
