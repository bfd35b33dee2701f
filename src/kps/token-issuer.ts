import type { KpsAccount } from './accounts.js';
import type { Observe } from './events.js';
import type { PasswordBreaker } from './password-breaker.js';
import { type Issued, requestToken } from './sts-client.js';
import type { TokenKey } from './token-cache.js';
import type { Transport } from './transport.js';

export interface TokenIssuerOptions {
  readonly transport: Transport;
  readonly accounts: ReadonlyMap<string, KpsAccount>;
  readonly breaker: PasswordBreaker;
  readonly now: () => number;
  readonly uuid: () => string;
  readonly observe: Observe;
  readonly stsTimeoutMs: number;
  readonly timestampLifetimeS: number;
  /** Called once the password of an account was refused. */
  readonly onPasswordRefused: (account: string) => void;
}

const BREAKER_OPEN: Issued = { ok: false, skewS: null, problem: 'password-refused', reason: 'breaker-open' };

/**
 * Fetches tokens with the account's password. Until a password has once been accepted, one request of the account runs at
 * a time: with a token for each asking person, many first requests at once would be as many wrong passwords at once.
 */
export class TokenIssuer {
  readonly #options: TokenIssuerOptions;
  readonly #accepted = new Set<string>();
  readonly #trying = new Map<string, Promise<unknown>>();

  constructor(options: TokenIssuerOptions) {
    this.#options = options;
  }

  async issue(key: TokenKey): Promise<Issued> {
    const { account } = key;
    // Each round waits for one attempt to end; the last of n waiters waits n rounds, and n is bounded by the questions in flight.
    for (let first = this.#trying.get(account); first !== undefined; first = this.#trying.get(account))
      await first;
    if (this.#options.breaker.isOpen(account)) return BREAKER_OPEN;
    if (this.#accepted.has(account)) return this.#request(key);
    const attempt = this.#request(key).finally(() => this.#trying.delete(account));
    this.#trying.set(account, attempt);
    return attempt;
  }

  async #request(key: TokenKey): Promise<Issued> {
    const { transport, accounts, breaker, now, observe } = this.#options;
    const account = accounts.get(key.account);
    if (account === undefined) return { ok: false, skewS: null, problem: 'fault', reason: 'sts-refused' };
    const startedMs = now();
    const issued = await requestToken(
      { transport, now, timeoutMs: this.#options.stsTimeoutMs },
      {
        messageId: this.#options.uuid(),
        appliesTo: key.appliesTo,
        userName: key.userName,
        password: account.password.reveal(),
        sorgulayan: key.sorgulayan,
        timestampLifetimeS: this.#options.timestampLifetimeS,
      },
    );
    const ms = now() - startedMs;
    if (issued.skewS !== null) observe({ type: 'clock-skew', seconds: issued.skewS });
    if (issued.ok) {
      this.#accepted.add(account.id);
      observe({ type: 'token-renewed', account: account.id, ms });
      return issued;
    }
    observe({ type: 'token-refused', account: account.id, problem: issued.problem, ms });
    if (issued.problem === 'password-refused') {
      this.#accepted.delete(account.id);
      breaker.open(account.id);
      this.#options.onPasswordRefused(account.id);
      observe({ type: 'breaker-opened', account: account.id });
    }
    return issued;
  }
}
