import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { billedAt, billedSpans } from '../../../src/fees/check/freezes.js';
import { assembleStatement } from '../../../src/fees/statement/assemble.js';
import type { SumRow } from '../../../src/fees/statement/read-sums.js';
import { CUTS } from '../../../src/fees/statement/statement.js';
import { statementDocument } from '../../../src/fees/statement/statement-document.js';
import { NAIVE_CUTS, type NaiveLine, type NaiveSum, naiveBook, sumsBy } from './naive-book.js';
import { aLine } from './steps.js';

/** The rows that the database would give for these lines, sums of each account and class by every cut. */
function rowsOf(lines: readonly NaiveLine[]): SumRow[] {
  const { lines: billed } = naiveBook(lines.map((line) => ({ did: 'end', line })));
  const holders = new Map(billed.map((line) => [`${line.account} ${line.feeClass}`, line]));
  return [...holders].flatMap(([holder, { account, feeClass }]) => {
    const own = billed.filter((line) => `${line.account} ${line.feeClass}` === holder);
    const row = (cut: SumRow['cut'], key: string, sum: NaiveSum): SumRow => {
      const { amountKurus, lines: count, queries, units } = sum;
      return {
        ...{ account, feeClass, cut, key, lines: BigInt(count), queries: BigInt(queries) },
        ...{ units: BigInt(units), amountKurus: BigInt(amountKurus) },
      };
    };
    const whole = Object.values(sumsBy(own, () => '')).map((sum) => row(null, '', sum));
    const cut = CUTS.flatMap((name) =>
      Object.entries(sumsBy(own, NAIVE_CUTS[name] ?? (() => '')))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, sum]) => row(name, key, sum)),
    );
    return [...whole, ...cut];
  });
}

const statementOf = (lines: readonly NaiveLine[]) =>
  assembleStatement({
    period: { quarter: null, from: '2025-10-01', to: '2027-01-01' },
    logSize: 9n,
    rules: { tariff: [], inputs: [], charged: '' },
    accounts: [],
    sums: rowsOf(lines),
    corrections: [],
  });

const lines = fc.uniqueArray(aLine, { selector: ({ id }) => id, minLength: 1, maxLength: 40 });

describe('a statement', () => {
  it('of the same lines in any order is the same document, to the byte', () => {
    const permuted = lines.chain((some) =>
      fc.tuple(
        fc.constant(some),
        fc.shuffledSubarray(some, { minLength: some.length, maxLength: some.length }),
      ),
    );
    fc.assert(
      fc.property(permuted, ([some, again]) => {
        expect(JSON.stringify(statementDocument(statementOf(again)))).toBe(
          JSON.stringify(statementDocument(statementOf(some))),
        );
      }),
    );
  });

  it('adds up at every level: each cut to what was booked, accounts to the total, all in whole kuruş', () => {
    fc.assert(
      fc.property(lines, (some) => {
        const statement = statementOf(some);
        for (const { amountKurus, booked, by } of statement.accounts) {
          expect(amountKurus).toBe(booked.amountKurus);
          for (const groups of Object.values(by)) {
            const sum = (name: 'lines' | 'queries' | 'units') =>
              groups.reduce((all, one) => all + one[name], 0);
            expect([sum('lines'), sum('queries'), sum('units')]).toEqual([
              booked.lines,
              booked.queries,
              booked.units,
            ]);
            expect(groups.reduce((all, one) => all + one.amountKurus, 0n)).toBe(booked.amountKurus);
          }
        }
        expect(statement.accounts.reduce((all, one) => all + one.amountKurus, 0n)).toBe(
          statement.total.amountKurus,
        );
        const numbers = JSON.stringify(statementDocument(statement)).match(/:-?[\d.e+]+/g) ?? [];
        expect(numbers.filter((text) => !/^:-?\d+$/.test(text))).toEqual([]);
      }),
    );
  });
});

describe('the quarter that a line is billed in', () => {
  const QUARTERS = ['2026-Q1', '2026-Q2', '2026-Q3'];
  const turns = fc.array(fc.tuple(fc.constantFrom(...QUARTERS), fc.integer({ min: 1, max: 4 })), {
    maxLength: 12,
  });

  it('is by spans of leaves what the order of the log makes it, for every leaf', () => {
    fc.assert(
      fc.property(turns, (steps) => {
        // Each turn freezes a quarter that is open, or opens one that is frozen, some leaves after the one before.
        const freezes: { quarter: string; frozen: bigint; reopened: bigint | null }[] = [];
        let leaf = 0n;
        for (const [quarter, apart] of steps) {
          leaf += BigInt(apart);
          const open = freezes.find((one) => one.quarter === quarter && one.reopened === null);
          if (open === undefined) freezes.push({ quarter, frozen: leaf, reopened: null });
          else open.reopened = leaf;
        }
        const spans = billedSpans(freezes);
        const marks = new Set(freezes.flatMap(({ frozen, reopened }) => [frozen, reopened ?? -1n]));
        for (let at = 0n; at < leaf + 3n; at += 1n) {
          if (marks.has(at)) continue;
          for (const quarter of QUARTERS) {
            const found = spans.filter((one) => one.quarter === quarter && one.from < at && at < one.to);
            expect(found.length).toBeLessThanOrEqual(1);
            expect(found[0]?.billed ?? quarter).toBe(billedAt(freezes, quarter, at));
          }
        }
      }),
    );
  });

  it('worked by hand: frozen at 10, reopened at 20, frozen again at 30, the next one frozen at 40', () => {
    const freezes = [
      { quarter: '2026-Q4', frozen: 10n, reopened: 20n },
      { quarter: '2026-Q4', frozen: 30n, reopened: null },
      { quarter: '2027-Q1', frozen: 40n, reopened: null },
    ];
    const at = (leaf: bigint) => billedAt(freezes, '2026-Q4', leaf);
    expect([9n, 11n, 19n, 21n, 29n, 31n, 39n, 41n].map(at)).toEqual([
      '2026-Q4',
      '2027-Q1',
      '2027-Q1',
      '2026-Q4',
      '2026-Q4',
      '2027-Q1',
      '2027-Q1',
      '2027-Q2',
    ]);
  });
});
