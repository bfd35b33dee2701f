import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordRoles } from '../../src/authority/record-roles.js';
import { evaluate } from '../../src/authority/rights/evaluate.js';
import { digitsOf, masterKeys, personOf, tagger } from '../audit/support/parts.js';
import { portsOf } from '../support/authority.js';
import {
  APPLICATION,
  type AppointmentHouse,
  BOARD,
  callOf,
  DESK,
  FAR_DESK,
  factsOf,
  MERSIS,
  NOBODY,
  OTHER_BOARD,
  openAppointmentHouse,
  SECOND,
  SUBJECT,
  seat,
  TODAY,
  tagOf,
  VKN,
} from './support.js';

let house: AppointmentHouse;
let id: string;
beforeEach(async () => {
  house = await openAppointmentHouse();
  id = await house.applied();
});
afterEach(() => house.close());

const last = async () => (await house.entries()).at(-1);
const OTHER = { ...APPLICATION.subject, kimlikNo: digitsOf(SECOND) };
const mayAdd = async (n: number) => {
  const time = { ...house.tools.authority, now: house.now, today: TODAY };
  const context = { member: false, acr: 'urn:koopbis:acr:two-step' };
  const facts = await factsOf(house.test, n);
  if (facts === undefined) throw new Error('no facts');
  return evaluate({ action: 'member.add', context }, facts, time).decision;
};

describe('an acceptance', () => {
  it('is decision, seat and cooperative in one transaction, and the right is there', async () => {
    expect(await mayAdd(SUBJECT)).toBe(false);
    const decided = await house.decided(DESK, id, { reason: 'uygun' });
    const [decision, held, record] = (await house.entries()).slice(-3);
    const seatId = decided.seat?.seatId;
    expect(decision).toMatchObject({
      kind: 'appointment.decided',
      data: { appointment: id, cooperative: MERSIS, corrected: false, decision: 'accepted', reason: 'uygun' },
    });
    expect(Object.keys(decision?.sealed ?? {}).sort()).toEqual(['actor.number', 'subject.number']);
    expect(held).toMatchObject({
      kind: 'seat.recorded',
      data: {
        appointment: id,
        role: 'appointee',
        source: 'decision',
        seat: seatId,
        startsOn: TODAY,
        endsOn: null,
        registeredOn: TODAY,
      },
    });
    expect(record).toMatchObject({ kind: 'authority.recorded', data: { source: 'decision' } });
    const times = await house.test.db.query({
      text: 'SELECT DISTINCT at FROM bridge.entry WHERE leaf_index >= (SELECT max(leaf_index) - 2 FROM bridge.entry)',
    });
    expect(times.rows).toHaveLength(1);
    const leaf = BigInt((await house.entries()).length - 3);
    expect(decided.receipt.leafIndex).toBe(leaf);
    expect(await house.row(id)).toMatchObject({ state: 'accepted', seat_id: seatId, decided_leaf: leaf });
    expect([await house.inForce(SUBJECT), await mayAdd(SUBJECT)]).toEqual([['appointee'], true]);
    expect(decided.disagreements).toEqual([]);
    const text = await house.text();
    for (const n of [SUBJECT, DESK]) expect(text).not.toContain(digitsOf(n));
  });

  it('makes no reading younger: what MERSİS said is as old as before', async () => {
    const before = (await factsOf(house.test, BOARD))?.cooperative?.readAt;
    house.now = new Date(house.now.getTime() + 3_600_000);
    expect(await house.decide(DESK, id)).toBe('accepted');
    expect((await factsOf(house.test, BOARD))?.cooperative?.readAt).toEqual(before);
  });

  it('begins when the board said, where that is later, and ends when it said', async () => {
    const later = await house.applied({ subject: OTHER, from: '2026-06-01', to: '2026-07-01' });
    expect((await house.decided(DESK, later)).seat).toMatchObject({
      startsOn: '2026-06-01',
      endsOn: '2026-07-01',
    });
    expect(await house.inForce(SECOND)).toEqual([]);
    expect(await house.decide(DESK, id)).toBe('STATE_CONFLICT too-many-appointees');
  });

  it('needs the VKN as MERSİS has it: the directorate corrects it', async () => {
    const wrong = await house.applied({ subject: OTHER, vkn: '9999999999' });
    expect(await house.decide(DESK, wrong)).toBe('STATE_CONFLICT vkn-differs');
    expect(await house.decide(DESK, wrong, { correctedVkn: '8888888888' })).toBe(
      'STATE_CONFLICT vkn-differs',
    );
    expect(await house.decide(DESK, wrong, { correctedVkn: VKN })).toBe('accepted');
    expect(await house.row(wrong)).toMatchObject({ vkn: VKN, state: 'accepted' });
    const decided = (await house.entries()).filter(({ kind }) => kind === 'appointment.decided').at(-1);
    expect(decided?.data).toMatchObject({ corrected: true });
  });

  it('of somebody who sits on the board stands, with an alarm and an entry', async () => {
    await house.read({ seats: [seat(BOARD), seat(SUBJECT)] });
    const decided = await house.decided(DESK, id);
    expect([decided.disagreements, house.told]).toEqual([['appointee-on-board'], ['appointee-on-board']]);
    expect((await house.kinds()).slice(-4)).toEqual([
      'appointment.decided',
      'authority.disagreed',
      'seat.recorded',
      'authority.recorded',
    ]);
  });

  it('is one of two at once, where one may be appointed', async () => {
    const other = await house.applied({ subject: OTHER });
    const words = await Promise.all([house.decide(DESK, id), house.decide(DESK, other)]);
    expect(words.sort()).toEqual(['STATE_CONFLICT too-many-appointees', 'accepted']);
    const held = [await house.inForce(SUBJECT), await house.inForce(SECOND)].flat();
    expect(held).toEqual(['appointee']);
  });

  it('of one application happens once, however often it is asked for', async () => {
    const words = await Promise.all([house.decide(DESK, id), house.decide(DESK, id)]);
    expect(words.sort()).toEqual(['STATE_CONFLICT already-decided', 'accepted']);
  });

  it('is as many as the setting says', async () => {
    house.policy = { ...house.policy, atATime: 2 };
    const other = await house.applied({ subject: OTHER });
    expect([await house.decide(DESK, id), await house.decide(DESK, other)]).toEqual(['accepted', 'accepted']);
  });
});

