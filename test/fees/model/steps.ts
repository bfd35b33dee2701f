import fc from 'fast-check';
import type { NaiveLine } from './naive-book.js';

export const QUARTERS = ['2026-Q1', '2026-Q2', '2026-Q3'];

/** The last and the first millisecond of each quarter in Istanbul, and days in between. */
const INSTANTS = [
  '2025-12-31T20:59:59.999Z',
  '2025-12-31T21:00:00.000Z',
  '2026-02-14T12:00:00.000Z',
  '2026-03-31T20:59:59.999Z',
  '2026-03-31T21:00:00.000Z',
  '2026-05-04T20:59:59.999Z',
  '2026-05-04T21:00:00.000Z',
  '2026-06-30T20:59:59.999Z',
  '2026-06-30T21:00:00.000Z',
  '2026-09-30T20:59:59.999Z',
  '2026-09-30T21:00:00.000Z',
];

/** How queries end: with how many units, and whether they were sent. */
const ENDS = [
  { result: 'match', sent: true, units: 1 },
  { result: 'mismatch', sent: true, units: 1 },
  { result: 'deceased', sent: true, units: 1 },
  { result: 'not-found', sent: true, units: 1 },
  { result: 'refused', sent: true, units: 0 },
  { result: 'refused', sent: true, units: 1 },
  { result: 'not-sent', sent: false, units: 0 },
  { result: 'unknown', sent: true, units: 1 },
  { result: 'unknown', sent: true, units: 1 },
];

const PLACES = [
  { il: 'Ankara', ministry: 'ticaret', unit: 'kooperatif', cooperative: '0000000000000017' },
  { il: 'Ankara', ministry: 'ticaret', unit: 'ticaret/Ankara', cooperative: '0000000000000017' },
  { il: 'Van', ministry: 'tarim', unit: 'tarim/merkez', cooperative: '0000000000000025' },
];

const ACCOUNTS = [
  { account: 'birlik', feeClass: 'paying' as const },
  { account: 'birlik', feeClass: 'outside' as const },
  { account: 'ticaret', feeClass: 'outside' as const },
];

const BASES = [
  { basis: 'per-query', price: 2 },
  { basis: 'per-input-datum', price: 12 },
  { basis: 'per-returned-record', price: 3 },
];

/** A line of some account, price, place and end. */
export const aLine: fc.Arbitrary<NaiveLine> = fc
  .record({
    id: fc.uuid(),
    holder: fc.constantFrom(...ACCOUNTS),
    place: fc.constantFrom(...PLACES),
    basis: fc.constantFrom(...BASES),
    end: fc.constantFrom(...ENDS),
    actor: fc.nat(2),
    client: fc.constantFrom('core', 'portal'),
    service: fc.constantFrom('BilesikKutukSorgulaKimlikNoServis', 'TumKutukDogrulaServis'),
    purpose: fc.constantFrom('ortak-kayit', 'genel-kurul'),
    sentAt: fc.constantFrom(...INSTANTS),
  })
  .map(({ basis: { basis, price }, end, holder, place, ...rest }) => {
    const charged = holder.feeClass === 'outside' ? 0 : price;
    return { ...rest, ...holder, ...place, ...end, basis, price: charged, serviceVersion: '2025/08/01' };
  });

export type Step =
  | { readonly do: 'end'; readonly lines: readonly NaiveLine[] }
  | { readonly do: 'repeat' | 'settle'; readonly nth: number; readonly counted: boolean }
  | { readonly do: 'lose'; readonly line: NaiveLine }
  | { readonly do: 'fold'; readonly how: 'once' | 'twice at once' | 'thrown away' }
  | { readonly do: 'freeze' | 'reopen' | 'seal'; readonly quarter: string };

const quarter = fc.constantFrom(...QUARTERS);

/** Steps in any order; what cannot be done then must be refused, and change nothing. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        lines: fc.array(aLine, { minLength: 1, maxLength: 6 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('repeat' as const, 'settle' as const, 'settle' as const),
        nth: fc.nat(50),
        counted: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), line: aLine }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('fold' as const),
        how: fc.constantFrom('once' as const, 'twice at once' as const, 'thrown away' as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('freeze' as const, 'freeze' as const, 'reopen' as const, 'seal' as const),
        quarter,
      }),
    },
  ),
  { minLength: 3, maxLength: 24 },
);
