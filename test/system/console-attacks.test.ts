import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import type { AccessRow } from '../../src/console/access-row.js';
import { EntryLook } from '../support/browser-entries.js';
import { ConsoleTab, pathFor } from '../support/console-tab.js';
import { type System, startSystem } from '../support/system.js';
import { People } from '../support/system-people.js';
import { mark, type Shown, SigningIn } from '../support/system-sign-in.js';

let system: System;
let signing: SigningIn;
let people: People;
let look: EntryLook;
let officer: ConsoleTab;

const ROWS = Object.entries(ACCESS) as readonly (readonly [AccessId, AccessRow])[];
/** Everybody of the sandbox who comes into the console, by the one role of each; null: none. */
const ROLES = [
  'security-officer',
  'log-inspector',
  'finance',
  'administrator',
  'ministry-manager',
  'ministry-central',
  'directorate',
  null,
] as const;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 20 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  look = new EntryLook(system);
  officer = await ConsoleTab.open(signing, personOf('security-officer'));
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

/** The `place`th person whose only role is this. */
function personOf(role: string | null, place = 0) {
  if (role === null) return people.nobody();
  const all = system.sandbox.people.filter(
    ({ edevletTotp, is }) => is.length === 1 && is[0]?.split(':')[0] === role && edevletTotp !== null,
  );
  return all[place] as (typeof all)[number];
}

const codes = async () =>
  (await look.since(/^console\.refused/)).map(({ data }) => [data.action, data.code, data.reason]);

describe('forms that are not of the page', () => {
  const SESSIONS = '/konsol/oturumlarim/kapat';
  const fields = () => ({ oturum: 'x', csrf: officer.csrf });
  const web = () => system.sandbox.web;

  it.each([
    ['without a token', 'token', () => officer.tab.post(SESSIONS, { oturum: 'x' })],
    ['with an empty token', 'token', () => officer.tab.post(SESSIONS, { ...fields(), csrf: '' })],
    [
      'with half a token',
      'token',
      () => officer.tab.post(SESSIONS, { ...fields(), csrf: officer.csrf.slice(1) }),
    ],
    [
      'with two tokens, one of them right',
      'token',
      () =>
        officer.tab.ask('POST', SESSIONS, {
          headers: { origin: web(), 'content-type': 'application/x-www-form-urlencoded' },
          body: `csrf=${officer.csrf}&csrf=x&oturum=x`,
        }),
    ],
    [
      'of another origin',
      'foreign-origin',
      () => officer.tab.post(SESSIONS, fields(), { origin: 'https://evil.example' }),
    ],
    ['of no origin', 'foreign-origin', () => officer.tab.post(SESSIONS, fields(), { origin: 'null' })],
    [
      'of our host on another port',
      'foreign-origin',
      () => officer.tab.post(SESSIONS, fields(), { origin: 'https://localhost:1' }),
    ],
    [
      'of our name without TLS',
      'foreign-origin',
      () => officer.tab.post(SESSIONS, fields(), { origin: web().replace('https:', 'http:') }),
    ],
    [
      'that the browser calls cross-site',
      'foreign-origin',
      () => officer.tab.post(SESSIONS, fields(), { 'sec-fetch-site': 'cross-site' }),
    ],
    [
      'that the browser calls same-site',
      'foreign-origin',
      () => officer.tab.post(SESSIONS, fields(), { 'sec-fetch-site': 'same-site' }),
    ],
    [
      'as JSON',
      'token',
      () =>
        officer.tab.ask('POST', SESSIONS, {
          headers: { origin: web(), 'content-type': 'application/json' },
          body: JSON.stringify(fields()),
        }),
    ],
    [
      'as plain text',
      'token',
      () =>
        officer.tab.ask('POST', SESSIONS, {
          headers: { origin: web(), 'content-type': 'text/plain' },
          body: new URLSearchParams(fields()).toString(),
        }),
    ],
  ] as const)('a form %s is refused, with an entry', async (_how, reason, send) => {
    await look.since();
    expect(mark(await send())).toEqual([403, 'sessions.end', 'FORM_INVALID']);
    expect(await codes()).toEqual([['sessions.end', 'FORM_INVALID', reason]]);
    expect((await officer.get('/konsol/oturumlarim')).status).toBe(200);
  });

  it('the token of another session is none, neither a colleague’s nor one’s own of another browser', async () => {
    const colleague = await ConsoleTab.open(signing, personOf('security-officer', 1));
    const again = await ConsoleTab.open(signing, personOf('security-officer', 1));
    for (const other of [officer, again]) {
      await look.since();
      const sent = await colleague.tab.post(SESSIONS, { oturum: 'x', csrf: other.csrf });
      expect(mark(sent)).toEqual([403, 'sessions.end', 'FORM_INVALID']);
      expect(await codes()).toEqual([['sessions.end', 'FORM_INVALID', 'token']]);
    }
  });

  it('a link does what no link may: no action is asked for with GET', async () => {
    const before = await signing.size();
    const methods = ['GET', 'PUT', 'DELETE', 'PATCH'];
    for (const [id, { method }] of ROWS.filter(([, row]) => row.method === 'POST')) {
      // Pages that share the address of an action are pages.
      const isPage = ROWS.some(([, row]) => row.method === 'GET' && pathFor(id) === pathFor(idOf(row)));
      for (const one of methods.slice(isPage ? 1 : 0)) {
        const shown = await officer.tab.ask(one, `${pathFor(id)}?csrf=${officer.csrf}`);
        expect([id, method, one, shown.status]).toEqual([
          id,
          'POST',
          one,
          isPage || one !== 'GET' ? 404 : shown.status,
        ]);
        expect([403, 404]).toContain(shown.status);
      }
    }
    const kinds = (await signing.entries(before)).map(({ kind }) => kind);
    expect(kinds).not.toContain('console.acted');
  });
});

