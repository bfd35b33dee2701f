import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogGate } from '../../src/audit/log-gate.js';
import { type House, openHouse } from './support/house.js';
import { person } from './support/parts.js';

const CLERK = person('100000001');

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.addSeat(CLERK);
});
afterAll(() => house.close());

describe('while the log cannot be relied on', () => {
  it('no question is asked and nothing is written; afterwards the same question is', async () => {
    let obstacle: string | null = 'audit-log';
    const instance = house.instance({}, { gate: createLogGate([() => obstacle]) });
    const { token } = await house.signIn(CLERK);
    const before = (await house.entries()).length;
    await expect(instance.verify({ token })).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(house.kps.asked).toEqual([]);
    expect(await house.entries()).toHaveLength(before);
    obstacle = null;
    expect(await instance.ask({ token })).toBe('match');
    expect(await house.entries()).toHaveLength(before + 2);
  });
});
