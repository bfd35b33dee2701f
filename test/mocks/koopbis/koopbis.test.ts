import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { COOPERATIVE, type House, NUMBER, openHouse } from './house.js';

let house: House;
let cookies: Map<string, string>;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.close());
beforeEach(() => {
  cookies = new Map();
  house.api.asked.length = 0;
});

interface Shown {
  readonly url: URL;
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** One request of the browser, with its cookies; `follow` goes where it is sent. */
async function go(path: string, form?: Record<string, string>, follow = true): Promise<Shown> {
  let [url, fields] = [new URL(path, house.origin), form];
  for (let hops = 0; hops < 15; hops += 1) {
    const answer = await request(url, {
      method: fields === undefined ? 'GET' : 'POST',
      dispatcher: house.browser,
      signal: AbortSignal.timeout(20_000),
      body: fields === undefined ? null : new URLSearchParams(fields).toString(),
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(fields === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await answer.body.text();
    const { location } = answer.headers;
    if (typeof location !== 'string' || !follow) {
      return { url, status: answer.statusCode, headers: answer.headers, text };
    }
    [url, fields] = [new URL(location, url), undefined];
  }
  throw new Error('too many redirects');
}

const hiddenOf = (text: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
const dd = (text: string, id: string) => new RegExp(`<dd id="${id}">([^<]*)</dd>`).exec(text)?.[1];
const csrf = async () => hiddenOf((await go('/')).text, 'csrf');
const member = { kimlikNo: NUMBER, ad: 'ALİ', soyad: 'O"NEIL', dogumTarihi: '07.03.1980' };

/** Sends the member form as it was shown. */
async function sendMember(more: Record<string, string> = {}): Promise<Shown> {
  const { text } = await go('/ortak');
  const form = {
    csrf: hiddenOf(text, 'csrf'),
    anahtar: hiddenOf(text, 'anahtar'),
    kooperatif: COOPERATIVE,
    mersisNo: '',
  };
  return go('/ortak', { ...form, ...member, ...more });
}

function answered(outcome: string): { status: number; body: unknown } {
  const text = { tr: `Sonuç: ${outcome}.`, en: `Outcome: ${outcome}.` };
  return { status: 200, body: { id: 'x', outcome, text, receipt: { leafIndex: 41, leafHash: 'ab' } } };
}

describe('the application', () => {
  it('shows a sign-in button to whoever is nobody yet, and nothing of a session', async () => {
    const { text, status, headers } = await go('/');
    expect([status, text.includes('href="/giris"'), text.includes('csrf')]).toEqual([200, true, false]);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(text).not.toMatch(/<script|style=|onclick/);
    expect((await go('/ortak')).url.pathname).toBe('/');
  });

  it('signs in through a provider that others wrote, and shows names, a masked number, acr, amr and time', async () => {
    const { url, text } = await go('/giris');
    expect(url.pathname).toBe('/');
    expect(dd(text, 'ad-soyad')).toBe('AYŞE &lt;ÇELİK&gt;');
    expect(dd(text, 'kimlik-no')).toBe('10*******46');
    expect(text).not.toContain(NUMBER);
    expect([dd(text, 'acr'), dd(text, 'amr')]).toEqual(['urn:koopbis:acr:two-step', 'mfa']);
    expect(dd(text, 'auth-time')).toMatch(/20\d\d/);
  });

  it('gives its session a cookie that scripts, other sites and plain HTTP do not get, and that is new at each sign-in', async () => {
    await go('/giris');
    const first = cookies.get('__Host-uygulama');
    const start = await go('/giris', undefined, false);
    expect(start.headers['set-cookie']).toMatch(
      /^__Host-uygulama-giris=.{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    await go('/giris');
    expect(cookies.get('__Host-uygulama')).not.toBe(first);
    cookies.set('__Host-uygulama', first ?? '');
    expect((await go('/')).text).toContain('href="/giris"');
  });

  it('steps up where the person asks for it', async () => {
    await go('/giris');
    cookies.delete('_session');
    expect(dd((await go('/yukselt')).text, 'acr')).toBe('urn:koopbis:acr:step-up');
  });

  it('takes no return that this browser did not begin, none twice, and none with another state', async () => {
    expect((await go('/donus?code=a&state=b')).status).toBe(400);
    await go('/giris', undefined, false);
    const trip = cookies.get('__Host-uygulama-giris') ?? '';
    expect((await go('/donus?code=a&state=b')).status).toBe(400);
    cookies.set('__Host-uygulama-giris', trip);
    expect((await go('/donus?code=a&state=b')).text).toContain('unsolicited');
    expect(cookies.has('__Host-uygulama')).toBe(false);
  });

  it('escapes what stands in an address', async () => {
    await go('/giris', undefined, false);
    const { text, status } = await go('/donus?error=%3Cscript%3E1%3C/script%3E');
    expect([status, text.includes('<script'), text.includes('&lt;script&gt;')]).toEqual([400, false, true]);
  });

  it('starts a sign-in for its own provider only', async () => {
    expect((await go('/giris?iss=https://elsewhere.example', undefined, false)).status).toBe(400);
    expect((await go(`/giris?iss=${house.issuer}`, undefined, false)).status).toBe(303);
  });

  it('signs out here and at the provider, by a form of its own alone', async () => {
    await go('/giris');
    expect((await go('/cikis', { csrf: 'x' })).status).toBe(403);
    expect(dd((await go('/')).text, 'ad-soyad')).toBeDefined();
    const out = await go('/cikis', { csrf: await csrf() }, false);
    const end = new URL(String(out.headers.location));
    expect([end.origin, end.searchParams.get('post_logout_redirect_uri')]).toEqual([
      house.issuer,
      `${house.origin}/`,
    ]);
    // No ID token in an address: it holds the person's number.
    expect(end.searchParams.has('id_token_hint')).toBe(false);
    expect(end.searchParams.get('client_id')).toBe('koopbis-core');
    expect(cookies.has('__Host-uygulama')).toBe(false);
  });
});

describe('the member form', () => {
  beforeEach(() => go('/giris'));

  it('offers the cooperatives on whose board the person stands, and has a label for every field', async () => {
    const { text } = await go('/ortak');
    expect(text).toContain(`<option value="${COOPERATIVE}" selected>S.S. &lt;Deneme&gt; Kooperatifi`);
    for (const [, id] of text.matchAll(/<(?:input|select) id="([^"]+)"/g))
      expect(text).toContain(`for="${id}"`);
    expect(text).toMatch(/<html lang="tr">/);
  });

  it('saves a member on match alone, asked for by the person who is signed in', async () => {
    house.api.next = answered('match');
    const { text, url } = await sendMember();
    expect(url.pathname).toBe('/ortak');
    expect(text).toContain('data-outcome="match"');
    expect(text).toContain('<td>ALİ O&quot;NEIL</td>');
    const [asked] = house.api.asked;
    expect(asked?.body).toEqual({
      purpose: 'ortak-kayit',
      cooperative: COOPERATIVE,
      subject: { ...member, dogumTarihi: '1980-03-07' },
    });
    expect(asked?.headers.authorization).toMatch(/^Bearer .{20,}$/);
    expect(asked?.headers['x-koopbis-user-address']).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  it.each(['mismatch', 'not-found', 'deceased', 'inactive'])(
    'saves nothing on %s, says why, and keeps what was typed',
    async (outcome) => {
      house.api.next = answered(outcome);
      const { text, status } = await sendMember({ ad: 'VELİ<b>' });
      expect(status).toBe(422);
      expect(text).toContain(`role="alert" data-outcome="${outcome}"`);
      expect(text).toContain(`Sonuç: ${outcome}.`);
      expect(text).toContain('Makbuz <span lang="en">(receipt)</span>: 41');
      expect(text).toContain('value="VELİ&lt;b&gt;"');
      expect(text).toContain(`value="${NUMBER}"`);
      expect((await go('/ortak')).text).not.toContain('VELİ');
    },
  );

  it('saves nothing where the bridge refuses, or answers something that is no answer', async () => {
    const text = { tr: 'Yetkiniz yok.', en: 'No.' };
    house.api.next = { status: 403, body: { code: 'NOT_AUTHORISED_FOR_COOPERATIVE', text } };
    const refused = await sendMember({ mersisNo: '0999999999900015' });
    expect([refused.status, refused.text.includes('Yetkiniz yok.')]).toEqual([422, true]);
    expect(house.api.asked[0]?.body.cooperative).toBe('0999999999900015');
    for (const next of [
      { status: 200, body: { outcome: 'match' } },
      { status: 500, body: [] },
      { status: 200, body: null },
    ]) {
      house.api.next = next;
      expect((await sendMember()).text).toContain('data-outcome="UNREACHABLE"');
    }
  });

  it('asks once for the same form sent twice, and anew for a corrected one', async () => {
    house.api.next = answered('mismatch');
    const { text } = await go('/ortak');
    const form = {
      csrf: hiddenOf(text, 'csrf'),
      anahtar: hiddenOf(text, 'anahtar'),
      kooperatif: COOPERATIVE,
      ...member,
    };
    await go('/ortak', form);
    await go('/ortak', form);
    await go('/ortak', { ...form, ad: 'ALI' });
    const [first, second, third] = house.api.asked.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect([second === first, third === first]).toEqual([true, false]);
  });

  it('takes no form from elsewhere', async () => {
    expect((await go('/ortak', { csrf: 'x', ...member })).status).toBe(403);
    cookies.clear();
    expect((await go('/ortak', { csrf: '', ...member })).status).toBe(403);
    expect(house.api.asked).toEqual([]);
  });

  it('renews the token that is about to end, once it is', async () => {
    house.api.next = answered('mismatch');
    await sendMember();
    house.later(580_000);
    await sendMember();
    await sendMember();
    const [first, second, third] = house.api.asked.map(({ headers }) => headers.authorization);
    expect([first === second, second === third]).toEqual([false, true]);
  });
});

describe('the provider’s word that a session is over', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const claims = (more: object = {}) => ({
    iss: house.issuer,
    aud: 'koopbis-core',
    iat: now(),
    jti: crypto.randomUUID(),
    sub: 'somebody',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    ...more,
  });
  const isSignedIn = async () => dd((await go('/')).text, 'ad-soyad') !== undefined;

  beforeAll(async () => {
    await house.close();
    house = await openHouse();
  });
  beforeEach(() => go('/giris'));

  it('ends the session, once for each token', async () => {
    const token = await house.sign(claims());
    const kept = new Map(cookies);
    expect((await go('/oturum-sonu', { logout_token: token })).status).toBe(200);
    expect(await isSignedIn()).toBe(false);
    cookies = kept;
    await go('/giris');
    expect((await go('/oturum-sonu', { logout_token: token })).status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });

  it('of another session, by its sid, ends none here', async () => {
    const token = await house.sign(claims({ sid: 'another' }));
    expect((await go('/oturum-sonu', { logout_token: token })).status).toBe(200);
    expect(await isSignedIn()).toBe(true);
  });

  it.each<[string, object, { foreign?: boolean; typ?: string }]>([
    ['signed by another key', {}, { foreign: true }],
    ['of another issuer', { iss: 'https://elsewhere.example' }, {}],
    ['for another application', { aud: 'union-portal' }, {}],
    ['without the event', { events: {} }, {}],
    ['with a nonce, as an ID token has', { nonce: 'n' }, {}],
    ['that is too old', { iat: 1_700_000_000 }, {}],
    ['without an id', { jti: undefined }, {}],
    ['that names nobody', { sub: undefined }, {}],
    ['that is an ID token', {}, { typ: 'JWT' }],
  ])('is not believed %s', async (_name, more, options) => {
    const token = await house.sign(claims(more), options);
    expect((await go('/oturum-sonu', { logout_token: token })).status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });

  it('is not believed as anything else', async () => {
    for (const fields of [{}, { logout_token: '' }, { logout_token: 'a.b.c' }])
      expect((await go('/oturum-sonu', fields as Record<string, string>)).status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });
});
