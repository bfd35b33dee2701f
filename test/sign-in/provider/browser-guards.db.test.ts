import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import { formOf, type Page, saysOf } from './support/browser.js';
import { CORE, callbackOf, openProviderHouse, outOf, type ProviderHouse } from './support/house.js';
import { named, UPSTREAM_ORIGIN } from './support/upstream.js';
import { begin, pressOn, returnOf, signIn } from './support/walk.js';

let house: ProviderHouse;
beforeAll(async () => {
  house = await openProviderHouse();
});
afterAll(() => house?.close());

const SESSION_COOKIE = '__Host-koopbis';
const sizeOf = async () => (await house.told()).length;
/** A browser that stands at the upstream. */
const atUpstream = async () => {
  const browser = house.browser();
  const begun = await begin(await house.client(CORE));
  const sent = await browser.go(begun.url);
  if (new URL(sent.url).origin !== UPSTREAM_ORIGIN) throw new Error('not at the upstream');
  return { browser, begun, sent, state: new URL(sent.url).searchParams.get('state') ?? '' };
};
const sayNo = (page: Page, status: number, code: string) => {
  expect([page.status, saysOf(page)]).toEqual([status, { page: 'refused', code }]);
  expect(page.headers.location).toBeUndefined();
};

describe('an address to return to that is not registered (open redirect)', () => {
  it.each([
    ['of somebody else', 'https://kotu.example/cb'],
    ['with a path added', `${callbackOf(CORE)}/..`],
    ['with a query added', `${callbackOf(CORE)}?next=https://kotu.example`],
    ['with a user in front', callbackOf(CORE).replace('https://', 'https://kotu.example@')],
    ['of another scheme', callbackOf(CORE).replace('https:', 'http:')],
  ])('%s ends on a page, and the browser is sent nowhere', async (_what, redirect_uri) => {
    const begun = await begin(await house.client(CORE), { redirect_uri });
    sayNo(await house.browser().go(begun.url), 400, 'APPLICATION_REFUSED');
  });

  it('ends on a page after signing out too', async () => {
    const { browser, tokens } = await signIn(house);
    for (const uri of ['https://kotu.example/', `${outOf(CORE)}?x=1`]) {
      const query = new URLSearchParams({
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: uri,
      });
      sayNo(await browser.go(`/oidc/session/end?${query}`), 400, 'APPLICATION_REFUSED');
    }
  });

  it('is not followed where no client stands beside it', async () => {
    const query = new URLSearchParams({ post_logout_redirect_uri: 'https://kotu.example/' });
    const page = await house.browser().go(`/oidc/session/end?${query}`);
    expect(saysOf(page).page).toBe('signed-out');
  });

  it('ends on a page for a client that nobody knows', async () => {
    const url = new URL((await begin(await house.client(CORE))).url);
    url.searchParams.set('client_id', 'kimse');
    sayNo(await house.browser().go(url.href), 400, 'APPLICATION_REFUSED');
  });
});

describe('an answer by another way than the address', () => {
  it.each(['form_post', 'fragment', 'web_message', 'query query'])(
    'is refused with a page, and no step begins: %s',
    async (mode) => {
      const url = new URL((await begin(await house.client(CORE))).url);
      url.searchParams.set('response_mode', mode);
      sayNo(await house.browser().go(url.href), 400, 'APPLICATION_REFUSED');
    },
  );
});

