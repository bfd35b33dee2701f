import { generateSync } from 'otplib';
import type { EdevletSettings } from '../../../mocks/settings.js';
import { createWorld, type World, type WorldPerson } from '../../../mocks/world/world.js';
import type { TestCertificates } from './certificates.js';
import {
  type Changes,
  call,
  type EdevletReply,
  FORM,
  formOf,
  type SeenPage,
  TestBrowser,
} from './edevlet-client.js';
import { type Harness, startHarness } from './harness.js';

/** Made-up people; their numbers fail the checksum on purpose, so that they are nobody's. */
export const persons = {
  twoStep: {
    kimlikNo: '10000000101',
    ad: 'AYŞE NUR',
    soyad: 'ÇALIŞKAN',
    dogumTarihi: '1980-02-09',
    durum: 'açık',
    password: 'Ağaç&<"1',
    edevletTotp: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    level: '2',
  },
  other: {
    kimlikNo: '10000000801',
    ad: 'CEM',
    soyad: 'ER',
    dogumTarihi: '1971-01-01',
    durum: 'açık',
    password: 'other',
    edevletTotp: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU',
    level: '4',
  },
  oneStep: {
    kimlikNo: '10000000401',
    ad: 'ALİ',
    soyad: '',
    dogumTarihi: '1950-06-00',
    durum: 'açık',
    password: 'tek',
    edevletTotp: null,
    level: '1',
  },
  dead: {
    kimlikNo: '10000000201',
    ad: 'HASAN',
    soyad: 'IŞIK',
    dogumTarihi: '1931-11-30',
    durum: 'ölüm',
    password: 'rahmetli',
    edevletTotp: null,
    level: '1',
  },
  withoutPassword: {
    kimlikNo: '10000000301',
    ad: 'ZEHRA',
    soyad: 'ÖZ',
    dogumTarihi: '1975-01-01',
    durum: 'açık',
  },
} as const;

export const CLIENT = {
  clientId: '5b9f0c0e-6b43-4b0e-9a51-0d0c7f6f4a11',
  clientSecret: 'gizli&=+ç',
  redirectUris: ['https://localhost:1/giris/donus', 'https://localhost:1/giris/donus?a=b'],
  separator: ';',
} as const;
/** Another institution, which parts scopes by a blank. */
export const OTHER_CLIENT = {
  clientId: '0a1b2c3d-0000-4000-8000-000000000002',
  clientSecret: 'other-secret',
  redirectUris: ['https://localhost:2/back'],
  separator: ' ',
} as const;
export const STATE = 'abcdefghijklmnopqrstuvwxyz012345._~-';
const [REDIRECT_URI] = CLIENT.redirectUris;

export interface EdevletHarness extends Harness {
  readonly origin: string;
  browser(): TestBrowser;
  /** Path and query of a right request, with changes. */
  authorizePath(changes?: Changes): string;
  /** A login to its code, by a browser of its own unless one is given. */
  login(options?: { browser?: TestBrowser; person?: WorldPerson; changes?: Changes }): Promise<SeenPage>;
  /** The code of a whole login. */
  code(options?: { person?: WorldPerson; changes?: Changes }): Promise<string>;
  totp(person: WorldPerson, steps?: number): string;
  /** The token call with what it answers; right unless changed. */
  exchange(changes: Changes, headers?: Record<string, string>): Promise<Answered>;
  accessToken(options?: { person?: WorldPerson; changes?: Changes }): Promise<string>;
  resource(changes: Changes, headers?: Record<string, string>): Promise<Answered>;
  call(path: string, sent?: Parameters<typeof call>[3]): Promise<EdevletReply>;
}

export interface Answered extends EdevletReply {
  readonly json: Readonly<Record<string, unknown>>;
}

