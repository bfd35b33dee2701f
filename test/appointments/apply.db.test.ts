import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applyForAppointee } from '../../src/appointments/apply/apply-for-appointee.js';
import { decideAppointment } from '../../src/appointments/decide/decide-appointment.js';
import { BridgeError } from '../../src/errors/bridge-error.js';
import { Refusal } from '../../src/errors/refusal.js';
import { digitsOf } from '../audit/support/parts.js';
import {
  ACCEPT,
  APPLICATION,
  type AppointmentHouse,
  BOARD,
  callOf,
  DESK,
  endOf,
  MERSIS,
  NOBODY,
  NOW,
  OTHER_BOARD,
  openAppointmentHouse,
  SECOND,
  SUBJECT,
  seat,
  tagOf,
  VKN,
} from './support.js';

let house: AppointmentHouse;
beforeEach(async () => {
  house = await openAppointmentHouse();
});
afterEach(() => house.close());

const last = async () => (await house.entries()).at(-1);
const open = async () => {
  const { rows } = await house.test.db.query({ text: 'SELECT appointment_id FROM bridge.appointment' });
  return rows.length;
};

describe('an application', () => {
  it.each(['kps', 'mersis'] as const)(
    'asks neither MERSİS nor KPS while %s is under maintenance',
    async (system) => {
      const window = {
        ...{ window: '0b9c2a34-3a0e-4c43-9f5c-2c9ed7a2b001', system, reason: 'bakım', startsAt: NOW },
        ...{ endsAt: new Date(NOW.getTime() + 60_000), closedAt: null, openedLeaf: 1n, closedLeaf: null },
      };
      house.maintenance = { currentWindow: (of) => (of === system ? window : null) };
      expect(await house.apply(BOARD)).toBe(`MAINTENANCE ${system}`);
      expect([house.askedRegistry, house.checked, await open()]).toEqual([[], [], 0]);
      expect(await last()).toMatchObject({
        kind: 'call.refused',
        data: { code: 'MAINTENANCE', operation: 'appointment-apply', cooperative: MERSIS, reason: system },
      });
      // Who may not apply hears that first.
      expect(await house.apply(NOBODY)).toBe('NOT_AUTHORISED_FOR_COOPERATIVE no-seat');
    },
  );

  it('is an entry with who, by which seat, on which decision, and a row, once MERSİS and KPS have said yes', async () => {
    const id = await house.applied({ to: '2027-01-01' });
    expect(house.askedRegistry).toMatchObject([{ mersisNo: MERSIS, vkn: VKN }]);
    expect(house.checked).toHaveLength(1);
    const entry = await last();
    const row = await house.row(id);
    expect(entry).toMatchObject({
      kind: 'appointment.applied',
      data: {
        appointment: id,
        cooperative: MERSIS,
        decisionNo: '2026/7',
        decisionDate: '2026-05-04',
        documentSha256: APPLICATION.decision.documentSha256,
        startsOn: '2026-05-04',
        endsOn: '2027-01-01',
        vkn: VKN,
        seat: row?.applicant_seat,
        query: row?.query_id,
      },
    });
    expect(Object.keys(entry?.sealed ?? {}).sort()).toEqual(['actor.number', 'subject.number']);
    expect(row).toMatchObject({
      mersis_no: MERSIS,
      state: 'applied',
      person_tag: tagOf(SUBJECT),
      applicant_tag: tagOf(BOARD),
      seat_id: null,
    });
    const leaves = (await house.entries()).length;
    expect(row?.applied_leaf).toBe(BigInt(leaves - 1));
  });

  it('gives no right, and nobody’s number or name in clear', async () => {
    await house.applied();
    expect(await house.inForce(SUBJECT)).toEqual([]);
    const text = await house.text();
    for (const secret of [digitsOf(SUBJECT), digitsOf(BOARD), 'Ayşe', 'Yılmaz', '1980-02-29'])
      expect(text).not.toContain(secret);
  });

  it('stands where the VKN is another one: the directorate corrects it', async () => {
    house.registry = 'vkn-differs';
    expect(await house.apply(BOARD, { vkn: '9999999999' })).toBe('applied vkn-differs');
  });

  it('may be made by liquidators and by a trustee, who act in the board’s place', async () => {
    await house.read({
      durum: 'tasfiye',
      durumSince: '2026-05-01',
      seats: [seat(BOARD), seat(SECOND, { role: 'liquidator' })],
    });
    expect(await house.apply(SECOND)).toBe('applied match');
    expect(await house.apply(BOARD)).toMatch(/^NOT_AUTHORISED_FOR_COOPERATIVE/);
  });
});

