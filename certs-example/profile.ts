/** Days and names of the sandbox certificates: what a real CA would be asked for. */

/** About 13 months: the longest that public CAs gave for years, so that renewal is a habit and not an event. */
export const LEAF_DAYS = 396;

/** A leaf with less than this left is made anew. */
export const RENEW_DAYS = 30;

/** Five years; renewed while a whole leaf still fits in, because a leaf must not outlive its CA. */
export const CA_DAYS = 5 * 365;

/** Clocks of two machines may differ by some minutes: a new certificate is already valid on the one that is behind. */
export const BACKDATE_MINUTES = 5;

export const RSA_BITS = 2048;

type Use = 'server' | 'client' | 'time-stamping';

/** One certificate: `ca` names the CA that signs it, `file` its path below the folder, without ending. */
export interface LeafProfile {
  readonly file: string;
  readonly commonName: string;
  readonly ca: CaName;
  readonly use: Use;
  readonly dns: readonly string[];
  readonly ips: readonly string[];
  readonly uris: readonly string[];
}

/** Time stamps have a CA of their own: whoever trusts one for TLS must not thereby believe its time. */
export const CA_NAMES = ['koopbis-sandbox-ca', 'koopbis-foreign-ca', 'koopbis-sandbox-tsa-ca'] as const;
export type CaName = (typeof CA_NAMES)[number];

/** The clients of the sandbox file. `stranger` is of our CA and not registered; `foreign-ca` is of another CA. */
export const CLIENT_NAMES = [
  'koopbis-core',
  'koopbis-reports',
  'union-portal',
  'stranger',
  'foreign-ca',
] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

const LOOPBACK = { dns: ['localhost'], ips: ['127.0.0.1', '::1'], uris: [] } as const;

export const SERVER: LeafProfile = {
  file: 'server/bridge',
  commonName: 'koopbis-bridge',
  ca: 'koopbis-sandbox-ca',
  use: 'server',
  ...LOOPBACK,
};

export const STAND_INS: LeafProfile = {
  file: 'server/stand-ins',
  commonName: 'koopbis-stand-ins',
  ca: 'koopbis-sandbox-ca',
  use: 'server',
  ...LOOPBACK,
};

/** Signer of the time stamping authority's tokens. */
export const TSA: LeafProfile = {
  file: 'tsa/signer',
  commonName: 'koopbis-tsa',
  ca: 'koopbis-sandbox-tsa-ca',
  use: 'time-stamping',
  dns: [],
  ips: [],
  uris: [],
};

function client(name: string, ca: CaName): LeafProfile {
  return {
    file: `clients/${name}`,
    commonName: name,
    ca,
    use: 'client',
    dns: [],
    ips: [],
    uris: [`urn:koopbis:client:${name}`],
  };
}

export const CLIENTS: Readonly<Record<ClientName, LeafProfile>> = {
  'koopbis-core': client('koopbis-core', 'koopbis-sandbox-ca'),
  'koopbis-reports': client('koopbis-reports', 'koopbis-sandbox-ca'),
  'union-portal': client('union-portal', 'koopbis-sandbox-ca'),
  stranger: client('stranger', 'koopbis-sandbox-ca'),
  'foreign-ca': client('foreign-ca', 'koopbis-foreign-ca'),
};

/** The bridge's own certificate towards KPS. */
export const KPS_CLIENT: LeafProfile = { ...client('bridge-kps', 'koopbis-sandbox-ca'), file: 'kps/bridge' };
