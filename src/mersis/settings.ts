/** How MERSİS is reached. Secrets come in opened; nothing of this room prints them. */
export interface MersisSettings {
  /** `soap`: our wsdl/mersis.wsdl; `rest`: the Ministry gateway's convention (facts/mersis-koopbis.md §1). */
  readonly adapter: 'soap' | 'rest';
  /** `https:` only, without user and fragment. */
  readonly url: string;
  /** HTTP Basic (RFC 7617): no colon, no control character. */
  readonly userName: string;
  readonly password: string;
  /** What we show in mutual TLS; null where the service asks for none. */
  readonly clientCertificate: { readonly certPem: string; readonly keyPem: string } | null;
  /** CA certificates beside Node's own roots. Verification itself cannot be switched off. */
  readonly caPems: readonly string[];
  /** The static address that stands on the allow-list. */
  readonly localAddress?: string | undefined;
  /** For one call, from its start to the last byte. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Calls at once; beyond, nothing is sent. */
  readonly maxConcurrent: number;
}