describe('an application is refused, written down under a name, and asks nobody', () => {
  const refused = async (word: string, n: number, changes: Parameters<AppointmentHouse['apply']>[1] = {}) => {
    const before = await open();
    expect(await house.apply(n, changes)).toBe(word);
    const entry = await last();
    const [code, reason = null] = word.split(' ');
    expect(entry).toMatchObject({
      kind: 'call.refused',
      data: { code, reason, operation: 'appointment-apply', client: 'core', cooperative: MERSIS },
    });
    expect(Object.keys(entry?.sealed ?? {})).toEqual(['actor.number']);
    expect([house.askedRegistry.length, house.checked.length, await open()]).toEqual([0, 0, before]);
    return entry;
  };

  it('without a token that signs somebody in', async () => {
    expect(await house.apply(callOf(null))).toBe('TOKEN_INVALID');
    expect(await last()).toMatchObject({
      kind: 'call.refused',
      data: { actor: null, tokenFault: null },
      sealed: {},
    });
    expect(await house.apply(callOf('x'.repeat(43)))).toBe('TOKEN_INVALID');
    expect(await last()).toMatchObject({ data: { tokenFault: 'token-unknown' } });
    expect(house.askedRegistry).toEqual([]);
  });

  it('by a sign-in of one step', async () => {
    const call = callOf(await house.token(BOARD, 'urn:koopbis:acr:one-step'));
    expect(await house.apply(call)).toBe('TWO_STEP_REQUIRED');
  });

  it('by nobody, by an official, and by an appointee', async () => {
    await refused('NOT_AUTHORISED_FOR_COOPERATIVE no-seat', NOBODY);
    await refused('ROLE_REQUIRED', DESK);
    expect(await house.decide(DESK, await house.applied())).toBe('accepted');
    house.askedRegistry.length = 0;
    house.checked.length = 0;
    await refused('ROLE_REQUIRED', SUBJECT);
  });

  it('by whoever is elected and not registered, is over, or is suspended; and on an old reading', async () => {
    await house.read({ seats: [seat(BOARD), seat(SECOND, { registeredOn: null })] });
    await refused('NOT_AUTHORISED_FOR_COOPERATIVE not-registered-yet', SECOND);
    await refused('NOT_AUTHORISED_FOR_COOPERATIVE no-seat', OTHER_BOARD);
    house.now = new Date(NOW.getTime() + 25 * 3_600_000);
    await refused('NOT_AUTHORISED_FOR_COOPERATIVE stale', BOARD);
  });

  it('for a number that is none', async () => {
    const subject = { ...APPLICATION.subject, kimlikNo: '12345678901' };
    await refused('IDENTITY_NUMBER_INVALID checksum', BOARD, { subject });
    expect(await house.text()).not.toContain('12345678901');
  });

  it.each([
    ['decision-in-future', { decision: { ...APPLICATION.decision, date: '2026-05-06' }, from: '2026-05-06' }],
    ['from-before-decision', { from: '2026-05-03' }],
    ['period-empty', { to: '2026-05-04' }],
    ['period-over', { to: '2026-05-05' }],
  ])('as %s', async (reason, changes) => {
    await refused(`REQUEST_INVALID ${reason}`, BOARD, changes);
  });

  it('with a body that is none, once the token was looked at', async () => {
    const sent = { ok: false, code: 'REQUEST_INVALID', reason: 'body.from' } as const;
    expect(await house.apply(callOf(null), { sent })).toBe('TOKEN_INVALID');
    expect(await house.apply(BOARD, { sent })).toBe('REQUEST_INVALID body.from');
    expect(await last()).toMatchObject({ data: { cooperative: null, reason: 'body.from' } });
  });

  it('while one for the same person waits; and not any longer', async () => {
    const id = await house.applied();
    house.askedRegistry.length = 0;
    house.checked.length = 0;
    await refused('STATE_CONFLICT already-applied', BOARD);
    await refused('STATE_CONFLICT already-applied', OTHER_BOARD);
    const decision = { ...APPLICATION.decision, no: '2026/8' };
    await refused('STATE_CONFLICT application-open', BOARD, { decision });
    expect(await house.decide(DESK, id, { decision: 'refuse' })).toBe('refused');
    expect(await house.apply(BOARD)).toBe('applied match');
  });
});

