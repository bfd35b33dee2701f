import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decideLift, type LiftDecision } from '../../../src/fees/ahead/decide-lift.js';
import {
  type LiftProposed,
  type LiftTools,
  type LiftWish,
  proposeLift,
} from '../../../src/fees/ahead/propose-lift.js';
import { readUses } from '../../../src/fees/ahead/read-uses.js';
import { isStopped, NO_USE } from '../../../src/fees/ahead/stop.js';
import type { ActingOfficer } from '../../../src/proposals/officer.js';
import type { Verdict } from '../../../src/proposals/verdict.js';
import { type Desk, openDesk } from '../../proposals/support/desk.js';

const BUDGET = { quarterKurus: 1000, quarterQueries: null, stopAtPercent: 100 };

let desk: Desk;
let first: ActingOfficer;
let second: ActingOfficer;
let tools: LiftTools;
beforeEach(async () => {
  desk = await openDesk('2026-11-22T09:00:00.000Z');
  [first, second] = [await desk.officer(90), await desk.officer(91)];
  tools = {
    accounts: [
      { id: 'ticaret', budget: BUDGET },
      { id: 'tarim', budget: null },
    ],
    hours: 24 * 30,
    ports: desk.ports,
  };
  await desk.sql(`INSERT INTO bridge.fee_usage VALUES ('ticaret', '2026-Q4', 500, 500, 1000)`);
});
afterEach(() => desk.close());

const answer = <T>(verdict: Verdict<T>): T | string =>
  verdict.kind === 'done' ? verdict.value : verdict.code;
const propose = async (change: Partial<LiftWish> = {}) =>
  answer(
    await proposeLift(desk.log, tools, {
      account: 'ticaret',
      toPercent: 120,
      reason: null,
      officer: first,
      ...change,
    }),
  );
const proposed = async (change: Partial<LiftWish> = {}) => ((await propose(change)) as LiftProposed).proposal;
const decide = async (proposal: string, change: Partial<LiftDecision> = {}, over: Partial<LiftTools> = {}) =>
  answer(
    await decideLift(
      desk.log,
      { ...tools, ...over },
      { proposal, decision: 'approved', reason: null, officer: second, ...change },
    ),
  );
const use = async (quarter = '2026-Q4') =>
  (await readUses(desk.test.db, ['ticaret'], quarter)).get('ticaret') ?? NO_USE;
const stopped = async (quarter?: string) => isStopped(BUDGET, await use(quarter), 2);

describe('a stop', () => {
  it('stands while its lift is proposed, and is lifted once a second officer approves', async () => {
    const proposal = await proposed({ reason: 'Yıl sonu yoğunluğu' });
    expect(await stopped()).toBe(true);
    expect(await decide(proposal)).toMatchObject({ account: 'ticaret', quarter: '2026-Q4', toPercent: 120 });
    expect(await stopped()).toBe(false);
    const [made] = await desk.told('proposal.made');
    expect(made?.data).toMatchObject({
      subject: 'ticaret/2026-Q4',
      changes: [
        { field: 'stop', before: '100 %', after: '120 %' },
        { field: 'budget', before: '10,00 TL', after: '10,00 TL' },
      ],
    });
    const story = await desk.told('proposal.ended', 'fees.stop-lifted');
    expect(story.map(({ kind }) => kind)).toEqual(['proposal.ended', 'fees.stop-lifted']);
    expect(story[1]?.data).toMatchObject({
      account: 'ticaret',
      proposal,
      quarter: '2026-Q4',
      toPercent: 120,
    });
    expect(await desk.sql('SELECT * FROM bridge.fee_stop_lift')).toEqual([
      { account_id: 'ticaret', quarter: '2026-Q4', to_percent: 120, leaf: story[1]?.leaf },
    ]);
  });

  it('is lifted for the quarter alone', async () => {
    await decide(await proposed({ toPercent: null }));
    expect((await use()).lift).toEqual({ toPercent: null });
    expect((await use('2027-Q1')).lift).toBeNull();
  });

  it('is lifted further by another decision, and not to less or the same', async () => {
    await decide(await proposed());
    for (const toPercent of [1, 100, 120]) expect(await propose({ toPercent })).toBe('REQUEST_INVALID');
    await decide(await proposed({ toPercent: null }));
    expect((await use()).lift).toEqual({ toPercent: null });
    expect(await propose({ toPercent: 500 })).toBe('STATE_CONFLICT');
    expect(await propose({ toPercent: null })).toBe('STATE_CONFLICT');
  });

  it.each(['refused', 'withdrawn'] as const)('stands where its lift was %s', async (decision) => {
    const officer = decision === 'withdrawn' ? first : second;
    expect(await decide(await proposed(), { decision, officer })).toMatchObject({ decision });
    expect(await stopped()).toBe(true);
    expect(await desk.told('fees.stop-lifted')).toEqual([]);
  });

  it.each(['{}', 'null', '{"account":"ticaret","quarter":"2026-Q4","toPercent":0.5,"budget":{}}'])(
    'stands where the terms were changed into %s, which are none; they can be refused and withdrawn',
    async (terms) => {
      for (const [decision, officer] of [
        ['refused', second],
        ['withdrawn', first],
      ] as const) {
        const proposal = await proposed();
        await desk.sql('UPDATE bridge.proposal SET terms = $1::jsonb WHERE decision IS NULL', [terms]);
        expect(await decide(proposal)).toBe('STATE_CONFLICT');
        expect(await decide(proposal, { decision, officer })).toMatchObject({ decision, account: null });
      }
      expect(await stopped()).toBe(true);
    },
  );

  it('is not lifted by one person', async () => {
    expect(await decide(await proposed(), { officer: first })).toBe('SECOND_PERSON_REQUIRED');
    expect(await stopped()).toBe(true);
  });

  it.each([
    ['of an account that is not there', { account: 'x' }, 'NOT_FOUND'],
    ['of an account without a budget', { account: 'tarim' }, 'STATE_CONFLICT'],
  ])('%s cannot be lifted', async (_name, change, code) => {
    expect(await propose(change)).toBe(code);
  });

  it('of a quarter that has ended meanwhile is not lifted: not in it, and not in the next one', async () => {
    desk.setNow('2026-12-20T09:00:00.000Z');
    const proposal = await proposed();
    desk.setNow('2026-12-31T21:00:00.000Z');
    expect(await decide(proposal)).toBe('STATE_CONFLICT');
    expect(await desk.sql('SELECT 1 FROM bridge.fee_stop_lift')).toEqual([]);
    desk.setNow('2026-12-31T20:59:59.999Z');
    expect(await decide(proposal)).toMatchObject({ quarter: '2026-Q4' });
  });

  it.each([
    ['is another one', { ...BUDGET, quarterKurus: 100_000 }],
    ['stops elsewhere', { ...BUDGET, stopAtPercent: 90 }],
    ['is gone', null],
  ])('whose budget %s since the proposal is not lifted', async (_name, budget) => {
    const proposal = await proposed();
    expect(await decide(proposal, {}, { accounts: [{ id: 'ticaret', budget }] })).toBe('STATE_CONFLICT');
    expect(await stopped()).toBe(true);
  });
});
