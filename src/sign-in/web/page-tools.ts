import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { PersonNames } from '../open-session.js';

/** The living session of the browser that asks. */
export interface BrowserSession {
  readonly sessionId: string;
  readonly person: KimlikNo;
  /** In the domain `authority`. */
  readonly tag: Buffer;
  /** Null where the upstream gave none. */
  readonly names: PersonNames | null;
  readonly acr: string;
  readonly authTime: Date;
  readonly openedAt: Date;
  readonly idleUntil: Date;
  readonly expiresAt: Date;
  /** Until when this session counts as stepped up; null or past: it does not. */
  readonly stepUpUntil: Date | null;
}

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
