import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sibling, type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { expectSound, printed, stepUpToken } from '../support/system-authority.js';
import type { Answer } from '../support/system-call.js';
import { bridgeCommand } from '../support/system-command.js';
import { type Actor, People, question } from '../support/system-people.js';

const HOUR_MS = 3_600_000;

let system: System;
let sibling: Sibling;
let people: People;
let board: Actor;
let admin: string;
let subjects = 0;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 20 });
  sibling = await system.sibling(() => undefined);
  people = new People(system.sandbox);
  board = people.actor('board');
  const { kimlikNo } = people.person(({ is }) => is.includes('administrator'));
  admin = join(system.layout.secrets, 'administrator-token');
  writeFileSync(admin, await stepUpToken(system, kimlikNo), { mode: 0o600 });
});
afterAll(() => system?.stop());

const bridge = (...args: string[]) => bridgeCommand(system, ['maintenance', ...args]);
const open = async (name: 'kps' | 'mersis'): Promise<string> => {
  const to = new Date(Date.now() + 2 * HOUR_MS).toISOString();
  const options = ['--system', name, '--to', to, '--reason', 'duyurulan bakım', '--token-file', admin];
  return printed(await bridge('open', ...options, '--json')).window;
};
const close = async (window: string) =>
  printed(await bridge('close', window, '--token-file', admin, '--json'));
const asking = () => {
  subjects += 1;
  return question(board.cooperative, people.subject(subjects));
};
const ask = async (api?: string, body = asking(), headers?: Record<string, string>): Promise<Answer> =>
  system.call({
    ...{ token: await system.token(board.kimlikNo), body },
    ...(api === undefined ? {} : { api }),
    ...(headers === undefined ? {} : { headers }),
  });
const told = ({ body, status }: Answer) => [status, body.code ?? body.outcome, body.reason];
/** Everywhere within about a second: the next reading of each instance, and what that takes. */
const knownEverywhere = () => sleep(1_500);

describe('while KPS is under maintenance', () => {
  it('nothing is asked of it at any instance, answers are repeated, and checks go on once it is closed', async () => {
    const body = asking();
    const key = { 'Idempotency-Key': 'before-maintenance' };
    expect(told(await ask(undefined, body, key))).toEqual([200, 'match', undefined]);
    const window = await open('kps');
    await knownEverywhere();
    const before = await system.witness();
    for (const api of [undefined, sibling.api]) {
      const answer = await ask(api);
      expect(told(answer)).toEqual([503, 'MAINTENANCE', 'kps']);
      expect(answer.headers['retry-after']).toBe('3600');
      const repeated = await ask(api, body, key);
      expect([told(repeated), repeated.headers['idempotency-replayed']]).toEqual([
        [200, 'match', undefined],
        'true',
      ]);
    }
    expect(await system.witness()).toEqual(before);
    const refusals = await system.sql(
      "SELECT line FROM bridge.entry WHERE kind = 'query.refused' ORDER BY leaf_index DESC LIMIT 2",
    );
    for (const { line } of refusals)
      expect(JSON.parse(line).data).toMatchObject({ code: 'MAINTENANCE', reason: 'kps' });
    expect(printed(await bridge('list', '--json')).windows).toMatchObject([{ window, state: 'current' }]);

    await close(window);
    await knownEverywhere();
    for (const api of [undefined, sibling.api])
      expect(told(await ask(api))).toEqual([200, 'match', undefined]);
  });

  it('an instance that is started meanwhile asks nothing either', async () => {
    const window = await open('kps');
    await sibling.stop();
    await sibling.start();
    const before = await system.witness();
    expect(told(await ask(sibling.api))).toEqual([503, 'MAINTENANCE', 'kps']);
    expect(await system.witness()).toEqual(before);
    await close(window);
    await knownEverywhere();
  });
});

describe('while MERSİS is under maintenance', () => {
  it('it is neither read anew nor polled; checks go on, and polling by itself afterwards', async () => {
    const seen = async () => (await system.control.seen('mersis')).length;
    const window = await open('mersis');
    await knownEverywhere();
    const before = await seen();
    const path = `/v1/cooperatives/${board.cooperative}/refresh`;
    const token = await system.token(board.kimlikNo);
    expect(told(await system.call({ token, method: 'POST', path }))).toEqual([503, 'MAINTENANCE', 'mersis']);
    await system.sql('UPDATE bridge.mersis_cooperative SET due_at = now(), wished_at = now()');
    await sleep(3_000);
    expect(await seen()).toBe(before);
    expect(told(await ask())).toEqual([200, 'match', undefined]);
    await close(window);
    await until(async () => (await seen()) > before);
  });
});

it('the log and everything beside it agree in the end', async () => {
  await expectSound(system);
});
