import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withEndedAppointments } from '../../src/appointments/appointment-hook.js';
import type { Lane } from '../../src/audit/lane.js';
import { mergeReading } from '../../src/authority/merge-reading.js';
import type { CooperativeReading } from '../../src/authority/recording/reading.js';
import { lockRecords } from '../../src/authority/recording/records.js';
import { settleChanges } from '../../src/authority/recording/settle-changes.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { digitsOf } from '../audit/support/parts.js';
import { cooperativeReading } from '../support/authority.js';
import {
  type AppointmentHouse,
  BOARD,
  callOf,
  DESK,
  MERSIS,
  OTHER_BOARD,
  openAppointmentHouse,
  SECOND,
  SUBJECT,
  seat,
  TODAY,
} from './support.js';

let house: AppointmentHouse;
let id: string;
beforeEach(async () => {
  house = await openAppointmentHouse();
  id = await house.applied();
  expect(await house.decide(DESK, id)).toBe('accepted');
});
afterEach(() => house.close());

/** A reading as it is taken in where appointments are looked at. */
async function read(changes: Partial<CooperativeReading>): Promise<readonly string[]> {
  const reading = cooperativeReading(MERSIS, changes);
  const lane: Lane<null, readonly string[]> = {
    name: '5-test-reading',
    patienceMs: 5_000,
    exclusive: true,
    settle: async (tx, _items, now) => {
      const before = (await lockRecords(tx, [MERSIS])).get(MERSIS) ?? null;
      const after = mergeReading(before?.record ?? null, reading, istanbulDay(now), randomUUID);
      const persons = new Map(reading.seats.map(({ tag, person }) => [tag, person]));
      const change = { before, after, source: 'mersis' as const, asOf: now, readAt: now, persons, lead: [] };
      const { changes: all, effects, matters } = await withEndedAppointments(tx, [change], house.tools, now);
      const settled = await settleChanges(tx, all, house.tools, now);
      return [{ ...settled, effects: [...settled.effects, ...effects], answer: () => matters }];
    },
  };
  return house.log.appender.submit(lane, null);
}

describe('an accepted appointment', () => {
  it('ends with the last of the board that was there, in one transaction with its session', async () => {
    const token = await house.token(SUBJECT);
    await read({ seats: [seat(OTHER_BOARD)] });
    expect(await house.inForce(SUBJECT)).toEqual(['appointee']);
    await read({ seats: [seat(SECOND, { startsOn: TODAY, registeredOn: TODAY })] });
    expect([await house.inForce(SUBJECT), await house.inForce(SECOND)]).toEqual([[], ['board']]);
    expect(await house.row(id)).toMatchObject({ state: 'ended' });
    const entries = await house.entries();
    const ended = entries.find(({ kind }) => kind === 'appointment.ended');
    expect(ended).toMatchObject({ data: { appointment: id, cooperative: MERSIS, reason: 'board-gone' } });
    expect(Object.keys(ended?.sealed ?? {})).toEqual(['subject.number']);
    expect(entries.filter(({ kind }) => kind === 'session.ended').at(-1)).toMatchObject({
      data: { reason: 'authority-lost' },
    });
    expect(await house.apply(callOf(token))).toBe('TOKEN_INVALID');
    expect(await house.text()).not.toContain(digitsOf(SUBJECT));
  });

  it('makes room for the next one by its end', async () => {
    await read({ seats: [seat(SECOND, { startsOn: TODAY, registeredOn: TODAY })] });
    const next = await house.apply(SECOND);
    expect(next).toBe('applied match');
    const { rows } = await house.test.db.query<{ id: string }>({
      text: "SELECT appointment_id AS id FROM bridge.appointment WHERE state = 'applied'",
    });
    expect(await house.decide(DESK, rows[0]?.id ?? null)).toBe('accepted');
  });

  it('ends once: later readings find nothing to end', async () => {
    const gone = { seats: [seat(SECOND, { startsOn: TODAY, registeredOn: TODAY })] };
    await read(gone);
    await read({ ...gone, il: 'İzmir' });
    expect((await house.kinds()).filter((kind) => kind === 'appointment.ended')).toHaveLength(1);
  });

  it('is told of where it begins to contradict a seat', async () => {
    expect(await read({ seats: [seat(BOARD), seat(SUBJECT)] })).toEqual(['appointee-on-board']);
    expect(await house.kinds()).toContain('authority.disagreed');
    expect(await read({ seats: [seat(BOARD), seat(SUBJECT), seat(OTHER_BOARD)] })).toEqual([]);
  });

  it('stands with its board changed in part, and where nothing is read anew of it', async () => {
    await read({ seats: [seat(BOARD), seat(SECOND)], il: 'Bursa' });
    expect(await house.inForce(SUBJECT)).toEqual(['appointee']);
    expect(await house.row(id)).toMatchObject({ state: 'accepted' });
  });
});
