import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { SandboxCertificates } from '../../certs-example/generate.js';
import { KOOPBIS_PATHS } from '../koopbis/paths.js';
import type { KoopbisSettingsFile } from '../koopbis/settings.js';
import type { Layout, Ports } from './layout.js';
import type { SandboxSecrets } from './secrets.js';

const SERVICES = ['BilesikKutukSorgulaKimlikNoServis', 'TumKutukDogrulaServis'];
const LOOPBACK = ['127.0.0.1/32', '::1/128'];
const MINISTRY_USER = 'KRM-100001';
const UNION_USER = 'KRM-100002';
const TSA_CUSTOMER = 70_101;
const TSA_USER = 'koopbis';
const MERSIS_USER = 'KOOPBIS-MERSIS';
/** The log's name; the key belongs to it (C2SP tlog-checkpoint). */
const ORIGIN = 'sandbox.koopbis.example/log';

/** Paths on the stand-ins, as the real hosts have them (facts/kps.md §0). */
export const STS_PATH = '/Services/Issuer.svc/IWSTrust13';
export const KPS_PATH = '/Services/RoutingService.svc';
/** As on the real host (facts/e-devlet.md §1). */
export const EDEVLET_PATH = '/OAuth2AuthorizationServer/';
/** Of MERSİS's SOAP service; ours, as its contract is (facts/mersis-koopbis.md §1). */
export const MERSIS_PATH = '/SicilSorguServisi';
/** UUID-shaped as e-Devlet's own (facts/e-devlet.md §2); the secret beside it is another one in each sandbox. */
const EDEVLET_CLIENT = '5d0f3c1e-7a84-4b7e-9c55-2f6b1f0c9a31';

/** Writes the bridge's settings file. */
export function writeBridgeSettings(
  layout: Layout,
  certificates: SandboxCertificates,
  secrets: SandboxSecrets,
): void {
  const { ports } = layout;
  const settings = {
    environment: 'sandbox',
    instance: 'sandbox-1',
    listeners: {
      service: {
        port: ports.api,
        certificate: certificates.server.cert,
        key: { file: certificates.server.key },
        clientCa: certificates.ca,
      },
      web: {
        host: '127.0.0.1',
        port: ports.web,
        certificate: certificates.server.cert,
        key: { file: certificates.server.key },
      },
      ops: { port: ports.ops },
    },
    database: { embedded: { directory: layout.database } },
    audit: {
      masterKeys: [{ id: 'sandbox-1', key: { file: secrets.masterKey } }],
      tagKeys: [{ id: 1, key: { file: secrets.tagKey } }],
      origin: ORIGIN,
      checkpointKey: { file: secrets.checkpointKey },
      checkpointFile: layout.checkpointFile,
      timestamps: { authorities: authorities(ports.tsa, certificates, secrets), everyMinutes: 60 },
    },
    clients: clients(ports, certificates),
    edevlet: {
      baseUrl: `https://localhost:${ports.edevlet}${EDEVLET_PATH}`,
      clientId: EDEVLET_CLIENT,
      clientSecret: { file: secrets.edevletClient },
      extraCa: [certificates.ca],
    },
    signIn: {
      issuer: `https://localhost:${ports.web}`,
      apiOrigin: `https://localhost:${ports.api}`,
      cookieKeys: [{ file: secrets.cookieKey }],
      pairwiseKey: { file: secrets.pairwiseKey },
    },
    accounts: [
      account('ticaret', 'Ticaret Bakanlığı (deneme)', 'outside', MINISTRY_USER, secrets.passwords.ministry),
      {
        ...account('birlik', 'Örnek Merkez Birliği (deneme)', 'paying', UNION_USER, secrets.passwords.union),
        budget: UNION_BUDGET,
      },
    ],
    kps: {
      sts: { url: `https://localhost:${ports.sts}${STS_PATH}` },
      routing: { url: `https://localhost:${ports.kps}${KPS_PATH}` },
      clientCertificate: {
        certificate: certificates.kpsClient.cert,
        key: { file: certificates.kpsClient.key },
      },
      extraCa: [certificates.ca],
      localAddress: '127.0.0.1',
    },
    mersis: mersis(ports, certificates, secrets),
  };
  write(layout.configFile, stringify(settings, { aliasDuplicateObjects: false }));
}

/** Writes the stand-ins' settings file. */
export function writeStandInSettings(
  layout: Layout,
  certificates: SandboxCertificates,
  secrets: SandboxSecrets,
): void {
  const { ports } = layout;
  const service = (port: number, path: string) => ({
    host: '127.0.0.1',
    port,
    url: `https://localhost:${port}${path}`,
  });
  const settings = {
    dataDirectory: layout.standInData,
    worldFile: layout.worldFile,
    control: { host: '127.0.0.1', port: ports.control },
    sts: service(ports.sts, STS_PATH),
    kps: service(ports.kps, KPS_PATH),
    tsa: {
      host: '127.0.0.1',
      port: ports.tsa,
      ...certificates.tsa,
      customers: [{ customerNo: TSA_CUSTOMER, passwordFile: secrets.passwords.tsaCustomer }],
      users: [{ userName: TSA_USER, passwordFile: secrets.passwords.tsaUser }],
    },
    edevlet: {
      host: '127.0.0.1',
      port: ports.edevlet,
      clients: [
        {
          clientId: EDEVLET_CLIENT,
          clientSecretFile: secrets.edevletClient,
          redirectUris: [`https://localhost:${ports.web}/giris/donus`],
        },
      ],
    },
    mersis: {
      host: '127.0.0.1',
      port: ports.mersis,
      accounts: [
        {
          userName: MERSIS_USER,
          passwordFile: secrets.passwords.mersis,
          sourceAddresses: ['127.0.0.1'],
        },
      ],
    },
    tls: { ...certificates.standIns, clientCa: certificates.ca },
    accounts: [
      nviAccount(MINISTRY_USER, secrets.passwords.ministry, 0),
      nviAccount(UNION_USER, secrets.passwords.union, 2),
    ],
  };
  write(layout.standInsFile, JSON.stringify(settings, null, 2));
}

