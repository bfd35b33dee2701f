import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '../../src/errors/refusal.js';
import type { Budget } from '../../src/fees/ahead/stop.js';
import type { KpsReply } from '../../src/kps/port.js';
import { type Call, equalRecord, type House, type Instance, openHouse, someone } from './support/house.js';
import { account, CLIENT, digitsOf, RULES } from './support/parts.js';

const STOPPED = 'BUDGET_STOP budget-reached';
const LAST_SECOND = new Date('2026-06-30T20:59:59.000Z');

let house: House;
let caller: Call;
let accounts = 0;
let asked = 0;

beforeAll(async () => {
  house = await openHouse();
  await house.addSeat(someone(1));
  caller = { token: (await house.signIn(someone(1))).token };
});
afterAll(() => house.close());

beforeEach(() => {
  house.now = new Date('2026-05-04T09:00:30.000Z');
  house.kps.answer = equalRecord;
  house.kps.asked.length = 0;
});

interface Limited {
  readonly id: string;
  readonly bridges: readonly [Instance, Instance];
  /** A question about somebody new. */
  call(key?: string): Call;
}

/** An account of its own with a budget, on two instances. */
function limited(budget: Partial<Budget> | null, rules = {}): Limited {
  accounts += 1;
  const id = `account-${accounts}`;
  const whole =
    budget === null ? null : { quarterKurus: null, quarterQueries: null, stopAtPercent: 100, ...budget };
  const changed = { ...rules, accounts: new Map([[id, account('paying', { id, budget: whole })]]) };
  return {
    id,
    bridges: [house.instance(changed), house.instance(changed)],
    call: (key) => {
      asked += 1;
      const subject = { kimlikNo: digitsOf(String(800_000_000 + asked)) };
      const call = { ...caller, client: { ...CLIENT, account: id }, question: { subject } };
      return key === undefined ? call : { ...call, key };
    },
  };
}

const many = async (n: number, { bridges, call }: Limited): Promise<string[]> =>
  Promise.all(Array.from({ length: n }, (_, i) => bridges[i % 2 === 0 ? 0 : 1].ask(call())));
const countOf = (ends: readonly string[], end: string) => ends.filter((one) => one === end).length;

describe('the stop of a budget', () => {
  it.each([
    ['money', { quarterKurus: 10 }, 5],
    ['a number of queries', { quarterQueries: 7 }, 7],
    ['the first of both that is reached', { quarterKurus: 100, quarterQueries: 3 }, 3],
    ['a share of it', { quarterKurus: 10, stopAtPercent: 80 }, 4],
    [
      'a share that is no whole query, which is never gone beyond',
      { quarterQueries: 7, stopAtPercent: 50 },
      3,
    ],
    ['more than all of it, where that is set', { quarterQueries: 2, stopAtPercent: 200 }, 4],
  ])(
    'by %s is exact to the query under calls at the same time at two instances',
    async (_name, budget, let_in) => {
      const one = limited(budget);
      const ends = await many(20, one);
      expect(countOf(ends, 'match')).toBe(let_in);
      expect(countOf(ends, STOPPED)).toBe(20 - let_in);
      expect(house.kps.asked).toHaveLength(let_in);
      expect(await one.bridges[0].ask(one.call())).toBe(STOPPED);
    },
  );

  it('counts what is still under way as if it will cost, and gives back what did not', async () => {
    const one = limited({ quarterQueries: 2 });
    const waiting: ((reply: KpsReply) => void)[] = [];
    house.kps.answer = () => new Promise((resolve) => waiting.push(resolve));
    const open = [one.bridges[0].ask(one.call()), one.bridges[1].ask(one.call())];
    while (waiting.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(await one.bridges[0].ask(one.call())).toBe(STOPPED);
    // The first one never left: its place is free again. The second one is counted, answered or not.
    waiting[0]?.({ kind: 'not-sent', reason: 'connection-refused', messageIds: [] });
    waiting[1]?.({ kind: 'unknown', reason: 'timeout', messageIds: [] });
    await Promise.all(open);
    house.kps.answer = equalRecord;
    expect(await one.bridges[0].ask(one.call())).toBe('match');
    expect(await one.bridges[0].ask(one.call())).toBe(STOPPED);
  });

  it('says until when: the end of the quarter, and holds for no query of the next one', async () => {
    const authority = { ...RULES.authority, staleAfterHours: 24 * 90, nothingAfterHours: 24 * 90 };
    const one = limited({ quarterQueries: 1 }, { authority });
    house.now = LAST_SECOND;
    expect(await one.bridges[0].ask(one.call())).toBe('match');
    const refused = await one.bridges[0].verify(one.call()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect((refused as Refusal).detail).toMatchObject({ reason: 'budget-reached', retryAfterS: 1 });
    house.pass(1000);
    expect(await one.bridges[0].ask(one.call())).toBe('match');
    expect(await one.bridges[1].ask(one.call())).toBe(STOPPED);
  });

  it('is lifted to a share, or altogether, by the last decision about its account and quarter alone', async () => {
    const one = limited({ quarterQueries: 2 });
    const lift = (quarter: string, to: number | null, leaf: number, id = one.id) =>
      house.rows(
        `INSERT INTO bridge.fee_stop_lift VALUES ('${id}', '${quarter}', ${to}, ${leaf}) RETURNING 1`,
      );
    await many(2, one);
    await lift('2026-Q3', null, 1);
    await lift('2026-Q2', null, 1, 'another');
    expect(await one.bridges[0].ask(one.call())).toBe(STOPPED);
    await lift('2026-Q2', 150, 2);
    expect(countOf(await many(4, one), 'match')).toBe(1);
    await lift('2026-Q2', null, 3);
    expect(countOf(await many(6, one), 'match')).toBe(6);
    await lift('2026-Q2', 50, 4);
    expect(await one.bridges[1].ask(one.call())).toBe(STOPPED);
  });

  it('never holds an account without a budget, beside one that is held in the same batch', async () => {
    const free = limited(null);
    const held = limited({ quarterQueries: 1 });
    const rules = {
      accounts: new Map([...free.bridges[0].rules.accounts, ...held.bridges[0].rules.accounts]),
    };
    const bridge = house.instance(rules);
    const calls = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? free : held).call());
    const ends = await Promise.all(calls.map((call) => bridge.ask(call)));
    expect(ends.filter((_, i) => i % 2 === 0)).toEqual(Array(6).fill('match'));
    expect(countOf(ends, STOPPED)).toBe(5);
  });

  it('by money never holds an institution outside the fee, whose queries cost nothing', async () => {
    accounts += 1;
    const id = `account-${accounts}`;
    const budget = { quarterKurus: 1, quarterQueries: null, stopAtPercent: 100 };
    const bridge = house.instance({ accounts: new Map([[id, account('outside', { id, budget })]]) });
    const { call } = limited(null);
    const outside = () => ({ ...call(), client: { ...CLIENT, account: id } });
    expect([await bridge.ask(outside()), await bridge.ask(outside())]).toEqual(['match', 'match']);
  });
});

