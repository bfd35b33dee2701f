import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { type System, startSystem } from '../support/system.js';
import {
  confirmedAnew,
  dataOf,
  decisionOn,
  evaluate,
  expectSound,
  Registry,
  restartWith,
} from '../support/system-authority.js';
import type { Answer } from '../support/system-call.js';
import { type Actor, People, question } from '../support/system-people.js';

const PER_HOUR = 8;
let system: System;
let people: People;
let registry: Registry;

/** The registry is read once; from then on only somebody's asking has it read. */
beforeAll(async () => {
  system = await startSystem({
    people: 300,
    cooperatives: 20,
    settings: (yaml) => {
      yaml.mersis.refreshesPerPersonPerHour = PER_HOUR;
      yaml.mersis.timeoutMs = 2000;
    },
  });
  people = new People(system.sandbox);
  registry = new Registry(system);
  await restartWith(system, (yaml) => {
    yaml.mersis.poll.enabled = false;
  });
});
afterAll(() => system?.stop());

const refresh = (token: string | undefined, mersisNo: string): Promise<Answer> =>
  system.call({ token, method: 'POST', path: `/v1/cooperatives/${mersisNo}/refresh` });
const ask = (token: string, { cooperative }: Actor): Promise<Answer> =>
  system.call({ token, body: question(cooperative, people.subject()) });
const asked = async (): Promise<number> => (await system.control.seen('mersis')).length;
const outcome = ({ status, body }: Answer) => [status, body.code, body.reason];

/** The board with this person's seat registered today. */
const registered = ({ cooperative, kimlikNo }: Actor) =>
  registry
    .board(cooperative)
    .map((seat) => (seat.kimlikNo === kimlikNo ? { ...seat, tescil: istanbulDay(new Date()) } : seat));

describe('a board member who is elected and not registered', () => {
  it('cannot act, and a reading that finds the registry unchanged changes nothing', async () => {
    const actor = people.actor('elected');
    const token = await system.token(actor.kimlikNo);
    const { body } = await refresh(token, actor.cooperative);
    expect(body).toEqual({ mersisNo: actor.cooperative, result: 'unchanged', readAt: expect.any(String) });
    const refused = [403, 'NOT_AUTHORISED_FOR_COOPERATIVE', 'not-registered-yet'];
    expect(outcome(await ask(token, actor))).toEqual(refused);
    expect(await decisionOn(system, { person: actor.kimlikNo, ...actor })).toBe('not-registered-yet');
  });

  it('becomes able to act by one reading that they ask for, once the registry has registered them', async () => {
    const actor = people.actor('elected');
    const token = await system.token(actor.kimlikNo);
    await registry.patch(actor.cooperative, { board: registered(actor) });
    expect((await ask(token, actor)).body.reason).toBe('not-registered-yet');
    const from = await asked();
    const answer = await refresh(token, actor.cooperative);
    expect([answer.status, answer.body.result]).toEqual([200, 'changed']);
    expect((await ask(token, actor)).body.outcome).toBe('match');
    expect(await asked()).toBe(from + 1);
    await confirmedAnew();
    const { decision, context } = (await evaluate(system, { person: actor.kimlikNo, ...actor })).body;
    expect([decision, context.reason]).toMatchObject([
      true,
      { right: { role: 'board', action: 'member.add' }, registration: { on: istanbulDay(new Date()) } },
    ]);
    const { leafIndex } = context.reason.entry;
    const [{ line }] = await system.sql('SELECT line FROM bridge.entry WHERE leaf_index = $1', [leafIndex]);
    expect(JSON.parse(line)).toMatchObject({
      kind: 'authority.recorded',
      data: { cooperative: actor.cooperative, source: 'mersis' },
    });
  });

  it('is written down as asking before MERSİS is asked, and as answered before the answer', async () => {
    const [question, answer] = [
      await dataOf(system, 'mersis.asked'),
      await dataOf(system, 'mersis.answered'),
    ];
    expect(question).toMatchObject([{ operation: 'refresh' }, { operation: 'refresh' }]);
    expect(answer.map(({ ask, result }) => [ask, result])).toEqual([
      [question[0].ask, 'unchanged'],
      [question[1].ask, 'changed'],
    ]);
  });
});

