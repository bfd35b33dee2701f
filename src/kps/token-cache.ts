import type { Issued, TokenRefusal } from './sts-client.js';
import type { IssuedToken } from './sts-response.js';

/** What a token belongs to. Whoever shares all four may share the token; NVİ's own sample forgets the last (facts/kps.md §1.6). */
export interface TokenKey {
  readonly account: string;
  readonly stsUrl: string;
  readonly appliesTo: string;
  readonly userName: string;
  /** The person named to the STS, null where nobody is. */
  readonly sorgulayan: string | null;
}

export type TokenAnswer = { readonly ok: true; readonly token: IssuedToken } | TokenRefusal;

interface Entry {
  held: { readonly token: IssuedToken; readonly renewAtMs: number; readonly usableUntilMs: number } | null;
  renewing: Promise<TokenAnswer> | null;
  /** Not before this an early renewal is tried again. */
  retryAtMs: number;
}

/**
 * One token for each account, or for each asking person where Sorgulayan goes to the STS; about 5 KB each. A thousand
 * people at work at once is more than any institution has.
 */
const MAX_TOKENS = 1_000;
/** After a failed early renewal the old token still serves; the STS is left in peace meanwhile. */
const RETRY_AFTER_MS = 5_000;

const FAILED: Issued = { ok: false, skewS: null, problem: 'fault', reason: 'sts-unavailable' };

export interface TokenCacheOptions {
  readonly issue: (key: TokenKey) => Promise<Issued>;
  readonly now: () => number;
  readonly renewEarlyMs: number;
  readonly maxTokens?: number;
}

/**
 * Tokens until they expire, renewed early and once for all callers (facts/kps.md §1.5). While an old token is still
 * good, callers get it at once and the renewal runs beside them.
 */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  readonly #options: TokenCacheOptions;
  readonly #maxTokens: number;
  #closed = false;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    this.#maxTokens = options.maxTokens ?? MAX_TOKENS;
  }

  /** A usable token, without waiting where one is at hand. Its key may be dropped while the caller waits: look again then. */
  get(key: TokenKey): TokenAnswer | Promise<TokenAnswer> {
    const entry = this.#entry(key);
    const { held } = entry;
    const nowMs = this.#options.now();
    if (held === null || nowMs >= held.usableUntilMs) return this.#renew(key, entry);
    if (nowMs >= held.renewAtMs && nowMs >= entry.retryAtMs) void this.#renew(key, entry);
    return { ok: true, token: held.token };
  }

  /** Forgets this token, but not a newer one: of many refused at once, only the first causes a renewal. */
  drop(key: TokenKey, token: IssuedToken): void {
    const entry = this.#entries.get(idOf(key));
    if (entry?.held?.token === token) entry.held = null;
    token.proofKey.drop();
  }

  /** Forgets all tokens of an account. */
  dropAccount(account: string): void {
    for (const [id, entry] of this.#entries) {
      if (accountOf(id) === account) this.#forget(id, entry);
    }
  }

  /** Forgets everything and keeps nothing that still arrives. */
  close(): void {
    this.#closed = true;
    for (const [id, entry] of this.#entries) this.#forget(id, entry);
  }

  #renew(key: TokenKey, entry: Entry): Promise<TokenAnswer> {
    entry.renewing ??= this.#issue(key, entry).finally(() => {
      entry.renewing = null;
    });
    return entry.renewing;
  }

  async #issue(key: TokenKey, entry: Entry): Promise<TokenAnswer> {
    // Nobody may be waiting for an early renewal: a rejection here would end the process.
    const issued = await this.#options.issue(key).catch(() => FAILED);
    const nowMs = this.#options.now();
    if (!issued.ok) {
      entry.retryAtMs = nowMs + RETRY_AFTER_MS;
      return issued;
    }
    const { token, usableUntilMs } = issued;
    const old = entry.held;
    if (!this.#closed && this.#entries.get(idOf(key)) === entry) {
      entry.held = { token, usableUntilMs, renewAtMs: this.#renewAt(nowMs, usableUntilMs) };
      entry.retryAtMs = 0;
    }
    old?.token.proofKey.drop();
    return { ok: true, token };
  }

  /** Early by the setting, but never before half of a short life is over, or each call would renew. */
  #renewAt(nowMs: number, usableUntilMs: number): number {
    return usableUntilMs - Math.min(this.#options.renewEarlyMs, (usableUntilMs - nowMs) / 2);
  }

  #entry(key: TokenKey): Entry {
    const id = idOf(key);
    const known = this.#entries.get(id);
    if (known !== undefined) {
      // Most recently used last, so that the first is the one to give up.
      this.#entries.delete(id);
      this.#entries.set(id, known);
      return known;
    }
    if (this.#entries.size >= this.#maxTokens) {
      for (const [oldest, entry] of this.#entries) {
        this.#forget(oldest, entry);
        break;
      }
    }
    const entry: Entry = { held: null, renewing: null, retryAtMs: 0 };
    this.#entries.set(id, entry);
    return entry;
  }

  #forget(id: string, entry: Entry): void {
    entry.held?.token.proofKey.drop();
    entry.held = null;
    this.#entries.delete(id);
  }
}

/** A list, not a join: no user name can be chosen so that two keys fall together. */
function idOf(key: TokenKey): string {
  return JSON.stringify([key.account, key.stsUrl, key.appliesTo, key.userName, key.sorgulayan]);
}

function accountOf(id: string): unknown {
  return (JSON.parse(id) as unknown[])[0];
}
