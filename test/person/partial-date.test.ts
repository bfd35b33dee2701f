import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatPartialDate, parsePartialDate, samePartialDate } from '../../src/person/partial-date.js';

const TODAY = '2026-07-15';
const problemOf = (text: unknown, today = TODAY) => {
  const result = parsePartialDate(text, today);
  return result.ok ? 'ok' : result.problem;
};

const pad = (n: number, width = 2) => String(n).padStart(width, '0');
const notation = fc
  .tuple(
    fc.integer({ min: 1850, max: 2025 }),
    fc.integer({ min: 0, max: 12 }),
    fc.integer({ min: 0, max: 28 }),
  )
  .map(([y, m, d]: [number, number, number]) => `${pad(y, 4)}-${pad(m)}-${pad(m === 0 ? 0 : d)}`);

describe('reading a birth date', () => {
  it('reads whole dates and dates with unknown parts', () => {
    expect(parsePartialDate('1950-06-07', TODAY)).toEqual({
      ok: true,
      value: { year: 1950, month: 6, day: 7 },
    });
    expect(parsePartialDate('1950-06-00', TODAY)).toEqual({
      ok: true,
      value: { year: 1950, month: 6, day: null },
    });
    expect(parsePartialDate('1950-00-00', TODAY)).toEqual({
      ok: true,
      value: { year: 1950, month: null, day: null },
    });
  });

  it('gives back the same notation that was read', () => {
    fc.assert(
      fc.property(notation, (text) => {
        const result = parsePartialDate(text, TODAY);
        expect(result.ok && formatPartialDate(result.value)).toBe(text);
      }),
    );
  });

  it('takes exactly the days of the calendar that JavaScript’s Date takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1850, max: 2025 }),
        fc.integer({ min: 1, max: 13 }),
        fc.integer({ min: 1, max: 32 }),
        (y, m, d) => {
          const text = `${pad(y, 4)}-${pad(m)}-${pad(d)}`;
          const date = new Date(Date.UTC(y, m - 1, d));
          const real = date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
          expect(problemOf(text)).toBe(real ? 'ok' : 'not-a-date');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('knows the leap years of the Gregorian calendar', () => {
    expect(problemOf('2000-02-29')).toBe('ok');
    expect(problemOf('2024-02-29')).toBe('ok');
    expect(problemOf('1900-02-29')).toBe('not-a-date');
    expect(problemOf('2023-02-29')).toBe('not-a-date');
  });

  it('refuses a known day of an unknown month', () => {
    expect(problemOf('1950-00-07')).toBe('not-a-date');
  });

  it('refuses what is not the notation', () => {
    const bad = [
      '',
      '1950',
      '1950-06',
      '50-06-07',
      '1950-6-7',
      '07.06.1950',
      '1950/06/07',
      ' 1950-06-07',
      '1950-06-07\n',
    ];
    const strange = [
      '1950-06-07T00:00:00Z',
      '+1950-06-07',
      '1950-06-0x',
      '１９５０-06-07',
      null,
      undefined,
      19500607,
      new Date(0),
      ['1950-06-07'],
    ];
    for (const text of [...bad, ...strange]) expect(problemOf(text)).toBe('format');
  });

  it('refuses days after today and takes today itself', () => {
    expect(problemOf('2026-07-15')).toBe('ok');
    expect(problemOf('2026-07-16')).toBe('future');
    expect(problemOf('2027-01-01')).toBe('future');
  });

  it('refuses an unknown day only where the whole month, or year, is still to come', () => {
    expect(problemOf('2026-07-00')).toBe('ok');
    expect(problemOf('2026-08-00')).toBe('future');
    expect(problemOf('2026-00-00')).toBe('ok');
    expect(problemOf('2027-00-00')).toBe('future');
  });

  it('refuses years before 1850', () => {
    expect(problemOf('1850-01-01')).toBe('ok');
    expect(problemOf('1849-12-31')).toBe('too-old');
    expect(problemOf('1849-00-00')).toBe('too-old');
    expect(problemOf('0000-00-00')).toBe('too-old');
  });

  it('never takes anything that is not text, and never throws at it', () => {
    fc.assert(
      fc.property(fc.anything(), (text) => {
        fc.pre(typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text));
        expect(problemOf(text)).toBe('format');
      }),
    );
  });

  it('refuses to work with a today that is no whole date', () => {
    for (const today of ['', '2026-07', '2026-00-00', '2026-07-00', '2026-02-30', '15.07.2026']) {
      expect(() => parsePartialDate('1950-06-07', today)).toThrow(RangeError);
    }
  });
});

describe('comparing birth dates', () => {
  it('says equal exactly for the same notation', () => {
    fc.assert(
      fc.property(notation, notation, (a, b) => {
        const [x, y] = [parsePartialDate(a, TODAY), parsePartialDate(b, TODAY)];
        expect(x.ok && y.ok && samePartialDate(x.value, y.value)).toBe(a === b);
        expect(x.ok && samePartialDate(x.value, { ...x.value })).toBe(true);
      }),
    );
  });

  it('never takes an unknown part for a wildcard', () => {
    const whole = { year: 1950, month: 6, day: 7 };
    const noDay = { year: 1950, month: 6, day: null };
    const noMonth = { year: 1950, month: null, day: null };
    expect(samePartialDate(whole, noDay)).toBe(false);
    expect(samePartialDate(noDay, noMonth)).toBe(false);
    expect(samePartialDate(noMonth, whole)).toBe(false);
    expect(samePartialDate(noDay, { ...noDay })).toBe(true);
  });
});
