import type { Appender } from '../../audit/appender.js';
import type { EffectApplier } from '../../audit/lane.js';
import { confirmReadings } from './confirm-readings.js';
import { heldApplier, runCountedApplier } from './effects.js';
import type { TakeInTools, TakenIn, TakenReading } from './port.js';
import { readingLane } from './reading-lane.js';

/** Beside `AUTHORITY_APPLIERS` and the session's: whoever takes readings in hands these effects in. */
export const TAKE_IN_APPLIERS = [heldApplier, runCountedApplier] as readonly EffectApplier[];

/** Cooperatives in one transaction, for which every query waits where something changes: tens of milliseconds. */
const MAX_AT_ONCE = 100;

/**
 * Takes readings in, in their order: what confirms what stands renews its time; the rest is judged under lock and applied, held or refused,
 * each with its entries in one transaction with its rows. Answers one result for each, in their order. Readings of one chunk happen
 * together: where this fails, earlier chunks stand and nothing of the later ones does. `log` needs `TAKE_IN_APPLIERS`, `AUTHORITY_APPLIERS`
 * and those of sessions. Errors: those of `Appender` and `Database`.
 */
export async function takeIn(
  log: Appender,
  tools: TakeInTools,
  readings: readonly TakenReading[],
): Promise<readonly TakenIn[]> {
  const taken: TakenIn[] = [];
  for (const chunk of chunksOf(readings)) taken.push(...(await takeChunk(log, tools, chunk)));
  return taken;
}

/** At most `MAX_AT_ONCE`, no two about the same cooperative: the second is judged by what the first has left. */
function chunksOf(readings: readonly TakenReading[]): readonly (readonly TakenReading[])[] {
  const chunks: TakenReading[][] = [];
  let seen = new Set<string>();
  for (const one of readings) {
    const last = chunks.at(-1);
    const { mersisNo } = one.reading;
    if (last === undefined || last.length >= MAX_AT_ONCE || seen.has(mersisNo)) {
      chunks.push([one]);
      seen = new Set([mersisNo]);
    } else {
      last.push(one);
      seen.add(mersisNo);
    }
  }
  return chunks;
}

async function takeChunk(
  log: Appender,
  tools: TakeInTools,
  readings: readonly TakenReading[],
): Promise<readonly TakenIn[]> {
  const results = new Map<string, TakenIn>();
  const keep = (taken: readonly TakenIn[]) => {
    for (const one of taken) results.set(one.mersisNo, one);
  };
  keep(await confirmReadings(tools, readings));
  const others = readings.filter(({ reading }) => !results.has(reading.mersisNo));
  if (others.length > 0) {
    keep(await submit(log, tools, others));
    // Changed by somebody else between the two looks, to what the reading says.
    const same = others.filter(({ reading }) => results.get(reading.mersisNo)?.result === 'unchanged');
    await confirmReadings(tools, same);
  }
  return readings.map(({ reading }) => results.get(reading.mersisNo) as TakenIn);
}

/** What tables refuse is no reading: found by halves, so that it takes no other with it, and written down. */
async function submit(
  log: Appender,
  tools: TakeInTools,
  readings: readonly TakenReading[],
): Promise<readonly TakenIn[]> {
  const lane = readingLane(tools);
  try {
    return await log.submit(lane, { readings, unstorable: false });
  } catch (error) {
    if (!isDataFault(error)) throw error;
    if (readings.length === 1) return log.submit(lane, { readings, unstorable: true });
    const half = Math.ceil(readings.length / 2);
    const front = await submit(log, tools, readings.slice(0, half));
    return [...front, ...(await submit(log, tools, readings.slice(half)))];
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
function isDataFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^2[23][0-9A-Z]{3}$/.test(code);
}
