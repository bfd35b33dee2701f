import { randomBytes } from 'node:crypto';
import { BoundedMap } from './bounded-map.js';
import type { EdevletClient } from './clients.js';
import type { Kapsam } from './kapsam.js';

/** What a relying party asked for, checked. */
export interface Asked {
  readonly client: EdevletClient;
  readonly redirectUri: string;
  readonly scopes: readonly Kapsam[];
  readonly state: string;
}

/** A login that was begun. */
export interface Login {
  readonly id: string;
  /** The browser it belongs to, by its cookie. */
  readonly browser: string;
  /** Path and query of the request that began it. */
  readonly continueTo: string;
  readonly asked: Asked;
  readonly since: number;
  wrongPasswords: number;
  wrongCodes: number;
  /** Whose password was right; the second step is open then. */
  kimlikNo: string | undefined;
}

/** Long enough to find a telephone. */
const LIFETIME_MS = 10 * 60_000;
const MAX_LOGINS = 5_000;
const ID_BYTES = 32;

/** The logins that are open. Nothing of one outlives it: every authorize asks anew. */
export class Logins {
  readonly #now: () => number;
  readonly #logins = new BoundedMap<Login>(MAX_LOGINS);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Begins one, in the browser that has another open (a second tab) or in a new one. */
  begin(browser: string | undefined, asked: Asked, continueTo: string): Login {
    const known = browser !== undefined && this.#open(({ browser: one }) => one === browser) !== undefined;
    const before = known ? this.at(browser, asked.client.clientId, continueTo) : undefined;
    if (before !== undefined) this.end(before);
    const login: Login = {
      id: randomId(),
      browser: known ? browser : randomId(),
      continueTo,
      asked,
      since: this.#now(),
      wrongPasswords: 0,
      wrongCodes: 0,
      kimlikNo: undefined,
    };
    this.#logins.set(login.id, login);
    return login;
  }

  /** The login that this browser began with this request. */
  at(
    browser: string | undefined,
    clientId: string | undefined,
    continueTo: string | undefined,
  ): Login | undefined {
    return this.#open(
      (one) =>
        one.browser === browser && one.asked.client.clientId === clientId && one.continueTo === continueTo,
    );
  }

  /** The login of a posted form; none where the form comes from another browser's page. */
  of(browser: string | undefined, id: string | undefined): Login | undefined {
    const login = this.#logins.get(id ?? '');
    return login !== undefined && login.browser === browser && this.#lives(login) ? login : undefined;
  }

  end(login: Login): void {
    this.#logins.delete(login.id);
  }

  /** Whether the browser has another login open, and so keeps its cookie. */
  hasMore(browser: string): boolean {
    return this.#open((one) => one.browser === browser) !== undefined;
  }

  #open(fits: (login: Login) => boolean): Login | undefined {
    return [...this.#logins.values()].find((login) => fits(login) && this.#lives(login));
  }

  #lives({ since }: Login): boolean {
    return this.#now() - since < LIFETIME_MS;
  }
}

function randomId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}
