import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quarterForCorrection, takesLines } from '../../../src/fees/quarter/correction-quarter.js';
import { officerOf, openQuarterHouse, type QuarterHouse } from './support/quarter-house.js';

const [FIRST, SECOND] = [officerOf(1), officerOf(2)];
const Q = '2026-Q2';
const NEXT = '2026-Q3';
const IN_Q = new Date('2026-05-04T09:00:00Z');
let house: QuarterHouse;

beforeAll(async () => {
  house = await openQuarterHouse('2026-07-02T06:00:00Z');
  await house.book({ sentAt: IN_Q });
});
afterAll(() => house.close());

const queriesOf = async (quarter: string) => (await house.view(quarter)).document.total.queries;

describe('a quarter that is opened again', () => {
  it('takes lines that end from then on, and leaves those of the time between in the next one', async () => {
    expect(await house.freeze(Q, FIRST)).toMatchObject({ kind: 'done' });
    await house.book({ sentAt: IN_Q });
    const size = await house.size();
    expect(await house.decide(Q, SECOND, 'refused')).toMatchObject({ kind: 'done' });
    expect(await house.kindsFrom(size)).toEqual(['proposal.ended', 'fees.quarter-reopened']);
    await house.book({ sentAt: IN_Q });
    expect(await house.view(Q)).toMatchObject({ state: 'collecting', statementSha256: null, proposal: null });
    expect([await queriesOf(Q), await queriesOf(NEXT)]).toEqual([2, 1]);
  });

  it('is frozen anew with another proposal; the old one decides nothing any more', async () => {
    await house.freeze(Q, FIRST);
    const { proposal: old } = await house.view(Q);
    expect(await house.decide(Q, FIRST, 'withdrawn')).toMatchObject({ kind: 'done' });
    await house.freeze(Q, FIRST);
    expect((await house.view(Q)).proposal).not.toBe(old);
    expect(await house.decide(Q, SECOND, 'approved', old ?? '')).toMatchObject({
      kind: 'refused',
      code: 'STATE_CONFLICT',
    });
    expect((await house.view(Q)).state).toBe('frozen');
  });

  it('cannot expire before its time, and is nobody’s to approve after it', async () => {
    house.now = new Date(house.now.getTime() + 72 * 3_600_000 - 1);
    expect(await house.expire(Q)).toMatchObject({ code: 'STATE_CONFLICT' });
    house.now = new Date(house.now.getTime() + 1);
    expect(await house.decide(Q, SECOND)).toMatchObject({ kind: 'refused', code: 'STATE_CONFLICT' });
    const size = await house.size();
    expect(await house.expire(Q)).toMatchObject({ kind: 'done' });
    expect(await house.kindsFrom(size)).toEqual(['proposal.ended', 'fees.quarter-reopened']);
    expect(await house.expire(Q)).toMatchObject({ code: 'STATE_CONFLICT' });
    expect((await house.view(Q)).state).toBe('collecting');
  });

  it('has each of its freezings written down with the leaves between which it took no lines', async () => {
    const rows = await house.sql<{ closed: boolean; kinds: string[] }>(
      `SELECT f.reopened_leaf > f.frozen_leaf AS closed, ARRAY[a.kind, b.kind] AS kinds FROM bridge.fee_freeze f
        JOIN bridge.entry a ON a.leaf_index = f.frozen_leaf JOIN bridge.entry b ON b.leaf_index = f.reopened_leaf`,
    );
    const one = { closed: true, kinds: ['fees.quarter-frozen', 'fees.quarter-reopened'] };
    expect(rows).toEqual([one, one, one]);
  });
});

describe('the quarter that a correction is billed in', () => {
  it('is its own while that takes lines, else the first later one that does', async () => {
    const { db } = house.test;
    expect(await quarterForCorrection(db, Q)).toBe(Q);
    expect(await takesLines(db, Q)).toBe(true);
    house.now = new Date('2026-12-01T09:00:00Z');
    await house.freeze(NEXT, FIRST);
    await house.freeze(Q, FIRST);
    expect(await takesLines(db, Q)).toBe(false);
    expect(await quarterForCorrection(db, Q)).toBe('2026-Q4');
    expect(await quarterForCorrection(db, '2026-Q1')).toBe('2026-Q1');
    await house.decide(NEXT, SECOND, 'refused');
    expect(await quarterForCorrection(db, Q)).toBe(NEXT);
  });
});
