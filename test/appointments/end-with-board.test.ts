import { describe, expect, it } from '@jest/globals';
import {
  appointmentsToEnd,
  newDisagreements,
  withoutAppointments,
} from '../../src/appointments/end-with-board.js';
import type { CooperativeRecord, RecordedSeat } from '../../src/authority/record.js';
import { inForceOn } from '../../src/authority/transitions.js';
import { appointeeOf, recordOf, seatOf, TODAY } from './parts.js';

const APPOINTEE = appointeeOf('a', 'x');
const BOARD = [seatOf('b1', 'one'), seatOf('b2', 'two')];
const BEFORE = recordOf([...BOARD, APPOINTEE]);
const ended = (after: CooperativeRecord, endWithBoard = true, before: CooperativeRecord | null = BEFORE) =>
  appointmentsToEnd(before, after, TODAY, { endWithBoard }).map(({ seatId, reason }) => [seatId, reason]);
const over = (seat: RecordedSeat): RecordedSeat => ({ ...seat, endsOn: TODAY });
const durum = (word: string) => recordOf(BEFORE.seats, { statuses: [{ durum: word, since: TODAY }] });

describe('an accepted appointment', () => {
  it('goes on while one of those who sat at its acceptance sits', () => {
    expect(ended(BEFORE)).toEqual([]);
    expect(ended(recordOf([over(BOARD[0] as RecordedSeat), BOARD[1] as RecordedSeat, APPOINTEE]))).toEqual(
      [],
    );
  });

  it('ends when none of them does any longer, whether their terms are over, they are gone, or a new board sits', () => {
    const gone = [['a', 'board-gone']];
    const newcomer = seatOf('n', 'new', { startsOn: TODAY, registeredOn: TODAY });
    expect(ended(recordOf([...BOARD.map(over), APPOINTEE]))).toEqual(gone);
    expect(
      ended(recordOf([...BOARD.map((seat) => ({ ...seat, goneOn: TODAY })), newcomer, APPOINTEE])),
    ).toEqual(gone);
    expect(ended(recordOf([APPOINTEE]))).toEqual(gone);
  });

  it('ends by the day alone, where nothing else has changed', () => {
    const record = recordOf([...BOARD.map(over), APPOINTEE]);
    expect(appointmentsToEnd(record, record, '2026-05-04', { endWithBoard: true })).toEqual([]);
    expect(appointmentsToEnd(record, record, TODAY, { endWithBoard: true })).toHaveLength(1);
  });

  it('goes on where members were elected again: members count, not seats', () => {
    const again = seatOf('n', 'one', { startsOn: TODAY, registeredOn: TODAY });
    expect(ended(recordOf([...BOARD.map(over), again, APPOINTEE]))).toEqual([]);
  });

  it('is not held by a denetçi, by another appointee, or by whoever is elected and not registered', () => {
    const others = [
      seatOf('d', 'one', { role: 'denetci' }),
      appointeeOf('o', 'one'),
      seatOf('n', 'one', { startsOn: TODAY, registeredOn: null }),
    ];
    expect(ended(recordOf([...BOARD.map(over), ...others, APPOINTEE])).map(([seat]) => seat)).toContain('a');
  });

  it('goes on without its board where the setting says so, and never beyond the cooperative itself', () => {
    expect(ended(recordOf([APPOINTEE]), false)).toEqual([]);
    for (const word of ['terkin', 'birleşme'])
      expect(ended(durum(word), false)).toEqual([['a', 'cooperative-ended']]);
    expect(ended(durum('tasfiye'), false)).toEqual([]);
  });

  it('sleeps under a suspension or a trustee, and does not end', () => {
    const suspensions = [{ decisionNo: '1', decidedOn: TODAY, from: TODAY, to: null }];
    const trustee = seatOf('t', 'kayyım', { role: 'trustee' });
    expect(ended(recordOf(BEFORE.seats, { suspensions }))).toEqual([]);
    expect(ended(recordOf([...BEFORE.seats, trustee]))).toEqual([]);
  });

  it('ends once: one that is over, gone, or nobody’s appointment is left alone', () => {
    const seats = [
      appointeeOf('p', 'p', { endsOn: TODAY }),
      appointeeOf('q', 'q', { goneOn: TODAY }),
      appointeeOf('r', 'r', { source: 'registry', appointment: null }),
    ];
    expect(ended(recordOf(seats), true, recordOf(seats))).toEqual([]);
  });

  it('is not ended by the change that brings it', () => {
    expect(ended(recordOf([APPOINTEE]), true, recordOf([]))).toEqual([]);
    expect(ended(recordOf([APPOINTEE]), true, null)).toEqual([]);
  });
});

describe('the end of an appointment', () => {
  it('is today, and the seat stays for the days before', () => {
    const after = withoutAppointments(BEFORE, [{ appointment: 'of-a', seatId: 'a', tag: 'x' }], TODAY);
    expect([inForceOn(after, '2026-05-04').has('a'), inForceOn(after, TODAY).has('a')]).toEqual([
      true,
      false,
    ]);
    expect(ended(after, true, after)).toEqual([]);
  });

  it('is a withdrawal where it has not begun: no term ends before its first day', () => {
    const future = recordOf([appointeeOf('f', 'x', { startsOn: '2026-09-01' })]);
    const named = appointmentsToEnd(future, future, TODAY, { endWithBoard: true });
    const [seat] = withoutAppointments(future, named, TODAY).seats;
    expect(seat).toMatchObject({ startsOn: '2026-09-01', endsOn: null, goneOn: TODAY });
  });
});

describe('what begins to contradict an appointment', () => {
  const matters = (after: CooperativeRecord, before: CooperativeRecord = BEFORE) =>
    newDisagreements(before, after, TODAY).map(({ matter }) => matter);

  it('is told once, on the change that brings it about', () => {
    const onBoard = recordOf([...BEFORE.seats, seatOf('n', 'x')]);
    expect(matters(onBoard)).toEqual(['appointee-on-board']);
    expect(matters(onBoard, onBoard)).toEqual([]);
    expect(matters(durum('tasfiye'))).toEqual(['appointed-while-in-liquidation']);
    expect(matters(recordOf([...BEFORE.seats, seatOf('t', 't', { role: 'trustee' })]))).toEqual([
      'appointed-under-trustee',
    ]);
    expect(matters(recordOf([APPOINTEE]))).toEqual(['board-gone']);
  });

  it('is told on the day on which it comes about, where only the day has changed', () => {
    const record = recordOf([...BOARD.map(over), APPOINTEE]);
    const on = (today: string, lastDay: string) => newDisagreements(record, record, today, lastDay);
    expect(on('2026-05-04', '2026-05-03')).toEqual([]);
    expect(on(TODAY, '2026-05-04').map(({ matter }) => matter)).toEqual(['board-gone']);
    expect(on('2026-05-06', TODAY)).toEqual([]);
  });

  it('is nothing of a cooperative that is gone itself', () => {
    expect(matters(durum('terkin'))).toEqual([]);
  });
});
