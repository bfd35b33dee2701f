import { describe, expect, it } from '@jest/globals';
import { isOfBody, judgeDays, judgeLegacy, judgeOpen } from '../../src/appointments/application-rules.js';
import { seatOf, TODAY } from './parts.js';

const SHA = 'a'.repeat(64);
const days = (date: string, from: string, to: string | null = null) =>
  judgeDays({ decision: { no: '1', date, documentSha256: SHA }, from, to }, TODAY);

describe('the days of an application', () => {
  it.each([
    [TODAY, TODAY, null],
    ['2026-05-01', '2026-05-01', '2026-05-06'],
    ['2026-05-01', '2026-06-01', '2026-06-02'],
  ])('are sound: decided on %s, from %s to %s', (date, from, to) => {
    expect(days(date, from, to)).toBeNull();
  });

  it.each([
    ['2026-05-06', '2026-05-06', null, 'decision-in-future'],
    ['2026-05-05', '2026-05-04', null, 'from-before-decision'],
    ['2026-05-01', '2026-05-10', '2026-05-10', 'period-empty'],
    ['2026-05-01', '2026-05-10', '2026-05-09', 'period-empty'],
    ['2026-04-01', '2026-04-01', TODAY, 'period-over'],
  ])('are refused: decided on %s, from %s to %s', (date, from, to, problem) => {
    expect(days(date, from, to)).toBe(problem);
    expect(isOfBody(problem as 'period-empty')).toBe(true);
  });
});

describe('a person of the closed system', () => {
  const legacy = seatOf('s', 'p', { role: 'legacy-appointee', source: 'legacy', endsOn: '2022-10-26' });
  const judge = (date: string, tag = 'p', seats = [legacy]) =>
    judgeLegacy({ seats }, tag, date, '2022-10-26');

  it('needs a decision later than the day on which all ended: that day itself is too old', () => {
    expect(judge('2022-10-26')).toBe('decision-too-old');
    expect(judge('2021-01-01')).toBe('decision-too-old');
    expect(judge('2022-10-27')).toBeNull();
  });

  it('is the one who sat there: others, and seats of another kind, are not meant', () => {
    expect(judge('2021-01-01', 'other')).toBeNull();
    expect(judge('2021-01-01', 'p', [seatOf('s', 'p')])).toBeNull();
  });
});

describe('a second application for the same person', () => {
  const decision = { no: '7', date: TODAY, documentSha256: SHA };
  const open = { decisionNo: '7', documentSha256: SHA };

  it('is told apart: the same once more, or another one', () => {
    expect(judgeOpen([], decision)).toBeNull();
    expect(judgeOpen([open], decision)).toBe('already-applied');
    expect(judgeOpen([{ ...open, decisionNo: '8' }], decision)).toBe('application-open');
    expect(judgeOpen([{ ...open, documentSha256: 'b'.repeat(64) }], decision)).toBe('application-open');
    expect(isOfBody('already-applied')).toBe(false);
  });
});
