import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { StandInSettings } from '../../../mocks/settings.js';
import { type RunningStandIns, startStandIns } from '../../../mocks/stand-ins.js';
import { createWorld, type World, type WorldPopulation } from '../../../mocks/world/world.js';
import type { TestCertificates } from './certificates.js';
import {
  type QueryParts,
  queryXml,
  type Reply,
  type RstParts,
  readToken,
  rstXml,
  send,
  type Token,
  type Transport,
} from './reference-client.js';

/** Made-up people. Their numbers fail the checksum on purpose, so that they are nobody's; KPS does not look at it. */
export const people = {
  alive: {
    kimlikNo: '10000000101',
    ad: 'AYŞE NUR',
    soyad: 'ÇALIŞKAN',
    dogumTarihi: '1980-02-09',
    durum: 'açık',
  },
  dead: { kimlikNo: '10000000201', ad: 'HASAN', soyad: 'IŞIK', dogumTarihi: '1931-11-30', durum: 'ölüm' },
  closed: { kimlikNo: '10000000301', ad: 'ZEHRA', soyad: 'ÖZ', dogumTarihi: '1975-01-01', durum: 'kapalı' },
  foreign: {
    kimlikNo: '99000000101',
    ad: "ANNA O'NEILL",
    soyad: 'SMITH & CO',
    dogumTarihi: '1990-07-20',
    durum: 'açık',
  },
  dayUnknown: { kimlikNo: '10000000401', ad: 'ALİ', soyad: 'KAYA', dogumTarihi: '1950-06-00', durum: 'açık' },
  dateUnknown: {
    kimlikNo: '10000000501',
    ad: 'FATMA',
    soyad: 'DEMİR',
    dogumTarihi: '1948-00-00',
    durum: 'açık',
  },
  photoDenied: {
    kimlikNo: '10000000704',
    ad: 'SELİN',
    soyad: 'AK',
    dogumTarihi: '1999-09-09',
    durum: 'açık',
  },
  noSurname: { kimlikNo: '10000000601', ad: 'MEHMET', soyad: '', dogumTarihi: '1960-03-03', durum: 'açık' },
} as const;

export const ACCOUNT = {
  userName: 'KRM-1',
  password: 'p&<ss wörd"\'',
  sourceAddresses: ['127.0.0.1', '127.0.0.2'],
};
export const BILESIK_2024 = 'http://kps.nvi.gov.tr/2024/04/01/BilesikKutukSorgulaKimlikNoServis/Sorgula';
export const BILESIK_2023 = 'http://kps.nvi.gov.tr/2023/02/01/BilesikKutukSorgulaKimlikNoServis/Sorgula';
export const TUM_KUTUK = 'http://kps.nvi.gov.tr/2025/08/01/TumKutukDogrulaServis/Sorgula';

interface SeenItem {
  readonly n: number;
  readonly at: string;
  readonly action: string;
  readonly kimlikNo?: string;
  readonly messageId?: string;
  readonly sorgulayan?: string;
  readonly answered: boolean;
  readonly refused?: string;
}

export interface Harness {
  readonly running: RunningStandIns;
  readonly transport: Transport;
  rst(parts?: RstParts): Promise<Reply>;
  token(): Promise<Token>;
  query(token: Token, parts: QueryParts): Promise<Reply>;
  seen(system: string, after?: number): Promise<{ next: number; requests: SeenItem[] }>;
  lastSeen(system: string): Promise<SeenItem | undefined>;
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

function testWorld(): World {
  const population: WorldPopulation = {
    people: Object.values(people),
    cooperatives: [
      {
        mersisNo: '0123456789000012',
        vkn: '1234567890',
        unvan: 'S.S. DENEME KOOPERATİFİ',
        tur: 'Tüketim',
        seviye: 'birim',
        kanun: '1163',
        il: 'Ankara',
        durum: 'faal',
        board: [],
      },
    ],
  };
  return createWorld({
    population,
    patches: {
      patchPerson: (now, kimlikNo, change) =>
        (change as { durum?: string }).durum === 'ölüm'
          ? {
              ok: true,
              population: {
                ...now,
                people: now.people.map((p) => (p.kimlikNo === kimlikNo ? { ...p, durum: 'ölüm' } : p)),
              },
            }
          : { ok: false, problem: 'bad-value', field: 'durum' },
      patchCooperative: (now) => ({ ok: true, population: now }),
    },
  });
}

export async function startHarness(
  certificates: TestCertificates,
  options: {
    settings?: Partial<StandInSettings>;
    directory?: string;
    now?: () => number;
    world?: World;
  } = {},
): Promise<Harness> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'stand-ins-'));
  const settings: StandInSettings = {
    dataDirectory: directory,
    control: { host: '127.0.0.1', port: 0 },
    sts: { host: '127.0.0.1', port: 0 },
    kps: { host: '127.0.0.1', port: 0 },
    tls: { cert: certificates.server.certPem, key: certificates.server.keyPem, clientCa: certificates.ca },
    accounts: [ACCOUNT],
    tokenLifetimeS: 600,
    unknownSource: 'reset',
    ...options.settings,
  };
  const running = await startStandIns(settings, {
    world: options.world ?? testWorld(),
    ...(options.now ? { now: options.now } : {}),
  });
  const { urls } = running;
  const transport = {
    ca: certificates.ca,
    cert: certificates.client.certPem,
    key: certificates.client.keyPem,
  };
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${urls.control}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const rst = (parts: RstParts = {}) =>
    send(transport, { url: urls.sts, body: rstXml(urls, { password: ACCOUNT.password, ...parts }) });
  const seen = async (system: string, after = 0) =>
    (await control('GET', `/seen?system=${system}&after=${after}`)).body as {
      next: number;
      requests: SeenItem[];
    };
  return {
    running,
    transport,
    rst,
    token: async () => readToken((await rst()).text),
    query: (token, parts) =>
      send(transport, { url: urls.kps, body: queryXml(urls.kps, token, { action: BILESIK_2024, ...parts }) }),
    seen,
    lastSeen: async (system) => (await seen(system)).requests.at(-1),
    control,
    stop: async () => {
      await running.stop();
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface AskedDate {
  readonly kimlikNo: string;
  readonly dogumTarihi: string;
}

/** The body of a question to the combined register; unknown parts are left out. */
export function bilesikBody(version: string, ...asked: readonly AskedDate[]): string {
  const items = asked.map(({ kimlikNo, dogumTarihi }) => {
    const [yil, ay, gun] = dogumTarihi.split('-').map(Number);
    const part = (name: string, value: number | undefined) =>
      value ? `<k:${name}>${value}</k:${name}>` : '';
    return `<k:BilesikKutukSorgulaKimlikNoSorguKriteri>${part('DogumAy', ay)}${part('DogumGun', gun)}${part('DogumYil', yil)}<k:KimlikNo>${kimlikNo}</k:KimlikNo></k:BilesikKutukSorgulaKimlikNoSorguKriteri>`;
  });
  return `<k:Sorgula xmlns:k="http://kps.nvi.gov.tr/${version}"><k:kriterListesi>${items.join('')}</k:kriterListesi></k:Sorgula>`;
}
