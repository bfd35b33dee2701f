import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { addDays } from '../../calendar/add-days.js';
import { istanbulMidnight } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Database } from '../../storage/database.js';
import type { Appender } from '../appender.js';
import { draftOf } from '../draft.js';
import type { PersonTagger } from '../person-tags.js';
import { plainLane } from '../plain-lane.js';
import { type ActingOfficer, actorNumber, subjectNumber } from '../retention/officer.js';
import { answerDueBy } from '../retention/term.js';
import { indexUpToHead } from '../search/index-entries.js';
import type { KvkkAnswer, KvkkRequest, StaffNames } from './answer.js';
import { type FoundLookUps, readLookUps } from './look-ups.js';
import { writeAnswer } from './write-answer.js';

/** What answering needs from outside. */
export interface AnswerTools {
  readonly db: Database;
  readonly appender: Appender;
  /** One for each tag key. */
  readonly taggers: readonly PersonTagger[];
  readonly instance: string;
  readonly sender: string;
  readonly staffNames: StaffNames;
  readonly answerDays: number;
  /** Look-ups in one document. */
  readonly maxLookUps?: number;
  /** A signed checkpoint over `size` leaves or more. */
  covering(size: bigint): Promise<KvkkAnswer['proof']>;
  /** Names of users by their session; only those that are still kept. */
  namesOf(sessions: readonly string[]): Promise<ReadonlyMap<string, string>>;
  now(): Date;
}

/** Whose request is to be answered, and by whom. */
export interface AnswerOrder extends KvkkRequest {
  readonly officer: ActingOfficer;
  readonly person: KimlikNo;
}

/** What stands in the file. */
export interface MadeAnswer {
  readonly sha256: string;
  readonly dueBy: string;
  readonly found: Pick<FoundLookUps, 'total' | 'looks'>;
}

/** Nobody reads more of them on paper; the answer says how many there are beside. */
const MAX_LOOK_UPS = 20_000;

/**
 * Writes the answer to `path`, which must not exist yet, and then the entry that tells of it, with the hash of the file: until this returns
 * nobody may be given the file. Errors: those of the appender, the database and the file system; `OVERLOADED`; those of `covering`.
 */
export async function makeAnswer(tools: AnswerTools, order: AnswerOrder, path: string): Promise<MadeAnswer> {
  const { appender, answerDays, db, instance, maxLookUps = MAX_LOOK_UPS, now, staffNames, taggers } = tools;
  const { officer, person, receivedOn, requestNo } = order;
  await indexUpToHead(db);
  const from = order.from === null ? null : istanbulMidnight(order.from);
  const to = order.to === null ? null : istanbulMidnight(addDays(order.to, 1));
  const found = await readLookUps(db, taggers, { person, from, to, limit: maxLookUps });
  const sessions = [...new Set(found.lookUps.map(({ session }) => session))];
  const answer: KvkkAnswer = {
    ...{ requestNo, receivedOn, from: order.from, to: order.to, found },
    sender: tools.sender,
    dueBy: answerDueBy(receivedOn, answerDays),
    madeAt: now(),
    names: staffNames,
    known: staffNames === 'full' ? await tools.namesOf(sessions) : new Map(),
    proof: await tools.covering(found.size),
  };
  const sha256 = await writeHashed(path, writeAnswer(answer));
  const data = {
    actor: officer.session,
    dueBy: answer.dueBy,
    entries: found.lookUps.length,
    from: from?.toISOString() ?? null,
    instance,
    names: staffNames,
    receivedOn,
    requestNo,
    sha256,
    to: to?.toISOString() ?? null,
  };
  const personal = [actorNumber(officer.person), subjectNumber(person)];
  await appender.submit(plainLane, draftOf('kvkk.answered', now(), data, personal));
  return { sha256, dueBy: answer.dueBy, found: { total: found.total, looks: found.looks } };
}

async function writeHashed(path: string, pieces: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