function testWorld(): World {
  return createWorld({
    population: { people: Object.values(persons) as WorldPerson[], cooperatives: [] },
    patches: {
      patchPerson: (now, kimlikNo, change) => ({
        ok: true,
        population: {
          ...now,
          people: now.people.map((one) =>
            one.kimlikNo === kimlikNo ? { ...one, ...(change as object) } : one,
          ),
        },
      }),
      patchCooperative: (now) => ({ ok: true, population: now }),
    },
  });
}

/** The stand-ins with e-Devlet, which two institutions are registered with. */
export async function startEdevletHarness(
  certificates: TestCertificates,
  options: {
    now?: () => number;
    resourceTransport?: 'form' | 'query' | 'json';
    /** One more address of CLIENT. */
    redirectUri?: string;
  } = {},
): Promise<EdevletHarness> {
  const { resourceTransport, now = Date.now, redirectUri } = options;
  const redirectUris = [...CLIENT.redirectUris, ...(redirectUri === undefined ? [] : [redirectUri])];
  const edevlet: EdevletSettings = {
    host: '127.0.0.1',
    port: 0,
    clients: [OTHER_CLIENT, { ...CLIENT, redirectUris }],
    resourceTransport,
  };
  const stand = await startHarness(certificates, { now, settings: { edevlet }, world: testWorld() });
  return harnessOver(stand, certificates.ca, now);
}

function harnessOver(stand: Harness, ca: string, now: () => number): EdevletHarness {
  const base = new URL(stand.running.urls.edevlet);
  const { origin } = base;
  const send: EdevletHarness['call'] = (path, sent) => call(ca, origin, path, sent);
  const browser = () => new TestBrowser(ca, origin);
  const totp: EdevletHarness['totp'] = (person, steps = 0) =>
    generateSync({ secret: person.edevletTotp ?? '', epoch: Math.floor(now() / 1000) + 30 * steps });
  const authorizePath: EdevletHarness['authorizePath'] = (changes) =>
    `${base.pathname}AuthorizationController?${formOf(
      {
        response_type: 'code',
        client_id: CLIENT.clientId,
        redirect_uri: REDIRECT_URI,
        scope: 'Kimlik-Dogrula;Ad-Soyad',
        state: STATE,
      },
      changes,
    )}`;
  const login: EdevletHarness['login'] = async (options = {}) => {
    const { browser: used = browser(), person = persons.twoStep, changes } = options;
    const page = await used.open(authorizePath(changes));
    const typed = { kimlikNo: person.kimlikNo, sifre: person.password ?? '' };
    const next = await used.submit(page, '/gir', typed);
    if (next.page !== 'second-step') return next;
    return used.submit(next, '/ikinci-adim', { kod: totp(person) });
  };
  const code: EdevletHarness['code'] = async (options) =>
    new URL((await login(options)).location ?? '').searchParams.get('code') ?? '';
  const answered = async (path: string, body: string, headers: Record<string, string>) => {
    const reply = await send(path, { method: 'POST', headers: { ...FORM, ...headers }, body });
    const isJson = reply.headers['content-type']?.includes('json') === true;
    return { ...reply, json: (isJson ? JSON.parse(reply.text) : {}) as Answered['json'] };
  };
  const exchange: EdevletHarness['exchange'] = (changes, headers = {}) => {
    const right = {
      grant_type: 'authorization_code',
      redirect_uri: REDIRECT_URI,
      client_id: CLIENT.clientId,
      client_secret: CLIENT.clientSecret,
    };
    return answered(`${base.pathname}AccessTokenController`, formOf(right, changes), headers);
  };
  const resource: EdevletHarness['resource'] = (changes, headers = {}) => {
    const right = { clientId: CLIENT.clientId, resourceId: '1', kapsam: 'Ad-Soyad' };
    return answered(`${base.pathname}AuthenticationController`, formOf(right, changes), headers);
  };
  return {
    ...stand,
    origin,
    browser,
    authorizePath,
    login,
    code,
    totp,
    exchange,
    accessToken: async (options) => String((await exchange({ code: await code(options) })).json.access_token),
    resource,
    call: send,
  };
}