describe('a refusal by the directorate', () => {
  it('is one entry and the row, and gives nothing', async () => {
    expect(await house.decide(DESK, id, { decision: 'refuse', reason: 'karar eksik' })).toBe('refused');
    expect(await last()).toMatchObject({
      kind: 'appointment.decided',
      data: { decision: 'refused', reason: 'karar eksik', corrected: false },
    });
    expect(await house.row(id)).toMatchObject({ state: 'refused', reason: 'karar eksik', seat_id: null });
    expect(await house.inForce(SUBJECT)).toEqual([]);
    expect(await house.decide(DESK, id)).toBe('STATE_CONFLICT already-decided');
  });

  it('may be given whatever has become of the cooperative', async () => {
    await house.read({ durum: 'terkin', durumSince: TODAY });
    expect(await house.decide(DESK, id)).toBe('STATE_CONFLICT cooperative-not-active');
    expect(await house.decide(DESK, id, { decision: 'refuse' })).toBe('refused');
  });
});

describe('a decision is refused, written down, and changes nothing', () => {
  const refused = async (word: string, n: number) => {
    expect(await house.decide(n, id)).toBe(word);
    const [code, reason = null] = word.split(' ');
    expect(await last()).toMatchObject({
      kind: 'call.refused',
      data: { code, reason, operation: 'appointment-decide', cooperative: MERSIS },
    });
    expect(await house.row(id)).toMatchObject({ state: 'applied' });
    expect(await house.inForce(SUBJECT)).toEqual([]);
  };
  const directorate = async (n: number) => {
    const role = { roleId: randomUUID(), person: personOf(n), tag: tagOf(n), role: 'directorate' };
    const roles = [{ ...role, ministry: 'ticaret' as const, il: 'Ankara' }];
    const ports = portsOf({ masterKeys, tagger });
    const reading = { roles, people: new Map(), source: 'takeover', readAt: house.now };
    await recordRoles(house.log.appender, reading, ports);
  };

  it('without a token, and by a sign-in of one step', async () => {
    expect(await house.decide(callOf(null), id)).toBe('TOKEN_INVALID');
    expect(await house.decide(callOf(await house.token(DESK, 'urn:koopbis:acr:one-step')), id)).toBe(
      'TWO_STEP_REQUIRED',
    );
  });

  it('by another il, by nobody, and by the board', async () => {
    await refused('OUTSIDE_OWN_AREA', FAR_DESK);
    await refused('NOT_AUTHORISED_FOR_COOPERATIVE no-seat', NOBODY);
    await refused('ROLE_REQUIRED', BOARD);
  });

  it('by an official who sits there, registered or not', async () => {
    await house.read({ seats: [seat(BOARD), seat(DESK)] });
    await refused('ROLE_REQUIRED', DESK);
    await house.read({ seats: [seat(BOARD), seat(DESK, { registeredOn: null })] });
    await refused('NOT_AUTHORISED_FOR_COOPERATIVE not-registered-yet', DESK);
  });

  it('by whoever applied and has become an official since, and by the person themselves', async () => {
    await directorate(SUBJECT);
    await refused('STATE_CONFLICT own-person', SUBJECT);
    await house.read({ seats: [seat(OTHER_BOARD)] });
    await directorate(BOARD);
    await refused('STATE_CONFLICT own-application', BOARD);
  });

  it('about what nobody has applied for', async () => {
    expect(await house.decide(DESK, randomUUID())).toBe('NOT_FOUND');
    expect(await house.decide(DESK, null)).toBe('NOT_FOUND');
    expect(await last()).toMatchObject({
      kind: 'call.refused',
      data: { code: 'NOT_FOUND', cooperative: null },
    });
  });

  it('where the cooperative is in liquidation, and where the board that decided is gone', async () => {
    await house.read({ durum: 'tasfiye', durumSince: TODAY });
    await refused('STATE_CONFLICT cooperative-not-active', DESK);
    await house.read({ seats: [seat(SECOND, { startsOn: TODAY, registeredOn: TODAY })] });
    await refused('STATE_CONFLICT board-gone', DESK);
  });
});