describe('every page', () => {
  const expectGuarded = ({ headers, body }: Page) => {
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('script-src');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(body).not.toMatch(/<script|\son[a-z]+=/i);
  };

  it('stands in nobody’s frame, runs no script and is kept by nobody', async () => {
    const { browser, sent } = await atUpstream();
    const notice = await browser.go(returnOf(house, sent, named('200000011')));
    expect(saysOf(notice).page).toBe('notice');
    const told = await browser.submit(notice);
    expect(saysOf(told).page).toBe('told');
    await browser.submit(told);
    const pages = [
      notice,
      told,
      await browser.go('/hesabim'),
      await browser.go('/hesabim/ikinci-adim'),
      await browser.go('/aydinlatma'),
      await browser.go('/oidc/session/end'),
      await browser.go('/oidc/auth?client_id=kimse'),
      await browser.go('/giris/donus?code=x'),
      await browser.go('/giris/adim/yok'),
    ];
    expect(pages.map((page) => saysOf(page).page)).toEqual([
      'notice',
      'told',
      'account',
      'enrol',
      'notice',
      'sign-out',
      'refused',
      'refused',
      'refused',
    ]);
    for (const page of pages) expectGuarded(page);
    const out = await browser.submit(await browser.go('/oidc/session/end'), { logout: 'yes' });
    expect(saysOf(out).page).toBe('signed-out');
    expectGuarded(out);
  });

  it('lets forms lead nowhere but to us, the upstream and the registered applications', async () => {
    const { headers } = await house.browser().go('/aydinlatma');
    const targets =
      /form-action ([^;]+)/.exec(String(headers['content-security-policy']))?.[1]?.split(' ') ?? [];
    expect(targets).toContain("'self'");
    expect(targets).toContain(new URL(callbackOf(CORE)).origin);
    expect(targets).not.toContain('*');
    expect(targets).not.toContain('https:');
  });
});

describe('cookies', () => {
  it('are bound to this host, to HTTPS, kept from scripts, and never the session itself', async () => {
    const { browser } = await signIn(house);
    const names = browser.cookies.map(({ name }) => name);
    for (const name of names) expect(name).toMatch(/^__(?:Host|Secure)-/);
    const page = await browser.ask('/oidc/session/end');
    for (const line of [page.headers['set-cookie'] ?? []].flat()) {
      expect(line.toLowerCase()).toContain('secure');
      expect(line.toLowerCase()).toContain('httponly');
      expect(line.toLowerCase()).toContain('samesite=lax');
      expect(line.toLowerCase()).not.toContain('domain=');
    }
    const { rows } = await house.test.db.query<{ session_id: string }>({
      text: 'SELECT session_id FROM bridge.sign_in_session',
    });
    const values = browser.cookies.map(({ value }) => value).join(' ');
    for (const { session_id } of rows) expect(values).not.toContain(session_id);
  });

  it('of before a sign-in are not those of after it (session fixation)', async () => {
    const browser = house.browser();
    await browser.go('/oidc/session/end');
    const before = browser.cookie(SESSION_COOKIE);
    expect(before).toBeDefined();
    await signIn(house, { browser });
    const after = browser.cookie(SESSION_COOKIE);
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
  });

  it('that somebody else planted before a sign-in show them nothing after it', async () => {
    const attacker = house.browser();
    await attacker.go('/oidc/session/end');
    const victim = house.browser();
    victim.cookies = structuredClone(attacker.cookies);
    await signIn(house, { browser: victim });
    expect(saysOf(await victim.go('/hesabim')).page).toBe('account');
    const seen = await attacker.go('/hesabim');
    expect(new URL(seen.url).origin).toBe(UPSTREAM_ORIGIN);
  });

  it('go over to a new key without a sign-in, and those of a key that was taken away are none', async () => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    try {
      await house.restart({ cookieKeys: [old] });
      const [came, stayedAway] = [(await signIn(house)).browser, (await signIn(house)).browser];
      const account = await came.go('/hesabim');
      expect(saysOf(account).page).toBe('account');
      // Both keys stand in the settings: what the old one signed holds, a form that was open too, and is signed anew.
      await house.restart({ cookieKeys: [next, old] });
      expect(saysOf(await came.go('/hesabim')).page).toBe('account');
      const posted = await came.submit(account, { oturum: 'none' });
      expect(saysOf(posted).page).toBe('account');
      await house.restart({ cookieKeys: [next] });
      expect(saysOf(await came.go('/hesabim')).page).toBe('account');
      expect(new URL((await stayedAway.go('/hesabim')).url).origin).toBe(UPSTREAM_ORIGIN);
    } finally {
      await house.restart();
    }
  });

  it('that were changed or carry no signature are none', async () => {
    const { browser } = await signIn(house);
    const unsigned = house.browser();
    unsigned.cookies = browser.cookies.filter(({ name }) => !name.endsWith('.sig'));
    const changed = house.browser();
    changed.cookies = browser.cookies.map((one) =>
      one.name === SESSION_COOKIE ? { ...one, value: `${one.value}x` } : one,
    );
    for (const other of [unsigned, changed])
      expect(new URL((await other.go('/hesabim')).url).origin).toBe(UPSTREAM_ORIGIN);
  });
});

