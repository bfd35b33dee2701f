import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { PersonTagger } from '../../src/audit/person-tags.js';
import type { DecisionTime } from '../../src/authority/decide.js';
import type { AuthorityFacts } from '../../src/authority/facts.js';
import { createAuthorityMemory } from '../../src/authority/memory/authority-memory.js';
import type { AuthorityMemory } from '../../src/authority/memory/port.js';
import { readAuthority } from '../../src/authority/read-authority.js';
import { type Evaluation, evaluate } from '../../src/authority/rights/evaluate.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import type { Database } from '../../src/storage/database.js';
import type { Decided, Loaded, Way } from './messages.js';
import { type AskedRight, questionsOf } from './questions.js';
import { type Size, tagOf } from './size.js';

/** Different questions of a run; they come again and again, in this order, as no cache of a processor holds them all. */
const QUESTIONS = 200_000;
/** As the bridge's chore does it. */
const FOLLOW_EVERY_MS = 300;
/** Decisions between two turns of the event loop, in which the memory is confirmed. */
const IN_A_ROW = 1_000;
/** Room for the latencies of one run; 500,000 a second for a minute. */
const MAX_DECISIONS = 30_000_000;
const SQL_AT_ONCE = 10;
const IN_ONE_READING = 100;
/** The bridge's defaults (src/config/schema/authority.ts). */
const POLICY = { staleAfterHours: 24, nothingAfterHours: 72, afterTermDays: 0 };

/** A question with the tag, as the edge makes it of the number. */
interface Asked extends AskedRight {
  readonly tag: Buffer;
}

/** Decides one way or another. */
export interface Deciding {
  run(way: Way, ms: number): Promise<Decided>;
  /** The first `count` questions from memory and by SQL. Throws where one decision is not the same. */
  compare(count: number): Promise<{ readonly same: number; readonly granted: number }>;
}

/** Loads everything into memory and draws the questions. Needs `--expose-gc`. */
export async function loadDeciding(
  db: Database,
  tagger: PersonTagger,
  size: Size,
): Promise<{ readonly deciding: Deciding; readonly loaded: Loaded }> {
  const silent = { info: () => undefined, warn: () => undefined };
  const memory = createAuthorityMemory({ db, log: silent, now: () => new Date() });
  const before = usage();
  const from = performance.now();
  await memory.load();
  const ms = performance.now() - from;
  const after = usage();
  setInterval(() => void memory.follow().catch(() => undefined), FOLLOW_EVERY_MS).unref();
  const questions = questionsOf(size, QUESTIONS, 1).map((one) => ({
    ...one,
    tag: tagOf(tagger, one.person),
  }));
  const deciding: Deciding = {
    run: (way, forMs) =>
      way === 'memory' ? decideInMemory(memory, questions, forMs) : decideBySql(db, questions, way, forMs),
    compare: (count) => compare(memory, db, questions.slice(0, count)),
  };
  const loaded = { ms, heapBytes: after.heap - before.heap, rssBytes: after.rss, rssBeforeBytes: before.rss };
  return { deciding, loaded };
}

function usage() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

function timeNow(): DecisionTime {
  const now = new Date();
  return { ...POLICY, now, today: istanbulDay(now) };
}

function decide({ action, member }: AskedRight, facts: AuthorityFacts, time: DecisionTime): Evaluation {
  return evaluate({ action, context: { member, acr: 'urn:koopbis:acr:step-up' } }, facts, time);
}

/** One after the other; the turns of the event loop between them are part of the time, not of a decision's latency. */
async function decideInMemory(
  memory: AuthorityMemory,
  questions: readonly Asked[],
  ms: number,
): Promise<Decided> {
  const latencies = new Float64Array(MAX_DECISIONS);
  const start = performance.now();
  let n = 0;
  while (performance.now() - start < ms && n + IN_A_ROW <= MAX_DECISIONS) {
    const view = await memory.confirmed();
    const time = timeNow();
    for (let i = 0; i < IN_A_ROW; i += 1) {
      const from = performance.now();
      const question = questions[n % questions.length] as Asked;
      decide(question, view.factsOf(question.tag, question.mersisNo, time.today), time);
      latencies[n++] = performance.now() - from;
    }
    await nextTurn();
  }
  return { decisions: n, ms: performance.now() - start, latencies: latencies.slice(0, n) };
}

async function decideBySql(
  db: Database,
  questions: readonly Asked[],
  way: 'sql' | 'sql-batch',
  ms: number,
): Promise<Decided> {
  const atOnce = way === 'sql' ? 1 : IN_ONE_READING;
  const latencies: number[] = [];
  const start = performance.now();
  let next = 0;
  const asking = async () => {
    for (let from = start; from - start < ms; from = performance.now()) {
      const at = next;
      next += atOnce;
      const asked = Array.from({ length: atOnce }, (_, i) => questions[(at + i) % questions.length] as Asked);
      await decideRead(db, asked);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: SQL_AT_ONCE }, asking));
  const decisions = latencies.length * atOnce;
  return { decisions, ms: performance.now() - start, latencies: Float64Array.from(latencies) };
}

async function decideRead(db: Database, asked: readonly Asked[]): Promise<readonly Evaluation[]> {
  const time = timeNow();
  const facts = await db.transaction((tx) => readAuthority(tx, asked, time.today));
  return asked.map((question, i) => decide(question, facts[i] as AuthorityFacts, time));
}

async function compare(memory: AuthorityMemory, db: Database, questions: readonly Asked[]) {
  let granted = 0;
  for (let at = 0; at < questions.length; at += IN_ONE_READING) {
    const asked = questions.slice(at, at + IN_ONE_READING);
    const read = await decideRead(db, asked);
    const view = await memory.confirmed();
    const time = timeNow();
    asked.forEach((question, i) => {
      const { decision, ...kept } = decide(
        question,
        view.factsOf(question.tag, question.mersisNo, time.today),
        time,
      );
      if (!isDeepStrictEqual({ decision, ...kept }, read[i]))
        throw new Error('memory and tables decide differently');
      if (decision) granted += 1;
    });
  }
  return { same: questions.length, granted };
}
