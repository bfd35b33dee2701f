import type { KpsAccount } from './accounts.js';

/** The certificate that we show in mutual TLS: PEM texts, or a PKCS#12 store. */
export type ClientIdentity =
  | { readonly certPem: string; readonly keyPem: string }
  | { readonly pfx: Buffer; readonly passphrase?: string | undefined };

/** One endpoint (STS or routing service) and the way to it. */
export interface EndpointSettings {
  /** `https:` only; also the value of `a:To`. */
  readonly url: string;
  /** null = mutual TLS switched off for this endpoint (facts/kps.md §8: the published policy does not require it). */
  readonly mutualTls: ClientIdentity | null;
  /** CA certificates beside Node's own roots. Verification itself cannot be switched off. */
  readonly caPems: readonly string[];
  /** The declared static address from which we must come (facts/kps.md §5.6). */
  readonly localAddress?: string | undefined;
  /** 4 by default: the provider knows an IPv4 address. */
  readonly family?: 4 | 6 | undefined;
  /** CONNECT proxy, e.g. `http://proxy.example:3128`. */
  readonly proxy?: string | undefined;
  /** Name for SNI and the certificate check, where it is not the URL's host. */
  readonly servername?: string | undefined;
  /** Address to dial instead of asking DNS: a private route or a hosts entry (facts/kps.md §8). Not with `proxy`. */
  readonly connectAddress?: string | undefined;
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Must be shorter than the server's: a connection that the server closes under a query costs an unknown outcome. */
  readonly keepAliveTimeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Requests in flight or waiting for a connection; beyond, nothing is sent. */
  readonly maxConcurrent: number;
}

/** Where the person or user who asks is named (facts/kps.md §1.6, C): nowhere, on the STS call, on the query, on both. */
type SorgulayanPlace = 'none' | 'sts' | 'query' | 'both';

export interface KpsSettings {
  readonly sts: EndpointSettings & { readonly timeoutMs: number };
  /**
   * `appliesTo`: the relying party named to the STS; the routing URL where absent. `timeoutMs`: for one message, within
   * what the question itself leaves; 30 s is the norm among clients, a clerk waits less.
   */
  readonly routing: EndpointSettings & {
    readonly appliesTo?: string | undefined;
    readonly timeoutMs?: number | undefined;
  };
  /** Folder with our WSDLs, one for each service version. */
  readonly wsdlDirectory: string;
  readonly accounts: readonly KpsAccount[];
  readonly sorgulayan: SorgulayanPlace;
  /** What Sorgulayan carries: the asking person's number, or the account's user name (facts/kps.md §1.6). */
  readonly sorgulayanValue?: 'asker' | 'user-name' | undefined;
  /** Tokens are renewed this long before they expire, at most half their lifetime. */
  readonly renewEarlyS: number;
  /** Created to Expires of our Timestamps. */
  readonly timestampLifetimeS: number;
  /** A refused password closes the account's way until a restart or `resetBreaker`; a number opens it by itself again. */
  readonly breakerResetMinutes: number | null;
}

/** Defaults with their reasons; `config` overrides them. */
export const KPS_DEFAULTS = {
  /** One for each expected concurrent query; the routing service answers in tens of milliseconds. */
  connections: 32,
  connectTimeoutMs: 3_000,
  /** Below the 5 s that common proxies keep idle connections. */
  keepAliveTimeoutMs: 4_000,
  /** A full record with photographs is some 100 KB. */
  maxAnswerBytes: 1_048_576,
  maxConcurrent: 128,
  stsTimeoutMs: 5_000,
  sorgulayan: 'none',
  sorgulayanValue: 'asker',
  /** The middle of the 60 to 120 s that facts/kps.md §1.5 advises. */
  renewEarlyS: 90,
  /** The service's own figure (facts/kps.md §2.1). */
  timestampLifetimeS: 300,
  /** A locked institution account stops every query of the institution: a person decides. */
  breakerResetMinutes: null,
} as const;
