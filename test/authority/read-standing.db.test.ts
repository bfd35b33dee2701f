import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readStanding } from '../../src/authority/read-standing.js';
import { tagger } from '../audit/support/parts.js';
import { type House, openHouse, someone } from '../verification/support/house.js';
import { MERSIS, TODAY } from '../verification/support/parts.js';

const LIQUIDATED = '0000000000000021';
const SUSPENDED = '0000000000000033';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.addCooperative(LIQUIDATED, { durum: 'tasfiye' });
  await house.addCooperative(SUSPENDED);
  await house.test.db.query({
    text: "UPDATE bridge.authority_cooperative SET suspended_by = 'Karar 1' WHERE mersis_no = $1",
    values: [SUSPENDED],
  });
});
afterAll(() => house?.close());

const standingOf = (n: number) => readStanding(house.test.db, tagger.tag('authority', someone(n)), TODAY);

describe('what is known of a person', () => {
  it.each([
    [11, 'in force', {}, MERSIS, null],
    [12, 'elected and not registered', { registeredOn: null }, MERSIS, 'not-registered-yet'],
    [13, 'registered from tomorrow on', { registeredOn: '2026-05-05' }, MERSIS, 'not-registered-yet'],
    [14, 'over since today', { endsOn: TODAY }, MERSIS, 'term-ended'],
    [15, 'of the closed system', { role: 'legacy-appointee' as const }, MERSIS, 'legacy-ended'],
    [16, 'at a cooperative that is suspended', {}, SUSPENDED, 'suspended'],
    [17, 'at a cooperative in liquidation', {}, LIQUIDATED, 'no-seat'],
  ])('is a seat (%d) %s, with why it gives nothing', async (n, _what, changes, mersisNo, why) => {
    await house.addSeat(someone(n), changes, mersisNo);
    const { seats, roles } = await standingOf(n);
    expect(roles).toEqual([]);
    expect(seats).toEqual([
      {
        role: 'role' in changes ? changes.role : 'board',
        mersisNo,
        unvan: 'Örnek',
        inForce: why === null,
        why,
      },
    ]);
  });

  it('does not hang on how long ago the registry was read', async () => {
    await house.addSeat(someone(1));
    await house.test.db.query({
      text: "UPDATE bridge.authority_cooperative SET read_at = read_at - interval '30 days' WHERE mersis_no = $1",
      values: [MERSIS],
    });
    expect((await standingOf(1)).seats).toEqual([expect.objectContaining({ inForce: true, why: null })]);
  });

  it('is nothing of somebody whom nobody knows', async () => {
    expect(await standingOf(2)).toEqual({ seats: [], roles: [] });
  });
});