const idOf = (row: AccessRow): AccessId => ROWS.find(([, one]) => one === row)?.[0] as AccessId;

describe('forced browsing', () => {
  it('without a session every page leads to the sign-in, and no action is done', async () => {
    const tab = signing.tab();
    for (const [id, { audience, method }] of ROWS) {
      if (audience === 'anyone') continue;
      const shown =
        method === 'GET' ? await tab.get(pathFor(id)) : await tab.post(pathFor(id), { csrf: 'x' });
      const wanted = method === 'GET' ? [303, '/oidc/auth'] : [401, undefined];
      expect([id, shown.status, shown.location?.pathname]).toEqual([id, ...wanted]);
    }
  });

  it.each(ROLES)('%s is let in exactly where the table says so; every refusal is an entry', async (role) => {
    const visitor = await ConsoleTab.open(signing, personOf(role, role === 'security-officer' ? 1 : 0));
    await look.since();
    const wanted: [AccessId, string][] = [];
    for (const [id, { audience, method }] of ROWS) {
      if (audience === 'anyone') continue;
      const shown =
        method === 'GET' ? await visitor.get(pathFor(id)) : await visitor.tab.post(pathFor(id), {});
      const isOpen = audience === 'signed-in' || (audience as readonly string[]).includes(role ?? '');
      if (!isOpen) {
        expect([id, ...mark(shown)]).toEqual([id, 403, id, 'ROLE_REQUIRED']);
        wanted.push([id, 'ROLE_REQUIRED']);
      } else if (method === 'POST') {
        expect([id, ...mark(shown)]).toEqual([id, 403, id, 'FORM_INVALID']);
        wanted.push([id, 'FORM_INVALID']);
      } else expect([id, shown.content.code]).not.toEqual([id, 'ROLE_REQUIRED']);
    }
    const refused = (await codes()).filter(([, code]) => code === 'ROLE_REQUIRED' || code === 'FORM_INVALID');
    expect(refused.map(([action, code]) => [action, code])).toEqual(wanted);
  });

  it('what is at no address of ours is not there, however it is written', async () => {
    const paths = [
      '/konsol/yok',
      '/konsol/../konsol/guvenlik',
      '/konsol/%2e%2e/oidc',
      '/konsol//guvenlik',
      '/konsol/%',
      '/konsol/%ff',
    ];
    for (const path of [...paths, '/KONSOL/guvenlik', '/konsol/GUVENLIK', `/konsol/${'a'.repeat(5000)}`]) {
      const shown = await officer.tab.get(path);
      expect([path, shown.status < 500]).toEqual([path, true]);
      if (shown.status !== 200)
        expect(shown.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});

describe('somebody else’s matters', () => {
  it('another il’s cooperative is refused to a directorate with an entry, and looks like one that is not there', async () => {
    const [own, other] = [personOf('directorate'), personOf('directorate', 1)];
    expect(own.is).not.toEqual(other.is);
    const directorate = await ConsoleTab.open(signing, own);
    const [, area = ''] = (own.is[0] ?? '').split(':');
    const isOwn = (one: { ilgiliBakanlik: string; il: string }) => `${one.ilgiliBakanlik}/${one.il}` === area;
    const foreign = people.cooperative((one) => !isOwn(one)).mersisNo;
    const mine = people.cooperative(isOwn).mersisNo;
    const nowhere = `${mine.slice(0, -2)}${mine.endsWith('00') ? '01' : '00'}`;
    expect((await directorate.get(`/konsol/mudurluk/kooperatif/${mine}`)).status).toBe(200);
    const told: string[] = [];
    for (const mersisNo of [foreign, nowhere]) {
      await look.since();
      const path = `/konsol/mudurluk/kooperatif/${mersisNo}`;
      const [page, read] = [await directorate.get(path), await directorate.send(`${path}/yenile`, {})];
      expect([mark(page), mark(read)]).toEqual([
        [403, 'cooperative', 'OUTSIDE_OWN_AREA'],
        [403, 'cooperative.refresh', 'OUTSIDE_OWN_AREA'],
      ]);
      const entries = await look.since(/^console\./);
      expect(entries.map(({ kind, data }) => [kind, data.action, data.code, data.about])).toEqual([
        ['console.refused', 'cooperative', 'OUTSIDE_OWN_AREA', mersisNo],
        ['console.refused', 'cooperative.refresh', 'OUTSIDE_OWN_AREA', mersisNo],
      ]);
      told.push(plainOf(page, mersisNo));
    }
    expect(told[0]).toBe(told[1]);
    const list = await directorate.get('/konsol/mudurluk/kooperatifler');
    expect(list.text).toContain(mine);
    expect(list.text).not.toContain(foreign);
  });

  it('a proposal of one’s own is not approved by a forged form, and an approval is not played twice', async () => {
    const administrator = await ConsoleTab.open(signing, personOf('administrator'));
    await Promise.all([administrator.stepUp(), officer.stepUp()]);
    const newcomer = people.subject(3).kimlikNo;
    const grant = { rol: 'security-officer', kimlikNo: newcomer, neden: 'yeni görevli' };
    const proposed = await administrator.send('/konsol/yonetim/roller', grant);
    expect(proposed.status).toBe(303);
    const inbox = await administrator.get('/konsol/kararlar');
    const [path = ''] = /\/konsol\/kararlar\/[0-9A-Za-z-]+/.exec(inbox.text) ?? [];
    await look.since();

    const own = await administrator.send(path, { karar: 'approve' });
    expect([own.status, own.content.code]).toEqual([409, 'SECOND_PERSON_REQUIRED']);
    expect(await codes()).toEqual([['decision.decide', 'SECOND_PERSON_REQUIRED', null]]);
    const finance = await ConsoleTab.open(signing, personOf('finance'));
    expect(mark(await finance.send(path, { karar: 'approve' }))).toEqual([
      404,
      'decision.decide',
      'NOT_FOUND',
    ]);
    await look.since();

    const number = { kimlikNo: newcomer };
    const approved = await officer.send(path, { karar: 'approve', ...number });
    expect([approved.status, approved.location?.searchParams.get('soz')]).toEqual([303, 'approved']);
    const replayed = await officer.send(path, { karar: 'approve', ...number });
    expect(replayed.status).toBe(409);
    expect(await codes()).toEqual([['decision.decide', replayed.content.code, null]]);
    const granted = await system.sql(
      "SELECT count(*)::int AS n FROM bridge.entry WHERE kind = 'role.granted' AND line LIKE '%security-officer%'",
    );
    const before = system.sandbox.people.filter(({ is }) => is.includes('security-officer')).length;
    expect(granted).toEqual([{ n: before + 1 }]);
  });
});

/** A page without what differs from one answer to the next. */
function plainOf({ text }: Shown, mersisNo: string): string {
  return text
    .replaceAll(mersisNo, '#')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '#')
    .replaceAll(/\d{2}:\d{2}(:\d{2})?/g, '#');
}

describe('pages in a stranger’s frame', () => {
  it('no answer may be framed, kept or guessed at: pages, refusals, errors', async () => {
    const GOOD = [
      officer.get('/konsol'),
      officer.get('/konsol/guvenlik'),
      officer.get('/konsol/parcalar'),
      officer.get('/konsol/don'),
      officer.get('/konsol/mali'),
      officer.get('/konsol/yok'),
      officer.get('/konsol/%ff'),
      officer.send('/konsol/guvenlik/arama', { date: 'yarın' }),
      officer.tab.post('/konsol/oturumlarim/kapat', {}),
      signing.tab().post('/konsol/oturumlarim/kapat', {}),
    ];
    const shown = await Promise.all(GOOD);
    expect(shown.map(({ status }) => status)).toEqual([200, 200, 200, 200, 403, 404, 404, 422, 403, 401]);
    for (const { headers } of shown) {
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
      });
    }
  });
});
