import { z } from 'zod';
import { SEPARATORS, servicesByName } from '../../../fees/reconciliation/figures-order.js';
import type { ReadingWish } from '../../../fees/reconciliation/read-figures.js';

const orderSchema = z.strictObject({
  account: z.string(),
  days: z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
  name: z.string(),
  separator: z.string().nullable(),
  sheet: z.string().nullable(),
  columns: z.strictObject({
    day: z.string().optional(),
    service: z.string().optional(),
    queries: z.string().optional(),
    amount: z.string().optional(),
    amountKurus: z.string().optional(),
  }),
  names: z.array(z.tuple([z.string(), z.string()])),
});

/** How a file that was uploaded is read: `days` half-open, `name` of the file, `names` that it has for services. */
export type FiguresOrder = z.output<typeof orderSchema>;

const LINE_FEED = 0x0a;

/** A file with its order, as a look keeps it: one line of JSON, then the bytes as they came. */
export function packFigures(order: FiguresOrder, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(order)}\n`, 'utf8'), bytes]);
}

/** The same back; null where it is none. */
export function unpackFigures(
  content: Buffer,
): { readonly order: FiguresOrder; readonly bytes: Buffer } | null {
  const end = content.indexOf(LINE_FEED);
  if (end === -1) return null;
  const order = orderSchema.safeParse(JSON.parse(content.subarray(0, end).toString('utf8')));
  return order.success ? { order: order.data, bytes: content.subarray(end + 1) } : null;
}

/** How `readFigures` is to read it. */
export function wishOf(
  { columns, days, names, separator, sheet }: FiguresOrder,
  services: readonly string[],
): ReadingWish {
  const { amount, amountKurus, day, queries, service } = columns;
  const named = { day, service, queries, amount, amountKurus };
  return {
    days,
    columns: Object.fromEntries(Object.entries(named).filter(([, header]) => header !== undefined)),
    separator: separator === null ? null : (SEPARATORS.get(separator) ?? null),
    sheet,
    services: servicesByName(services, names),
  };
}
