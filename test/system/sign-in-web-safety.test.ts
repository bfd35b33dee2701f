import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from '../support/system.js';
import { People } from '../support/system-people.js';
import { mark, type Shown, SigningIn, secret, type Tab } from '../support/system-sign-in.js';

const ELSEWHERE = 'https://evil.example/collect';
const HUGE = 'x'.repeat(6000);
const FORM = 'application/x-www-form-urlencoded';

let system: System;
let signing: SigningIn;
let people: People;
let person: ReturnType<People['nobody']>;
/** Signed in all the time. */
let home: Tab;
/** Everything that the bridge answered in this file. */
const answers: Shown[] = [];

beforeAll(async () => {
  system = await startSystem({ people: 200, cooperatives: 20 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  person = people.nobody();
  home = tab();
  await signing.signIn(home, person);
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

function tab(): Tab {
  const made = signing.tab();
  const ask = made.ask.bind(made);
  made.ask = async (...args) => {
    const shown = await ask(...args);
    if (shown.url.origin === system.sandbox.web) answers.push(shown);
    return shown;
  };
  return made;
}

const isOurs = (url: URL | null) => url === null || url.origin === system.sandbox.web;

describe('open redirect: nobody is ever sent to an address that is not registered', () => {
  it.each([
    ['another host', ELSEWHERE],
    ['another path', '/elsewhere'],
    ['a query behind the registered one', '?next=https://evil.example'],
    ['a fragment', '#x'],
    ['a user part', '@evil.example'],
    ['no address', ''],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['two slashes', '//evil.example'],
    ['a backslash', '\\\\evil.example'],
  ])('redirect_uri with %s is refused on our own page: APPLICATION_REFUSED', async (_what, value) => {
    const registered = signing.redirectUri;
    const address = /^[?#@/]/.test(value) && !value.startsWith('//') ? `${registered}${value}` : value;
    const shown = await tab().get(signing.begin('koopbis-core', { redirect_uri: address }).url);
    expect(mark(shown)).toEqual([400, 'refused', 'APPLICATION_REFUSED']);
    expect([shown.location, shown.text.includes('evil.example')]).toEqual([null, false]);
  });

  it('redirect_uri that another application registered is refused', async () => {
    const own = new URL('/donus', signing.redirectUri).href;
    const shown = await tab().get(signing.begin('union-portal', { redirect_uri: own }).url);
    expect(mark(shown)).toEqual([400, 'refused', 'APPLICATION_REFUSED']);
  });

  it('an application that is not registered is refused', async () => {
    for (const client of ['nobody', '', '../bridge', '__proto__']) {
      const shown = await tab().get(signing.begin('koopbis-core', { client_id: client }).url);
      expect(mark(shown)).toEqual([400, 'refused', 'APPLICATION_REFUSED']);
    }
  });

  it('post_logout_redirect_uri that is not registered is refused', async () => {
    const own = tab();
    await signing.signIn(own, person);
    for (const uri of [ELSEWHERE, `${new URL('/', signing.redirectUri).href}x`]) {
      const query = new URLSearchParams({ client_id: 'koopbis-core', post_logout_redirect_uri: uri });
      const shown = await own.get(`/oidc/session/end?${query}`);
      expect(mark(shown)).toEqual([400, 'refused', 'APPLICATION_REFUSED']);
      expect(shown.text).not.toContain('evil.example');
    }
    const registered = new URL('/', signing.redirectUri).href;
    const query = new URLSearchParams({ client_id: 'koopbis-core', post_logout_redirect_uri: registered });
    const asked = await own.get(`/oidc/session/end?${query}`);
    const [form] = asked.content.forms;
    const out = await own.submit(asked, form as NonNullable<typeof form>);
    expect([out.location?.origin, out.location?.pathname]).toEqual([new URL(registered).origin, '/']);
  });

  it.each(['target_link_uri', 'returnTo', 'return_to', 'next', 'redirect_uri', 'iss', 'url'])(
    'no parameter of our own addresses leads elsewhere: %s',
    async (name) => {
      const query = new URLSearchParams({ [name]: ELSEWHERE });
      for (const who of [tab(), home])
        for (const path of ['/giris', '/hesabim', '/hesabim/ikinci-adim', '/aydinlatma', '/giris/donus']) {
          const shown = await who.get(`${path}?${query}`);
          expect([path, isOurs(shown.location)]).toEqual([path, true]);
          expect(shown.location?.href ?? '').not.toContain('evil.example');
          expect(shown.text).not.toContain('evil.example');
        }
    },
  );

  it('a step goes back to the address that its own sign-in began with, whatever is asked besides', async () => {
    const own = tab();
    const first = await own.get(signing.begin('koopbis-core', { prompt: 'login' }).url);
    const step = new URL(first.location as URL);
    expect([step.origin, step.pathname.startsWith('/giris/adim/')]).toEqual([system.sandbox.web, true]);
    step.searchParams.set('returnTo', ELSEWHERE);
    const next = await own.get(step);
    expect(signing.isAtEdevlet(next.location as URL)).toBe(true);
    expect(new URL(next.location as URL).searchParams.get('redirect_uri')).toBe(
      `${system.sandbox.web}/giris/donus`,
    );
  });

  it('a Host header of somebody’s own changes no address that is given out', async () => {
    for (const host of ['evil.example', 'evil.example:443', 'localhost'])
      for (const path of ['/.well-known/openid-configuration', '/giris', signing.begin().url.pathname]) {
        const text = await asHost(path, { host, 'x-forwarded-host': host, forwarded: `host=${host}` });
        expect([path, text.includes('evil.example')]).toEqual([path, false]);
      }
  });
});

/** Status, headers and body as text, for a Host header that is not the one of the connection. */
function asHost(path: string, headers: Record<string, string>): Promise<string> {
  const ca = readFileSync(system.sandbox.ca);
  return new Promise((resolve, reject) => {
    const out = get(new URL(path, system.sandbox.web), { ca, servername: 'localhost', headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve(`${JSON.stringify(answer.headers)} ${Buffer.concat(parts)}`));
    });
    out.setTimeout(10_000, () => out.destroy(new Error('no answer')));
    out.on('error', reject);
  });
}

describe('clickjacking: no page of the web is shown in anybody’s frame', () => {
  it('every page, redirect and refusal says so, and loads nothing from elsewhere', async () => {
    const own = tab();
    await own.get('/');
    await own.get('/nothing');
    await own.get('/aydinlatma');
    await own.get('/giris/donus');
    await own.get('/giris/adim/unknown');
    await own.get('/oidc/session/end');
    await own.get('/oidc/jwks');
    await own.get('/.well-known/openid-configuration');
    await own.get(signing.begin('koopbis-core', { redirect_uri: ELSEWHERE }).url);
    await home.get('/hesabim');
    await home.get('/hesabim/ikinci-adim');
    await signing.onward(home, signing.begin('koopbis-core', { acr_values: 'urn:koopbis:acr:step-up' }).url);
    expect(answers.length).toBeGreaterThan(100);
    for (const { headers, url } of answers) {
      const policy = String(headers['content-security-policy']);
      const where = url.pathname.replace(/adim\/.*/, 'adim/…');
      expect([where, policy]).toEqual([where, expect.stringContaining("frame-ancestors 'none'")]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toMatch(/unsafe|script-src|\*/);
      expect([where, headers['x-content-type-options']]).toEqual([where, 'nosniff']);
      expect(headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
    }
    const pages = answers.filter(({ content }) => content.page !== null);
    expect(pages.length).toBeGreaterThan(20);
    for (const { headers, text } of pages) {
      expect([headers['x-frame-options'], headers['cache-control']]).toEqual(['DENY', 'no-store']);
      expect(text).not.toMatch(/<script|\son[a-z]+=|javascript:/i);
    }
  });
});

describe('forms of other sites do nothing', () => {
  const forms = () =>
    [
      ['/hesabim/oturumlar/kapat', { oturum: 'x', csrf: secret() }],
      ['/hesabim/ikinci-adim', { kod: '123456', csrf: secret() }],
      ['/giris/adim/x/bildirim', {}],
    ] as const;

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin at all, from a frame', { origin: 'null' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
  ])('from %s: FORM_INVALID', async (_who, headers) => {
    for (const [path, fields] of forms())
      expect(mark(await home.post(path, fields, headers))).toEqual([403, 'refused', 'FORM_INVALID']);
  });

  it('without our own token are refused: FORM_INVALID', async () => {
    for (const [path, fields] of forms().slice(0, 2)) {
      expect(mark(await home.post(path, fields))).toEqual([403, 'refused', 'FORM_INVALID']);
      expect(mark(await home.post(path, { ...fields, csrf: '' }))).toEqual([403, 'refused', 'FORM_INVALID']);
    }
    const other = tab();
    await signing.signIn(other, person);
    const [, token = ''] = /name="csrf" value="([^"]+)"/.exec((await other.get('/hesabim')).text) ?? [];
    expect(token).not.toBe('');
    expect(mark(await home.post('/hesabim/oturumlar/kapat', { oturum: 'x', csrf: token }))).toEqual([
      403,
      'refused',
      'FORM_INVALID',
    ]);
  });

  it('without a session are refused: SESSION_REQUIRED', async () => {
    for (const [path, fields] of forms().slice(0, 2))
      expect(mark(await tab().post(path, fields))).toEqual([401, 'refused', 'SESSION_REQUIRED']);
  });
});

describe('bad input at every address', () => {
  /** An answer that is no accident: no 5xx, nothing of ours inside, and the process lives. */
  function expectTame(shown: Shown, what: string): void {
    expect([what, shown.status >= 500]).toEqual([what, false]);
    expect(shown.text).not.toMatch(/\bat .*\.js:\d+|node_modules|Error:|SELECT |bridge\.|\/work\//);
    expect(shown.text).not.toContain(person.kimlikNo);
  }

  const PATHS = [
    '/giris',
    '/giris/donus',
    '/giris/adim/x',
    '/hesabim',
    '/hesabim/ikinci-adim',
    '/aydinlatma',
    '/oidc/auth',
    '/oidc/auth/x',
    '/oidc/token',
    '/oidc/jwks',
    '/oidc/userinfo',
    '/oidc/token/revocation',
    '/oidc/session/end',
    '/oidc/session/end/confirm',
    '/oidc/session/end/success',
    '/.well-known/openid-configuration',
  ];
  const GARBAGE = [
    '?state=&code=',
    '?code=a&code=b',
    '?state=a&state=b',
    '?code[]=x&state[$ne]=x',
    '?__proto__[x]=1&constructor=1',
    '?client_id=a&client_id=b',
    '?client_id=koopbis-core&client_id=koopbis-core&redirect_uri=x&redirect_uri=y',
    '?%',
    '?%ff%fe%00=%00',
    `?state=${HUGE}`,
    `?${Array.from({ length: 300 }, (_, i) => `p${i}=1`).join('&')}`,
    '?error=%3Cscript%3Ealert(1)%3C/script%3E',
    "?request=x&request_uri=https://evil.example&claims={'",
    '?max_age=-1&prompt=none%20login&ui_locales=%00&id_token_hint=a.b.c&acr_values=%20',
    '?client_id=koopbis-core&max_age=99999999999999999999',
  ];

  it.each(PATHS)('of GET %s gets a page or an OAuth error', async (path) => {
    for (const query of GARBAGE)
      for (const who of [tab(), home])
        expectTame(await who.get(`${path}${query}`), `${path}${query.slice(0, 40)}`);
  });

  it.each(PATHS)('of another method or content at %s gets a page or an OAuth error', async (path) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])
      expectTame(await home.ask(method, path), `${method} ${path}`);
    const bodies: readonly (readonly [type: string, body: string | Buffer])[] = [
      ['application/json', '{"kod":'],
      ['application/json', '{"kod":{"toString":1}}'],
      ['text/xml', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
      ['multipart/form-data; boundary=x', '--x\r\n'],
      [FORM, `kod=${'9'.repeat(20_000)}`],
      [FORM, Array.from({ length: 2000 }, (_, i) => `p${i}=1`).join('&')],
      [FORM, 'kod=1&kod=2&csrf=a&csrf=b'],
      [FORM, 'kod[]=1&kod[a]=2&__proto__[x]=1'],
      [FORM, '%&%zz=%'],
      [`${FORM}; charset=utf-7`, 'kod=1'],
      [`${FORM}; charset=x-unknown`, 'kod=1'],
      [FORM, Buffer.from([0x6b, 0x3d, 0xff, 0xfe, 0x00])],
      ['', 'kod=1'],
    ];
    for (const [type, body] of bodies) {
      const headers = { origin: system.sandbox.web, ...(type === '' ? {} : { 'content-type': type }) };
      expectTame(
        await home.ask('POST', path, { headers, body }),
        `${type} ${String(body).slice(0, 30)} ${path}`,
      );
    }
    const encoded = { origin: system.sandbox.web, 'content-type': FORM, 'content-encoding': 'gzip' };
    expectTame(await home.ask('POST', path, { headers: encoded, body: 'no gzip' }), `gzip ${path}`);
  });

  it.each([
    '/giris/adim/%E0%A4%A',
    '/giris/adim/%00',
    '/giris/adim/..%2f..%2fhesabim',
    `/giris/adim/${'a'.repeat(5000)}`,
    '/giris/adim/x/bildirim',
    '/giris/adim/x/__proto__',
    '/oidc/%00',
    '//evil.example/giris',
    '/oidc/auth/%E0%A4%A',
    '/stil.000000000000.css',
  ])('in the path %s gets a page', async (path) => {
    for (const method of ['GET', 'POST']) {
      const there = `${system.sandbox.web}${path}`;
      expectTame(await tab().ask(method, there, { headers: { 'content-type': FORM } }), `${method} ${path}`);
    }
  });

  it('cookies of 10 kB or of nonsense end a connection or get a page, and others go on', async () => {
    for (const cookie of [
      `__Host-koopbis=${'a'.repeat(10_000)}`,
      `__Host-giris=${'b'.repeat(10_000)}`,
      `__Host-koopbis=${'%'.repeat(3000)}`,
      '__Host-koopbis=x; __Host-koopbis=y; __Host-koopbis.sig=z',
      Array.from({ length: 400 }, (_, i) => `c${i}=${i}`).join('; '),
      ';;;=;=x;  ; __Host-koopbis',
    ])
      for (const path of ['/hesabim', '/giris/donus?state=x&code=y', '/oidc/auth', '/giris/adim/x']) {
        const shown = await tab()
          .get(path, { cookie })
          .catch(() => null);
        if (shown !== null) expectTame(shown, `${path} ${cookie.slice(0, 30)}`);
      }
    expect((await home.get('/hesabim')).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['garbage', { grant_type: 'x', client_id: 'koopbis-core', code: '\u0000', code_verifier: HUGE }],
    ['a password grant', { grant_type: 'password', client_id: 'koopbis-core', username: 'a', password: 'b' }],
    ['client credentials', { grant_type: 'client_credentials', client_id: 'koopbis-core' }],
    ['an assertion of nonsense', { grant_type: 'refresh_token', client_assertion: 'a.b.c' }],
  ])('at the token endpoint of api, %s gets an OAuth error', async (_what, fields) => {
    const { status, body } = await signing.token(fields as Record<string, string>);
    expect([status >= 400 && status < 500, typeof body?.error]).toEqual([true, 'string']);
  });

  it('nobody is called by name in anything that was answered, and the process has lived through all of it', async () => {
    expect((await home.get('/hesabim')).status).toBe(200);
    const log = readFileSync(join(system.layout.logs, 'bridge.log'), 'utf8');
    const lines = log.split('\n');
    const trouble = /bridge\.crashed|http\.failed|sign-in\.(provider|page)-failed/;
    expect(lines.filter((line) => trouble.test(line))).toEqual([]);
    // Nothing prints past the log, whose lines know what may stand in them; a package greets an older Node at the start.
    const printed = lines.filter(
      (line) => !/^(\{.*\}|oidc-provider WARNING: Unsupported runtime.*|)$/.test(line),
    );
    expect(printed).toEqual([]);
    expect(log.match(/"event":"bridge.starting"/g)).toHaveLength(1);
    const personal = [person.kimlikNo, person.password];
    for (const text of [log, ...answers.map(({ headers }) => JSON.stringify(headers))])
      expect(personal.filter((one) => text.includes(one))).toEqual([]);
  });
});

it('what strangers tried is audited as counts, each under its code', async () => {
  const counts = await signing.counted();
  for (const code of ['APPLICATION_REFUSED', 'FORM_INVALID', 'SESSION_REQUIRED', 'SIGN_IN_UNSOLICITED'])
    expect([code, (counts.get(code) ?? 0) > 0]).toEqual([code, true]);
});
