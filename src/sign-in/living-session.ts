import type { KimlikNo } from '../person/kimlik-no.js';
import type { PersonNames } from './open-session.js';

/** A session that lives, with whose it is: of the browser that asks, or of a token. */
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
