import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { showConfig } from '../../src/config/show-config.js';
import { type Loose, makeWorkplace, problemsOf, type Workplace } from './fixture.js';

const HTTPS = 'must be an https URL without user name, password or fragment';
const REGISTRY_PASSWORD = 'registry-password-in-no-output';
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
});
afterAll(() => place.remove());

/** The least that reading MERSİS and telling one receiver needs. */
function withRegistry(settings: Loose): void {
  settings.mersis = {
    url: 'https://mersis.example.org/sorgu',
    userName: 'köprü',
    password: { env: 'REGISTRY_PASSWORD' },
  };
  settings.clients[0].permissions = ['identity', 'events'];
  settings.clients[0].webhook = {
    url: 'https://koopbis.example.org/olaylar',
    secret: { env: 'WEBHOOK_SECRET' },
  };
}

const load = (change: (settings: Loose) => void = () => undefined) =>
  place.load(
    (settings) => {
      withRegistry(settings);
      change(settings);
    },
    { REGISTRY_PASSWORD, WEBHOOK_SECRET },
  );

/** Settings by their place, as problems name it; undefined takes one away. */
type Changes = Readonly<Record<string, unknown>>;

const made =
  (changes: Changes) =>
  (settings: Loose): void => {
    for (const [path, value] of Object.entries(changes)) {
      const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
      const last = keys.pop() as string;
      const group = keys.reduce((at, key) => {
        at[key] ??= {};
        return at[key];
      }, settings);
      if (value === undefined) delete group[last];
      else group[last] = value;
    }
  };
const refused = (changes: Changes) => problemsOf(load(made(changes)));

