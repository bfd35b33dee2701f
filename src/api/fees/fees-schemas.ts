const count = { type: 'integer', minimum: 0 };
const kurus = { type: 'integer', description: 'Whole kuruş.' };
const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const day = { type: 'string', format: 'date' };
const uuid = { type: 'string', format: 'uuid' };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const list = (items: object) => ({ type: 'array', items });
const object = (properties: Record<string, object>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const quarter = { type: 'string', pattern: '^20\\d{2}-Q[1-4]$' };
const feeClass = { enum: ['outside', 'paying'], description: '`outside`: counted and billed zero.' };
const feeClassOrNull = { enum: ['outside', 'paying', null] };
const queries = { ...count, description: 'Sent to KPS, unknown ones included.' };
const units = { type: 'integer', description: 'Counted as charged.' };
const sum = { lines: count, queries, units, amountKurus: kurus };
const use = { queries, units, amountKurus: kurus };
const period = { from: day, to: { ...day, description: 'The day after the last one.' } };
const CUTS = ['service', 'outcome', 'unit', 'il', 'ministry', 'purpose', 'client', 'month', 'day', 'price'];

const notice = object({ notice: uuid, number: text, dated: day, queries: count, amountKurus: kurus });
const payment = object({ payment: uuid, notice: uuid, reference: text, paidOn: day, amountKurus: kurus });
const agreement = {
  type: ['object', 'null'],
  properties: { services: list(text), validFrom: day, validUntil: day },
};
const inputs = list(object({ service: text, version: text, inputs: count }));
const tariffRow = object({
  id: text,
  from: day,
  amountKurus: kurus,
  basis: { enum: ['per-query', 'per-input-datum', 'per-returned-record'] },
  service: textOrNull,
  gazette: text,
  inputs: {
    ...inputs,
    description: 'That it was decided with; by input datum they hold before `rules.inputs`.',
  },
});
const saving = object({
  calls: count,
  savedKurus: { ...kurus, description: 'What the account would have paid.' },
  listValueKurus: {
    ...kurus,
    description:
      'Of calls on days on which the account was outside the fee: their list value, no saved money.',
  },
});

/** Schemas of the fee book's answers, for the OpenAPI document. */
export const FEES_SCHEMAS = {
  FeeSum: object(sum),
  FeeUse: object(use),
  FeeGroup: object({ key: text, ...sum }),
  FeeAccount: object({
    account: text,
    institution: { ...textOrNull, description: 'Null: the settings no longer have the account.' },
    feeClass,
    agreement,
    ...use,
    booked: { ...ref('FeeSum'), description: 'Without corrections.' },
    corrections: object({ lines: count, units, amountKurus: kurus }),
    by: {
      ...object(Object.fromEntries(CUTS.map((cut) => [cut, list(ref('FeeGroup'))]))),
      description: 'Cuts of `booked`; each adds up to it.',
    },
    notice: {
      oneOf: [notice, { type: 'null' }],
      description: 'Of the Interior Ministry; what it counts is paid.',
    },
    payments: list(payment),
  }),
  FeeQuarter: object({
    quarter,
    state: { enum: ['open', 'collecting', 'frozen', 'approved', 'sealed'] },
    due: { ...day, description: 'Last day of the month after the quarter.' },
    payBy: { ...day, description: 'The next working day, where `due` is none.' },
    statementSha256: { type: ['string', 'null'], pattern: '^[0-9a-f]{64}$' },
    bookBegins: {
      type: ['string', 'null'],
      format: 'date',
      description:
        'Where the quarter was over before the book began: the day on which it begins. Nothing is in such a quarter.',
    },
    accounts: list(ref('FeeAccount')),
    total: object(use),
    rules: object({
      tariff: list(tariffRow),
      inputs,
      charged: text,
    }),
  }),
  FeeForecast: {
    type: 'object',
    required: ['basis', 'since', 'days'],
    description: 'Of the whole quarter. Money goes on as it went: prices that change are named by `changes`.',
    properties: {
      basis: {
        enum: ['mean-of-days', 'too-few-days'],
        description: 'Mean of working days and of other days so far; or none, since too few days are over.',
      },
      since: { ...day, description: 'First day that counts: of the quarter, or of the account in the book.' },
      days: { ...count, description: 'Days that are over, from `since` on.' },
      needed: { ...count, description: 'With `too-few-days` alone.' },
      ...use,
    },
  },
  FeeBudget: object({
    state: { enum: ['none', 'below', 'near', 'stopped'], description: '`near`: from 80 % of the stop on.' },
    quarterKurus: { type: ['integer', 'null'] },
    quarterQueries: { type: ['integer', 'null'] },
    percentKurus: { type: ['integer', 'null'], description: 'Used, queries under way included.' },
    percentQueries: { type: ['integer', 'null'] },
    stopAtPercent: { type: ['integer', 'null'] },
    stopPercent: {
      type: ['integer', 'null'],
      description: 'Where the stop stands; null: lifted altogether, or none.',
    },
    lifted: { type: 'boolean' },
  }),
  FeeAccountUsage: object({
    account: text,
    institution: textOrNull,
    feeClass: feeClassOrNull,
    ...use,
    days: { ...list(object({ day, ...use })), description: 'Days with any use.' },
    billedElsewhere: {
      ...list(object({ ofQuarter: quarter, quarter, ...use })),
      description:
        'The part of the period’s use that is billed in another quarter than the one in which it was sent: corrections, late outcomes. By it the sums by day differ from a statement.',
    },
    compared: ref('FeeUse'),
    quarter: object({
      used: { ...ref('FeeUse'), description: 'Billed in it so far, as its statement has it.' },
      forecast: ref('FeeForecast'),
      changes: { ...list(day), description: 'Coming days on which a price or the class changes.' },
      budget: ref('FeeBudget'),
    }),
    savings: object({
      precheck: { ...saving, description: 'The number itself was none: nothing was sent.' },
      replayed: { ...saving, description: 'Answered again from the record.' },
      badForm: object({ calls: count }),
    }),
  }),
  FeeUsage: object({
    ...period,
    asOf: { type: 'string', format: 'date-time' },
    compared: { ...object(period), description: 'What the period is held against.' },
    quarter: { ...quarter, description: 'The one that runs.' },
    accounts: list(ref('FeeAccountUsage')),
    total: ref('FeeUse'),
  }),
} as const;
