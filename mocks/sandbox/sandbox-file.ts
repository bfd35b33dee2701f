import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SandboxCertificates } from '../../certs-example/generate.js';
import { CLIENT_NAMES, type ClientName } from '../../certs-example/profile.js';
import type { Cooperative, Person, Population } from '../population/population.js';
import type { Layout } from './layout.js';
import { EDEVLET_PATH, KPS_PATH, MERSIS_PATH, STS_PATH } from './settings-files.js';

type SandboxCooperative = Pick<
  Cooperative,
  'mersisNo' | 'vkn' | 'unvan' | 'tur' | 'seviye' | 'kanun' | 'il' | 'ilgiliBakanlik' | 'durum'
>;

/** `sandbox.json` (CONTRACT §2); what later work brings is not in it yet. */
export interface SandboxFile {
  readonly api: string;
  readonly web: string;
  readonly ops: string;
  readonly ca: string;
  readonly clients: Readonly<Record<ClientName, { readonly cert: string; readonly key: string }>>;
  readonly database: string;
  readonly config: string;
  readonly mocks: {
    readonly edevlet: string;
    readonly sts: string;
    readonly kps: string;
    readonly mersis: string;
    readonly tsa: string;
    /** The demo application. */
    readonly koopbis: string;
    readonly control: string;
  };
  readonly people: readonly Person[];
  readonly cooperatives: readonly SandboxCooperative[];
}

/** The file's content. */
export function sandboxFileOf(
  layout: Layout,
  certificates: SandboxCertificates,
  database: string,
  population: Population,
): SandboxFile {
  const { ports } = layout;
  const clients = Object.fromEntries(
    CLIENT_NAMES.map((name) => [
      name,
      { cert: certificates.clients[name].cert, key: certificates.clients[name].key },
    ]),
  ) as unknown as SandboxFile['clients'];
  return {
    api: `https://localhost:${ports.api}`,
    web: `https://localhost:${ports.web}`,
    ops: `http://127.0.0.1:${ports.ops}`,
    ca: certificates.ca,
    clients,
    // The server's superuser, in the bridge's own database.
    database: Object.assign(new URL(database), { pathname: '/bridge' }).href,
    config: layout.configFile,
    mocks: {
      edevlet: `https://localhost:${ports.edevlet}${EDEVLET_PATH}`,
      sts: `https://localhost:${ports.sts}${STS_PATH}`,
      kps: `https://localhost:${ports.kps}${KPS_PATH}`,
      mersis: `https://localhost:${ports.mersis}${MERSIS_PATH}`,
      tsa: `http://127.0.0.1:${ports.tsa}/`,
      koopbis: `https://localhost:${ports.koopbis}/`,
      control: `http://127.0.0.1:${ports.control}`,
    },
    people: population.people,
    cooperatives: population.cooperatives.map(toldOf),
  };
}

/** The contract's fields and no other: what else the registry knows is asked of its stand-in. */
function toldOf(cooperative: Cooperative): SandboxCooperative {
  const { mersisNo, vkn, unvan, tur, seviye, kanun, il, ilgiliBakanlik, durum } = cooperative;
  return { mersisNo, vkn, unvan, tur, seviye, kanun, il, ilgiliBakanlik, durum };
}

/** Written beside and renamed: whoever waits for the file never reads half of it. Mode 0600: it holds passwords. */
export function writeSandboxFile(layout: Layout, file: SandboxFile): void {
  const beside = `${layout.sandboxFile}.new`;
  writeFileSync(beside, JSON.stringify(file, null, 1), { mode: 0o600 });
  renameSync(beside, layout.sandboxFile);
}

/** Reads what `writeSandboxFile` wrote. */
export function readSandboxFile(path: string): SandboxFile {
  return JSON.parse(readFileSync(path, 'utf8')) as SandboxFile;
}
