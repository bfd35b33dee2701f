import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from '../support/system.js';
import { People } from '../support/system-people.js';
import { mark, retryOf, type Shown, SigningIn, type Tab } from '../support/system-sign-in.js';

let system: System;
let signing: SigningIn;
let person: ReturnType<People['nobody']>;

beforeAll(async () => {
  system = await startSystem({
    people: 200,
    cooperatives: 20,
    settings: (yaml) => {
      yaml.edevlet.timeoutMs = 500;
    },
  });
  signing = new SigningIn(system);
  person = new People(system.sandbox).nobody();
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

const TROUBLE: readonly (readonly [kind: string, status: number, code: string, ms?: number])[] = [
  ['hang', 503, 'UPSTREAM_UNAVAILABLE'],
  ['slow', 503, 'UPSTREAM_UNAVAILABLE', 3000],
  ['reset-mid-answer', 503, 'UPSTREAM_UNAVAILABLE'],
  ['http-503', 503, 'UPSTREAM_UNAVAILABLE'],
  ['html-403', 502, 'UPSTREAM_ANSWER_INVALID'],
  ['truncate', 502, 'UPSTREAM_ANSWER_INVALID'],
  ['refuse-connection', 503, 'UPSTREAM_UNAVAILABLE'],
];
/** Calls that the bridge makes with a code: token, then the two data sets. */
const CALLS = ['the token call', 'the first resource call', 'the second resource call'] as const;

/** Holds a page of refusal against what must be true of each: its code, nothing opened, nothing personal, and a way on. */
async function refused(tab: Tab, callback: URL, status: number, code: string): Promise<Shown> {
  const from = await signing.size();
  const page = await tab.get(callback);
  expect(mark(page)).toEqual([status, 'refused', code]);
  expect(page.text).not.toContain(person.kimlikNo);
  // e-Devlet has named nobody: there is no entry about anybody, and no session.
  expect((await signing.entries(from)).map(({ kind }) => kind)).toEqual([]);
  expect((await tab.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
  return page;
}

async function goesOn(tab: Tab, page: Shown): Promise<void> {
  const end = await signing.onward(tab, await signing.callbackOf(tab, person, retryOf(page)));
  expect(end.location?.searchParams.get('code')).toBeTruthy();
}

describe('while e-Devlet is in trouble nobody is signed in, the page says so with its code, and the same sign-in goes on', () => {
  it.each(
    TROUBLE.flatMap(([kind, status, code, ms]) =>
      CALLS.map((call, after) => ({ kind, call, after, status, code, ms })),
    ),
  )('$kind at $call: $code', async ({ kind, after, status, code, ms }) => {
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, person);
    const delay = ms === undefined ? {} : { ms };
    await system.control.fault({ system: 'edevlet', kind, after, count: 1, ...delay });
    const page = await refused(tab, callback, status, code);
    await system.control.clear();
    await goesOn(tab, page);
  });

  it('an error under HTTP 200 is an error: UPSTREAM_REFUSED', async () => {
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, person);
    await system.control.fault({ system: 'edevlet', kind: 'error-200', count: 1 });
    const page = await refused(tab, callback, 403, 'UPSTREAM_REFUSED');
    await system.control.clear();
    await goesOn(tab, page);
  });

  it('whoever goes back at e-Devlet gets UPSTREAM_CANCELLED and can begin again', async () => {
    const tab = signing.tab();
    const login = await signing.toEdevlet(tab, signing.begin().url);
    const cancel = login.content.forms.find(({ action }) => action.endsWith('/vazgec'));
    const back = await tab.submit(login, cancel as NonNullable<typeof cancel>);
    await goesOn(tab, await refused(tab, back.location as URL, 400, 'UPSTREAM_CANCELLED'));
  });

  it('a cancel before any page is the same', async () => {
    const tab = signing.tab();
    await system.control.fault({ system: 'edevlet', kind: 'cancel', count: 1 });
    const isBack = ({ pathname }: URL) => pathname === '/giris/donus';
    const back = await tab.follow(await tab.get(signing.begin().url), isBack);
    await goesOn(tab, await refused(tab, back.location as URL, 400, 'UPSTREAM_CANCELLED'));
  });

  it.each([
    ['access_denied', 400, 'UPSTREAM_CANCELLED'],
    ['server_error', 403, 'UPSTREAM_REFUSED'],
    ['invalid_scope', 403, 'UPSTREAM_REFUSED'],
    ['e-devlet-word', 403, 'UPSTREAM_REFUSED'],
  ])(
    'a return with error=%s and no state belongs to the newest trip of this browser',
    async (error, status, code) => {
      const tab = signing.tab();
      await signing.toEdevlet(tab, signing.begin().url);
      const back = new URL(`/giris/donus?error=${error}`, system.sandbox.web);
      await goesOn(tab, await refused(tab, back, status, code));
    },
  );
});

it('what e-Devlet did to nobody with a name is audited as counts, each under its code', async () => {
  const counts = await signing.counted();
  const expected = new Map<string, number>();
  for (const [, , code] of TROUBLE) expected.set(code, (expected.get(code) ?? 0) + CALLS.length);
  expect(counts.get('UPSTREAM_ANSWER_INVALID')).toBe(expected.get('UPSTREAM_ANSWER_INVALID'));
  expect(counts.get('UPSTREAM_UNAVAILABLE')).toBeGreaterThanOrEqual(
    expected.get('UPSTREAM_UNAVAILABLE') ?? 0,
  );
  expect(counts.get('UPSTREAM_CANCELLED')).toBe(3);
  expect(counts.get('UPSTREAM_REFUSED')).toBeGreaterThanOrEqual(2);
});
