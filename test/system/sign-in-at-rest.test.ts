import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Form, formWith } from '../../mocks/sandbox/walk/read-page.js';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { signingKeyPlace } from '../../src/sign-in/provider/keys.js';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { type System, startSystem } from '../support/system.js';
import { bridgeCommand } from '../support/system-command.js';
import { People } from '../support/system-people.js';
import { codeOf, mark, retryOf, type Shown, SigningIn, type Tab } from '../support/system-sign-in.js';

type Person = ReturnType<People['nobody']>;

/** Names that stand nowhere by chance. */
const NAMES = { ad: 'ZÜMRÜDÜANKA', soyad: 'KARATAVUKGİLLER' };
const STEP_UP = { acr_values: 'urn:koopbis:acr:step-up' };

let system: System;
let signing: SigningIn;
let people: People;
/** By what each is, so that a failure names a kind and no secret. */
const secrets = new Map<string, Set<string>>();
const printed = new Map<string, string>();
/** Every column of every table as text; bytes as hex. */
const rows: { table: string; text: string }[] = [];

function keep(kind: string, ...values: readonly (string | null | undefined)[]): void {
  const known = secrets.get(kind) ?? new Set<string>();
  for (const value of values) if (value) known.add(value);
  secrets.set(kind, known);
}

function keepPerson(person: Person): void {
  keep('identity number', person.kimlikNo);
  keep('password', person.password);
  keep('TOTP secret', person.edevletTotp, person.stepUpTotp);
}

function keepUrl(url: URL): void {
  keep('code', url.searchParams.get('code'));
  keep('state', url.searchParams.get('state'));
}

beforeAll(async () => {
  system = await startSystem({
    people: 300,
    cooperatives: 30,
    settings: (yaml) => (yaml.log = { level: 'debug' }),
  });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  const named = await renamed();
  await signInAndOut(named);
  await enrol(named);
  await stepUp(people.person(({ is }) => is.includes('administrator')));
  await refusals(named);
  await commands();
  await collect();
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

async function renamed(): Promise<Person> {
  const person = people.nobody();
  await system.control.patchPerson(person.kimlikNo, NAMES);
  keepPerson(person);
  keep('name', ...Object.values(NAMES), ...Object.values(NAMES).map((name) => name.toLocaleLowerCase('tr')));
  return { ...person, ...NAMES };
}

/** A sign-in whose every secret is kept for the search. */
async function signedIn(person: Person, more: Record<string, string> = {}, tab: Tab = signing.tab()) {
  keepPerson(person);
  const begun = signing.begin('koopbis-core', { scope: 'openid kimlik', ...more });
  keep('state', begun.state);
  keep('nonce', begun.nonce);
  keep('verifier', begun.verifier);
  const callback = await signing.callbackOf(tab, person, begun.url);
  keepUrl(callback);
  const end = await signing.onward(tab, callback);
  return { tab, begun, end };
}

async function redeemed(begun: ReturnType<SigningIn['begin']>, end: Shown) {
  keepUrl(end.location as URL);
  const { status, body } = await signing.token(signing.grant(begun, end.location as URL));
  expect(status).toBe(200);
  keep('token', body.access_token, body.refresh_token, body.id_token);
  keep('sub', claims(body.id_token).sub);
  return body as { access_token: string; refresh_token: string; id_token: string };
}

const claims = (jwt: string) =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));

async function signInAndOut(person: Person): Promise<void> {
  const { tab, begun, end } = await signedIn(person);
  const tokens = await redeemed(begun, end);
  expect(claims(tokens.id_token)).toMatchObject({ kimlik_no: person.kimlikNo, given_name: NAMES.ad });
  const fields = { grant_type: 'refresh_token', client_id: 'koopbis-core' };
  const { body } = await signing.token({ ...fields, refresh_token: tokens.refresh_token });
  keep('token', body.access_token, body.refresh_token, body.id_token);
  await tab.get('/hesabim');
  const out = await tab.get('/oidc/session/end');
  await tab.submit(out, out.content.forms[0] as Form);
  keepCookies(tab);
}

