import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { responseOf } from './der.js';

const found = spawnSync('openssl', ['version']).status === 0;

/** Where the machine has no openssl the whole block is passed over, and says so. */
export const describeWithOpenssl = (name: string, block: () => void): void => {
  if (found) describe(name, block);
  else describe.skip(`${name} (passed over: no openssl on this machine)`, block);
};

// Below 2.999, which is for examples; openssl's own settings give names to some of 1.2.3.4.
export const POLICY = '2.999.1';
export const OTHER_POLICY = '2.999.2';
export const UNKNOWN_POLICY = '2.999.9';

export const CA = 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign';
export const STAMPING = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';

/** A certificate with its key; files in the workshop's folder. */
export interface Party {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  readonly pem: string;
}

interface Issue {
  readonly extensions: string;
  /** None: signs itself. */
  readonly issuer?: Party;
  /** `YYYYMMDDHHMMSSZ`; a day around now otherwise. */
  readonly from?: string;
  readonly to?: string;
  readonly rsa?: boolean;
  /** Another certificate over this one's key and name. */
  readonly keyOf?: Party;
}

const TS_CONFIG = (folder: string) => `
[tsa]
default_tsa = t
[t]
serial = ${folder}/serial
signer_digest = sha256
default_policy = ${POLICY}
other_policies = ${OTHER_POLICY}
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;

const CA_CONFIG = (folder: string) => `
[ca]
default_ca = c
[c]
database = ${folder}/index.txt
unique_subject = no
rand_serial = yes
new_certs_dir = ${folder}
default_md = sha256
policy = p
[p]
commonName = supplied
[req]
distinguished_name = d
[d]
`;

const generalized = (date: Date): string => `${date.toISOString().replace(/[-:T]|\.\d+Z$/g, '')}Z`;
const DAY_MS = 86_400_000;

/** Throw-away certificates and real `openssl ts` in a temporary folder. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'bridge-tsa-'));
  #made = 0;

  constructor() {
    writeFileSync(this.#file('ca.cnf'), CA_CONFIG(this.folder));
    writeFileSync(this.#file('ts.cnf'), TS_CONFIG(this.folder));
    writeFileSync(this.#file('index.txt'), '');
    writeFileSync(this.#file('serial'), '01\n');
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A certificate named `name`. */
  issue(name: string, { extensions, issuer, from, to, rsa, keyOf }: Issue): Party {
    const base = this.#file(`${this.#made++}`);
    const [key, csr, cert, ext] = [keyOf?.key ?? `${base}.key`, `${base}.csr`, `${base}.pem`, `${base}.ext`];
    const made = rsa
      ? ['-newkey', 'rsa:2048', '-nodes', '-keyout', key]
      : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
    const config = ['-config', this.#file('ca.cnf')];
    this.run(
      'req',
      '-new',
      ...config,
      ...(keyOf ? ['-key', key] : made),
      '-subj',
      `/CN=${name}`,
      '-out',
      csr,
    );
    writeFileSync(ext, `${extensions}\nsubjectKeyIdentifier=hash\n`);
    const by = issuer ? ['-cert', issuer.cert, '-keyfile', issuer.key] : ['-selfsign', '-keyfile', key];
    const dates = [
      ...['-startdate', from ?? generalized(new Date(Date.now() - DAY_MS))],
      ...['-enddate', to ?? generalized(new Date(Date.now() + DAY_MS))],
    ];
    this.run(
      'ca',
      ...config,
      '-batch',
      '-notext',
      ...by,
      ...dates,
      '-extfile',
      ext,
      '-in',
      csr,
      '-out',
      cert,
    );
    return { name, cert, key, pem: readFileSync(cert, 'utf8') };
  }

  /** What `openssl ts -reply` answers to a TimeStampReq. */
  reply(request: Buffer, signer: Party, chain: readonly Party[] = []): Buffer {
    const [query, out] = [this.#write('query', request), this.#file('reply')];
    const more = chain.length === 0 ? [] : ['-chain', this.bundle(chain)];
    const config = ['-config', this.#file('ts.cnf')];
    const by = ['-signer', signer.cert, '-inkey', signer.key, ...more];
    this.run('ts', '-reply', ...config, '-queryfile', query, ...by, '-out', out);
    return readFileSync(out);
  }

  /** The TSTInfo of a reply, taken out by openssl. */
  contentOf(reply: Buffer): Buffer {
    const [file, token, out] = [this.#write('reply', reply), this.#file('token'), this.#file('content')];
    this.run('ts', '-reply', '-in', file, '-out', token, '-token_out');
    this.run('cms', '-verify', '-noverify', '-inform', 'DER', '-in', token, '-out', out, '-binary');
    return readFileSync(out);
  }

  /** A reply whose token holds `content`, signed by anybody: `openssl ts` refuses certificates that are not for time stamps. */
  signedBy(
    content: Buffer,
    signers: readonly Party[],
    options: { certificates?: readonly Party[]; type?: string; md?: string; plain?: boolean } = {},
  ): Buffer {
    const { certificates = [], type = '1.2.840.113549.1.9.16.1.4', md = 'sha256', plain = false } = options;
    const [file, out] = [this.#write('content', content), this.#file('token')];
    const by = signers.flatMap(({ cert, key }) => ['-signer', cert, '-inkey', key]);
    const more = certificates.length === 0 ? [] : ['-certfile', this.bundle(certificates)];
    const form = ['-nodetach', '-binary', '-nosmimecap', '-outform', 'DER', '-md', md];
    const named = ['-econtent_type', type, ...(plain ? [] : ['-cades'])];
    this.run('cms', '-sign', ...form, ...named, ...by, ...more, '-in', file, '-out', out);
    return responseOf(0, readFileSync(out));
  }

  bundle(parties: readonly Party[]): string {
    return this.#write('bundle.pem', Buffer.from(parties.map(({ pem }) => pem).join('')));
  }

  run(...args: readonly string[]): string {
    return execFileSync('openssl', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 30_000,
    });
  }

  read(file: string): Buffer {
    return readFileSync(file);
  }

  write(name: string, bytes: Buffer | string): string {
    return this.#write(name, Buffer.from(bytes as string));
  }

  #write(name: string, bytes: Buffer): string {
    const file = this.#file(`${this.#made++}-${name}`);
    writeFileSync(file, bytes);
    return file;
  }

  #file(name: string): string {
    return join(this.folder, name);
  }
}
