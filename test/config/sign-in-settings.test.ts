import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { showConfig } from '../../src/config/show-config.js';
import { type Loose, makeWorkplace, problemsOf, type Workplace } from './fixture.js';

const ORIGIN = 'must be an origin as browsers write it, without path, query or final slash';
const HTTPS = 'must be an https URL without user name, password or fragment';
const UPSTREAM_SECRET = 'upstream-secret-in-no-output';
const COOKIE_KEY = randomBytes(32).toString('base64');
const PAIRWISE_KEY = randomBytes(32).toString('hex');

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
  place.write('cookie.key', COOKIE_KEY);
  place.write('pairwise.key', PAIRWISE_KEY);
  place.write('short.key', randomBytes(16).toString('base64'));
  place.write('jwks.json', '{"keys":[]}');
});
afterAll(() => place.remove());

/** The least that signing people in needs. */
function withSignIn(settings: Loose): void {
  settings.edevlet = { clientId: 'ticaret', clientSecret: { env: 'UPSTREAM_SECRET' } };
  settings.signIn = {
    issuer: 'https://giris.example.org',
    apiOrigin: 'https://api.example.org:8443',
    cookieKeys: [{ file: 'cookie.key' }],
    pairwiseKey: { file: 'pairwise.key' },
  };
  settings.clients[0].signIn = {
    name: 'KOOPBİS',
    redirectUris: ['https://koopbis.example.org/donus'],
    initiateLoginUri: 'https://koopbis.example.org/giris',
  };
}

const load = (change: (settings: Loose) => void = () => undefined) =>
  place.load(
    (settings) => {
      withSignIn(settings);
      change(settings);
    },
    { UPSTREAM_SECRET },
  );

/** Settings by their place, as problems name it; undefined takes one away. */
type Changes = Readonly<Record<string, unknown>>;

const made =
  (changes: Changes) =>
  (settings: Loose): void => {
    for (const [path, value] of Object.entries(changes)) {
      const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
      const last = keys.pop() as string;
      const group = keys.reduce((at, key) => at[key], settings);
      if (value === undefined) delete group[last];
      else group[last] = value;
    }
  };
const refused = (changes: Changes) => problemsOf(load(made(changes)));

