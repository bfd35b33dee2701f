import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Queryable } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import { type LogRow, SELECT_ROWS } from './log-rows.js';

/** Starts looked through for the last one of the instance that asked: a restart a day for over half a year. */
const MAX_STARTS = 200;
/** Switches looked through: each is a decision of two persons about a gazette. */
const MAX_SWITCHES = 200;

type Intent = Pick<DataOf<'query.intent'>, 'feeClass' | 'instance' | 'price' | 'service'>;
type Row = Pick<DataOf<'fees.tariff-switched'>, 'amountKurus' | 'gazette'> & { readonly basis: string };

/**
 * The entry that the price of an intent rests on: the switch in force for its service on its day, or, where none was told before it, the
 * last start of its instance, which lists the rows in force by law. Null where the log does not hold it: an entry that does not give the
 * price is not what it rested on.
 */
export async function findTariff(db: Queryable, intent: LogRow): Promise<LogRow | null> {
  const { at, data, eventAt } = JSON.parse(intent.line) as { at: string; data: Intent; eventAt: string };
  const switches = await switchesBefore(db, intent, data.service);
  // The price was decided between the two instants; around midnight either day's row is right.
  for (const day of new Set([istanbulDay(new Date(at)), istanbulDay(new Date(eventAt))])) {
    const inForce = latestOn(switches, day);
    if (inForce !== null && givesPrice(inForce.data, data)) return inForce.row;
    const start = inForce === null ? await startBefore(db, intent, data) : null;
    if (start !== null) return start;
  }
  return null;
}

interface Switch {
  readonly row: LogRow;
  readonly data: DataOf<'fees.tariff-switched'>;
}

async function switchesBefore(
  db: Queryable,
  { leaf_index: leaf }: LogRow,
  service: string,
): Promise<readonly Switch[]> {
  const { rows } = await db.query<LogRow>({
    text: `${SELECT_ROWS} WHERE s.kind = 'fees.tariff-switched' AND s.leaf_index < $1 AND (s.service IS NULL OR s.service = $2)
      ORDER BY s.leaf_index DESC LIMIT ${MAX_SWITCHES}`,
    values: [leaf, service],
  });
  return rows.map((row) => ({ row, data: dataOf<'fees.tariff-switched'>(row) }));
}

function latestOn(switches: readonly Switch[], day: string): Switch | null {
  let found: Switch | null = null;
  for (const one of switches)
    if (one.data.from <= day && (found === null || one.data.from > found.data.from)) found = one;
  return found;
}

async function startBefore(
  db: Queryable,
  { leaf_index: leaf }: LogRow,
  intent: Intent,
): Promise<LogRow | null> {
  const { rows } = await db.query<LogRow>({
    text: `${SELECT_ROWS} WHERE s.kind = 'bridge.started' AND s.leaf_index < $1 ORDER BY s.leaf_index DESC LIMIT ${MAX_STARTS}`,
    values: [leaf],
  });
  const start = rows.find((row) => dataOf<'bridge.started'>(row).instance === intent.instance);
  if (start === undefined) return null;
  const { tariff } = dataOf<'bridge.started'>(start);
  return tariff.some((row) => row.active && givesPrice(row, intent)) ? start : null;
}

/** How many input data there were is held by the verifier and by `audit check`; here it is told one row from another. */
function givesPrice(row: Row, { feeClass, price }: Intent): boolean {
  if (row.basis !== price.basis || row.gazette !== price.gazette) return false;
  if (feeClass === 'outside') return price.unitPriceKurus === 0;
  if (row.basis !== 'per-input-datum') return price.unitPriceKurus === row.amountKurus;
  return row.amountKurus === 0 ? price.unitPriceKurus === 0 : price.unitPriceKurus % row.amountKurus === 0;
}

function dataOf<K extends 'bridge.started' | 'fees.tariff-switched'>({ line }: LogRow): DataOf<K> {
  return (JSON.parse(line) as { data: DataOf<K> }).data;
}