describe('a call that the stop refused', () => {
  it('spends no quota', async () => {
    const one = limited({ quarterQueries: 1 }, { queriesPerUserPerDay: 1_000_000 });
    await one.bridges[0].ask(one.call());
    const spent = () =>
      house.rows<{ used: bigint }>(
        'SELECT key, window_start, used FROM bridge.quota_use ORDER BY key, window_start',
      );
    const before = await spent();
    expect(await many(6, one)).toEqual(Array(6).fill(STOPPED));
    expect(await spent()).toEqual(before);
  });

  it('keeps its idempotency key free, so that the same call is asked once the stop is lifted', async () => {
    const one = limited({ quarterQueries: 1 });
    await one.bridges[0].ask(one.call());
    const repeated = one.call('again');
    expect(await one.bridges[0].ask(repeated)).toBe(STOPPED);
    expect(await one.bridges[1].ask(repeated)).toBe(STOPPED);
    await house.rows(`INSERT INTO bridge.fee_stop_lift VALUES ('${one.id}', '2026-Q2', NULL, 1) RETURNING 1`);
    expect(await one.bridges[1].ask(repeated)).toBe('match');
    expect(await one.bridges[0].ask(repeated)).toBe('match replayed');
  });

  it('a repeated answer is given in spite of the stop: it costs nothing', async () => {
    const one = limited({ quarterQueries: 1 });
    const first = one.call('first');
    expect(await one.bridges[0].ask(first)).toBe('match');
    expect(await one.bridges[1].ask(first)).toBe('match replayed');
  });

  it('stands in the log as refused, with its code and reason and who asked, and in no line of the book', async () => {
    const one = limited({ quarterQueries: 1 });
    await one.bridges[0].ask(one.call());
    const lines = await house.rows('SELECT 1 FROM bridge.fee_line');
    await one.bridges[0].ask(one.call());
    const entry = (await house.entries()).at(-1);
    expect(entry?.kind).toBe('query.refused');
    expect(entry?.data).toMatchObject({
      code: 'BUDGET_STOP',
      reason: 'budget-reached',
      purpose: 'ortak-kayit',
    });
    expect(Object.keys(entry?.sealed ?? {})).toContain('actor.number');
    expect(await house.rows('SELECT 1 FROM bridge.fee_line')).toHaveLength(lines.length);
    expect(
      await house.rows(`SELECT 1 FROM bridge.identity_query WHERE account_id = '${one.id}'`),
    ).toHaveLength(1);
  });

  it('is of a caller who passed every other rule: whoever may not ask learns nothing of budgets', async () => {
    const one = limited({ quarterQueries: 1 });
    await one.bridges[0].ask(one.call());
    const stranger = { ...one.call(), token: (await house.signIn(someone(2))).token };
    expect(await one.bridges[0].ask(stranger)).toBe('NOT_AUTHORISED_FOR_COOPERATIVE no-seat');
  });
});