describe('settings of sign-in', () => {
  it('may be absent altogether: then nobody signs in', async () => {
    const config = await place.load();
    expect([config.edevlet, config.signIn, config.clients[0]?.signIn]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are whole with what nobody can guess; all else has a default', async () => {
    const { edevlet, signIn, clients } = await load();
    expect(edevlet).toMatchObject({
      profile: 'e-devlet',
      baseUrl: 'https://giris.turkiye.gov.tr/OAuth2AuthorizationServer/',
      scopes: ['Kimlik-Dogrula', 'Ad-Soyad'],
      scopeSeparator: ';',
      pkce: false,
      timeoutMs: 10_000,
      resource: { transport: 'form', successCode: 'EDV09.000', answer: { level: 'level' } },
    });
    expect(signIn).toMatchObject({
      idleMinutes: 30,
      absoluteMinutes: 480,
      stateMinutes: 15,
      accessTokenMinutes: 10,
      codeSeconds: 60,
      keyDays: 90,
      stepUp: { decaysAfterMinutes: 10, maxFailures: 5, lockMinutes: 15, enrolWithinMinutes: 5 },
      notice: { version: '2026-1', controller: 'T.C. Ticaret Bakanlığı' },
    });
    expect(clients[0]?.signIn).toMatchObject({
      authentication: 'tls_client_auth',
      scopes: ['openid'],
      postLogoutRedirectUris: [],
    });
  });

  it('ask for the second step for every operation where nobody has taken one off', async () => {
    const { signIn } = await load();
    expect(signIn?.stepUp.operations).toEqual([
      'audit.reveal',
      'audit.decide',
      'audit.ranges',
      'audit.continue',
      'roles.decide',
      'sessions.end',
      'fees.close',
      'fees.decide',
      'fees.reveal',
      'mersis.release',
      'authority.decide',
      'maintenance.decide',
    ]);
  });

  it('refuse from 31.07.2025 on whatever is not known as two steps: password and bank alone are none', async () => {
    const { edevlet } = await load();
    expect(edevlet?.twoStep).toMatchObject({
      inForceFrom: '2025-07-31',
      helpUrl: 'https://www.turkiye.gov.tr/',
    });
    expect(edevlet?.twoStep.announcedFrom).toBeUndefined();
    expect(edevlet?.twoStep.levels.map(({ level, method, twoStep }) => [level, method, twoStep])).toEqual([
      ['1', 'password', 'no'],
      ['2', 'password+second-step', 'yes'],
      ['3', 'mobile-signature', 'yes'],
      ['4', 'e-signature', 'yes'],
      ['5', 'id-card', 'yes'],
      ['6', 'bank', 'no'],
    ]);
    // None of these is public: each says that it waits for a confirmation.
    for (const { reason } of edevlet?.twoStep.levels ?? [])
      expect(reason).toMatch(/^To be confirmed in writing/);
  });

  it.each([
    [
      'another upstream by discovery',
      {
        'edevlet.profile': 'oidc',
        'edevlet.issuer': 'https://kimlik.example.org/realms/kamu',
        'edevlet.scopes': ['openid', 'profile'],
        'edevlet.twoStep': {
          levels: [{ amr: ['pwd', 'otp'], method: 'password+second-step', twoStep: 'yes', reason: 'a' }],
        },
      },
    ],
    ['a warning before the rule is in force', { 'edevlet.twoStep': { announcedFrom: '2025-07-30' } }],
    [
      'an application with signed assertions and its keys',
      { 'clients[0].signIn.authentication': 'private_key_jwt', 'clients[0].signIn.jwks': 'jwks.json' },
    ],
    ['an application to start with', { 'signIn.startClient': 'koopbis-core' }],
    ['a second key for cookies while one is changed', { 'signIn.cookieKeys[1]': { file: 'pairwise.key' } }],
    ['no operation that needs the second step', { 'signIn.stepUp': { operations: [] } }],
  ])('may name %s', async (_what, changes: Changes) => {
    await expect(load(made(changes))).resolves.toHaveProperty('signIn.issuer', 'https://giris.example.org');
  });
});

describe('wrong settings of sign-in', () => {
  it.each([
    ['sign-in without an upstream', { edevlet: undefined }, 'edevlet: is required where signIn is set'],
    ['an upstream without sign-in', { signIn: undefined }, 'signIn: is required where edevlet is set'],
    [
      'signed assertions without keys',
      { 'clients[0].signIn.authentication': 'private_key_jwt' },
      'clients[0].signIn.jwks: is required for the authentication private_key_jwt',
    ],
    [
      'a start at an unknown client',
      { 'signIn.startClient': 'nobody' },
      'signIn.startClient: must name a client with signIn.initiateLoginUri',
    ],
    [
      'a start at a client without an application',
      { 'clients[0].signIn': undefined, 'signIn.startClient': 'koopbis-core' },
      'signIn.startClient: must name a client with signIn.initiateLoginUri',
    ],
    [
      'a start at an application that starts no sign-in',
      { 'clients[0].signIn.initiateLoginUri': undefined, 'signIn.startClient': 'koopbis-core' },
      'signIn.startClient: must name a client with signIn.initiateLoginUri',
    ],
    [
      'discovery from nowhere',
      { 'edevlet.profile': 'oidc', 'edevlet.scopes': ['openid'] },
      'edevlet.issuer: is required for the profile oidc',
    ],
    [
      'e-Devlet’s scopes at another issuer',
      { 'edevlet.profile': 'oidc', 'edevlet.issuer': 'https://kimlik.example.org' },
      'edevlet.scopes: are those of e-Devlet; name those of the issuer',
    ],
    [
      'a warning from the day on which the rule is in force',
      { 'edevlet.twoStep': { announcedFrom: '2025-07-31' } },
      'edevlet.twoStep.announcedFrom: must be before inForceFrom',
    ],
    [
      'a level with both measures',
      {
        'edevlet.twoStep': {
          levels: [{ level: '2', amr: ['otp'], method: 'bank', twoStep: 'yes', reason: 'a' }],
        },
      },
      'edevlet.twoStep.levels[0]: must have exactly one of level, amr',
    ],
    [
      'a level with none',
      { 'edevlet.twoStep': { levels: [{ method: 'bank', twoStep: 'yes', reason: 'a' }] } },
      'edevlet.twoStep.levels[0]: must have exactly one of level, amr',
    ],
    [
      'a level without a reason',
      { 'edevlet.twoStep': { levels: [{ level: '6', method: 'bank', twoStep: 'yes' }] } },
      'edevlet.twoStep.levels[0].reason: is required',
    ],
    [
      'a level that may be two steps',
      { 'edevlet.twoStep': { levels: [{ level: '6', method: 'bank', twoStep: 'maybe', reason: 'a' }] } },
      'edevlet.twoStep.levels[0].twoStep: must be one of yes, no',
    ],
    [
      'a table of no levels',
      { 'edevlet.twoStep': { levels: [] } },
      'edevlet.twoStep.levels: must have at least 1 items',
    ],
    [
      'a day that does not exist',
      { 'edevlet.twoStep': { inForceFrom: '2025-06-31' } },
      'edevlet.twoStep.inForceFrom: must be a date, YYYY-MM-DD',
    ],
    [
      'plain http to the upstream',
      { 'edevlet.baseUrl': 'http://giris.turkiye.gov.tr/' },
      `edevlet.baseUrl: ${HTTPS}`,
    ],
    [
      'a path out of the upstream’s folder',
      { 'edevlet.tokenPath': 'a?b=c' },
      'edevlet.tokenPath: must be a plain word',
    ],
    [
      'a separator of nobody',
      { 'edevlet.scopeSeparator': ',' },
      'edevlet.scopeSeparator: must be one of ;,  ',
    ],
    [
      'no name of this institution at e-Devlet',
      { 'edevlet.clientId': undefined },
      'edevlet.clientId: is required',
    ],
    [
      'a short key for cookies',
      { 'signIn.cookieKeys': [{ file: 'short.key' }] },
      'signIn.cookieKeys[0]: must be 32 bytes, as base64 or hex',
    ],
    ['no key for cookies', { 'signIn.cookieKeys': [] }, 'signIn.cookieKeys: must have at least 1 items'],
    [
      'a session shorter than anybody can work',
      { 'signIn.absoluteMinutes': 4 },
      'signIn.absoluteMinutes: must be at least 5',
    ],
    ['a session of days', { 'signIn.absoluteMinutes': 1441 }, 'signIn.absoluteMinutes: must be at most 1440'],
    [
      'an operation that nobody knows',
      { 'signIn.stepUp': { operations: ['audit.everything'] } },
      'signIn.stepUp.operations[0]: must be one of audit.reveal, audit.decide, audit.ranges, audit.continue, roles.decide, sessions.end, fees.close, fees.decide, fees.reveal, mersis.release, authority.decide, maintenance.decide',
    ],
    [
      'a lock that never comes',
      { 'signIn.stepUp': { maxFailures: 1000 } },
      'signIn.stepUp.maxFailures: must be at most 20',
    ],
    [
      'no place for codes',
      { 'clients[0].signIn.redirectUris': [] },
      'clients[0].signIn.redirectUris: must have at least 1 items',
    ],
    [
      'codes over plain http',
      { 'clients[0].signIn.redirectUris': ['http://koopbis.example.org/donus'] },
      `clients[0].signIn.redirectUris[0]: ${HTTPS}`,
    ],
    [
      'codes to a fragment',
      { 'clients[0].signIn.redirectUris': ['https://koopbis.example.org/#donus'] },
      `clients[0].signIn.redirectUris[0]: ${HTTPS}`,
    ],
    [
      'a client that proves itself with a secret',
      { 'clients[0].signIn.authentication': 'client_secret_basic' },
      'clients[0].signIn.authentication: must be one of tls_client_auth, private_key_jwt',
    ],
    [
      'a scope of its own',
      { 'clients[0].signIn.scopes': ['openid', 'offline_access'] },
      'clients[0].signIn.scopes[1]: must be one of openid, kimlik',
    ],
    [
      'keys that are not there',
      { 'clients[0].signIn.jwks': 'missing.json' },
      expect.stringMatching(/^clients\[0\]\.signIn\.jwks: cannot be read \(ENOENT\)/),
    ],
  ])('are told: %s', async (_what, changes: Changes, problem) => {
    expect(await refused(changes)).toEqual([problem]);
  });

  it.each([
    ['a path', 'https://giris.example.org/oidc'],
    ['a final slash', 'https://giris.example.org/'],
    ['a query', 'https://giris.example.org?a=b'],
    ['the port that https has anyway', 'https://giris.example.org:443'],
    ['capitals', 'https://Giris.example.org'],
  ])('are told: an origin with %s', async (_what, value) => {
    for (const setting of ['issuer', 'apiOrigin']) {
      const problems = await refused({ [`signIn.${setting}`]: value });
      expect(problems).toEqual([`signIn.${setting}: ${ORIGIN}`]);
    }
  });

  it.each(['http://giris.example.org', 'giris.example.org', 'https://kisi:sifre@giris.example.org'])(
    'are told: an issuer such as %s',
    async (issuer) => {
      const problems = await refused({ 'signIn.issuer': issuer });
      expect(problems).toContain(`signIn.issuer: ${HTTPS}`);
      expect(problems.join()).not.toContain('sifre');
    },
  );

  it.each([
    ['edevlet.clientid', 'clientId', { 'edevlet.clientid': 'x' }],
    ['edevlet.twoStep.inForce', 'inForceFrom', { 'edevlet.twoStep': { inForce: '2025-07-31' } }],
    ['edevlet.resource.answer.levl', 'level', { 'edevlet.resource': { answer: { levl: 'x' } } }],
    ['signIn.idleMinute', 'idleMinutes', { 'signIn.idleMinute': 5 }],
    ['signIn.stepUp.operation', 'operations', { 'signIn.stepUp': { operation: [] } }],
    [
      'clients[0].signIn.redirectUri',
      'redirectUris',
      { 'clients[0].signIn.redirectUri': 'https://koopbis.example.org/donus' },
    ],
    ['singIn', 'signIn', { singIn: {} }],
  ])('are told: %s, which nobody knows, with the nearest name', async (path, nearest, changes: Changes) => {
    expect(await refused(changes)).toContain(`${path}: unknown setting; the nearest is ${nearest}`);
  });

  it.each([
    ['edevlet.clientSecret', { 'edevlet.clientSecret': UPSTREAM_SECRET }],
    ['signIn.cookieKeys[0]', { 'signIn.cookieKeys': [COOKIE_KEY] }],
    ['signIn.pairwiseKey', { 'signIn.pairwiseKey': PAIRWISE_KEY }],
  ])('are told: %s written out, which is never repeated', async (path, changes: Changes) => {
    const problems = await refused(changes);
    expect(problems).toEqual([`${path}: must be { file: … } or { env: … }, never the value itself`]);
  });
});

describe('secrets of sign-in', () => {
  it('are in no output: neither config show, nor JSON, nor inspection', async () => {
    const config = await load();
    const shown = showConfig(config);
    const { edevlet, signIn } = parse(shown);
    expect([edevlet.clientSecret, signIn.cookieKeys, signIn.pairwiseKey]).toEqual(['***', ['***'], '***']);
    expect(signIn.issuer).toBe('https://giris.example.org');
    const outputs = [shown, JSON.stringify(config), inspect(config, { depth: 12, showHidden: true })];
    for (const output of outputs)
      for (const secret of [UPSTREAM_SECRET, COOKIE_KEY, PAIRWISE_KEY]) expect(output).not.toContain(secret);
    expect(config.edevlet?.clientSecret.reveal()).toBe(UPSTREAM_SECRET);
  });
});
