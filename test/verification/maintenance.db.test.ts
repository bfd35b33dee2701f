import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Maintenance, NO_MAINTENANCE } from '../../src/maintenance/known-windows.js';
import { type Call, equalRecord, type House, type Instance, openHouse, someone } from './support/house.js';
import { digitsOf } from './support/parts.js';

const NOW = new Date('2026-05-04T09:00:30.000Z');
const END = new Date('2026-05-04T09:20:30.000Z');

let house: House;
let bridge: Instance;
let caller: Call;
let stranger: Call;
let asked = 0;

beforeAll(async () => {
  house = await openHouse();
  await house.addSeat(someone(1));
  caller = { token: (await house.signIn(someone(1))).token };
  stranger = { token: (await house.signIn(someone(2))).token };
  bridge = house.instance();
});
afterAll(() => house.close());

beforeEach(() => {
  house.now = NOW;
  house.kps.answer = equalRecord;
  house.kps.asked.length = 0;
  house.maintenance = NO_MAINTENANCE;
});

/** A window of `system` from NOW to END. */
function during(system: 'kps' | 'mersis'): Maintenance {
  const window = {
    ...{ window: '0b9c2a34-3a0e-4c43-9f5c-2c9ed7a2b001', system, startsAt: NOW, endsAt: END, reason: 'NVİ' },
    ...{ closedAt: null, openedLeaf: 1n, closedLeaf: null },
  };
  return { currentWindow: (of, at) => (of === system && at >= NOW && at < END ? window : null) };
}

/** A question about somebody new. */
function call(by = caller, key?: string): Call {
  asked += 1;
  const subject = { kimlikNo: digitsOf(String(810_000_000 + asked)) };
  return { ...by, question: { subject }, ...(key === undefined ? {} : { key }) };
}

const size = async () => (await house.entries()).length;
const since = async (from: number) => (await house.entries()).slice(from).map(({ kind }) => kind);

describe('while KPS is under maintenance', () => {
  it('a check is refused with its entry, nothing leaves, and nothing is opened or spent', async () => {
    const before = await size();
    const used = await house.rows('SELECT * FROM bridge.quota_use ORDER BY key, window_start');
    house.maintenance = during('kps');
    expect(await bridge.ask(call())).toBe('MAINTENANCE kps');
    expect(await since(before)).toEqual(['query.refused']);
    expect((await house.entries()).at(-1)?.data).toMatchObject({ code: 'MAINTENANCE', reason: 'kps' });
    expect(house.kps.asked).toEqual([]);
    expect(await house.rows('SELECT * FROM bridge.quota_use ORDER BY key, window_start')).toEqual(used);
    expect(await house.rows("SELECT 1 FROM bridge.identity_query WHERE state = 'open'")).toEqual([]);
  });

  it('who has no right is told that, and not of the maintenance', async () => {
    house.maintenance = during('kps');
    expect(await bridge.ask(call(stranger))).toMatch(/^NOT_AUTHORISED_FOR_COOPERATIVE/);
    expect(await bridge.ask(call({ token: 'x' }))).toBe('TOKEN_INVALID');
  });

  it('what was answered is repeated, and a key that was not used stays free', async () => {
    const first = call(caller, 'key-answered');
    expect(await bridge.ask(first)).toBe('match');
    house.maintenance = during('kps');
    const before = await size();
    expect(await bridge.ask(first)).toMatch(/^match/);
    expect(await since(before)).toEqual(['query.replayed']);
    const second = call(caller, 'key-refused');
    expect(await bridge.ask(second)).toBe('MAINTENANCE kps');
    house.maintenance = NO_MAINTENANCE;
    expect(await bridge.ask(second)).toBe('match');
    expect(house.kps.asked).toHaveLength(2);
  });

  it('checks go on at the instant at which the window ends', async () => {
    house.maintenance = during('kps');
    house.now = new Date(END.getTime() - 1);
    expect(await bridge.ask(call())).toBe('MAINTENANCE kps');
    house.now = END;
    expect(await bridge.ask(call())).toBe('match');
  });
});

it('maintenance of MERSİS keeps nobody from a check', async () => {
  house.maintenance = during('mersis');
  expect(await bridge.ask(call())).toBe('match');
});
