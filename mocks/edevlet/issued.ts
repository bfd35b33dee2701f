import { randomBytes } from 'node:crypto';
import { BoundedMap } from './bounded-map.js';
import type { Kapsam } from './kapsam.js';

/** What a person agreed to at one login. */
export interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly kimlikNo: string;
  /** As the person signed in, whatever becomes of the account later. */
  readonly level: string;
  readonly scopes: readonly Kapsam[];
}

interface Issued {
  readonly grant: Grant;
  readonly until: number;
}

interface Code extends Issued {
  used: boolean;
  token: string | undefined;
}

type Redeemed =
  | { readonly ok: true; readonly token: string; readonly grant: Grant }
  | { readonly ok: false; readonly reason: string; readonly kimlikNo?: string };

export type FoundToken =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly reason: 'token-unknown' | 'token-expired' };

const CODE_MS = 60_000;
const TOKEN_MS = 5 * 60_000;
const MAX_ISSUED = 10_000;
const VALUE_BYTES = 32;

/** Codes and access tokens. Opaque and in memory alone: a restart forgets them. */
export class IssuedGrants {
  readonly #now: () => number;
  readonly #codes = new BoundedMap<Code>(MAX_ISSUED);
  readonly #tokens = new BoundedMap<Issued>(MAX_ISSUED);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A code for one exchange within a minute. */
  code(grant: Grant): string {
    const code = randomValue();
    this.#codes.set(code, { grant, until: this.#now() + CODE_MS, used: false, token: undefined });
    return code;
  }

  /**
   * Exchanges a code. Its own client uses it up, whatever else is wrong; a second use takes the token of the first with it
   * (RFC 6749 §4.1.2). Another client leaves it alone, or it could spoil everybody's sign-in.
   */
  redeem(code: string, clientId: string, redirectUri: string | undefined): Redeemed {
    const held = this.#codes.get(code);
    if (held === undefined) return { ok: false, reason: 'code-unknown' };
    const { grant } = held;
    const no = (reason: string): Redeemed => ({ ok: false, reason, kimlikNo: grant.kimlikNo });
    if (grant.clientId !== clientId) return no('code-of-another-client');
    if (held.used) {
      if (held.token !== undefined) this.#tokens.delete(held.token);
      return no('code-used');
    }
    held.used = true;
    if (this.#now() >= held.until) return no('code-expired');
    if (grant.redirectUri !== redirectUri) return no('code-redirect-uri');
    const token = randomValue();
    held.token = token;
    this.#tokens.set(token, { grant, until: this.#now() + TOKEN_MS });
    return { ok: true, token, grant };
  }

  /** What a token opens, for several calls within five minutes. */
  find(token: string): FoundToken {
    const held = this.#tokens.get(token);
    if (held === undefined) return { ok: false, reason: 'token-unknown' };
    if (this.#now() >= held.until) return { ok: false, reason: 'token-expired' };
    return { ok: true, grant: held.grant };
  }
}

function randomValue(): string {
  return randomBytes(VALUE_BYTES).toString('base64url');
}
