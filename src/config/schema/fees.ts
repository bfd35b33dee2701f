import { z } from 'zod';
import { isoDate, text, whole } from './fields.js';

/** facts/fees-and-records.md §1. The row of 2020 counts by input datum and is loaded, not active. */
const DEFAULT_TARIFF: TariffRow[] = [
  { from: '2009-11-07', amountKurus: 2, basis: 'per-query', gazette: 'RG 27399', active: true },
  { from: '2006-09-21', amountKurus: 1, basis: 'per-query', gazette: 'RG 26296', active: true },
  { from: '2020-06-27', amountKurus: 3, basis: 'per-input-datum', gazette: 'RG 31168', active: false },
];

const tariffRow = z.strictObject({
  from: isoDate().describe('First day in force.'),
  amountKurus: whole(0, 1_000_000).describe('Whole kuruş for one unit; money is never a fraction.'),
  basis: z.enum(['per-query', 'per-input-datum']).describe('What one unit is.'),
  gazette: text(100).describe('Official Gazette number that the row rests on.'),
  active: z.boolean().describe('Only active rows count; switching one is a decision of two persons.'),
});

export type TariffRow = z.output<typeof tariffRow>;

/** Tariff of the fee (katılma payı) with validity dates. */
export const feesSchema = z.strictObject({
  tariff: z
    .array(tariffRow)
    .min(1)
    .max(100)
    .default(DEFAULT_TARIFF)
    .meta({
      description:
        'NVİ’s FAQ says 2 kuruş per query; the row of 2020 (3 kuruş per input datum) is loaded but not active until the institution decides.',
      shownDefault: '2006: 1 kuruş, 2009: 2 kuruş per query; 2020: 3 kuruş per input datum, not active',
    })
    .refine((rows) => rows.some((row) => row.active), { error: 'must have an active row' })
    .refine(
      (rows) =>
        new Set(rows.filter((row) => row.active).map((row) => row.from)).size ===
        rows.filter((row) => row.active).length,
      {
        error: 'must not have two active rows from the same day',
      },
    ),
});