describe('settings of the registry and of rights', () => {
  it('may be absent altogether: then no board is read and nobody is told, and rights shrink all the same', async () => {
    const config = await place.load();
    expect([config.mersis, config.clients[0]?.webhook]).toEqual([undefined, undefined]);
    expect(config.authority).toMatchObject({ staleAfterHours: 24, nothingAfterHours: 72 });
  });

  it('are whole with what nobody can guess; all else has a default, and each default is the careful one', async () => {
    const { authority, clients, mersis } = await load();
    expect(mersis).toMatchObject({
      adapter: 'soap',
      timeoutMs: 10_000,
      maxAnswerBytes: 262_144,
      extraCa: [],
      poll: { enabled: true, staleHours: 20, activeHours: 6, dailyBudget: 120_000, requestsPerSecond: 10 },
      guard: {
        secondReadingS: 900,
        largeLossPercent: 60,
        lossesPerRun: 200,
        lossSharePercent: 1,
        maxAgeHours: 24,
        clockSkewS: 300,
      },
      refreshesPerPersonPerHour: 20,
      refreshPauseS: 10,
    });
    expect([mersis?.clientCertificate, mersis?.localAddress]).toEqual([undefined, undefined]);
    expect(authority).toMatchObject({
      afterTerm: { mode: 'none', days: 90 },
      appointees: { atATime: 1, endWithBoard: true, legacyDecisionAfter: '2022-10-26' },
      events: { keepDays: 90, pageSize: 500 },
      webhooks: { timeoutMs: 10_000, retryDays: 5, perSecond: 20 },
    });
    expect(clients[0]?.webhook).toMatchObject({ privateAddresses: [], extraCa: [] });
  });

  it('keep password, key and secret out of whatever shows them', async () => {
    const config = await load(
      made({ 'mersis.clientCertificate': { certificate: 'server.crt', key: { file: 'server.key' } } }),
    );
    const shown = JSON.stringify(config) + String(showConfig(config));
    for (const value of [REGISTRY_PASSWORD, WEBHOOK_SECRET, 'PRIVATE KEY'])
      expect(shown).not.toContain(value);
    expect(config.mersis?.password.reveal()).toBe(REGISTRY_PASSWORD);
    expect(config.clients[0]?.webhook?.secret.reveal()).toBe(WEBHOOK_SECRET);
  });

  it('let liquidators and trustees ask for those purposes that board members may ask for, where nobody has said otherwise', async () => {
    const { purposes } = await load();
    expect(purposes.length).toBeGreaterThan(3);
    for (const { code, roles } of purposes)
      expect([code, roles.includes('liquidator'), roles.includes('trustee')]).toEqual([
        code,
        roles.includes('board'),
        roles.includes('board'),
      ]);
  });

  it('take the largest and the smallest that is lawful', async () => {
    const changes = {
      'mersis.poll': { staleHours: 1, activeHours: 1, jitterPercent: 0, concurrent: 64, dailyBudget: 1 },
      'mersis.guard': { secondReadingS: 1, largeLossPercent: 100, lossesPerRun: 1, clockSkewS: 0 },
      'authority.staleAfterHours': 1,
      'authority.nothingAfterHours': 1,
      'mersis.localAddress': '2001:db8::1',
      'clients[0].webhook.privateAddresses': ['10.1.0.0/16', 'fd00::/8'],
    };
    expect((await load(made(changes))).authority.nothingAfterHours).toBe(1);
  });

  it.each<[string, Changes, string]>([
    ['no address of the registry', { 'mersis.url': undefined }, 'mersis.url: is required'],
    ['plain http to the registry', { 'mersis.url': 'http://mersis.example.org/' }, `mersis.url: ${HTTPS}`],
    [
      'a password in its address',
      { 'mersis.url': 'https://a:b@mersis.example.org/' },
      `mersis.url: ${HTTPS}`,
    ],
    ['no user name there', { 'mersis.userName': undefined }, 'mersis.userName: is required'],
    ['no password there', { 'mersis.password': undefined }, 'mersis.password: is required'],
    ['an adapter of nobody', { 'mersis.adapter': 'graphql' }, 'mersis.adapter: must be one of soap, rest'],
    [
      'a switch that turns verification off',
      { 'mersis.rejectUnauthorized': false },
      'mersis.rejectUnauthorized: unknown setting',
    ],
    [
      'a certificate without its key',
      { 'mersis.clientCertificate': { certificate: 'server.crt' } },
      'mersis.clientCertificate.key: is required',
    ],
    ['a CA that is not there', { 'mersis.extraCa': ['none.crt'] }, 'mersis.extraCa[0]: '],
    [
      'a local address that is a name',
      { 'mersis.localAddress': 'bridge.example.org' },
      'mersis.localAddress: ',
    ],
    [
      'readings that are older than rights may be',
      { 'mersis.poll.staleHours': 25 },
      'mersis.poll.staleHours: must not be above authority.staleAfterHours',
    ],
    [
      'active cooperatives that are read less often than others',
      { 'mersis.poll.activeHours': 21 },
      'mersis.poll.activeHours: must not be above staleHours',
    ],
    [
      'active cooperatives older than a day',
      { 'mersis.poll': { staleHours: 24, activeHours: 25 } },
      'mersis.poll.activeHours: must be at most 24',
    ],
    ['no budget', { 'mersis.poll.dailyBudget': 0 }, 'mersis.poll.dailyBudget: must be at least 1'],
    [
      'a run that may take away nothing, so that none ever ends',
      { 'mersis.guard.lossesPerRun': 0 },
      'mersis.guard.lossesPerRun: must be at least 1',
    ],
    [
      'a guard that lets every loss pass',
      { 'mersis.guard.largeLossPercent': 101 },
      'mersis.guard.largeLossPercent: must be at most 100',
    ],
    [
      'no wait before a second reading',
      { 'mersis.guard.secondReadingS': 0 },
      'mersis.guard.secondReadingS: must be at least 1',
    ],
    ['a guard that is off', { 'mersis.guard.enabled': false }, 'mersis.guard.enabled: unknown setting'],
    ['half a request', { 'mersis.poll.requestsPerSecond': 0.5 }, 'mersis.poll.requestsPerSecond: '],
    [
      'rights that are gone before they shrink',
      { 'authority.nothingAfterHours': 23 },
      'authority.nothingAfterHours: must not be below staleAfterHours',
    ],
    [
      'rights that never shrink',
      { 'authority.staleAfterHours': 0 },
      'authority.staleAfterHours: must be at least 1',
    ],
    [
      'an old board that may do everything',
      { 'authority.afterTerm.mode': 'all' },
      'authority.afterTerm.mode: must be one of none, assembly-only',
    ],
    [
      'no appointee at a time',
      { 'authority.appointees.atATime': 0 },
      'authority.appointees.atATime: must be at least 1',
    ],
    [
      'a day of the law that does not exist',
      { 'authority.appointees.legacyDecisionAfter': '2022-10-32' },
      'authority.appointees.legacyDecisionAfter: must be a date, YYYY-MM-DD',
    ],
    [
      'a feed that forgets at once',
      { 'authority.events.keepDays': 0 },
      'authority.events.keepDays: must be at least 1',
    ],
    [
      'a receiver without the permission',
      { 'clients[0].permissions': ['identity'] },
      'clients[0].webhook: needs the permission events',
    ],
    [
      'a receiver over plain http',
      { 'clients[0].webhook.url': 'http://koopbis.example.org/' },
      `clients[0].webhook.url: ${HTTPS}`,
    ],
    [
      'a receiver without a secret',
      { 'clients[0].webhook.secret': undefined },
      'clients[0].webhook.secret: is required',
    ],
    [
      'a secret in the file itself',
      { 'clients[0].webhook.secret': 'whsec_x' },
      'clients[0].webhook.secret: ',
    ],
    [
      'a private network that is none',
      { 'clients[0].webhook.privateAddresses': ['10.0.0.0/33'] },
      'clients[0].webhook.privateAddresses[0]: ',
    ],
    ...['liquidator', 'trustee'].map((role): [string, Changes, string] => [
      `checks ex officio by a ${role}`,
      {
        purposes: [
          {
            code: 'resen-kontrol',
            legalGround: 'x',
            roles: [role],
            services: ['BilesikKutukSorgulaKimlikNoServis'],
          },
        ],
      },
      'purposes[0].roles: resen-kontrol is only for directorate, ministry-central, ministry-manager',
    ]),
  ])('refuse %s, and name the place', async (_name, changes, problem) => {
    const problems = await refused(changes);
    expect(problems.filter((line) => line.includes(problem))).toHaveLength(1);
    expect(problems.join('\n')).not.toContain(WEBHOOK_SECRET);
  });
});
