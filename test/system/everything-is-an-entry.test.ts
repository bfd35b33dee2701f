import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import { type CheckedLine, checkLine } from '../../src/audit/catalogue/check-line.js';
import { BUILT, type System, startSystem, type Yaml } from '../support/system.js';
import { bridgeCommand } from '../support/system-command.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let people: People;
let board: Actor;
let lines: readonly string[] = [];
let entries: readonly CheckedLine[] = [];

const command = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(BUILT, 'src/cli.js'), ...args], {
    env: { ...process.env, BRIDGE_CONFIG: system.layout.configFile },
  });

function changeSettings(change: (yaml: Yaml) => void): void {
  const yaml = parse(readFileSync(system.layout.configFile, 'utf8'));
  change(yaml);
  writeFileSync(system.layout.configFile, stringify(yaml), { mode: 0o600 });
}

/** A day's deeds, one after the other; then the bridge starts again on other settings and another certificate. */
beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 30 });
  people = new People(system.sandbox);
  board = people.actor('board');
  const token = await system.token(board.kimlikNo);
  const body = question(board.cooperative, people.subject());
  const nobody = people.nobody();
  expect((await system.call({ token, body })).status).toBe(200);
  const stranger = await system.token(nobody.kimlikNo);
  expect((await system.call({ token: stranger, body })).body.code).toBe('NOT_AUTHORISED_FOR_COOPERATIVE');
  expect((await system.call({ client: 'stranger', body })).body.code).toBe('CLIENT_CERTIFICATE_UNKNOWN');
  await expect(system.call({ client: 'foreign-ca', body })).rejects.toThrow();
  expect((await system.call({ path: '/nothing' })).body.code).toBe('NOT_FOUND');
  const oneStep = people.person((one) => one.edevletTotp === null && one.durum === 'açık');
  await expect(
    signIn(system.sandbox, oneStep.kimlikNo, { client: 'koopbis-core', stepUp: false }),
  ).rejects.toThrow('two-step-required');
  await command('config', 'check');
  await system.control.patchCooperative(board.cooperative, { durum: 'tasfiye' });
  await until(async () => (await system.call({ token, body })).status === 403);
  await command('doctor').catch(() => undefined); // whatever it finds
  const officer = people.staff((role) => role === 'security-officer');
  const list = ['audit', 'signals', 'list'];
  const ran = await bridgeCommand(system, list, await system.token(officer.kimlikNo));
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect((await bridgeCommand(system, list, stranger)).err).toMatch(/^ROLE_REQUIRED/);
  expect((await bridgeCommand(system, list, 'no token')).err).toMatch(/^TOKEN_INVALID/);
  await system.bridge.stop();
  const { cert, key } = system.sandbox.clients['union-portal'];
  changeSettings((yaml) => {
    yaml.limits = { queriesPerUserPerDay: 77 };
    yaml.accounts[0].technicalUser.name = 'Başka Biri';
    Object.assign(yaml.listeners.web, { certificate: cert, key: { file: key } });
  });
  await system.bridge.start();
  await system.bridge.kill9();
  await system.bridge.start();
  lines = (await system.sql('SELECT line FROM bridge.entry ORDER BY leaf_index')).map((row) => row.line);
  entries = lines.map((line) => checkLine(line));
});
afterAll(() => system?.stop());

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('did not come about');
}

// biome-ignore lint/suspicious/noExplicitAny: data of any kind
const dataOf = (kind: string): any[] =>
  entries.filter((entry) => entry.kind === kind).map((entry) => entry.data);

