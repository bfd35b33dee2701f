import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AttachedServer, attachEmbedded } from '../../src/storage/embedded/attach.js';
import { type System, startSystem } from '../support/system.js';
import { Asking, plain, until } from '../support/system-asking.js';
import type { Answer } from '../support/system-call.js';

let system: System;
let asking: Asking;
let server: AttachedServer;
let token: string;

beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      Object.assign(yaml.kps, { connectTimeoutMs: 500, timeoutMs: 3000, stsTimeoutMs: 1000 });
      Object.assign(yaml.database, { statementTimeoutMs: 1000, connectTimeoutMs: 1000 });
      yaml.limits = { answerDeadlineMs: 6000, queriesPerUserPerMinute: 2000 };
    },
  });
  asking = new Asking(system);
  token = await system.token(asking.board.kimlikNo);
  server = await attachEmbedded({ directory: system.layout.database });
});
beforeEach(async () => {
  await until(async () => (await asking.ask({ token }).catch(() => null))?.status === 200);
});
afterEach(async () => {
  await system.control.clear();
  if (!runs()) await startAgain();
});
afterAll(() => system?.stop());

const seenByKps = async () => (await system.control.seen('kps')).length;

/** Ten calls, one after the other; each must be told that nothing can be recorded, and when to come again. */
async function expectUnavailable(): Promise<void> {
  const before = await seenByKps();
  for (let i = 0; i < 3; i += 1) {
    const answers = await Promise.all([0, 1, 2, 3].map((place) => askAbout(place)));
    for (const answer of answers) {
      expect([answer.status, answer.body.code]).toEqual([503, 'AUDIT_UNAVAILABLE']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  }
  expect(await seenByKps()).toBe(before);
}

function askAbout(place: number): Promise<Answer> {
  return asking.ask({ token, about: { subject: plain(asking.people.subject(place)) } });
}

async function expectReady(ready: boolean): Promise<void> {
  await until(async () => (await fetch(`${system.sandbox.ops}/readyz`)).ok === ready);
  expect((await fetch(`${system.sandbox.ops}/livez`)).status).toBe(200);
}

describe('while the database', () => {
  it('is stopped, callers are told AUDIT_UNAVAILABLE and KPS sees nothing; once it is back, the same bridge works again', async () => {
    await stop('SIGINT');
    await expectReady(false);
    await expectUnavailable();
    await startAgain();
    await expectReady(true);
    const before = await seenByKps();
    await until(async () => (await askAbout(0)).status === 200);
    expect(await seenByKps()).toBe(before + 1);
  });

  it('has crashed, it is the same, and nothing acknowledged is lost', async () => {
    const told = await askAbout(1);
    expect(told.status).toBe(200);
    await stop('SIGKILL');
    await expectUnavailable();
    await startAgain();
    await until(async () => (await askAbout(1)).status === 200);
    const [entry] = await system.sql('SELECT leaf_hash FROM bridge.entry WHERE leaf_index = $1', [
      told.body.receipt.leafIndex,
    ]);
    expect(entry.leaf_hash.toString('hex')).toBe(told.body.receipt.leafHash);
  });

  it('is frozen and answers nothing, callers do not wait with it', async () => {
    const frozen = processesOfServer();
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    try {
      await expectUnavailable();
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    await until(async () => (await askAbout(2)).status === 200);
  });
});

describe('where the database goes away between question and answer', () => {
  it('an outcome that can be written once it is back is written, and answered then', async () => {
    await system.control.fault({ system: 'kps', kind: 'slow', ms: 800, count: 1 });
    const [before, asked] = [await seenByKps(), askAbout(3)];
    await until(async () => (await seenByKps()) > before);
    await stop('SIGINT');
    await sleep(1000);
    await startAgain();
    const answer = await asked;
    expect([answer.status, answer.body.outcome]).toEqual([200, 'match']);
    await expectOneEnd(answer, before);
  });

  it('an outcome that cannot be written is not told; the query is closed as unknown and booked once', async () => {
    await system.control.fault({ system: 'kps', kind: 'slow', ms: 800, count: 1 });
    const [before, asked] = [await seenByKps(), askAbout(4)];
    await until(async () => (await seenByKps()) > before);
    await stop('SIGKILL');
    const answer = await asked;
    expect(answer.body.outcome).toBeUndefined();
    expect([answer.status, answer.body.code]).toEqual([504, 'KPS_OUTCOME_UNKNOWN']);
    await startAgain();
    await expectOneEnd(answer, before);
  });

  /** Whatever the caller was told: asked once, one end in the log, one line in the book, and the three agree. */
  async function expectOneEnd(answer: Answer, before: number): Promise<void> {
    const open = `SELECT count(*)::int AS n FROM bridge.identity_query WHERE state = 'open'`;
    await until(async () => (await system.sql(open).catch(() => [{ n: 1 }]))[0].n === 0, 20_000);
    expect(await seenByKps()).toBe(before + 1);
    const messageId = (await system.control.seen('kps', before))[0]?.messageId?.replace('urn:uuid:', '');
    const rows = await system.sql(
      `SELECT q.query_id, q.state, q.outcome_leaf, f.units, f.result,
         (SELECT count(*)::int FROM bridge.entry o WHERE o.kind IN ('query.outcome', 'query.unknown')
            AND o.line::jsonb -> 'data' ->> 'query' = q.query_id::text) AS ends
       FROM bridge.entry i JOIN bridge.identity_query q ON q.intent_leaf = i.leaf_index
       LEFT JOIN bridge.fee_line f USING (query_id)
       WHERE i.kind = 'query.intent' AND i.line::jsonb -> 'data' ->> 'messageId' = $1`,
      [messageId],
    );
    expect(rows).toEqual([expect.objectContaining({ ends: 1, units: 1 })]);
    const [row] = rows;
    expect([row.query_id, row.state]).toEqual([
      answer.body.id,
      answer.status === 200 ? 'answered' : 'unknown',
    ]);
    if (answer.status === 200) expect(Number(row.outcome_leaf)).toBe(answer.body.receipt.leafIndex);
  }
});

/** The command line of the server, so that it can be started again exactly as the supervisor did. */
function commandOf(pid: number): { argv: string[]; uid: number; gid: number } {
  const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const { uid, gid } = statSync(`/proc/${pid}`);
  return { argv, uid, gid };
}

let command: ReturnType<typeof commandOf> | undefined;
let pid = 0;

async function stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  pid = pid === 0 ? server.pid : pid;
  command ??= commandOf(pid);
  const all = processesOfServer();
  process.kill(pid, signal);
  await until(async () => all.every((one) => !alive(one)));
}

/** Starts the server again, as an operator or the machine would; resolves once it takes connections. */
async function startAgain(): Promise<void> {
  if (command === undefined) throw new Error('it was never stopped');
  const [program = '', ...args] = command.argv;
  const log = openSync(server.logFile, 'a');
  const child = spawn(program, args, {
    uid: command.uid,
    gid: command.gid,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  pid = child.pid ?? 0;
  await until(async () => (await system.sql('SELECT 1').catch(() => [])).length === 1, 60_000);
}

function runs(): boolean {
  return alive(pid === 0 ? server.pid : pid);
}

/** The postmaster and its backends. */
function processesOfServer(): number[] {
  const parent = pid === 0 ? server.pid : pid;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === parent);
  return [parent, ...children];
}

function parentOf(one: number): number | undefined {
  try {
    // Behind the name in brackets, which may hold anything: state, then the parent.
    return Number(readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return undefined;
  }
}

function alive(one: number): boolean {
  try {
    return readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)?.[0] !== 'Z';
  } catch {
    return false;
  }
}
