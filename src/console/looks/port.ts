import type { BrowserSession } from '../../sign-in/living-session.js';

/** What kinds of things are kept for a session's pages. Closed. */
export type LookWhat = 'search' | 'person' | 'user' | 'figures' | 'revealed-users' | 'sessions';

/**
 * What a page works with and must not stand in its address: criteria of a search, an uploaded file. Kept sealed, for one session, for as long as
 * that lives and `minutes` at the most; another session finds nothing under its id.
 */
export interface Looks {
  /** Keeps `content`; the id for the address. Errors: those of the database; `RATE_LIMITED` where the session keeps too many. */
  keep(session: BrowserSession, what: LookWhat, content: Buffer): Promise<string>;
  /** What was kept; null where there is none of this session, kind and id. */
  find(session: BrowserSession, what: LookWhat, id: string): Promise<Buffer | null>;
  drop(session: BrowserSession, id: string): Promise<void>;
}