/** Sets a second step up, proves it with a recovery code, and begins a further enrolment that stays pending. */
async function enrol(person: Person): Promise<void> {
  const { tab, begun, end } = await signedIn(person);
  await redeemed(begun, end);
  const page = await tab.get('/hesabim/ikinci-adim');
  expect(mark(page).slice(0, 2)).toEqual([200, 'enrol']);
  const totp = secretOf(page);
  keep('TOTP secret', totp);
  const form = formWith(page.content, 'kod', 'csrf') as Form;
  keep('token of a form', form.fields.find(([name]) => name === 'csrf')?.[1]);
  const done = await tab.submit(page, form, { kod: codeOf(totp) });
  expect(mark(done).slice(0, 2)).toEqual([200, 'recovery-codes']);
  const codes = [...done.text.matchAll(/<code>([0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5})<\/code>/g)].map(
    ([, code]) => code as string,
  );
  expect(codes).toHaveLength(10);
  keep('recovery code', ...codes, ...codes.map((code) => code.replaceAll('-', '')));
  const asked = await signing.onward(tab, signing.begin('koopbis-core', STEP_UP).url);
  const proof = formWith(asked.content, 'kod') as Form;
  const proved = await tab.submit(asked, proof, { kod: codes[0] as string });
  expect(proved.status).toBe(303);
  const again = await tab.get('/hesabim/ikinci-adim');
  if (again.content.page === 'enrol') keep('TOTP secret', secretOf(again));
  keepCookies(tab);
}

const secretOf = (page: Shown) => {
  const [, shown = ''] = /<code class="secret">([A-Z2-7\s]+)<\/code>/.exec(page.text) ?? [];
  expect(shown).not.toBe('');
  return shown.replaceAll(/\s/g, '');
};

async function stepUp(person: Person): Promise<void> {
  const { tab, begun, end } = await signedIn(person, STEP_UP);
  const form = formWith(end.content, 'kod') as Form;
  await tab.submit(end, form, { kod: '000000' });
  const page = await tab.submit(end, form, { kod: codeOf(person.stepUpTotp as string) });
  await redeemed(begun, await signing.onward(tab, page));
  keepCookies(tab);
}

/** Refusals of every kind that a person can meet, with secrets in hand. */
async function refusals(person: Person): Promise<void> {
  const oneStep = people.person((one) => one.edevletTotp === null && one.durum === 'açık');
  keepPerson(oneStep);
  const refused = signing.tab();
  const callback = await signing.callbackOf(refused, oneStep);
  keepUrl(callback);
  retryOf(await refused.get(callback));
  await refused.get(callback);
  await signing.tab().get(callback);
  for (const kind of ['truncate', 'html-403', 'error-200', 'http-503']) {
    const tab = signing.tab();
    const back = await signing.callbackOf(tab, person);
    keepUrl(back);
    await system.control.fault({ system: 'edevlet', kind, after: kind === 'truncate' ? 2 : 0, count: 1 });
    await tab.get(back);
    await system.control.clear();
    keepCookies(tab);
  }
  const { tab, begun, end } = await signedIn(person);
  keepUrl(end.location as URL);
  await signing.token(signing.grant(begun, end.location as URL), 'union-portal');
  await signing.token({ ...signing.grant(begun, end.location as URL), code_verifier: person.kimlikNo });
  await tab.get(`/giris/donus?code=${person.kimlikNo}&state=${person.kimlikNo}`);
  await tab.get(`/oidc/auth?client_id=${person.kimlikNo}&login_hint=${person.kimlikNo}`);
  await tab.get(`/giris/adim/${person.kimlikNo}`);
  await tab.get(`/${person.kimlikNo}`);
  await tab.get('/hesabim', { 'user-agent': person.kimlikNo, 'x-request-id': person.kimlikNo });
  await tab.post('/hesabim/ikinci-adim', { kod: person.kimlikNo, csrf: person.kimlikNo });
  keepCookies(refused);
  keepCookies(tab);
}