describe('an immediate reading', () => {
  it('is had by a directorate’s user too', async () => {
    const { kimlikNo } = people.staff((role) => role.startsWith('directorate:'));
    const { cooperative } = people.actor('board');
    const { status, body } = await refresh(await system.token(kimlikNo), cooperative);
    expect([status, body.result]).toEqual([200, 'unchanged']);
  });

  it('is had by nobody who is not signed in, and asks nothing then', async () => {
    const { cooperative, kimlikNo } = people.actor('board');
    const from = await asked();
    for (const token of [undefined, 'no-token', await system.token(kimlikNo, 'union-portal')])
      expect((await refresh(token, cooperative)).body.code).toBe('TOKEN_INVALID');
    expect(await asked()).toBe(from);
  });

  it('of a number that the registry does not know is NOT_FOUND, and takes nothing up', async () => {
    const unknown = people.cooperative(() => true).mersisNo.replace(/^.{6}/, '099998');
    const token = await system.token(people.actor('board').kimlikNo);
    expect((await refresh(token, unknown)).body.code).toBe('NOT_FOUND');
    const text = 'SELECT 1 FROM bridge.mersis_cooperative WHERE mersis_no = $1';
    expect(await system.sql(text, [unknown])).toEqual([]);
  });

  it.each(['0', '012345678901234', '01234567890123456', '0123456789O12345', '%30123456789012345x'])(
    'of %s, which is no MERSİS number, is refused before anything is asked',
    async (number) => {
      const token = await system.token(people.actor('board').kimlikNo);
      const from = await asked();
      expect(outcome(await refresh(token, number))).toEqual([400, 'REQUEST_INVALID', 'mersisNo']);
      expect(await asked()).toBe(from);
    },
  );

  it('is told as MERSIS_UNAVAILABLE where nobody answers, with every right as it was', async () => {
    const actor = people.actor('board');
    const token = await system.token(actor.kimlikNo);
    await system.control.fault({ system: 'mersis', kind: 'hang', count: 1 });
    const answer = await refresh(token, actor.cooperative);
    expect(outcome(answer)).toEqual([503, 'MERSIS_UNAVAILABLE', 'timeout']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await system.control.clear();
    expect((await ask(token, actor)).status).toBe(200);
  });

  it('is had so often in an hour by one person, and no more', async () => {
    const actor = people.actor('board', 2);
    const token = await system.token(actor.kimlikNo);
    const from = await asked();
    const codes = [];
    for (let i = 0; i < PER_HOUR + 2; i += 1) codes.push((await refresh(token, actor.cooperative)).status);
    expect(codes).toEqual([...Array(PER_HOUR).fill(200), 429, 429]);
    const last = await refresh(token, actor.cooperative);
    expect(outcome(last)).toEqual([429, 'RATE_LIMITED', 'person-hour']);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    expect(await asked()).toBe(from + PER_HOUR);
    const other = people.actor('board', 3);
    expect((await refresh(await system.token(other.kimlikNo), actor.cooperative)).status).toBe(200);
  });
});

describe('number and name of a legal person', () => {
  const verify = (token: string | undefined, body: object): Promise<Answer> =>
    system.call({ token, path: '/v1/registry/verifications', body });

  it('are held against the registry, without any fee', async () => {
    const { mersisNo, unvan, vkn } = people.cooperative(({ durum }) => durum === 'faal');
    const token = await system.token(people.actor('board', 4).kimlikNo);
    const before = await system.witness();
    const known = { mersisNo, vkn, durum: expect.stringMatching(/\S/) };
    expect((await verify(token, { mersisNo, unvan })).body).toEqual({ result: 'match', ...known });
    expect((await verify(token, { vkn, unvan })).body).toEqual({ result: 'match', ...known });
    expect((await verify(token, { vkn, unvan: 'S.S. BAŞKA BİR KOOPERATİF' })).body.result).toBe('mismatch');
    const unknown = mersisNo.replace(/^.{6}/, '099998');
    expect((await verify(token, { mersisNo: unknown, unvan })).body).toEqual({
      result: 'not-found',
      mersisNo: null,
      vkn: null,
      durum: null,
    });
    expect(await system.witness()).toEqual(before);
  });

  it('are asked for nobody who is not signed in, and not with both numbers or none', async () => {
    const { mersisNo, unvan, vkn } = people.cooperative(({ durum }) => durum === 'faal');
    const token = await system.token(people.actor('board', 4).kimlikNo);
    const from = await asked();
    expect((await verify(undefined, { mersisNo, unvan })).body.code).toBe('TOKEN_INVALID');
    for (const body of [{ unvan }, { mersisNo, vkn, unvan }, { mersisNo }, { mersisNo, unvan: ' ' }])
      expect((await verify(token, body)).body.code).toBe('REQUEST_INVALID');
    expect((await verify(token, { vkn: '123', unvan })).body.code).toBe('IDENTITY_NUMBER_INVALID');
    expect(await asked()).toBe(from);
  });

  it('leave a log that holds against its tables', () => expectSound(system));
});
