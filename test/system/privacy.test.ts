import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PLANTED, photographBase64, traitsOf } from '../../mocks/nvi/planted.js';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { BUILT, type System, startSystem } from '../support/system.js';
import { Asking, plain } from '../support/system-asking.js';
import { type Answer, VERIFICATIONS } from '../support/system-call.js';

/** Names and a birth date that stand nowhere by chance. */
const NAMES = { ad: 'ZÜMRÜDÜANKA', soyad: 'KARATAVUKGİLLER' };
const BIRTH = '1931-07-23';

let system: System;
let asking: Asking;
/** Everybody who asked or was asked about: none of these numbers may be found anywhere. */
const numbers = new Set<string>();
const secrets = new Set<string>();
/** What the bridge said to callers: status lines aside, every byte. */
const answers: Answer[] = [];
/** What it printed: both instances' output, metrics, and the command line's. */
const printed = new Map<string, string>();
let dump = '';

beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      Object.assign(yaml.kps, { connectTimeoutMs: 500, timeoutMs: 700, stsTimeoutMs: 700 });
      yaml.limits = { answerDeadlineMs: 4000, queriesPerUserPerMinute: 2000 };
      yaml.log = { level: 'debug' };
    },
  });
  asking = new Asking(system);
  numbers.add(asking.board.kimlikNo);
  await outcomes();
  await faults();
  await slips();
  await otherServices();
  await nonsense();
  await collect();
});
afterAll(() => system?.stop());

async function say(over: Parameters<Asking['ask']>[0]): Promise<Answer> {
  const answer = await asking.ask(over);
  answers.push(answer);
  return answer;
}

/** Asks about somebody, by default with everything right, and remembers the number. */
function about(
  person: { kimlikNo: string; ad: string; soyad: string; dogumTarihi: string },
  over: object = {},
) {
  numbers.add(person.kimlikNo);
  return { about: { subject: plain({ ...person, ...over }) } };
}

async function outcomes(): Promise<void> {
  const { people } = asking;
  const named = people.subject(30);
  await system.control.patchPerson(named.kimlikNo, { ...NAMES, dogumTarihi: BIRTH });
  const renamed = { ...named, ...NAMES, dogumTarihi: BIRTH };
  const told = [
    await say(about(renamed)),
    await say(about(renamed, { soyad: 'BAŞKA' })),
    await say(about(renamed, { dogumTarihi: '1931-07-24' })),
    await say(about(people.person((one) => one.durum === 'ölüm'))),
    await say(about(people.person((one) => one.durum === 'kapalı'))),
    await say(about(people.person((one) => one.kimlikNo.startsWith('9')))),
    await say(about(people.person((one) => one.soyad === ''))),
    await say({ ...about(renamed), headers: { 'X-Koopbis-User-Address': '203.0.113.77' } }),
  ];
  expect(new Set(told.map(({ body }) => body.outcome))).toEqual(
    new Set(['match', 'mismatch', 'not-found', 'deceased', 'inactive']),
  );
}

async function faults(): Promise<void> {
  const kinds =
    'hang reset-mid-answer http-503 html-403 truncate invalid-security wrong-relates-to hata-2 hata-8 hata-10';
  for (const [place, kind] of [...kinds.split(' '), 'refuse-connection'].entries()) {
    await system.control.fault({ system: 'kps', kind, count: 1 });
    const person = asking.people.subject(31 + place);
    const answer = await say({ ...about(person), headers: { 'Idempotency-Key': `privacy-${place}` } });
    await system.control.clear();
    await say({ ...about(person), headers: { 'Idempotency-Key': `privacy-${place}` } });
    if (answer.body.id !== undefined)
      await say({ path: `${VERIFICATIONS}/${answer.body.id}`, method: 'GET', raw: '' });
  }
}

