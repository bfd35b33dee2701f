/** One authority as configured (`audit.timestamps.authorities`), secrets read. */
export interface AuthoritySettings {
  /** Stands beside each of its time stamps. */
  readonly id: string;
  readonly url: string;
  readonly authentication: 'none' | 'basic' | 'kamusm';
  readonly userName?: string;
  readonly password?: string;
  readonly customerNo?: number;
  /** Object identifiers that its time stamps may stand under; empty: any. */
  readonly policies: readonly string[];
  /** PEM text of the certificates that its signer must chain to. */
  readonly ca: string;
  readonly timeoutMs: number;
}