async function commands(): Promise<void> {
  const officer = people.person(({ is }) => is.includes('security-officer'));
  const { begun, end } = await signedIn(officer);
  const { access_token: token } = await redeemed(begun, end);
  for (const args of [
    ['sessions', 'list'],
    ['roles', 'list'],
    ['sessions', 'list', '--json'],
  ]) {
    const ran = await bridgeCommand(system, args, token);
    expect(ran).toMatchObject({ code: 0, err: '' });
    printed.set(`bridge ${args.join(' ')}`, ran.out);
  }
  const wrong = await bridgeCommand(
    system,
    ['step-up', 'reset'],
    `${token}\n{"person":"${officer.kimlikNo}"}`,
  );
  printed.set('bridge step-up reset', `${wrong.out}${wrong.err}`);
  printed.set('bridge config show', (await bridgeCommand(system, ['config', 'show'])).out);
}

function keepCookies(tab: Tab): void {
  for (const cookie of tab.cookies) {
    const value = cookie.slice(cookie.indexOf('=') + 1);
    if (value.length > 8) keep('cookie', value);
  }
}

async function collect(): Promise<void> {
  // What the processes outside of the bridge write is theirs.
  for (const name of readdirSync(system.layout.logs))
    if (!/^(stand-ins|rights|koopbis)\.log$/.test(name))
      printed.set(name, readFileSync(join(system.layout.logs, name), 'utf8'));
  for (const path of ['/metrics', '/readyz', '/livez'])
    printed.set(path, await (await fetch(`${system.sandbox.ops}${path}`)).text());
  const { logFile } = await attachEmbedded({ directory: system.layout.database });
  printed.set('log of the database', readFileSync(logFile, 'utf8'));
  for (const name of readdirSync(system.layout.secrets)) {
    const text = readFileSync(join(system.layout.secrets, name), 'utf8').trim();
    keep('secret of the settings', text);
  }
  const tables = await system.sql(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE relkind IN ('r', 'p', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables)
    for (const { text } of await system.sql(`SELECT t::text AS text FROM ONLY ${name} t`))
      rows.push({ table: name, text });
  await keepSigningKeys();
}

/** The private members of every key that signs ID tokens, opened as the bridge opens them. */
async function keepSigningKeys(): Promise<void> {
  const master = readFileSync(join(system.layout.secrets, 'master-key'), 'utf8').trim();
  const keys = createMasterKeys([{ id: 'sandbox-1', key: Buffer.from(master, 'base64') }]);
  const stored = await system.sql('SELECT kid, box, master_key_id FROM bridge.sign_in_key');
  expect(stored.length).toBeGreaterThan(0);
  for (const { kid, box, master_key_id: id } of stored) {
    const opened = keys.unwrap(box, signingKeyPlace(kid), id);
    keep('signing key', opened.toString('latin1').slice(0, 60));
    const text = opened.toString('utf8');
    if (text.startsWith('{'))
      for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) keep('signing key', JSON.parse(text)[part]);
  }
}

/** As careless programs write a text: as it is, encoded, escaped, as bytes of a column. */
function forms(text: string): string[] {
  const all: Buffer[] = [Buffer.from(text, 'utf8')];
  if (/^[A-Z2-7]{32}$/.test(text)) all.push(fromBase32(text));
  else if (/^[\w+/-]{42,}=*$/.test(text)) all.push(Buffer.from(text, 'base64'));
  const encoded = all.flatMap((bytes) => [
    bytes.toString('hex'),
    // A base64 of something longer holds this one only where the place fits: all three are looked for.
    ...[0, 1, 2].map((shift) => middleOf(Buffer.concat([Buffer.alloc(shift), bytes]), shift)),
  ]);
  const hashes = /^\d{11}$/.test(text)
    ? ['md5', 'sha1', 'sha256'].map((name) => createHash(name).update(text).digest('hex'))
    : [];
  return [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...encoded, ...hashes];
}

