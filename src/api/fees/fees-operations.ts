import { problemResponses } from '../openapi.js';

const header = (name: string, description: string) => ({
  ...{ name, in: 'header', required: false, description },
  schema: { type: 'string' },
});
const HEADERS = [
  header('X-Request-Id', 'At most 64 of A-Z a-z 0-9 . _ -'),
  header('traceparent', 'W3C Trace Context'),
];
const QUARTER = {
  ...{ name: 'quarter', in: 'path', required: true, description: 'Such as 2026-Q3; not in the future.' },
  schema: { type: 'string', pattern: '^20\\d{2}-Q[1-4]$' },
};
const query = (name: string, description: string) => ({
  ...{ name, in: 'query', required: false, description },
  schema: { type: 'string' },
});
const json = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });

const FOR_A_PERSON =
  'For a signed-in finance officer, over a client with the permission `fees`. Each reading is an entry of the audit log.';
const DAY = 'a day (00:00 in Europe/Istanbul), or an instant that is the first one of such a day';

/** `GET /v1/fees/quarters/{quarter}`. */
export const QUARTER_OPERATION = {
  operationId: 'readFeeQuarter',
  summary: 'Üç aylık dönemin dökümü / statement of a quarter',
  description: `${FOR_A_PERSON} What is frozen, approved or sealed is what was frozen; before, what the book has now.`,
  parameters: [QUARTER, ...HEADERS],
  responses: {
    200: { description: 'Döküm / statement', content: json('FeeQuarter') },
    ...problemResponses(),
  },
};

const TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const;

/** The same as a file. */
export function fileOperation(format: keyof typeof TYPES) {
  const name = format.toUpperCase();
  return {
    operationId: `readFeeQuarter${name}`,
    summary: `Aynı döküm, ${name} / the same statement as ${name}`,
    description: `${FOR_A_PERSON} A connection that breaks off has brought no file.`,
    parameters: [QUARTER, ...HEADERS],
    responses: {
      200: {
        description: 'Dosya / file',
        content: { [TYPES[format]]: { schema: { type: 'string', format: 'binary' } } },
      },
      ...problemResponses(),
    },
  };
}

/** `GET /v1/fees/usage`. */
export const USAGE_OPERATION = {
  operationId: 'readFeeUsage',
  summary: 'Kullanım, öngörü ve bütçe / use, forecast and budget',
  description: FOR_A_PERSON,
  parameters: [
    query('from', `First day: ${DAY}. Without it the first day of the quarter of the last one.`),
    query('to', `The day after the last one: ${DAY}. Without it tomorrow.`),
    query('account', 'One account alone.'),
    ...HEADERS,
  ],
  responses: { 200: { description: 'Kullanım / use', content: json('FeeUsage') }, ...problemResponses() },
};
