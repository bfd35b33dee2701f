import { quarterDays } from '../../calendar/istanbul-day.js';
import { KPS_SERVICES } from '../../config/schema/kps-services.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { FIELDS, type Field, type NamedColumns } from '../../fees/reconciliation/columns.js';
import type { Days } from '../../fees/reconciliation/figures.js';
import {
  isFitPeriod,
  MAX_DAYS,
  SEPARATORS,
  servicesByName,
} from '../../fees/reconciliation/figures-order.js';
import type { ReadingWish } from '../../fees/reconciliation/read-figures.js';
import type { Command } from '../command.js';
import { quarterNamed, readDay, wrongUse } from './proposal-desk.js';

/** Options that say of which days figures are and how their file is read. */
export const FILE_OPTIONS = {
  quarter: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  sheet: { type: 'string' },
  columns: { type: 'string' },
  separator: { type: 'string' },
  service: { type: 'string', multiple: true },
} as const;

interface FileValues {
  readonly quarter?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sheet?: string | undefined;
  readonly columns?: string | undefined;
  readonly separator?: string | undefined;
  readonly service?: readonly string[] | undefined;
}

/** How the file is read, as the arguments say. Errors: `WRONG_USE`, with nothing of them repeated. */
export function readingWish(command: Pick<Command, 'usage'>, values: FileValues): ReadingWish {
  const { columns, separator, service = [], sheet } = values;
  const named = separator === undefined ? null : SEPARATORS.get(separator);
  if (named === undefined) throw new BridgeError('WRONG_USE', '--separator is ";", "," or tab');
  return {
    days: daysOf(command, values),
    columns: columns === undefined ? {} : namedColumns(columns),
    separator: named,
    sheet: sheet ?? null,
    services: servicesByName(KPS_SERVICES, service.map(mapped)),
  };
}

/** A quarter, or half-open days. */
function daysOf(command: Pick<Command, 'usage'>, { from, quarter, to }: FileValues): Days {
  const isRange = from !== undefined || to !== undefined;
  if (quarter !== undefined && isRange) throw wrongUse(command, '--quarter, or --from and --to: not both');
  if (quarter === undefined && !isRange) throw wrongUse(command, '--quarter, or --from and --to, is missing');
  if (quarter !== undefined) return quarterDays(quarterNamed(command, quarter));
  const days = { from: readDay(command, from, '--from'), to: readDay(command, to, '--to') };
  if (!isFitPeriod(days))
    throw new BridgeError('WRONG_USE', `--to must be 1 to ${MAX_DAYS} days after --from; it is not included`);
  return days;
}

/** `day=Tarih,queries=Adet`. */
function namedColumns(text: string): NamedColumns {
  const named: Partial<Record<Field, string>> = {};
  for (const part of text.split(',')) {
    const [name, header] = pairOf(part);
    const field = FIELDS.find((one) => one === name);
    if (field === undefined || header === '' || named[field] !== undefined)
      throw new BridgeError(
        'WRONG_USE',
        `--columns is FIELD=HEADER,…; fields: ${FIELDS.join(', ')}, each once`,
      );
    named[field] = header;
  }
  return named;
}

/** `name in the file=KPS service`. */
function mapped(text: string): readonly [string, string] {
  const [name, service] = pairOf(text);
  if (name === '' || !KPS_SERVICES.some((one) => one === service))
    throw new BridgeError('WRONG_USE', `--service is "NAME=SERVICE"; services: ${KPS_SERVICES.join(', ')}`);
  return [name, service];
}

function pairOf(text: string): readonly [string, string] {
  const at = text.lastIndexOf('=');
  return at === -1 ? ['', ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