/** Numbers where they do not belong: a clerk's slip, a careless program. */
async function slips(): Promise<void> {
  const person = asking.people.subject(50);
  const number = person.kimlikNo;
  numbers.add(number);
  const shown = [number, `req-${number}`, `TC${number}`, `${number}.1`];
  for (const text of shown) {
    for (const name of [
      'X-Request-Id',
      'X-Koopbis-Screen',
      'Idempotency-Key',
      'User-Agent',
      'traceparent',
      'X-Koopbis-User-Address',
      'X-Other',
    ])
      await say({ ...about(person), headers: { [name]: text } });
    await say({ about: { reference: text } });
    await say({ about: { reference: `2026 ${text}` } });
    await say({ about: { purpose: text } });
    await say({ about: { cooperative: text } });
    await say({ about: { retryOf: text } });
    await say({ about: { [text]: text } });
    await say({ token: text });
    for (const path of [
      `/${text}`,
      `${VERIFICATIONS}/${text}`,
      `${VERIFICATIONS}?kimlikNo=${text}`,
      `/v1/people/${text}/x`,
      `/%${text}`,
    ])
      for (const method of ['GET', 'POST', 'DELETE']) await say({ path, method, raw: '' });
  }
  // A natural person's MERSİS number holds the person's own.
  await say({ about: { cooperative: `${number}00011` } });
  await say({ about: { reference: `${number}00011` } });
  await say({ ...about(person), headers: { 'X-Request-Id': `${number}00011` } });
  for (const field of ['kimlikNo', 'ad', 'soyad', 'dogumTarihi'])
    await say(about(person, { [field]: `${number} ` }));
  await say({ raw: `{"kimlikNo": ${number}` });
  await say({ raw: number, headers: { 'Content-Type': `text/${number}` } });
  await say({ raw: `${number} `.repeat(2000) });
}

/** Refusals under a name, and an instance that fails inside: whatever it prints then. */
async function otherServices(): Promise<void> {
  for (const role of ['elected', 'former', 'member', 'denetci']) {
    const actor = asking.people.actor(role);
    numbers.add(actor.kimlikNo);
    await say({ actor });
  }
  await say({ client: 'stranger', token: 'x'.repeat(40) });
  for (const [name, version] of [
    ['BilesikKutukSorgulaKimlikNoServis', '2023/02/01'],
    ['TumKutukDogrulaServis', '2025/08/01'],
  ]) {
    const sibling = await system.sibling((yaml) => {
      yaml.kps.service = { name, version };
    });
    for (const place of [51, 52, 53])
      expect((await say({ api: sibling.api, ...about(asking.people.subject(place)) })).status).toBe(200);
    await system.control.fault({ system: 'kps', kind: 'truncate', count: 1 });
    await say({ api: sibling.api, ...about(asking.people.subject(54)) });
    await sibling.stop();
  }
}

/** What is no HTTP call of anybody's: the log must not quote it. */
async function nonsense(): Promise<void> {
  const number = asking.people.subject(50).kimlikNo;
  for (const path of [`/livez/${number}`, `/${number}`, `/metrics?tc=${number}`])
    printed.set(`ops ${path}`, await (await fetch(`${system.sandbox.ops}${path}`)).text());
  await asking.ask({ headers: { 'X-Long': `${number}`.repeat(2000) } }).catch(() => undefined);
}

async function collect(): Promise<void> {
  for (const name of readdirSync(system.layout.logs))
    if (!/^(stand-ins|rights)\.log$/.test(name))
      printed.set(name, readFileSync(join(system.layout.logs, name), 'utf8'));
  for (const path of ['/metrics', '/readyz', '/livez'])
    printed.set(path, await (await fetch(`${system.sandbox.ops}${path}`)).text());
  for (const args of [['config', 'show'], ['config', 'show', '--json'], ['config', 'check'], ['doctor']])
    printed.set(`bridge ${args.join(' ')}`, await commandLine(args));
  const { logFile } = await attachEmbedded({ directory: system.layout.database });
  printed.set('log of the database', readFileSync(logFile, 'utf8'));
  for (const name of readdirSync(system.layout.secrets))
    secrets.add(readFileSync(join(system.layout.secrets, name), 'utf8').trim());
  secrets.add(await system.token(asking.board.kimlikNo));
  secrets.add(new URL(system.sandbox.database).password);
  const tables = await system.sql(
    `SELECT relname FROM pg_class WHERE relnamespace = 'bridge'::regnamespace AND relkind IN ('r', 'p')`,
  );
  for (const { relname } of tables) {
    const rows = await system.sql(`SELECT t::text AS row FROM bridge.${relname} t`);
    dump += rows.map(({ row }) => `${relname} ${row}\n`).join('');
  }
}

