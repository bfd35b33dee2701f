import type { Database, Queryable } from '../../storage/database.js';
import type { Appender } from '../appender.js';
import { firstLeafAt } from '../leaf-bounds.js';
import type { MasterKeys } from '../master-keys.js';
import { indexUpToHead } from '../search/index-entries.js';
import { findSignals } from './find-signals.js';
import { createRaiseLane, type Raised } from './raise-lane.js';
import type { Finding, SignalRule } from './rule.js';
import { readPosition, rememberPosition } from './state.js';

/** What looking by rules needs from outside. */
export interface SignalTools {
  readonly db: Database;
  readonly appender: Appender;
  readonly masterKeys: MasterKeys;
  readonly instance: string;
  readonly rules: readonly SignalRule[];
  /** True once the process stops: the look ends after a slice, and the next one goes on from there. */
  readonly stopping?: () => boolean;
}

/** What one look did. */
export interface SignalLook {
  /** Signals raised, by the code of the rule. */
  readonly raised: ReadonlyMap<string, number>;
  /** Findings whose user's number did not open though its key is there: somebody changed the log or a key. */
  readonly unreadable: number;
  /** Leaves before this one have been looked at. */
  readonly lookedTo: bigint;
}

/** Leaves of one slice: bounds the rows that one statement reads and gives. */
const SLICE_LEAVES = 10_000n;
/** Slices of one look, two million leaves: who comes after a longer rest goes on at the next look. */
const MAX_SLICES = 200;
/** Handed to the log at once: less than a batch, so that queries find room beside them. */
const RAISED_AT_ONCE = 50;
/** The first look of all begins here: what was before the rules were is history, and no news. */
const FIRST_LOOK_MS = 86_400_000;

/** One instance at a time; the transaction that holds it only reads, and may idle while signals are written. */
const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(7202, 8) AS mine';
const MAY_IDLE = "SET LOCAL idle_in_transaction_session_timeout = '5min'";

/**
 * Looks at all leaves since the last look by every rule, and raises what it finds. What is found depends on the log and the
 * rules alone, not on how often or when it is looked; `now` only says where the very first look begins. Null where another
 * instance is at it. Errors: those of `Appender.submit`, `Database` and `indexUpToHead`; the next look begins where this
 * one ended.
 */
export async function evaluateSignals(tools: SignalTools, now: Date): Promise<SignalLook | null> {
  await indexUpToHead(tools.db);
  return tools.db.transaction(async (tx) => {
    await tx.run(MAY_IDLE);
    const { rows } = await tx.query<{ mine: boolean }>({ text: TRY_LOCK });
    if (rows[0]?.mine !== true) return null;
    return lookOn(tools, tx, now);
  });
}

/** Reads through `locked`, whose transaction holds the lock: with its connection the lock is lost, and the reading fails. */
async function lookOn(tools: SignalTools, locked: Queryable, now: Date): Promise<SignalLook> {
  const size = await indexedSize(locked);
  let position = (await readPosition(locked)) ?? (await firstPosition(tools.db, now, size));
  const raised = new Map<string, number>();
  let unreadable = 0;
  for (let slice = 0; slice < MAX_SLICES && position < size; slice += 1) {
    if (tools.stopping?.() === true) break;
    const end: bigint = position + SLICE_LEAVES < size ? position + SLICE_LEAVES : size;
    for (const rule of tools.rules) {
      const told = await raiseAll(tools, await findSignals(locked, rule, { first: position, end }));
      const news = told.filter((one) => one === 'raised').length;
      if (news > 0) raised.set(rule.code, (raised.get(rule.code) ?? 0) + news);
      unreadable += told.filter((one) => one === 'unreadable').length;
    }
    await rememberPosition(tools.db, end);
    position = end;
  }
  return { raised, unreadable, lookedTo: position };
}

async function firstPosition(db: Database, now: Date, size: bigint): Promise<bigint> {
  const position = await firstLeafAt(db, new Date(now.getTime() - FIRST_LOOK_MS), size);
  await rememberPosition(db, position);
  return position;
}

async function raiseAll(tools: SignalTools, findings: readonly Finding[]): Promise<readonly Raised[]> {
  const lane = createRaiseLane(tools);
  const told: Raised[] = [];
  for (let first = 0; first < findings.length; first += RAISED_AT_ONCE) {
    const some = findings.slice(first, first + RAISED_AT_ONCE);
    told.push(...(await Promise.all(some.map((finding) => tools.appender.submit(lane, finding)))));
  }
  return told;
}

async function indexedSize(q: Queryable): Promise<bigint> {
  const { rows } = await q.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_indexed' });
  return rows[0]?.size ?? 0n;
}
