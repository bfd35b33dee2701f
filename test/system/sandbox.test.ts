import { existsSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { layoutOf } from '../../mocks/sandbox/layout.js';
import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';
import { Run, SandboxPlace } from '../support/sandbox-run.js';
import { BUILT, clear } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { Caller } from '../support/system-call.js';
import { Control } from '../support/system-control.js';
import { People, question } from '../support/system-people.js';

let place: SandboxPlace;

beforeAll(async () => {
  place = await SandboxPlace.take();
});
afterAll(() => place?.remove());

const npm = (...args: string[]) => new Run('npm', ['run', ...args]);

async function sizeOfLog(sandbox: SandboxFile): Promise<number> {
  const url = new URL(sandbox.database);
  url.pathname = '/bridge';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const { rows } = await client.query('SELECT size FROM bridge.log_head');
  await client.end();
  return Number(rows[0].size);
}

describe('npm run sandbox', () => {
  let run: Run;
  let sandbox: SandboxFile;
  let people: People;
  let caller: Caller;

  beforeAll(async () => {
    run = npm('sandbox', '--', ...place.options());
    sandbox = await place.started(run);
    people = new People(sandbox);
    caller = new Caller(sandbox);
  });
  afterAll(async () => {
    caller?.close();
  });

  it('is ready within a minute, says so last, after addresses and what to try next', () => {
    expect(run.stdout.trimEnd().split('\n').at(-1)).toBe('sandbox ready');
    expect(run.stdout).toContain(sandbox.api);
    expect(run.stdout).toContain('HTTP 200, outcome match');
    expect(run.stdout).toContain(`${sandbox.web}/audit/checkpoint`);
    for (const command of ['audit export --out', 'audit verify', 'audit check', 'doctor'])
      expect(run.stdout).toMatch(new RegExp(`BRIDGE_CONFIG=\\S+ npx bridge ${command}`));
  });

  it('has written its file before, for its owner alone', () => {
    expect(statSync(join(place.directory, 'sandbox.json')).mode & 0o777).toBe(0o600);
    expect(statSync(place.directory).mode & 0o777).toBe(0o700);
  });

  it('tells addresses, certificates, database and settings in that file', () => {
    expect(sandbox).toMatchObject({
      api: `https://localhost:${place.base}`,
      web: `https://localhost:${place.base + 1}`,
      ops: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      database: expect.stringMatching(/^postgres:\/\//),
      mocks: {
        sts: expect.stringMatching(/^https:\/\/localhost:/),
        kps: expect.stringMatching(/^https:\/\/localhost:/),
        tsa: `http://127.0.0.1:${place.base + 7}/`,
        control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
      },
    });
    const files = [
      sandbox.ca,
      sandbox.config,
      ...Object.values(sandbox.clients).flatMap(({ cert, key }) => [cert, key]),
    ];
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(Object.keys(sandbox.clients).sort()).toEqual([
      'foreign-ca',
      'koopbis-core',
      'koopbis-reports',
      'stranger',
      'union-portal',
    ]);
  });

  it('holds at least one person of each kind, and the second ones', () => {
    const kinds = sandbox.people.flatMap(({ is }) => is.map((value) => value.split(':')[0]));
    const wanted =
      'board elected former denetci appointee legacy-appointee member directorate ministry-central ministry-manager ministry-representative security-officer log-inspector finance administrator nobody';
    expect(wanted.split(' ').filter((kind) => !kinds.includes(kind))).toEqual([]);
    for (const twice of ['security-officer', 'finance'])
      expect(kinds.filter((kind) => kind === twice).length).toBeGreaterThanOrEqual(2);
    expect(new Set(sandbox.people.map(({ durum }) => durum))).toEqual(new Set(['açık', 'ölüm', 'kapalı']));
    expect(sandbox.people.some(({ kimlikNo }) => kimlikNo.startsWith('9'))).toBe(true);
    expect(sandbox.people.some(({ dogumTarihi }) => /-\d\d-00$/.test(dogumTarihi))).toBe(true);
    expect(sandbox.people.some(({ soyad }) => soyad === '')).toBe(true);
    const board = sandbox.people.filter(({ is }) => is.some((value) => value.startsWith('board:')));
    const firstWithout = board.findIndex(({ edevletTotp }) => edevletTotp === null);
    expect(firstWithout).toBeGreaterThan(0);
    expect(
      board.slice(firstWithout).filter(({ durum, edevletTotp }) => durum === 'açık' && edevletTotp !== null),
    ).toEqual([]);
  });

  it('has the fields of the contract for each person and cooperative, and no other', () => {
    const fields = (list: readonly object[]) => [
      ...new Set(list.map((one) => Object.keys(one).sort().join())),
    ];
    expect(fields(sandbox.people)).toEqual([
      'ad,dogumTarihi,durum,edevletTotp,is,kimlikNo,level,password,soyad,stepUpTotp',
    ]);
    expect(fields(sandbox.cooperatives)).toEqual([
      'durum,ilgiliBakanlik,il,kanun,mersisNo,seviye,tur,unvan,vkn'.split(',').sort().join(),
    ]);
    expect([sandbox.people.length, sandbox.cooperatives.length]).toEqual([2000, 300]);
  });

  it('listens on loopback alone', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find((one) => !one.internal && one.family === 'IPv4');
    for (const port of outside === undefined ? [] : place.ports())
      expect(await connects(outside?.address ?? '', port)).toBe(false);
    expect(await connects('127.0.0.1', place.base)).toBe(true);
  });

  it('signs people in on the command line: an access token alone, twice within half a minute', async () => {
    const board = people.actor('board');
    for (let time = 1; time <= 2; time += 1) {
      const { code, stdout } = await token(board.kimlikNo);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^[A-Za-z0-9_-]{43}\n$/)]);
      const answer = await caller.call({
        token: stdout.trim(),
        body: question(board.cooperative, people.subject()),
      });
      expect([answer.status, answer.body.outcome]).toEqual([200, 'match']);
    }
  });

  it('signs people in for another client, and with the step-up where they have one', async () => {
    const board = people.actor('board');
    const { stdout } = await token(board.kimlikNo, '--client', 'union-portal');
    const call = { token: stdout.trim(), body: question(board.cooperative, people.subject()) };
    expect((await caller.call({ ...call, client: 'union-portal' })).status).toBe(200);
    expect((await caller.call(call)).body.code).toBe('TOKEN_INVALID');
    const officer = people.staff((role) => role === 'security-officer');
    expect((await token(officer.kimlikNo, '--step-up')).code).toBe(0);
    expect(await token(people.nobody().kimlikNo, '--step-up')).toMatchObject({ code: 1, stdout: '' });
  });

  it('refuses who has no two-step at e-Devlet, is dead or not here, with the reason and exit 1', async () => {
    const without = people.person(
      ({ is, edevletTotp }) => edevletTotp === null && is.some((value) => value.startsWith('board:')),
    );
    const dead = people.person(({ durum }) => durum === 'ölüm');
    expect(await token(without.kimlikNo)).toEqual({ code: 1, stdout: '', stderr: 'two-step-required\n' });
    expect(await token(dead.kimlikNo)).toEqual({ code: 1, stdout: '', stderr: 'record-not-open\n' });
    expect(await token('11111111110')).toEqual({ code: 1, stdout: '', stderr: 'person-unknown\n' });
    expect(await token(people.nobody().kimlikNo, '--client', 'stranger')).toMatchObject({
      code: 1,
      stdout: '',
    });
  });

  it('tells wrong use of the token command by exit 2', async () => {
    for (const args of [[], ['--nothing'], ['1', '2']]) {
      const wrong = new Run(process.execPath, [join(BUILT, 'mocks/sandbox/token.js'), ...args]);
      expect([await wrong.ended, wrong.stdout]).toEqual([2, '']);
    }
  });

  it('lets the bridge’s command line work beside it, on its settings', async () => {
    for (const args of [['config', 'check'], ['doctor']]) {
      const beside = new Run(process.execPath, [join(BUILT, 'src/cli.js'), ...args], {
        env: { ...process.env, BRIDGE_CONFIG: sandbox.config },
      });
      expect([args, await beside.ended, beside.stderr]).toEqual([args, 0, '']);
    }
  });

  it('is refused a second time on the same folder, and the first goes on', async () => {
    // A start clears up what an earlier one left behind; a sandbox that is in use is not that.
    const second = place.node(...place.options(['--fresh']));
    expect([await second.ended, second.stderr]).toEqual([1, expect.stringContaining('runs here already')]);
    expect((await fetch(`${sandbox.ops}/readyz`)).status).toBe(200);
  });

  it('is refused on the ports of another, and the first goes on', async () => {
    const other = new Run(process.execPath, [
      join(BUILT, 'mocks/sandbox/main.js'),
      '--data',
      `${place.directory}-2`,
      '--ports',
      String(place.base),
      '--people',
      '200',
      '--cooperatives',
      '5',
    ]);
    expect(await other.ended).toBe(1);
    expect(other.stdout).not.toContain('sandbox ready');
    expect((await fetch(`${sandbox.ops}/readyz`)).status).toBe(200);
    await clear(layoutOf(`${place.directory}-2`, null));
  });

  it('finishes what is in flight at Ctrl-C, also a repeated one, and leaves no process and no port', async () => {
    const board = people.actor('board');
    const { stdout } = await token(board.kimlikNo);
    const control = new Control(sandbox.mocks.control);
    await control.fault({ system: 'kps', kind: 'slow', ms: 1500, count: 1 });
    const before = (await control.seen('kps')).length;
    const asked = caller.call({ token: stdout.trim(), body: question(board.cooperative, people.subject(1)) });
    await until(async () => (await control.seen('kps')).length > before);
    run.interrupt();
    await sleep(200);
    run.interrupt();
    expect((await asked).body).toMatchObject({ outcome: 'match' });
    await run.ended;
    await place.expectNothingLeft();
  });
});

