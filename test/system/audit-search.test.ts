import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import { BUILT, type System, startSystem } from '../support/system.js';
import { Asking, until } from '../support/system-asking.js';
import type { Answer } from '../support/system-call.js';

const PATH = '/v1/audit/searches';
const CLIENT = 'koopbis-reports';
const BASIS = { authority: 'Ankara 5. Asliye Ceza Mahkemesi', documentNo: '2026/17', date: '2026-01-02' };

let system: System;
let asking: Asking;
let officer: string;
let officerToken: string;
let stepUpToken: string;
/** What the identity check of the board member about the subject was answered with. */
let verification: Answer;
let subject: string;

beforeAll(async () => {
  system = await startSystem();
  asking = new Asking(system);
  officer = asking.people.staff((role) => role === 'security-officer').kimlikNo;
  officerToken = await system.token(officer, CLIENT);
  stepUpToken = await signIn(system.sandbox, officer, { client: CLIENT, stepUp: true });
  subject = asking.people.subject(0).kimlikNo;
  verification = await asking.ask({ about: { reference: '2026/44' } });
  expect(verification.status).toBe(200);
});
afterAll(() => system?.stop());

const search = (
  criteria: object,
  over: { token?: string | undefined; client?: 'koopbis-core' | 'koopbis-reports'; body?: object } = {},
) =>
  system.call({
    client: over.client ?? CLIENT,
    path: PATH,
    token: 'token' in over ? over.token : officerToken,
    body: { basis: BASIS, criteria, ...over.body },
  });

/** The log's last entry. */
const lastEntry = async () =>
  JSON.parse((await system.sql('SELECT line FROM bridge.entry ORDER BY leaf_index DESC LIMIT 1'))[0].line);

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
const kindsOf = (answer: Answer) => answer.body.entries.map((one: any) => one.entry.kind);

describe('the search rows', () => {
  it('follow the log by themselves, before anybody searches', async () => {
    const { leafIndex } = verification.body.receipt;
    await until(async () => {
      const [row] = await system.sql('SELECT size::int AS size FROM bridge.log_indexed');
      return row.size > leafIndex;
    });
  });
});

describe('who looked this person up', () => {
  it('is told to a security officer, with what became of it, at once and without any number', async () => {
    const answer = await search({ person: subject, kinds: ['query.intent'] });
    expect(answer.status).toBe(200);
    expect(answer.body.entries).toHaveLength(1);
    expect(answer.body.entries[0]).toMatchObject({
      entry: {
        kind: 'query.intent',
        data: { query: verification.body.id, cooperative: asking.board.cooperative, reference: '2026/44' },
        sealed: ['actor.number', 'subject.number'],
      },
      outcome: { outcome: 'match', state: 'answered', leafIndex: verification.body.receipt.leafIndex },
    });
    for (const number of [subject, asking.board.kimlikNo, officer]) expect(answer.text).not.toContain(number);
    expect(answer.body).toMatchObject({ next: null, lookedTo: 0, detached: [] });
  });

  it('is told with the numbers to an officer who gave a fresh second step, and stands in the log as that', async () => {
    const answer = await search(
      { person: subject, kinds: ['query.intent'] },
      { token: stepUpToken, body: { reveal: true } },
    );
    expect(answer.body.entries[0].revealed).toEqual({
      'actor.number': asking.board.kimlikNo,
      'subject.number': subject,
    });
    expect((await lastEntry()).data).toMatchObject({ revealed: true, results: 1 });
  });

  it('shows the officers’ own searches for that person too', async () => {
    const answer = await search({ person: subject });
    expect(kindsOf(answer)).toContain('log.searched');
    expect(kindsOf(answer)).toContain('query.intent');
  });
});

describe('what this user looked up', () => {
  it('is found by the user, the cooperative, the period, the reference and the query alike', async () => {
    const { kimlikNo, cooperative } = asking.board;
    const from = '2026-01-01';
    const ways = [
      { actor: kimlikNo, kinds: ['query.intent'] },
      { actor: kimlikNo, person: subject },
      { cooperative, outcome: 'match' },
      { cooperative, from, kinds: ['query.intent'] },
      { reference: '2026/44' },
      { query: verification.body.id, kinds: ['query.intent'] },
    ];
    for (const criteria of ways) {
      const answer = await search(criteria);
      expect(
        answer.body.entries.map((one: { entry: { data: { query: string } } }) => one.entry.data.query),
      ).toContain(verification.body.id);
    }
    expect((await search({ cooperative, to: from })).body.entries).toEqual([]);
  });

  it('comes page by page, each an entry, and the cursor serves nobody else', async () => {
    const criteria = { kinds: ['log.searched'] };
    const first = await search(criteria, { body: { pageSize: 2 } });
    expect(first.body.entries).toHaveLength(2);
    expect((await lastEntry()).id).toBe(first.body.search);
    const cursor = first.body.next;
    const second = await search(criteria, { body: { pageSize: 2, cursor } });
    expect(second.body.entries[0].leafIndex).toBeLessThan(first.body.entries[1].leafIndex);
    const inspector = asking.people.staff((role) => role === 'log-inspector').kimlikNo;
    const stolen = await search(criteria, { token: await system.token(inspector, CLIENT), body: { cursor } });
    expect([stolen.status, stolen.body.code]).toEqual([410, 'CURSOR_EXPIRED']);
    expect((await lastEntry()).data).toMatchObject({ code: 'CURSOR_EXPIRED' });
  });
});

