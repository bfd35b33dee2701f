import { describe, expect, it } from '@jest/globals';
import { type AskedPeriod, askedPeriod, askedQuarter } from '../../../src/fees/reading/asked.js';

/** 23 November in Istanbul, still the 22nd in UTC. */
const NOW = new Date('2026-11-22T21:30:00.000Z');

const period = (asked: AskedPeriod) => {
  const sent = askedPeriod(asked, NOW);
  return sent.ok ? sent.value : `${sent.code} ${sent.reason}`;
};

describe('a period that is asked for', () => {
  it('is the quarter so far, today included, where nothing is said', () => {
    expect(period({})).toEqual({ from: '2026-10-01', to: '2026-11-24', account: null });
  });

  it('begins with the quarter of its last day where its beginning is not said', () => {
    expect(period({ to: '2026-07-01' })).toEqual({ from: '2026-04-01', to: '2026-07-01', account: null });
    expect(period({ from: '2026-11-01' })).toMatchObject({ from: '2026-11-01', to: '2026-11-24' });
  });

  it('takes instants that are midnight in Istanbul, in whatever zone they are written', () => {
    const wanted = { from: '2026-07-01', to: '2026-07-02', account: 'birlik' };
    expect(
      period({ from: '2026-07-01T00:00:00+03:00', to: '2026-07-01T21:00:00Z', account: 'birlik' }),
    ).toEqual(wanted);
    expect(period({ from: '2026-06-30T21:00:00.000Z', to: '2026-07-02', account: 'birlik' })).toEqual(wanted);
  });

  it.each<[string, AskedPeriod]>([
    ['from: not 00:00 in Europe/Istanbul', { from: '2026-07-01T00:00:00Z' }],
    ['from: YYYY-MM-DD', { from: '2026-07-01T00:00:00' }],
    ['from: YYYY-MM-DD', { from: '2026-07-01 00:00:00+03:00' }],
    ['from: not 00:00 in Europe/Istanbul', { from: '2026-06-30T21:00:00.001Z' }],
    ['from: YYYY-MM-DD', { from: '2026-02-29' }],
    ['from: YYYY-MM-DD', { from: '' }],
    ['from: 2000-01-01 to 2099-12-31', { from: '1999-12-31' }],
    ['from: 2000-01-01 to 2099-12-31', { from: '1900-01-01', to: '2026-07-01' }],
    ['from: 2000-01-01 to 2099-12-31', { from: '0000-01-01' }],
    ['from: 2000-01-01 to 2099-12-31', { from: '0001-01-01T00:00:00Z' }],
    ['to: YYYY-MM-DD', { to: '2026-13-01' }],
    ['to: 2000-01-01 to 2099-12-31', { to: '2100-01-01' }],
    ['to: not 00:00 in Europe/Istanbul', { to: '2026-11-22T20:59:59.999Z' }],
    ['to: not after from', { from: '2026-07-01', to: '2026-07-01' }],
    ['to: not after from', { from: '2026-07-02', to: '2026-07-01' }],
    ['from: after today; without to the period ends today', { from: '2026-11-24' }],
    ['to: more than 1100 days after from', { from: '2020-01-01', to: '2026-01-01' }],
    ['account', { account: '' }],
    ['account', { account: 'a b' }],
    ['account', { account: `a${'b'.repeat(64)}` }],
  ])('is refused by the name %s, never by what was sent', (reason, asked) => {
    expect(period(asked)).toBe(`REQUEST_INVALID ${reason}`);
  });

  it('may have 1,100 days, and a leap day', () => {
    expect(period({ from: '2024-02-29', to: '2024-03-01' })).toMatchObject({ from: '2024-02-29' });
    expect(period({ from: '2023-01-01', to: '2026-01-05' })).toMatchObject({ to: '2026-01-05' });
    expect(period({ from: '2023-01-01', to: '2026-01-06' })).toMatch(/^REQUEST_INVALID/);
  });
});

describe('a quarter that is asked for', () => {
  it.each([
    '2026',
    '2026-Q5',
    '2026-Q0',
    '2026-q3',
    '1999-Q4',
    '2100-Q1',
    '0000-Q1',
    '2026-Q3 ',
    '26-Q3',
    '',
    'x',
    '2026-Q3.doc',
  ])('by the name %j is not found, and told the names there are', (name) => {
    expect(askedQuarter(name, 'json')).toEqual({
      ...{ ok: false, code: 'NOT_FOUND', reason: 'quarter: 2000-Q1 to 2099-Q4' },
    });
  });

  it('is one by its name', () => {
    expect(askedQuarter('2026-Q3', 'pdf')).toEqual({
      ok: true,
      value: { quarter: '2026-Q3', format: 'pdf' },
    });
  });
});