/** Writes the demo application's settings file: one registered client with its certificate, and nothing of the bridge's own. */
export function writeKoopbisSettings(layout: Layout, certificates: SandboxCertificates): void {
  const { ports } = layout;
  const settings: KoopbisSettingsFile = {
    port: ports.koopbis,
    cert: certificates.server.cert,
    key: certificates.server.key,
    ca: certificates.ca,
    origin: `https://localhost:${ports.koopbis}`,
    issuer: `https://localhost:${ports.web}`,
    api: `https://localhost:${ports.api}`,
    client: {
      id: 'koopbis-core',
      cert: certificates.clients['koopbis-core'].cert,
      key: certificates.clients['koopbis-core'].key,
    },
    worldFile: layout.worldFile,
  };
  write(layout.koopbisFile, JSON.stringify(settings, null, 2));
}

/** 100.000 TL in a quarter: five million queries at 2 kuruş. */
const UNION_BUDGET = { quarterKurus: 10_000_000, stopAtPercent: 90 };

/** Paced for a few hundred cooperatives on one machine, so that a change at the stand-in is seen within moments. */
function mersis(ports: Ports, certificates: SandboxCertificates, { passwords }: SandboxSecrets) {
  return {
    adapter: 'soap',
    url: `https://localhost:${ports.mersis}${MERSIS_PATH}`,
    userName: MERSIS_USER,
    password: { file: passwords.mersis },
    clientCertificate: {
      certificate: certificates.kpsClient.cert,
      key: { file: certificates.kpsClient.key },
    },
    extraCa: [certificates.ca],
    localAddress: '127.0.0.1',
    poll: { requestsPerSecond: 200, concurrent: 8 },
    guard: { secondReadingS: 3, lossesPerRun: 30, lossSharePercent: 10 },
    refreshPauseS: 0,
    refreshesPerPersonPerHour: 120,
  };
}

/** Two authorities, as an institution should have: Kamu SM's way first, a usual one where that is away. */
function authorities(port: number, { tsaCa }: SandboxCertificates, { passwords }: SandboxSecrets) {
  return [
    {
      id: 'kamusm',
      url: `http://127.0.0.1:${port}/`,
      authentication: 'kamusm',
      customerNo: TSA_CUSTOMER,
      password: { file: passwords.tsaCustomer },
      ca: tsaCa,
    },
    {
      id: 'second',
      url: `http://127.0.0.1:${port}/basic`,
      authentication: 'basic',
      userName: TSA_USER,
      password: { file: passwords.tsaUser },
      ca: tsaCa,
    },
  ];
}

function clients({ koopbis }: Ports, { ca, clients: certificates }: SandboxCertificates) {
  const at = (path: string) => `https://localhost:${koopbis}${path}`;
  const client = (
    id: 'koopbis-core' | 'koopbis-reports' | 'union-portal',
    institution: string,
    rest: object,
  ) => ({
    id,
    institution,
    certificates: [certificates[id].sha256],
    sourceAddresses: LOOPBACK,
    ...rest,
  });
  return [
    client('koopbis-core', 'Ticaret Bakanlığı (deneme)', {
      account: 'ticaret',
      permissions: ['identity'],
      signIn: {
        name: 'KOOPBİS',
        redirectUris: [at(KOOPBIS_PATHS.callback), at(KOOPBIS_PATHS.command)],
        postLogoutRedirectUris: [at('/')],
        backChannelLogoutUri: at(KOOPBIS_PATHS.backChannelLogout),
        extraCa: [ca],
        initiateLoginUri: at(KOOPBIS_PATHS.start),
        scopes: ['openid', 'kimlik'],
      },
    }),
    client('koopbis-reports', 'Ticaret Bakanlığı (deneme)', {
      permissions: ['evaluation', 'events', 'fees', 'audit'],
      signIn: { name: 'KOOPBİS Raporları', redirectUris: [at(KOOPBIS_PATHS.command)] },
    }),
    client('union-portal', 'Örnek Merkez Birliği (deneme)', {
      account: 'birlik',
      permissions: ['identity'],
      signIn: { name: 'Birlik Portalı', redirectUris: [at(KOOPBIS_PATHS.command)] },
    }),
  ];
}

/** An account as NVİ keeps it. The ministry's is outside the fee, the union pays. */
function nviAccount(userName: string, passwordFile: string, kurusPerQuery: number) {
  return { userName, passwordFile, sourceAddresses: ['127.0.0.1'], kurusPerQuery };
}

function account(id: string, institution: string, feeClass: string, userName: string, passwordFile: string) {
  const user = (name: string, mailbox: string) => ({ name, email: `${mailbox}@${id}.example` });
  return {
    id,
    institution,
    feeClass,
    userName,
    password: { file: passwordFile },
    staticIp: '127.0.0.1',
    administrativeUser: user('İdari Kullanıcı', 'idari'),
    technicalUser: user('Teknik Kullanıcı', 'teknik'),
    agreement: { services: SERVICES, validFrom: '2024-01-01', validUntil: '2029-12-31' },
  };
}

function write(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}