/** The letters of a base64 that depend on these bytes alone. */
function middleOf(bytes: Buffer, shift: number): string {
  const from = shift === 0 ? 0 : shift + 1;
  const whole = bytes.length - (bytes.length % 3);
  return bytes.subarray(0, whole).toString('base64').slice(from);
}

function fromBase32(text: string): Buffer {
  const bits = [...text]
    .map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Kinds of secrets with the places where one stands in clear. */
function found(places: Iterable<readonly [name: string, text: string]>, kinds: readonly string[]): string[] {
  const needles = kinds.flatMap((kind) =>
    [...(secrets.get(kind) ?? [])].map(
      (secret) => [kind, forms(secret).filter(({ length }) => length > 6)] as const,
    ),
  );
  const hits = new Set<string>();
  for (const [name, text] of places)
    for (const [kind, all] of needles)
      if (all.some((one) => text.includes(one))) hits.add(`${kind}: ${name}`);
  return [...hits];
}

const tables = () => rows.map(({ table, text }) => [table, text] as const);
/** Everything but what an application is told and keeps: `sub` stands for a person there. */
const SECRETS = [
  'code',
  'state',
  'nonce',
  'verifier',
  'token',
  'cookie',
  'token of a form',
  'TOTP secret',
  'recovery code',
  'password',
  'signing key',
  'secret of the settings',
];
const PERSONAL = ['identity number', 'name', 'sub'];

describe('after sign-ins, step-ups, enrolments and refusals of every kind', () => {
  it('there was something to find: secrets of every kind, and rows in every table of sign-in', () => {
    for (const kind of [...SECRETS, ...PERSONAL])
      expect([kind, (secrets.get(kind)?.size ?? 0) > 0]).toEqual([kind, true]);
    const filled = new Set(rows.map(({ table }) => table));
    for (const table of [
      'sign_in_session',
      'session_client',
      'access_token',
      'oidc_record',
      'upstream_state',
      'sign_in_key',
      'step_up_device',
      'step_up_recovery_code',
      'notice_read',
    ])
      expect([table, filled.has(`bridge.${table}`)]).toEqual([table, true]);
    expect(printed.get('bridge.log')).toContain('sign-in.ended');
  });

  it('the search finds what stands in clear: a planted row in each form is seen', () => {
    const [token = ''] = secrets.get('token') ?? [];
    const bytes = Buffer.from(`ab${token}`, 'utf8');
    for (const text of [`x ${token} y`, bytes.toString('hex'), bytes.toString('base64')])
      expect(found([['planted', text]], ['token'])).toEqual(['token: planted']);
  });

  it('no signing key, TOTP secret, recovery code, cookie, code, state or token stands in clear in any table', () => {
    expect(found(tables(), SECRETS)).toEqual([]);
  });

  it('nobody’s number or name stands in clear in any table, and no plain hash of a number', () => {
    expect(found(tables(), PERSONAL)).toEqual([]);
  });

  it('none of them stands in any log, in metrics, or in what a command prints', () => {
    expect(found(printed, [...SECRETS, ...PERSONAL])).toEqual([]);
  });

  it('ids of the provider’s records are hashes: what a stolen table holds opens nothing', async () => {
    const [token = ''] = secrets.get('token') ?? [];
    const hash = createHash('sha256').update(token).digest();
    const known = await system.sql('SELECT 1 FROM bridge.oidc_record WHERE id_hash = $1', [hash]);
    const lying = rows.find(({ table }) => table === 'bridge.access_token');
    expect([known.length <= 1, lying === undefined]).toEqual([true, false]);
    for (const text of [hash.toString('hex'), hash.toString('base64url')])
      expect((await system.call({ token: text, body: {} })).status).toBe(401);
  });
});