describe('the return from e-Devlet', () => {
  it('with a state that was used before is refused', async () => {
    const { browser, sent } = await atUpstream();
    const back = returnOf(house, sent);
    await browser.go(back);
    const from = await sizeOf();
    sayNo(await browser.go(back), 403, 'SIGN_IN_STATE_INVALID');
    expect(await house.told(from)).toEqual([]);
  });

  it('with the state of another browser is refused, with or without a trip of its own, and takes nothing from its owner', async () => {
    const victim = await atUpstream();
    const other = await atUpstream();
    const code = house.upstream.codeFor(named('200000001'));
    const stolen = `${house.issuer}/giris/donus?state=${victim.state}&code=${code}`;
    sayNo(await other.browser.go(stolen), 403, 'SIGN_IN_STATE_INVALID');
    sayNo(await house.browser().go(stolen), 403, 'SIGN_IN_STATE_INVALID');
    expect(saysOf(await victim.browser.go(returnOf(house, victim.sent))).page).toMatch(/notice|told/);
  });

  it('signs nobody in to a browser with the code of somebody else (login CSRF)', async () => {
    const attacker = await atUpstream();
    const victim = house.browser();
    sayNo(await victim.go(returnOf(house, attacker.sent)), 403, 'SIGN_IN_STATE_INVALID');
    expect(victim.cookie(SESSION_COOKIE)).toBeUndefined();
  });

  it('that nobody asked for is refused', async () => {
    const browser = house.browser();
    sayNo(await browser.go('/giris/donus?code=abc'), 403, 'SIGN_IN_UNSOLICITED');
    sayNo(await browser.go('/giris/donus'), 403, 'SIGN_IN_UNSOLICITED');
    const waiting = await atUpstream();
    sayNo(await waiting.browser.go('/giris/donus?code=abc'), 403, 'SIGN_IN_UNSOLICITED');
  });

  it.each([
    ['UPSTREAM_REFUSED', 403],
    ['UPSTREAM_UNAVAILABLE', 503],
    ['UPSTREAM_ANSWER_INVALID', 502],
  ] as const)('that ends in %s is a page from which it can be tried again', async (code, status) => {
    const { browser, state } = await atUpstream();
    const failing = house.upstream.codeFor(new BridgeError(code, 'for this test') as never);
    const page = await browser.go(`${house.issuer}/giris/donus?state=${state}&code=${failing}`);
    sayNo(page, status, code);
    const retry = /href="(\/giris\/adim\/[^"]+)"/.exec(page.body)?.[1] ?? '';
    expect(new URL((await browser.go(retry)).url).origin).toBe(UPSTREAM_ORIGIN);
  });

  it('of a person who went back is a page from which it can be tried again, also where it names no state', async () => {
    for (const withState of [true, false]) {
      const { browser, state } = await atUpstream();
      const page = await browser.go(`/giris/donus?error=access_denied${withState ? `&state=${state}` : ''}`);
      expect(saysOf(page)).toEqual({ page: 'refused', code: 'UPSTREAM_CANCELLED' });
      const retry = /href="(\/giris\/adim\/[^"]+)"/.exec(page.body)?.[1] ?? '';
      const sent = await browser.go(retry);
      const end = await pressOn(browser, await browser.go(returnOf(house, sent)));
      expect(new URL(end.url).searchParams.get('code')).not.toBeNull();
    }
  });
});

