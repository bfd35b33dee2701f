import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  decideSuspension,
  type RecordedDecision,
} from '../../src/appointments/suspension/decide-suspension.js';
import { digitsOf } from '../audit/support/parts.js';
import { OFFICER, officerPorts } from './officer.js';
import {
  type AppointmentHouse,
  BOARD,
  callOf,
  DESK,
  endOf,
  factsOf,
  MERSIS,
  NOW,
  OTHER_BOARD,
  openAppointmentHouse,
  SUBJECT,
  seat,
  TODAY,
} from './support.js';

let house: AppointmentHouse;
beforeEach(async () => {
  house = await openAppointmentHouse();
});
afterEach(() => house.close());

const decide = (decision: 'suspended' | 'lifted', changes: Partial<RecordedDecision> = {}, acts = true) =>
  endOf(
    decideSuspension(house.log.appender, officerPorts(acts), {
      ...{ decision, cooperative: MERSIS, decisionNo: 'B-9', decidedOn: '2026-05-04', from: TODAY },
      ...{ officer: OFFICER, osUser: 'tester', ...changes },
    }).then(() => decision),
  );
const suspendedBy = async () => {
  const text = 'SELECT suspended_by FROM bridge.authority_cooperative WHERE mersis_no = $1';
  const { rows } = await house.test.db.query<{ suspended_by: string | null }>({ text, values: [MERSIS] });
  return rows[0]?.suspended_by;
};

describe('a suspension', () => {
  it('takes every right and session of board and appointee in the transaction of its entries', async () => {
    expect(await house.decide(DESK, await house.applied())).toBe('accepted');
    const tokens = [await house.token(BOARD), await house.token(SUBJECT)];
    expect(await decide('suspended')).toBe('suspended');
    expect(await suspendedBy()).toBe('B-9');
    for (const n of [BOARD, OTHER_BOARD, SUBJECT]) expect(await house.inForce(n)).toEqual([]);
    for (const token of tokens) expect(await house.apply(callOf(token))).toBe('TOKEN_INVALID');
    const entries = await house.entries();
    const at = entries.findIndex(({ kind }) => kind === 'suspension.decided');
    expect(entries[at]).toMatchObject({
      data: {
        cooperative: MERSIS,
        decision: 'suspended',
        decisionNo: 'B-9',
        decidedOn: '2026-05-04',
        from: TODAY,
        osUser: 'tester',
      },
    });
    expect(Object.keys(entries[at]?.sealed ?? {})).toEqual(['actor.number']);
    expect(entries[at + 1]).toMatchObject({
      kind: 'authority.recorded',
      data: { suspensions: [{ decisionNo: 'B-9', from: TODAY, to: null }] },
    });
    expect(entries.filter(({ kind }) => kind === 'session.ended').length).toBeGreaterThanOrEqual(2);
    expect(await house.text()).not.toContain(digitsOf(70));
  });

  it('that is lifted gives the rights back, and the days between stay what they were', async () => {
    await decide('suspended', { from: '2026-05-04' });
    expect(await decide('lifted', { decisionNo: 'B-10' })).toBe('lifted');
    expect(await suspendedBy()).toBeNull();
    expect(await house.inForce(BOARD)).toEqual(['board']);
    expect((await factsOf(house.test, BOARD, '2026-05-04'))?.cooperative?.suspended).toBe(true);
    expect((await factsOf(house.test, BOARD, TODAY))?.cooperative?.suspended).toBe(false);
    expect(await decide('suspended', { decisionNo: 'B-11' })).toBe('suspended');
  });

  it('stays where the registry is read anew, and makes no reading younger', async () => {
    house.now = new Date(NOW.getTime() + 3_600_000);
    await decide('suspended');
    expect((await factsOf(house.test, BOARD))?.cooperative?.readAt).toEqual(NOW);
    await house.read({ seats: [seat(BOARD)] });
    expect(await suspendedBy()).toBe('B-9');
  });

  it('keeps an application from being accepted, and the board from making one', async () => {
    const id = await house.applied();
    await decide('suspended');
    expect(await house.decide(DESK, id)).toBe('STATE_CONFLICT cooperative-suspended');
    expect(await house.apply(BOARD)).toBe('NOT_AUTHORISED_FOR_COOPERATIVE suspended');
  });
});

describe('a ministry’s decision is refused and writes nothing', () => {
  it.each<[string, 'suspended' | 'lifted', Partial<RecordedDecision>]>([
    ['STATE_CONFLICT not-suspended', 'lifted', {}],
    ['STATE_CONFLICT from-in-future', 'suspended', { from: '2026-05-06' }],
    ['STATE_CONFLICT decided-in-future', 'suspended', { decidedOn: '2026-05-06' }],
    ['STATE_CONFLICT from-before-decision', 'suspended', { from: '2026-05-03' }],
    ['NOT_FOUND cooperative-unknown', 'suspended', { cooperative: '0999999999000015' }],
  ])('as %s', async (word, decision, changes) => {
    const before = (await house.kinds()).length;
    expect(await decide(decision, changes)).toBe(word);
    expect(await house.kinds()).toHaveLength(before);
  });

  it('where it is suspended already, and where the officer has lost session or role', async () => {
    expect(await decide('suspended', {}, false)).toBe('TOKEN_INVALID');
    expect(await suspendedBy()).toBeNull();
    await decide('suspended');
    expect(await decide('suspended', { decisionNo: 'B-10' })).toBe('STATE_CONFLICT already-suspended');
    expect(await suspendedBy()).toBe('B-9');
  });
});
