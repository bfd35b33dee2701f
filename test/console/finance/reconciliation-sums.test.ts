import { describe, expect, it } from '@jest/globals';
import { faultText } from '../../../src/console/finance/reconciliation/list-page.js';
import { kurus } from '../../../src/fees/kurus.js';
import { classify, type OurCell, type TheirCell } from '../../../src/fees/reconciliation/classify.js';
import { sideBySide } from '../../../src/fees/reconciliation/side-by-side.js';

const our = (day: string, units: number, amount: number): OurCell => ({
  ...{ day, service: null, units, amountKurus: kurus(amount), unknown: 0, uncounted: 0, early: 0, late: 0 },
  price: units === 0 ? null : { least: kurus(2), most: kurus(2) },
});
const their = (day: string, queries: number, amount: number | null): TheirCell => ({
  ...{ day, service: null, queries, amountKurus: amount === null ? null : kurus(amount) },
});

describe('both sides of a file', () => {
  it('differ in total by exactly what its differences add up to, whatever stands on either side', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const pick = (n: number, salt: number) => (seed * 7919 + salt * 104_729) % n;
      const days = Array.from({ length: 9 }, (_, n) => `2026-07-0${n + 1}`);
      const ours = days
        .filter((_, n) => pick(3, n) > 0)
        .map((day, n) => our(day, pick(50, n), pick(50, n) * 2));
      const theirs = days
        .filter((_, n) => pick(4, n + 9) > 0)
        .map((day, n) => their(day, pick(60, n), pick(130, n)));
      const { rows, total } = sideBySide(ours, theirs);
      const differences = classify(ours, theirs);
      expect(total.delta.queries).toBe(differences.reduce((sum, { queries }) => sum + queries, 0));
      expect(total.delta.amountKurus).toBe(differences.reduce((sum, one) => sum + one.amountKurus, 0n));
      expect(rows.reduce((sum, { delta }) => sum + delta.queries, 0)).toBe(total.delta.queries);
    }
  });

  it('tell no difference in money where the file has no amounts', () => {
    const { rows, total } = sideBySide(
      [our('2026-07-01', 3, 6)],
      [their('2026-07-01', 4, null), their('2026-07-02', 1, null)],
    );
    expect(rows.map(({ delta }) => delta)).toEqual([
      { queries: 1, amountKurus: null },
      { queries: 1, amountKurus: null },
    ]);
    expect(total).toEqual({
      ours: { queries: 3, amountKurus: 6n },
      theirs: { queries: 5, amountKurus: null },
      delta: { queries: 2, amountKurus: null },
    });
  });
});

describe('a fault on a page', () => {
  it.each([
    [
      'more than one column for day: name one with --columns',
      'more than one column for day: name one with the form',
    ],
    ['name it with --columns queries=…', 'name it with the form'],
    [
      'the workbook has no sheet of the name that --sheet gives',
      'the workbook has no sheet of the name that the form gives',
    ],
    ['map its name with --service "name=KPS service"', 'map its name with the form'],
  ])('names the form where the command line names an option: %s', (message, said) => {
    expect(faultText({ line: 4, message, tr: 'x' })).toEqual({ tr: 'Satır 4: x.', en: `Line 4: ${said}.` });
    expect(faultText({ line: null, message, tr: 'x' }).en).toBe(
      `${said.charAt(0).toUpperCase()}${said.slice(1)}.`,
    );
  });
});
