import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import { BUILT, type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { type Actor, People, question } from '../support/system-people.js';

/** A command line starts in a second; one that hangs is stopped. */
const COMMAND_MS = 60_000;
/** The bridge looks every half minute. */
const LOOKED_MS = 75_000;
const RULES = [
  { code: 'many-people', measure: 'people-asked-about', threshold: 3, windowMinutes: 10 },
  { code: 'much-reading', measure: 'log-reads', threshold: 1, windowMinutes: 10 },
];

let system: System;
let people: People;
let board: Actor;
let officers: string[];
beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      yaml.audit.signals = RULES;
    },
  });
  people = new People(system.sandbox);
  board = people.actor('board');
  officers = system.sandbox.people
    .filter((one) => one.is.includes('security-officer'))
    .map((one) => one.kimlikNo);
});
afterAll(async () => {
  await system?.stop();
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `bridge audit …` beside the running bridge: token on the first line of standard input, the rest behind it. */
function audit(args: readonly string[], token: string, body?: unknown): Promise<Ran> {
  const child = spawn(process.execPath, [join(BUILT, 'src/cli.js'), 'audit', ...args], {
    env: { ...process.env, BRIDGE_CONFIG: system.layout.configFile },
    stdio: 'pipe',
    timeout: COMMAND_MS,
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.err += chunk;
  });
  child.stdin.end(body === undefined ? token : `${token}\n${JSON.stringify(body)}`);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

const signInAs = (kimlikNo: string, stepUp: boolean) =>
  signIn(system.sandbox, kimlikNo, { client: 'koopbis-core', stepUp });

interface Listed {
  readonly signal: string;
  readonly rule: string;
  readonly decision: string | null;
  readonly raisedLeaf: number;
}

async function list(kimlikNo: string, ...args: readonly string[]): Promise<readonly Listed[]> {
  const ran = await audit(['signals', 'list', '--json', ...args], await signInAs(kimlikNo, false));
  expect([ran.code, ran.err]).toEqual([0, '']);
  return JSON.parse(ran.out).signals;
}

async function decide(signal: string, token: string): Promise<Ran> {
  const body = { decision: 'justified', note: 'Toplu üye kaydı, kararı görüldü' };
  return audit(['signals', 'decide', '--signal', signal, '--json'], token, body);
}

const metrics = async () => (await fetch(`${system.sandbox.ops}/metrics`)).text();
const raised = (rule: string) =>
  until(
    async () => (await system.sql('SELECT 1 FROM bridge.signal WHERE rule = $1', [rule])).length > 0,
    LOOKED_MS,
  );

describe('a user who asks about many people', () => {
  it('stands in the list, in the metrics and in the log, and nowhere by number', async () => {
    const token = await system.token(board.kimlikNo);
    for (let place = 0; place < 3; place += 1) {
      const body = question(board.cooperative, people.subject(place));
      expect((await system.call({ token, body })).status).toBe(200);
    }
    await raised('many-people');
    const inspector = people.person((one) => one.is.includes('log-inspector')).kimlikNo;
    const listed = await list(inspector);
    expect(listed).toEqual([
      expect.objectContaining({
        rule: 'many-people',
        measured: 3,
        threshold: 3,
        decision: null,
        user: '***',
      }),
    ]);
    await until(async () => (await metrics()).includes('bridge_signals_open 1'));
    expect(await metrics()).toContain('bridge_signals_raised_total{rule="many-people"} 1');
    const [{ line }] = await system.sql('SELECT line FROM bridge.entry WHERE leaf_index = $1', [
      listed[0]?.raisedLeaf,
    ]);
    const entry = JSON.parse(line);
    expect([entry.kind, entry.data.signal, Object.keys(entry.sealed)]).toEqual([
      'signal.raised',
      listed[0]?.signal,
      ['actor.number'],
    ]);
    const [{ keys }] = await system.sql(
      `SELECT array_agg(DISTINCT line::jsonb #>> '{sealed,actor.number,key}') AS keys FROM bridge.entry WHERE kind = 'query.intent'`,
    );
    expect(keys).toEqual([entry.sealed['actor.number'].key]);
    expect(system.bridge.log()).toContain('signals.raised');
    for (const text of [line, JSON.stringify(listed), system.bridge.log(), await metrics()])
      expect(text).not.toContain(board.kimlikNo);
  });

  it('is decided about by a security officer with step-up, once', async () => {
    const [officer = ''] = officers;
    const [first] = await list(officer, '--open');
    const signal = first?.signal ?? '';
    const inspector = people.person((one) => one.is.includes('log-inspector')).kimlikNo;
    const byInspector = await decide(signal, await signInAs(inspector, true));
    expect([byInspector.code, byInspector.err]).toEqual([1, expect.stringContaining('ROLE_REQUIRED')]);
    const weak = await decide(signal, await signInAs(officer, false));
    expect([weak.code, weak.err]).toEqual([1, expect.stringContaining('STEP_UP_REQUIRED')]);
    const done = await decide(signal, await signInAs(officer, true));
    expect([done.code, done.err]).toEqual([0, '']);
    const again = await decide(signal, await signInAs(officer, true));
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('STATE_CONFLICT')]);
    expect(await list(officer, '--open')).toEqual([]);
    expect((await list(officer)).map(({ decision }) => decision)).toEqual(['justified']);
    const entries = await system.sql("SELECT line FROM bridge.entry WHERE kind = 'signal.decided'");
    expect(entries).toHaveLength(1);
    expect(entries[0].line).not.toContain(officer);
  });
});

describe('an officer who reads the log', () => {
  it('is a signal that another officer decides about', async () => {
    const [reader = '', second = ''] = officers;
    const file = join(system.layout.directory, 'criteria.json');
    const basis = { authority: 'Ticaret Bakanlığı', documentNo: '2026/77', date: '2026-05-04' };
    writeFileSync(file, JSON.stringify({ basis, criteria: { cooperative: board.cooperative } }));
    const search = await audit(['search', '--criteria-file', file, '--json'], await signInAs(reader, true));
    expect(search.code).toBe(0);
    await raised('much-reading');
    const [found] = await list(second, '--open');
    expect(found?.rule).toBe('much-reading');
    const own = await decide(found?.signal ?? '', await signInAs(reader, true));
    expect([own.code, own.err]).toEqual([1, expect.stringContaining('SECOND_PERSON_REQUIRED')]);
    expect((await decide(found?.signal ?? '', await signInAs(second, true))).code).toBe(0);
  });
});

describe('wrong use', () => {
  it.each([
    [['list', '--signal', '7b1c8f7e-9f43-4a57-9d39-4d2a9c0f1e77']],
    [['list', '--after', '7']],
    [['decide']],
    [['decide', '--signal', '12345678901']],
    [['forget']],
    [[]],
  ])('is told as such: signals %j', async (args) => {
    const ran = await audit(['signals', ...args], 'no-token');
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain('usage: bridge audit signals');
    expect(ran.err).not.toContain('12345678901');
  });

  it('shows nothing to nobody', async () => {
    const ran = await audit(['signals', 'list'], 'no-token');
    expect([ran.code, ran.out, ran.err]).toEqual([1, '', expect.stringContaining('TOKEN_INVALID')]);
  });
});
