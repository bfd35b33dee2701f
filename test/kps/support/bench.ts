import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { KpsEvent } from '../../../src/kps/events.js';
import { createKpsClient, type KpsClient, type KpsClientDeps } from '../../../src/kps/kps-client.js';
import type { KpsQuestion } from '../../../src/kps/port.js';
import { type EndpointSettings, KPS_DEFAULTS, type KpsSettings } from '../../../src/kps/settings.js';
import { KimlikNo, kimlikCheckDigits } from '../../../src/person/kimlik-no.js';
import { issuing, knowsEverybody } from './answers.js';
import { makeCertificates, type TestCertificates } from './certificates.js';
import { type Script, startServer, type TestServer } from './test-server.js';

export const WSDL_DIRECTORY = fileURLToPath(new URL('../../../wsdl', import.meta.url));
export const PASSWORD = 'gizli & <çok>';

/** A number that passes the checksum, made from nine digits. */
export function number(nine: string): KimlikNo {
  const parsed = KimlikNo.parse(nine + kimlikCheckDigits(nine));
  if (!parsed.ok) throw new Error('not a number');
  return parsed.value;
}

export const ASKED = number('100000001');
export const ASKER = number('200000002');

export function question(change: Partial<KpsQuestion> = {}): KpsQuestion {
  return {
    messageId: randomUUID(),
    account: 'ticaret',
    service: { name: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01' },
    kimlikNo: ASKED,
    ad: 'AYŞE NUR',
    soyad: 'YILDIZ',
    dogumTarihi: { year: 1980, month: 5, day: 17 },
    asker: { kimlikNo: ASKER, application: 'koopbis' },
    timeoutMs: 10_000,
    ...change,
  };
}

let certificates: TestCertificates | null = null;
export function testCertificates(): TestCertificates {
  certificates ??= makeCertificates();
  return certificates;
}

export interface Bench {
  readonly sts: TestServer;
  readonly routing: TestServer;
  readonly events: KpsEvent[];
  /** A client of the two servers; all are closed with the bench. */
  client(
    change?: Partial<KpsSettings>,
    endpoint?: Partial<EndpointSettings>,
    deps?: KpsClientDeps,
  ): Promise<KpsClient>;
  close(): Promise<void>;
}

/** Two mutual-TLS servers that answer well unless told otherwise. */
export async function startBench(scripts: { sts?: Script; routing?: Script } = {}): Promise<Bench> {
  const made = testCertificates();
  const tls = { ...made.server, clientCa: made.ca };
  const sts = await startServer(tls, '/Services/Issuer.svc/IWSTrust13', scripts.sts ?? issuing);
  const routing = await startServer(tls, '/Services/RoutingService.svc', scripts.routing ?? knowsEverybody);
  const events: KpsEvent[] = [];
  const clients: KpsClient[] = [];
  return {
    sts,
    routing,
    events,
    client: async (change = {}, endpoint = {}, deps = {}) => {
      const settings = settingsFor(sts.url, routing.url, endpoint);
      const client = await createKpsClient(
        { ...settings, ...change },
        { observe: (event) => events.push(event), ...deps },
      );
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all([sts.close(), routing.close()]);
    },
  };
}

export function endpointFor(url: string, change: Partial<EndpointSettings> = {}): EndpointSettings {
  const made = testCertificates();
  return {
    url,
    mutualTls: made.client,
    caPems: [made.ca],
    connections: 4,
    connectTimeoutMs: 2_000,
    keepAliveTimeoutMs: KPS_DEFAULTS.keepAliveTimeoutMs,
    maxAnswerBytes: KPS_DEFAULTS.maxAnswerBytes,
    maxConcurrent: KPS_DEFAULTS.maxConcurrent,
    ...change,
  };
}

export function settingsFor(
  stsUrl: string,
  routingUrl: string,
  endpoint: Partial<EndpointSettings> = {},
): KpsSettings {
  return {
    sts: { ...endpointFor(stsUrl, endpoint), timeoutMs: 5_000 },
    routing: endpointFor(routingUrl, endpoint),
    wsdlDirectory: WSDL_DIRECTORY,
    accounts: ['ticaret', 'birlik'].map((id) => ({
      id,
      institution: 'Test Kurumu',
      feeClass: 'outside',
      userName: `KRM-${id}`,
      password: { reveal: () => PASSWORD },
      agreement: {
        services: ['BilesikKutukSorgulaKimlikNoServis'],
        validFrom: '2024-01-01',
        validUntil: '2027-12-31',
      },
    })),
    sorgulayan: 'none',
    renewEarlyS: KPS_DEFAULTS.renewEarlyS,
    timestampLifetimeS: KPS_DEFAULTS.timestampLifetimeS,
    breakerResetMinutes: null,
  };
}
