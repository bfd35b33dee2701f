import type { MersisReply, MersisSource } from '../port.js';
import type { Pace } from './pace.js';
import type { PauseReason } from './pause.js';
import type { TakenReading } from './take-in-port.js';

/** What it asks with. */
export interface AskTools {
  readonly source: Pick<MersisSource, 'read'>;
  readonly pace: Pace;
  readonly now: () => Date;
  /** True once nothing more is to be asked: the process stops. */
  readonly isStopping: () => boolean;
}

/** What came of a chunk: answers in the order of asking, those that were not asked any more, and why. */
export interface Asked {
  readonly answers: readonly TakenReading[];
  readonly unasked: readonly string[];
  /** Set where nobody should be asked for a while. */
  readonly pause: PauseReason | null;
}

/** So many calls in a row without any answer, and the other side is down: going on would only spend the day's budget. */
const SILENT_CALLS = 10;

/**
 * Asks about each of `mersisNos` once, at its pace. Stops asking where credentials are refused, where `SILENT_CALLS` calls in a row got no
 * answer (all of a smaller chunk), at `until` (then the claim is somebody else's) and where the process stops. Never rejects.
 */
export async function askChunk(
  mersisNos: readonly string[],
  { runId, until }: { readonly runId: string; readonly until: Date },
  tools: AskTools,
): Promise<Asked> {
  const answers: TakenReading[] = [];
  const unasked: string[] = [];
  let pause: PauseReason | null = null;
  let silent = 0;
  const limit = Math.min(SILENT_CALLS, mersisNos.length);
  const ask = async (mersisNo: string): Promise<void> => {
    if (pause !== null || tools.isStopping() || tools.now() >= until) {
      unasked.push(mersisNo);
      return;
    }
    const reply = await readOne(mersisNo, tools);
    const fault = reply.kind === 'fault' ? reply.fault : null;
    const overloaded = fault?.kind === 'unavailable' && fault.cause === 'overloaded';
    silent = fault?.kind === 'unavailable' && !overloaded ? silent + 1 : 0;
    if (fault?.kind === 'refused') pause = 'refused';
    else if (silent >= limit) pause ??= 'unavailable';
    // Credentials and our own limits are no matter of the cooperative: it is asked again as if it had not been.
    if (fault?.kind === 'refused' || overloaded) unasked.push(mersisNo);
    else answers.push({ mersisNo, reply, readAt: tools.now(), runId });
  };
  await Promise.all(mersisNos.map((mersisNo) => tools.pace.run(() => ask(mersisNo))));
  return { answers, unasked, pause };
}

/** The port resolves always; a source that breaks that promise must not end a run. */
async function readOne(mersisNo: string, { source }: AskTools): Promise<MersisReply> {
  try {
    return await source.read({ mersisNo });
  } catch {
    return { kind: 'fault', fault: { kind: 'unavailable', cause: 'connection' } };
  }
}