async function commandLine(args: readonly string[]): Promise<string> {
  const env = { ...process.env, BRIDGE_CONFIG: system.layout.configFile };
  const program = join(BUILT, 'src/cli.js');
  const done = await promisify(execFile)(process.execPath, [program, ...args], { env }).catch(
    (error) => error,
  );
  return `${done.stdout}${done.stderr}`;
}

/** Where in `places` one of `needles` stands; only the places' names, so that a failure prints no number either. */
function found(places: Iterable<readonly [string, string]>, needles: Iterable<string>): string[] {
  const list = [...needles];
  return [...places].flatMap(([name, text]) => {
    const hits = list.filter((needle) => text.includes(needle));
    return hits.map((needle) => {
      const at = text.indexOf(needle);
      return `${name}: …${text.slice(Math.max(0, at - 60), at)}<here>`;
    });
  });
}

const said = () =>
  answers.map(
    ({ status, headers, text }, i) =>
      [`answer ${i} (${status})`, `${JSON.stringify(headers)}\n${text}`] as const,
  );

/** In the forms in which a careless program writes a text: as it is, encoded, escaped. */
function forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [
    text,
    encodeURIComponent(text),
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

/** Everything in an answer of KPS that nobody asked for. */
function planted(): string[] {
  const traits = [...numbers].flatMap((number) => {
    const { anneKimlikNo, babaKimlikNo, esKimlikNo, seriNo } = traitsOf(number);
    return [anneKimlikNo, babaKimlikNo, esKimlikNo ?? anneKimlikNo, seriNo];
  });
  return [
    ...Object.values(PLANTED),
    photographBase64.slice(0, 40),
    photographBase64.slice(100, 140),
    ...traits,
  ];
}

/** Hashes that anybody could compute from a number, and so try all numbers against. */
function plainHashes(): string[] {
  return [...numbers].flatMap((number) =>
    ['md5', 'sha1', 'sha256', 'sha512'].flatMap((name) => {
      const hash = createHash(name).update(number).digest();
      return [hash.toString('hex'), hash.toString('base64'), hash.toString('base64url')];
    }),
  );
}

describe('after traffic of every kind', () => {
  it('the traffic was there: numbers reached KPS, refusals and outcomes of many kinds came back, the log has lines', async () => {
    const seen = new Set((await system.control.seen('kps')).map(({ kimlikNo }) => kimlikNo));
    expect([...numbers].filter((number) => seen.has(number)).length).toBeGreaterThan(15);
    expect(new Set(answers.map(({ body }) => body?.code)).size).toBeGreaterThan(10);
    expect(printed.get('bridge.log')?.split('\n').length).toBeGreaterThan(150);
    expect(dump).toContain('query.intent');
  });

  it('no identity number stands in anything that was printed, in no form', () => {
    expect(found(printed, [...numbers].flatMap(forms))).toEqual([]);
  });

  it('no identity number stands in any answer: not in its body, not in its headers', () => {
    expect(found(said(), [...numbers].flatMap(forms))).toEqual([]);
  });

  it('no name, birth date or address of a person stands in anything that was printed or answered', () => {
    const personal = [
      ...Object.values(NAMES),
      ...Object.values(NAMES).map((name) => name.toLocaleLowerCase('tr')),
      BIRTH,
      '203.0.113.77',
    ];
    expect(found([...printed, ...said()], personal.flatMap(forms))).toEqual([]);
  });

  it('nothing of an answer of KPS but what was compared stands anywhere: printed, answered or kept', () => {
    expect(found([...printed, ...said(), ['database', dump]], planted().flatMap(forms))).toEqual([]);
  });

  it('no identity number, name, birth date or address stands in any table, in no form and under no plain hash', () => {
    const personal = [...numbers, ...Object.values(NAMES), BIRTH, '203.0.113.77'].flatMap(forms);
    const rows = dump.split('\n').map((row, i) => [`row ${i}`, row] as const);
    expect(found(rows, [...personal, ...plainHashes()])).toEqual([]);
  });

  it('no secret stands in anything that was printed, answered or kept: no password, key or token', () => {
    expect(secrets.size).toBeGreaterThan(5);
    expect(found([...printed, ...said(), ['database', dump]], [...secrets].flatMap(forms))).toEqual([]);
  });
});
