import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulQuarter } from '../../src/calendar/istanbul-day.js';
import { type Sibling, type System, startSystem } from '../support/system.js';
import { Asking, plain } from '../support/system-asking.js';
import { dataOf, expectSound } from '../support/system-authority.js';
import type { Answer } from '../support/system-call.js';
import { FinanceDesk } from '../support/system-finance.js';

const QUARTER = istanbulQuarter(new Date());
/** Kuruş; 90 % of it are 18, nine queries. */
const BUDGET = { quarterKurus: 20, stopAtPercent: 90 };
const FIRST = 9;
/** To 150 %: 30 kuruş. */
const LIFTED = 15;
const CALLS = 30;

let system: System;
let sibling: Sibling;
let asking: Asking;
let desk: FinanceDesk;

beforeAll(async () => {
  system = await startSystem({
    people: 300,
    cooperatives: 30,
    settings: (yaml) => {
      yaml.limits = { queriesPerUserPerMinute: 100_000, queriesPerUserPerDay: 100_000 };
      for (const one of yaml.accounts) if (one.id === 'birlik') one.budget = BUDGET;
    },
  });
  sibling = await system.sibling(() => undefined);
  asking = new Asking(system);
  desk = await FinanceDesk.open(system);
});
afterAll(() => system?.stop());

const union = async (n: number): Promise<Answer> =>
  asking.ask({
    client: 'union-portal',
    about: { subject: plain(asking.people.subject(n % 50)) },
    ...(n % 2 === 0 ? {} : { api: sibling.api }),
  });
const reached = async () => (await system.control.seen('kps')).length;
const quarterAt = async (api?: string) => {
  const { body, status } = await desk.read(`/v1/fees/quarters/${QUARTER}`, api === undefined ? {} : { api });
  expect(status).toBe(200);
  return body;
};
const unionOf = (body: { accounts: { account: string; queries: number; amountKurus: number }[] }) =>
  body.accounts.find(({ account }) => account === 'birlik');

/** Many calls at both at once; how many were answered. The others met the stop. */
async function storm(): Promise<number> {
  const answers = await Promise.all(Array.from({ length: CALLS }, (_, n) => union(n)));
  const stopped = answers.filter(({ status }) => status !== 200);
  for (const { body, headers, status } of stopped) {
    expect([status, body.code]).toEqual([429, 'BUDGET_STOP']);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  }
  return CALLS - stopped.length;
}

describe('two instances on one book', () => {
  it('together let exactly as many queries through as the budget has, however many come at once', async () => {
    expect(await storm()).toBe(FIRST);
    expect(await reached()).toBe(FIRST);
  });

  it('add the same lines up, whoever does, while both are at work', async () => {
    const bodies = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        await asking.ask({ about: { subject: plain(asking.people.subject(n)) } });
        return quarterAt(n % 2 === 0 ? undefined : sibling.api);
      }),
    );
    for (const body of bodies)
      expect(unionOf(body)).toMatchObject({ queries: FIRST, amountKurus: 2 * FIRST });
    const [one, other] = [await quarterAt(), await quarterAt(sibling.api)];
    expect(one).toEqual(other);
    expect(one.total).toEqual({ queries: FIRST + 8, units: FIRST + 8, amountKurus: 2 * FIRST });
  });

  it('refuse everything beyond the stop before it leaves, at either, and say until when', async () => {
    for (const n of [0, 1]) await asking.refused(() => union(n), 429, 'BUDGET_STOP', 'budget-reached');
    const usage = await desk.run('usage', '--account', 'birlik');
    expect([usage.code, usage.err]).toEqual([0, expect.stringContaining('bridge fees stop lift birlik')]);
  });

  it('do not stop an account that has no budget', async () => {
    expect((await asking.ask()).status).toBe(200);
    expect((await asking.ask({ api: sibling.api })).status).toBe(200);
  });

  it('go on stopping where one officer alone wants it lifted', async () => {
    const wish = ['stop', 'lift', 'birlik', '--to-percent', '150'];
    const { proposal } = await desk.json(...wish, ...desk.asFirst);
    const own = await desk.run('stop', 'approve', proposal, ...desk.asFirst);
    expect([own.code, own.err]).toEqual([1, expect.stringMatching(/^SECOND_PERSON_REQUIRED/)]);
    for (const n of [0, 1]) await asking.refused(() => union(n), 429, 'BUDGET_STOP', 'budget-reached');
    const { decision } = await desk.json('stop', 'approve', proposal, '--token-file', desk.second.file);
    expect(decision).toBe('approved');
  });

  it('both let queries through again once two officers have lifted it, up to what they said', async () => {
    const before = await reached();
    expect(await storm()).toBe(LIFTED - FIRST);
    expect(await reached()).toBe(before + LIFTED - FIRST);
    expect(unionOf(await quarterAt(sibling.api))).toMatchObject({ queries: LIFTED, amountKurus: 2 * LIFTED });
    expect(await dataOf(system, 'fees.stop-lifted')).toMatchObject([{ account: 'birlik', toPercent: 150 }]);
    await expectSound(system);
  });
});