describe('an application is refused on the way', () => {
  it('where MERSİS does not know the cooperative, or does not answer: nobody is asked about', async () => {
    house.registry = 'not-found';
    expect(await house.apply(BOARD)).toBe('STATE_CONFLICT not-in-registry');
    house.registry = 'unavailable';
    expect(await house.apply(BOARD)).toBe('MERSIS_UNAVAILABLE');
    expect(await last()).toMatchObject({ kind: 'call.refused', data: { code: 'MERSIS_UNAVAILABLE' } });
    expect([house.checked.length, await open()]).toEqual([0, 0]);
  });

  it('where MERSİS may not be asked, which has its own entry', async () => {
    const tools = {
      ...house.tools,
      checkRegistry: async () => {
        throw new Refusal('RATE_LIMITED', { reason: 'person-hour' });
      },
    };
    const sent = { ok: true as const, value: APPLICATION };
    const work = applyForAppointee({ call: await house.call(BOARD), sent }, tools);
    expect(await endOf(work.then(() => 'applied'))).toBe('RATE_LIMITED person-hour');
    expect(await house.kinds()).not.toContain('call.refused');
    expect(house.checked).toEqual([]);
  });

  it('where the log cannot be relied on: nothing is looked at, asked or written', async () => {
    const requireSound = () => {
      throw new BridgeError('AUDIT_UNAVAILABLE', 'closed');
    };
    const call = await house.call(BOARD);
    const before = (await house.kinds()).length;
    const tools = { ...house.tools, requireSound };
    const sent = { ok: true as const, value: APPLICATION };
    expect(await endOf(applyForAppointee({ call, sent }, tools).then(() => 'applied'))).toBe(
      'AUDIT_UNAVAILABLE',
    );
    const verdict = { call, appointment: null, sent: { ok: true as const, value: ACCEPT } };
    expect(await endOf(decideAppointment(verdict, tools).then(() => 'decided'))).toBe('AUDIT_UNAVAILABLE');
    expect([(await house.kinds()).length, house.askedRegistry]).toEqual([before, []]);
  });

  it('where the person is not who the board says', async () => {
    house.check = async () => false;
    expect(await house.apply(BOARD)).toBe('STATE_CONFLICT person-not-matching');
    expect(await last()).toMatchObject({ data: { reason: 'person-not-matching' } });
    expect(await open()).toBe(0);
  });

  it('where the check itself is refused, which has its own entry', async () => {
    house.check = async () => {
      throw new Refusal('RATE_LIMITED', { reason: 'user-minute' });
    };
    expect(await house.apply(BOARD)).toBe('RATE_LIMITED user-minute');
    expect(await house.kinds()).not.toContain('call.refused');
    expect(await open()).toBe(0);
  });

  it('where the right was lost while KPS was asked', async () => {
    house.check = async () => {
      await house.read({ seats: [seat(OTHER_BOARD)] });
      return true;
    };
    expect(await house.apply(BOARD)).toBe('TOKEN_INVALID');
    expect(await last()).toMatchObject({ kind: 'call.refused', data: { tokenFault: 'session-ended' } });
    expect(await open()).toBe(0);
  });

  it('where another one for the same person came first: of two at once one stands', async () => {
    const words = await Promise.all([house.apply(BOARD), house.apply(OTHER_BOARD)]);
    expect(words.sort()).toEqual(['STATE_CONFLICT already-applied', 'applied match']);
    expect(await open()).toBe(1);
  });
});