describe('the log of a system that ran', () => {
  it('holds nothing but entries that their kinds’ whole schemas allow', () => {
    expect(entries.length).toBeGreaterThan(30);
  });

  it('names nobody in clear', () => {
    const all = lines.join('\n');
    const named = system.sandbox.people.filter(({ kimlikNo }) => all.includes(kimlikNo));
    expect(named).toEqual([]);
  });

  it('tells of sign-ins, of what was done in them, and of one that was refused', () => {
    const [opened] = dataOf('session.opened');
    expect(opened).toMatchObject({ client: 'koopbis-core', method: 'e-devlet' });
    const [intent] = dataOf('query.intent');
    expect(intent.actor.session).toBe(opened.session);
    expect(dataOf('query.outcome')[0]).toMatchObject({ query: intent.query, outcome: 'match' });
    expect(dataOf('query.refused').map(({ code }) => code)).toContain('NOT_AUTHORISED_FOR_COOPERATIVE');
    expect(dataOf('session.refused')).toEqual([
      { client: 'koopbis-core', method: 'e-devlet', reason: 'two-step-required' },
    ]);
  });

  it('tells of a stranger, and of a call for nothing, by count', () => {
    const refused = new Map<string, number>();
    for (const { code, count, source } of dataOf('access.refused')) {
      expect(source).toBe('127.0.0.1');
      refused.set(code, (refused.get(code) ?? 0) + count);
    }
    // One stranger, and one whom the handshake refused.
    expect(refused.get('CLIENT_CERTIFICATE_UNKNOWN')).toBe(2);
    expect(refused.get('NOT_FOUND')).toBe(1);
  });

  it('tells of everybody’s authority once, and again where it changed: the intent’s right stands in it', () => {
    const recorded = dataOf('authority.recorded');
    const own = recorded.filter(({ cooperative }) => cooperative === board.cooperative);
    const [first, last] = [own[0], own.at(-1)];
    expect(first).toMatchObject({ before: null, version: 1, source: 'mersis' });
    expect(first.statuses).toMatchObject([{ durum: 'faal' }]);
    expect(last).toMatchObject({ before: last.version - 1, source: 'mersis' });
    expect(last.statuses).toMatchObject([{ durum: 'faal' }, { durum: 'tasfiye' }]);
    expect(new Set(recorded.map(({ cooperative }) => cooperative)).size).toBe(
      system.sandbox.cooperatives.length,
    );
    const [intent] = dataOf('query.intent');
    expect(first.seats).toContain(intent.authority.basis);
    const seats = dataOf('seat.recorded').filter(({ seat }) => seat === intent.authority.basis);
    expect(seats[0]).toMatchObject({ cooperative: board.cooperative, role: 'board', goneOn: null });
    expect(dataOf('role.granted').map(({ role }) => role)).toEqual(
      expect.arrayContaining(['directorate', 'security-officer']),
    );
  });

  it('tells of each start, its settings and its certificates, what changed in them, and of each stop but a crash', () => {
    const [first, second, third] = dataOf('bridge.started');
    const rest = { environment: 'sandbox', instance: 'test-1', node: process.version };
    expect([first, second, third]).toMatchObject([rest, rest, rest]);
    expect(first.changes).toContainEqual({ after: 'sandbox', before: null, path: 'environment' });
    // The institution's own address stands in the notice that everybody reads; no person's does anywhere.
    const addresses = first.changes.filter(({ after }: { after: string }) => after.includes('@'));
    expect(addresses.map(({ path }: { path: string }) => path)).toEqual(['signIn.notice.contact']);
    expect(second.changes).toEqual([
      { after: '77', before: expect.any(String), path: 'limits.queriesPerUserPerDay' },
      { after: expect.any(String), before: expect.any(String), path: 'listeners.web.certificate' },
    ]);
    expect(second.configHash).not.toBe(first.configHash);
    expect(third).toMatchObject({ changes: [], configHash: second.configHash });
    expect(dataOf('bridge.stopped')).toEqual([{ instance: 'test-1', reason: 'SIGTERM' }]);
    const certificates = dataOf('certificate.changed');
    expect(certificates.map(({ name, before }) => [name, before === null])).toEqual([
      ['kps', true],
      ['service', true],
      ['web', true],
      ['web', false],
    ]);
    expect(certificates[3].before).toBe(certificates[2].fingerprintSha256);
  });

  it('tells of each command, of who acts by it, and of those that were refused', () => {
    const signals = 'audit signals list';
    expect(dataOf('command.run').map((data) => data.command)).toEqual([
      'config check',
      'doctor',
      signals,
      signals,
      signals,
    ]);
    const sessions = new Set(dataOf('session.opened').map(({ session }) => session));
    const acted = dataOf('command.acted');
    expect(acted).toMatchObject([{ command: signals, operation: null }]);
    expect(sessions.has(acted[0].actor.session)).toBe(true);
    const refused = dataOf('command.refused');
    expect(refused).toMatchObject([
      { code: 'ROLE_REQUIRED', command: signals, reason: null },
      { actor: null, code: 'TOKEN_INVALID', command: signals, reason: null },
    ]);
    expect(sessions.has(refused[0].actor.session)).toBe(true);
  });
});
