import type { Appender } from '../../audit/appender.js';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, Receipt } from '../../audit/entry.js';
import type { Lane } from '../../audit/lane.js';
import { plainLane } from '../../audit/plain-lane.js';
import { Refusal } from '../../errors/refusal.js';
import type { Database } from '../../storage/database.js';
import { problemOf } from '../poll/outcome.js';
import { beginPause } from '../poll/pause.js';
import type { MersisFault, MersisReply, MersisSource } from '../port.js';
import type { RegistryAttempt } from './attempt.js';
import type { CallAnswer } from './call-lane.js';

/** What a call about the registry needs from outside. */
export interface CallTools {
  readonly db: Database;
  readonly log: Appender;
  readonly calls: Lane<RegistryAttempt, CallAnswer>;
  readonly source: Pick<MersisSource, 'read'>;
  readonly instance: string;
  readonly now: () => Date;
  /** Throws while the log cannot be relied on. */
  readonly requireSound: () => void;
  /** Told where MERSİS does not let us in: only persons put that right. */
  readonly onRefused: () => void;
}

/** An answer of MERSİS, and how its end is written down. */
export interface AnsweredCall {
  readonly reply: Exclude<MersisReply, { kind: 'fault' }>;
  readonly askedAt: Date;
  readonly readAt: Date;
  /** Writes `mersis.answered` durably; nothing is answered before. */
  record(result: DataOf<'mersis.answered'>['result']): Promise<void>;
}

/** Somebody waits; the question was asked and stands there. */
const PATIENCE_MS = 5_000;
const answeredLane: Lane<EntryDraft, Receipt> = {
  ...plainLane,
  name: '9-mersis-answered',
  patienceMs: PATIENCE_MS,
};

/**
 * Asks MERSİS once for a person: judged, written down, asked, in that order and never another. A fault is written down and thrown as
 * `MERSIS_UNAVAILABLE`. Errors: the refusals of the lane, which have their entries; `AUDIT_UNAVAILABLE` and the like, with nothing asked or
 * nothing answered.
 */
export async function askForPerson(attempt: RegistryAttempt, tools: CallTools): Promise<AnsweredCall> {
  tools.requireSound();
  const answer = await tools.log.submit(tools.calls, attempt);
  if (answer.kind === 'refused') throw answer.refusal;
  const { ask, askedAt } = answer;
  const reply = await askOnce(attempt, tools);
  const readAt = tools.now();
  const { instance, log } = tools;
  const { operation } = attempt;
  const record = async (result: DataOf<'mersis.answered'>['result']): Promise<void> => {
    await log.submit(answeredLane, draftOf('mersis.answered', readAt, { ask, instance, operation, result }));
  };
  if (reply.kind !== 'fault') return { reply, askedAt, readAt, record };
  await followFault(attempt, reply, tools);
  await record('unavailable');
  throw new Refusal('MERSIS_UNAVAILABLE', { reason: wordOf(reply.fault) });
}

/** The port resolves always; a source that breaks that promise gave no answer. */
async function askOnce({ question }: RegistryAttempt, { source }: CallTools): Promise<MersisReply> {
  if (!question.ok) throw new RangeError('nothing is asked without a question');
  try {
    return await source.read(question.value);
  } catch {
    return { kind: 'fault', fault: { kind: 'unavailable', cause: 'connection' } };
  }
}

/** Refused credentials stop everybody for a while; an answer that is none is written down as not believed. */
async function followFault(
  { question }: RegistryAttempt,
  reply: Extract<MersisReply, { kind: 'fault' }>,
  { db, log, now, onRefused }: CallTools,
): Promise<void> {
  if (reply.fault.kind === 'refused') {
    onRefused();
    await beginPause(db, 'refused', now());
  }
  const problem = problemOf({ reply });
  if (problem === null || !question.ok || !('mersisNo' in question.value)) return;
  const data = { cooperative: question.value.mersisNo, problem, run: null };
  await log.submit(answeredLane, draftOf('mersis.refused', now(), data));
}

function wordOf(fault: MersisFault): string {
  return fault.kind === 'unavailable' ? fault.cause : fault.kind;
}