async function token(kimlikNo: string, ...more: string[]) {
  const run = npm('--silent', 'sandbox:token', '--', kimlikNo, '--data', place.directory, ...more);
  const code = await run.ended;
  return { code, stdout: run.stdout, stderr: run.stderr };
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

describe('the data of a sandbox', () => {
  let before: { size: number; people: string; seen: number };

  it('survive a restart: the log goes on, the people are the same, the witness remembers', async () => {
    const run = place.node(...place.options());
    const sandbox = await place.started(run);
    before = await stateOf(sandbox);
    run.interrupt();
    expect(await run.ended).toBe(0);
    const again = place.node(...place.options());
    const after = await stateOf(await place.started(again));
    expect(after.people).toBe(before.people);
    expect(after.size).toBeGreaterThan(before.size);
    expect(after.seen).toBe(before.seen + 1);
    before = after;
    again.interrupt();
    expect(await again.ended).toBe(0);
    await place.expectNothingLeft();
  });

  it('survive kill -9 of the sandbox, which the next start clears up after', async () => {
    const killed = place.node(...place.options());
    await place.started(killed);
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    const again = place.node(...place.options());
    const after = await stateOf(await place.started(again));
    expect([after.people, after.size > before.size]).toEqual([before.people, true]);
    again.interrupt();
    expect(await again.ended).toBe(0);
    await place.expectNothingLeft();
  });

  it('are not mixed with another population', async () => {
    const run = place.node(...place.options(['--seed', 'other']));
    expect(await run.ended).toBe(1);
    expect(run.stderr).toContain('--fresh');
    await place.expectNothingLeft();
  });

  it('go with --fresh; the same seed gives the same people again', async () => {
    const run = place.node(...place.options(['--fresh']));
    const sandbox = await place.started(run);
    const after = await stateOf(sandbox);
    expect(after.people).toBe(before.people);
    expect(after.size).toBeLessThan(before.size);
    expect(after.seen).toBe(1);
    run.interrupt();
    expect(await run.ended).toBe(0);
  });

  it('may be deleted by hand, and the next start makes new ones', async () => {
    rmSync(place.directory, { recursive: true });
    const run = place.node(...place.options(['--people', '200', '--cooperatives', '10']));
    expect((await place.started(run)).people).toHaveLength(200);
    run.interrupt();
    expect(await run.ended).toBe(0);
    await place.expectNothingLeft();
  });

  async function stateOf(sandbox: SandboxFile) {
    const seen = await new Control(sandbox.mocks.control).seen('kps');
    return { size: await sizeOfLog(sandbox), people: JSON.stringify(sandbox.people), seen: seen.length };
  }
});
