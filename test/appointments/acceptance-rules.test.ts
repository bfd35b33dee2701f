import { describe, expect, it } from '@jest/globals';
import {
  type Acceptance,
  disagreementsAt,
  judgeAcceptance,
  periodOf,
} from '../../src/appointments/acceptance-rules.js';
import type { CooperativeRecord, RecordedSeat } from '../../src/authority/record.js';
import { appointeeOf, recordOf, seatOf, TODAY, VKN } from './parts.js';

const POLICY = { atATime: 1, endWithBoard: true, legacyDecisionAfter: '2022-10-26' };
const BOARD = [seatOf('b1', 'board-1'), seatOf('b2', 'board-2')];
const WANTED: Acceptance = {
  tag: 'new',
  vkn: VKN,
  startsOn: '2026-05-02',
  endsOn: null,
  decisionDate: '2026-05-01',
  applicantTag: 'board-1',
};
const judge = (
  record: CooperativeRecord,
  wanted: Partial<Acceptance> = {},
  policy: Partial<typeof POLICY> = {},
) => judgeAcceptance(record, { ...WANTED, ...wanted }, { ...POLICY, ...policy }, TODAY);
const withSeats = (...seats: readonly RecordedSeat[]) => recordOf([...BOARD, ...seats]);

describe('an acceptance', () => {
  it('begins on the day of acceptance at the earliest', () => {
    expect(periodOf(WANTED, TODAY)).toEqual({ startsOn: TODAY, endsOn: null });
    expect(periodOf({ startsOn: '2026-06-01', endsOn: '2026-07-01' }, TODAY)).toEqual({
      startsOn: '2026-06-01',
      endsOn: '2026-07-01',
    });
  });

  it('has nothing against it where the cooperative works, number and VKN agree and nobody else is appointed', () => {
    expect(judge(withSeats())).toBeNull();
  });

  it.each<[string, CooperativeRecord, Partial<Acceptance>]>([
    ['period-over', withSeats(), { endsOn: TODAY }],
    ['vkn-differs', withSeats(), { vkn: '1234567891' }],
    ['vkn-unknown', recordOf(BOARD, { vkn: null }), {}],
    [
      'cooperative-not-active',
      recordOf(BOARD, { statuses: [{ durum: 'tasfiye', since: '2026-01-01' }] }),
      {},
    ],
    ['cooperative-not-active', recordOf(BOARD, { statuses: [] }), {}],
    [
      'cooperative-suspended',
      recordOf(BOARD, {
        suspensions: [{ decisionNo: '1', decidedOn: '2026-01-01', from: '2026-01-01', to: null }],
      }),
      {},
    ],
    ['board-gone', recordOf([seatOf('n', 'newcomer', { registeredOn: '2026-05-03' })]), {}],
    ['board-gone', recordOf([]), {}],
    ['too-many-appointees', withSeats(appointeeOf('a', 'x')), {}],
  ])('is refused as %s', (problem, record, wanted) => {
    expect(judge(record, wanted)).toBe(problem);
  });

  it('stands while one who decided, or who applied, still sits', () => {
    expect(judge(recordOf([seatOf('b', 'board-2')]))).toBeNull();
    const applicant = seatOf('b', 'board-1', { startsOn: '2026-05-03', registeredOn: '2026-05-03' });
    expect(judge(recordOf([applicant]))).toBeNull();
    expect(
      judge(recordOf([seatOf('n', 'newcomer', { registeredOn: '2026-05-03' })]), {}, { endWithBoard: false }),
    ).toBeNull();
  });
});

describe('how many at a time', () => {
  const from = (startsOn: string, endsOn: string | null = null) => ({ startsOn, endsOn });

  it('counts those whose terms overlap: one that is over, gone, or begins later takes no place', () => {
    expect(judge(withSeats(appointeeOf('a', 'x', { endsOn: TODAY })))).toBeNull();
    expect(judge(withSeats(appointeeOf('a', 'x', { goneOn: TODAY })))).toBeNull();
    const later = appointeeOf('a', 'x', from('2026-09-01'));
    expect(judge(withSeats(later), { endsOn: '2026-09-01' })).toBeNull();
    expect(judge(withSeats(later), { endsOn: '2026-09-02' })).toBe('too-many-appointees');
    expect(judge(withSeats(later))).toBe('too-many-appointees');
  });

  it('counts the most on one day, not all of the period', () => {
    const one = appointeeOf('a', 'x', from('2026-05-01', '2026-06-01'));
    const other = appointeeOf('b', 'y', from('2026-06-01', '2026-07-01'));
    expect(judge(withSeats(one, other), {}, { atATime: 2 })).toBeNull();
    const overlapping = appointeeOf('b', 'y', from('2026-05-31', '2026-07-01'));
    expect(judge(withSeats(one, overlapping), {}, { atATime: 2 })).toBe('too-many-appointees');
  });

  it('counts appointees that another source brought, and nobody of the closed system', () => {
    expect(judge(withSeats(appointeeOf('a', 'x', { source: 'registry', appointment: null })))).toBe(
      'too-many-appointees',
    );
    expect(
      judge(withSeats(appointeeOf('a', 'x', { role: 'legacy-appointee', source: 'legacy' }))),
    ).toBeNull();
  });
});

describe('what contradicts an acceptance', () => {
  it('is told where the person sits on the board, or a trustee is in its place', () => {
    expect(disagreementsAt(withSeats(), WANTED, TODAY)).toEqual([]);
    expect(disagreementsAt(withSeats(), { tag: 'board-2' }, TODAY)).toEqual(['appointee-on-board']);
    const trustee = seatOf('t', 't', { role: 'trustee' });
    expect(disagreementsAt(withSeats(trustee), WANTED, TODAY)).toEqual(['appointed-under-trustee']);
  });
});
