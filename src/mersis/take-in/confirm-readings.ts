import type { HeldRecord } from '../../authority/recording/port.js';
import { readRecords } from '../../authority/recording/records.js';
import { renewRecords } from '../../authority/recording/renew-records.js';
import { hasChanged } from '../../authority/recording/settle-changes.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Transaction } from '../../storage/database.js';
import { timeProblem } from '../guard.js';
import type { TakeInTools, TakenIn, TakenReading } from './port.js';
import { mergedOf } from './reading-lane.js';

// In key order, as whatever else locks cooperatives must. Their seats are locked by it.
const LOCK = `SELECT 1 FROM bridge.authority_cooperative WHERE mersis_no = ANY($1::text[]) ORDER BY mersis_no FOR UPDATE`;
const DROP = `WITH locked AS (SELECT mersis_no FROM bridge.mersis_held WHERE mersis_no = ANY($1::text[])
    ORDER BY mersis_no FOR UPDATE)
  DELETE FROM bridge.mersis_held h USING locked WHERE h.mersis_no = locked.mersis_no`;

/**
 * Takes in what confirms that nothing has changed: the time of the reading, and what decides nothing; a loss that waited for its second
 * reading is forgotten, since the registry has taken it back. Gives time to rights and never takes one: no lock of the batches, no entry.
 * Answers these cooperatives alone; whatever else the readings say is not touched. Errors: those of `Database`.
 */
export function confirmReadings(
  tools: TakeInTools,
  readings: readonly TakenReading[],
): Promise<readonly TakenIn[]> {
  if (readings.length === 0) return Promise.resolve([]);
  return tools.db.transaction(async (tx) => {
    const numbers = readings.map(({ reading }) => reading.mersisNo);
    await tx.query({ name: 'mersis-confirm-lock', text: LOCK, values: [numbers] });
    const records = await readRecords(tx, numbers);
    const now = tools.now();
    const same = readings.filter((one) => confirms(one, records.get(one.reading.mersisNo), tools, now));
    const isNewer = ({ asOf, reading }: TakenReading) =>
      asOf.getTime() >= (records.get(reading.mersisNo)?.asOf?.getTime() ?? 0);
    const late = same.filter((one) => !isNewer(one)).map(({ reading }) => unchanged(reading.mersisNo));
    return [...late, ...(await confirmed(tx, same.filter(isNewer)))];
  });
}

/** Under the lock of the cooperative: a newer word of the registry cannot come in between. */
function confirms(one: TakenReading, held: HeldRecord | undefined, tools: TakeInTools, now: Date): boolean {
  if (held === undefined) return false;
  const { asOf } = one;
  const problem = timeProblem({ asOf, heldAsOf: held.asOf, now }, tools.policy);
  // An older word that says the same contradicts nothing: two readings at once. It renews no time.
  if (problem !== null && problem !== 'out-of-order') return false;
  const after = mergedOf(one, held, istanbulDay(now), tools);
  return typeof after !== 'string' && !hasChanged(held.record, after);
}

async function confirmed(tx: Transaction, same: readonly TakenReading[]): Promise<readonly TakenIn[]> {
  if (same.length === 0) return [];
  await renewRecords(
    tx,
    same.map(({ asOf, readAt, reading: { mersisNo, vkn, unvan, tur, kanun, seviye } }) => {
      return { mersisNo, vkn, unvan, tur, kanun, seviye, asOf, readAt };
    }),
  );
  const numbers = same.map(({ reading }) => reading.mersisNo);
  await tx.query({ name: 'mersis-confirm-drop', text: DROP, values: [numbers] });
  return numbers.map(unchanged);
}

function unchanged(mersisNo: string): TakenIn {
  return { mersisNo, result: 'unchanged', problem: null, secondAfter: null };
}
