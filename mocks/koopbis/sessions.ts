import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { SignedIn, Tokens } from './provider.js';

/** Somebody's session with this application. */
export interface Session {
  readonly id: string;
  /** What forms of this session carry. */
  readonly csrf: string;
  readonly person: Omit<SignedIn, 'tokens'>;
  readonly openedAt: number;
  tokens: Tokens;
  /** Told once, on the next page. */
  flash: string | null;
}

/** The provider ends sessions sooner; a demonstration never has more people. */
const LIFETIME_MS = 8 * 3_600_000;
const MAX_SESSIONS = 1000;

/** Sessions in memory: they end with the process. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A session with an id that nobody knew before the sign-in (session fixation). */
  open({ tokens, ...person }: SignedIn): Session {
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    const session = { id: random(), csrf: random(), person, openedAt: this.#now(), tokens, flash: null };
    this.#sessions.set(session.id, session);
    return session;
  }

  find(id: string | undefined): Session | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session === undefined || this.#now() - session.openedAt < LIFETIME_MS) return session;
    this.#sessions.delete(session.id);
    return undefined;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  /** Ends what a logout token names: the session `sid`, or all of `sub` where it names none. Returns how many. */
  endNamed(named: { readonly sid: string | null; readonly sub: string | null }): number {
    const ended = [...this.#sessions.values()].filter(({ person }) =>
      named.sid !== null && person.sid !== null ? person.sid === named.sid : person.sub === named.sub,
    );
    for (const { id } of ended) this.#sessions.delete(id);
    return ended.length;
  }
}

/** Whether a form came from a page of this session. */
export function holdsToken(session: Session, given: unknown): boolean {
  if (typeof given !== 'string' || given.length !== session.csrf.length) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(session.csrf));
}

/** Values that are taken once, within an hour: what a sign-in keeps until its return. */
export class Pending<T> {
  readonly #kept = new Map<string, { readonly value: T; readonly until: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  keep(value: T): string {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_SESSIONS && oldest !== undefined) this.#kept.delete(oldest);
    const key = random();
    this.#kept.set(key, { value, until: this.#now() + 3_600_000 });
    return key;
  }

  take(key: string | undefined): T | undefined {
    const found = key === undefined ? undefined : this.#kept.get(key);
    if (key !== undefined) this.#kept.delete(key);
    return found !== undefined && found.until > this.#now() ? found.value : undefined;
  }
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
