import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Issued, issueCa } from '../../certs-example/issue.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { BridgeConfig } from '../../src/config/schema.js';

/** Recognisable everywhere, so that a test can look for it in everything that is printed. */
export const PASSWORD = 'hunter2-very-secret';

export const THUMBPRINT = 'ab'.repeat(32);

const SETTINGS = `
environment: sandbox
instance: bridge-1
listeners:
  service: { certificate: server.crt, key: { file: server.key }, clientCa: server.crt }
  web: { certificate: server.crt, key: { file: server.key } }
database: { embedded: { directory: data } }
audit:
  masterKeys: [ { id: '2026-1', key: { file: master.key } } ]
  tagKeys: [ { id: 1, key: { file: tag.key } } ]
  origin: log.example/test
  checkpointKey: { file: checkpoint.key }
  checkpointFile: witness/checkpoint
  timestamps: { authorities: [ { id: tsa, url: 'http://127.0.0.1:1/', ca: server.crt } ] }
clients:
  - id: koopbis-core
    institution: Ticaret Bakanlığı
    account: ticaret
    certificates: [ '${THUMBPRINT}' ]
    sourceAddresses: [ 127.0.0.1/32, ::1/128 ]
    permissions: [ identity ]
accounts:
  - id: ticaret
    institution: Ticaret Bakanlığı
    feeClass: outside
    userName: KRM-0000001
    password: { env: KPS_PASSWORD }
    staticIp: 127.0.0.1
    administrativeUser: { name: Birinci Kişi, email: birinci@example.org }
    technicalUser: { name: İkinci Kişi, email: ikinci@example.org }
    agreement: { services: [ BilesikKutukSorgulaKimlikNoServis ], validFrom: 2024-01-01, validUntil: 2027-12-31 }
kps:
  sts: { url: https://localhost:9001/sts }
  routing: { url: https://localhost:9002/kps }
  clientCertificate: { certificate: server.crt, key: { file: server.key } }
`;

// biome-ignore lint/suspicious/noExplicitAny: tests change settings at any place, wrong ones included.
export type Loose = any;

export interface Workplace {
  readonly folder: string;
  readonly env: Record<string, string>;
  write(name: string, content: string | Buffer, mode?: number): void;
  /** Loads the good settings after `change`, or the text given instead. */
  load(change?: (settings: Loose) => void, env?: Record<string, string>): Promise<BridgeConfig>;
  loadText(text: string, env?: Record<string, string>): Promise<BridgeConfig>;
  remove(): void;
}

let issued: Promise<Issued> | undefined;

/** A folder with settings that load, and every file that they name. */
export async function makeWorkplace(): Promise<Workplace> {
  issued ??= issueCa('koopbis-sandbox-ca', new Date());
  const { certPem, keyPem } = await issued;
  const folder = mkdtempSync(join(tmpdir(), 'koopbis-config-'));
  const write = (name: string, content: string | Buffer, mode = 0o600) => {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
  };
  write('server.crt', certPem);
  write('server.key', keyPem);
  write('master.key', randomBytes(32).toString('base64'));
  write('tag.key', randomBytes(32).toString('hex'));
  write(
    'checkpoint.key',
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  );
  const good = { KPS_PASSWORD: PASSWORD };
  const loadText = (text: string, env: Record<string, string> = {}) => {
    write('bridge.yaml', text);
    return loadConfig({ path: join(folder, 'bridge.yaml'), env: { ...good, ...env } });
  };
  return {
    folder,
    env: good,
    write,
    loadText,
    load(change, env) {
      const settings: Loose = parse(SETTINGS);
      change?.(settings);
      return loadText(stringify(settings), env);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The lines with which a promise was refused as `CONFIG_INVALID`; throws where it was not. */
export async function problemsOf(loading: Promise<unknown>): Promise<string[]> {
  try {
    await loading;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'CONFIG_INVALID') throw error;
    return message.split('\n');
  }
  throw new Error('the settings were accepted');
}