describe('a search that may not be made', () => {
  const refused = async (answer: Promise<Answer>, status: number, code: string) => {
    const { status: given, body, text } = await answer;
    expect([given, body.code]).toEqual([status, code]);
    expect(text).not.toContain(subject);
  };

  it('is refused to a client without the permission, before any token is looked at', async () => {
    await refused(search({}, { client: 'koopbis-core', token: undefined }), 403, 'CLIENT_NOT_PERMITTED');
  });

  it('is refused, each time as an entry, without a token, with another client’s, and to who is no officer', async () => {
    const cases: [string | undefined, number, string][] = [
      [undefined, 401, 'TOKEN_INVALID'],
      [await system.token(officer, 'koopbis-core'), 401, 'TOKEN_INVALID'],
      [await system.token(asking.board.kimlikNo, CLIENT), 403, 'ROLE_REQUIRED'],
    ];
    for (const [token, status, code] of cases) {
      await refused(search({ person: subject }, { token }), status, code);
      expect(await lastEntry()).toMatchObject({ kind: 'log.search-refused', data: { code, client: CLIENT } });
    }
  });

  it('is refused where values are to be revealed without a second step, or the form or a number is wrong', async () => {
    await refused(search({}, { body: { reveal: true } }), 403, 'STEP_UP_REQUIRED');
    await refused(search({ name: 'AYŞE' }), 400, 'REQUEST_INVALID');
    await refused(search({}, { body: { basis: { ...BASIS, date: '2999-01-01' } } }), 400, 'REQUEST_INVALID');
    await refused(search({ person: '12345678901' }), 422, 'IDENTITY_NUMBER_INVALID');
  });
});

describe('bridge audit search', () => {
  const bridge = (args: readonly string[], input: string) =>
    new Promise<{ code: number | null; out: string; err: string }>((done, fail) => {
      const child = spawn(process.execPath, [resolve(BUILT, 'src/cli.js'), ...args], {
        env: { ...process.env, BRIDGE_CONFIG: system.layout.configFile },
        timeout: 60_000,
      });
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
      });
      child.on('error', fail);
      child.on('close', (code) => done({ code, out, err }));
      child.stdin.end(input);
    });
  const file = (name: string, text: string) => {
    mkdirSync(system.layout.secrets, { recursive: true });
    const path = join(system.layout.secrets, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const criteria = () =>
    JSON.stringify({ basis: BASIS, criteria: { person: subject, kinds: ['query.intent'] } });

  it('takes criteria from standard input and gives the same page as the API', async () => {
    const token = file('search-token', stepUpToken);
    const args = ['audit', 'search', '--criteria-file', '-', '--token-file', token, '--json'];
    const ran = await bridge(args, criteria());
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(JSON.parse(ran.out).entries[0].entry.data.query).toBe(verification.body.id);
    expect(ran.out).not.toContain(subject);
    expect(await lastEntry()).toMatchObject({ kind: 'log.searched', data: { client: null, results: 1 } });
  });

  it('shows a table, with numbers only where they were to be revealed', async () => {
    const path = file('search-criteria', criteria());
    const masked = await bridge(['audit', 'search', '--criteria-file', path], officerToken);
    expect(masked.code).toBe(0);
    expect(masked.out).toMatch(/query\.intent +match +koopbis-core/);
    expect(masked.out + masked.err).not.toContain(subject);
    const revealed = await bridge(['audit', 'search', '--criteria-file', path, '--reveal'], stepUpToken);
    expect(revealed.out).toContain(`subject.number: ${subject}`);
  });

  it('exits 1 with the reason where it is refused, and that is an entry too', async () => {
    const path = file('search-criteria', criteria());
    const ran = await bridge(['audit', 'search', '--criteria-file', path, '--reveal'], officerToken);
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toMatch(/^STEP_UP_REQUIRED: /);
    expect(await lastEntry()).toMatchObject({
      kind: 'log.search-refused',
      data: { code: 'STEP_UP_REQUIRED' },
    });
    const wrong = await bridge(['audit', 'search', '--criteria-file', '-'], criteria());
    expect([wrong.code, wrong.out]).toEqual([2, '']);
  });

  it('leaves no number in the bridge’s own log or in the clear part of any entry of a search', async () => {
    const lines = await system.sql(`SELECT line FROM bridge.entry WHERE kind LIKE 'log.search%'`);
    expect(lines.length).toBeGreaterThan(10);
    for (const text of [...lines.map((row) => row.line as string), system.bridge.log()]) {
      for (const number of [subject, officer, asking.board.kimlikNo, '12345678901'])
        expect(text).not.toContain(number);
    }
  });
});