describe('a sign-in without two steps', () => {
  it.each([
    ['by password alone', '1', 'no'],
    ['by a bank', '6', 'no'],
    ['of an unknown strength', '99', 'unknown'],
    ['of which nothing was said', null, 'unknown'],
  ] as const)(
    '%s ends on a page with 403, gives no session, and stands in the person’s entries',
    async (_what, level, twoStep) => {
      const { browser, sent } = await atUpstream();
      const sessions = async () =>
        (await house.test.db.query({ text: 'SELECT 1 FROM bridge.sign_in_session' })).count;
      const before = await sessions();
      const from = await sizeOf();
      const page = await browser.go(returnOf(house, sent, named('200000005', level)));
      sayNo(page, 403, 'TWO_STEP_REQUIRED');
      expect(page.body).toContain('iki aşamalı giriş');
      expect(await sessions()).toBe(before);
      const entries = await house.told(from);
      expect(entries.map(({ kind, data }) => [kind, data])).toEqual([
        [
          'two-step.judged',
          expect.objectContaining({
            judged: 'no-two-step-refused',
            level,
            twoStep,
            inForceFrom: '2025-07-31',
          }),
        ],
        ['session.refused', { client: CORE, method: 'e-devlet', reason: 'two-step-required' }],
      ]);
      expect(new URL((await browser.go('/hesabim')).url).origin).toBe(UPSTREAM_ORIGIN);
    },
  );

  it('loses nothing: with two steps switched on, the same sign-in goes on to the application', async () => {
    const { browser, sent, begun } = await atUpstream();
    const page = await browser.go(returnOf(house, sent, named('200000005', '1')));
    const retry = /href="(\/giris\/adim\/[^"]+)"/.exec(page.body)?.[1] ?? '';
    const again = await browser.go(retry);
    const end = await pressOn(browser, await browser.go(returnOf(house, again, named('200000005'))));
    expect(new URL(end.url).searchParams.get('state')).toBe(begun.state);
    expect(new URL(end.url).searchParams.get('code')).not.toBeNull();
  });
});

describe('a form', () => {
  it('from another origin is refused, and what it would have done is not done', async () => {
    const { browser, sent } = await atUpstream();
    const notice = await browser.go(returnOf(house, sent, named('200000006')));
    const { action } = formOf(notice);
    const from = await sizeOf();
    for (const headers of [
      { origin: 'https://kotu.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ] as Record<string, string>[])
      sayNo(await browser.ask(action, { form: {}, headers }), 403, 'FORM_INVALID');
    expect(await house.told(from)).toEqual([]);
  });

  it('of an interaction that is another browser’s is refused', async () => {
    const { browser, sent } = await atUpstream();
    const notice = await browser.go(returnOf(house, sent, named('200000008')));
    const { action } = formOf(notice);
    sayNo(await house.browser().ask(action, { form: {} }), 400, 'SIGN_IN_EXPIRED');
  });

  it('of the account without its token, or with that of another session, is refused', async () => {
    const { browser } = await signIn(house);
    const other = await signIn(house, { who: named('200000009') });
    const foreign = formOf(await other.browser.go('/hesabim')).hidden;
    const from = await sizeOf();
    for (const form of [{ oturum: 'x' }, foreign])
      sayNo(await browser.ask('/hesabim/oturumlar/kapat', { form }), 403, 'FORM_INVALID');
    expect(await house.told(from)).toEqual([]);
  });

  it('cannot end the session of somebody else', async () => {
    const { browser } = await signIn(house);
    const other = await signIn(house, { who: named('200000010') });
    const { csrf = '' } = formOf(await browser.go('/hesabim')).hidden;
    const { oturum = '' } = formOf(await other.browser.go('/hesabim')).hidden;
    await browser.ask('/hesabim/oturumlar/kapat', { form: { csrf, oturum } });
    expect(saysOf(await other.browser.go('/hesabim')).page).toBe('account');
  });

  it('that signs out needs the secret of its page', async () => {
    const { browser } = await signIn(house);
    await browser.go('/oidc/session/end');
    sayNo(
      await browser.ask('/oidc/session/end/confirm', { form: { xsrf: 'guessed', logout: 'yes' } }),
      400,
      'APPLICATION_REFUSED',
    );
    expect(saysOf(await browser.go('/hesabim')).page).toBe('account');
  });
});
