import { z } from 'zod';
import { isoDate, text, whole } from './fields.js';
import { KPS_SERVICES, KPS_VERSIONS } from './kps-services.js';

/** facts/fees-and-records.md §1. Which of them are in force is a decision of two persons; the first two are so by law. */
const DEFAULT_TARIFF: TariffRow[] = [
  {
    id: 'rg-26296',
    from: '2006-09-21',
    amountKurus: 1,
    basis: 'per-query',
    service: null,
    gazette: 'RG 26296',
  },
  {
    id: 'rg-27399',
    from: '2009-11-07',
    amountKurus: 2,
    basis: 'per-query',
    service: null,
    gazette: 'RG 27399',
  },
  {
    id: 'rg-31168',
    from: '2020-06-27',
    amountKurus: 3,
    basis: 'per-input-datum',
    service: null,
    gazette: 'RG 31168',
  },
];

/**
 * The combined register takes number and birth date, the verification takes number, given name, surname and birth date. Our reading; not
 * confirmed by NVİ.
 */
const DEFAULT_INPUTS: ServiceInputs[] = [
  ...KPS_VERSIONS.BilesikKutukSorgulaKimlikNoServis.map((version) => {
    return { service: 'BilesikKutukSorgulaKimlikNoServis' as const, version, inputs: 2 };
  }),
  ...KPS_VERSIONS.TumKutukDogrulaServis.map((version) => {
    return { service: 'TumKutukDogrulaServis' as const, version, inputs: 4 };
  }),
];

const tariffRow = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'must be 1 to 40 lower-case letters, digits or hyphens' })
    .describe('Name of the row; decisions name it.'),
  from: isoDate().describe(
    'First day in force by the gazette; a decision says from which day it counts here.',
  ),
  amountKurus: whole(0, 1_000_000).describe('Whole kuruş for one unit; money is never a fraction.'),
  basis: z.enum(['per-query', 'per-input-datum', 'per-returned-record']).describe('What one unit is.'),
  service: z
    .enum(KPS_SERVICES)
    .nullable()
    .default(null)
    .describe('The service that it is for; null: every one.'),
  gazette: text(100).describe('Official Gazette number that the row rests on.'),
});

const serviceInputs = z.strictObject({
  service: z.enum(KPS_SERVICES).describe('The service whose input data these are.'),
  version: text(20).describe('Version of that service.'),
  inputs: whole(1, 20).describe('How many input data (girdi verisi) it takes.'),
});

export type TariffRow = z.output<typeof tariffRow>;
type ServiceInputs = z.output<typeof serviceInputs>;

const distinct = (values: readonly string[]) => new Set(values).size === values.length;

/** Tariff of the fee (katılma payı), closing of quarters, and what is looked ahead at. */
export const feesSchema = z.strictObject({
  tariff: z
    .array(tariffRow)
    .min(1)
    .max(100)
    .default(DEFAULT_TARIFF)
    .meta({
      description:
        'Rows that can be in force. Loading one puts none in force: `bridge fees tariff` does, by two persons, from a coming day on. NVİ’s FAQ says 2 kuruş per query; the row of 2020 (3 kuruş per input datum) is loaded, not active.',
      shownDefault: '2006: 1 kuruş, 2009: 2 kuruş per query; 2020: 3 kuruş per input datum, not active',
    })
    .refine((rows) => distinct(rows.map(({ id }) => id)), { error: 'must not have two rows of one id' }),
  inputs: z
    .array(serviceInputs)
    .max(100)
    .default(DEFAULT_INPUTS)
    .meta({
      description: 'Input data of each version of a service: our reading, to be confirmed by NVİ.',
      shownDefault: 'combined register 2, verification 4',
    })
    .refine((rows) => distinct(rows.map(({ service, version }) => `${service} ${version}`)), {
      error: 'must not name a version of a service twice',
    }),
  collectHours: whole(1, 24 * 30)
    .default(24)
    .describe(
      'How long after its end a quarter collects late outcomes before it can be frozen; every query has ended within seconds, clocks differ by less.',
    ),
  proposalHours: whole(1, 24 * 30)
    .default(72)
    .describe('How long a proposal waits for the second person: over a weekend.'),
  holidays: z
    .array(isoDate())
    .max(500)
    .default([])
    .describe(
      'Official holidays beside those of fixed date (bayram, administrative leave), for the note on a due date.',
    ),
  renewalNoticeDays: whole(1, 365)
    .default(60)
    .describe('How long before its end an agreement is named as to be renewed: letters take weeks.'),
});
