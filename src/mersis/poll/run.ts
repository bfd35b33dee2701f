import { randomUUID } from 'node:crypto';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import { lossLimitOf } from '../guard.js';
import { MAX_CHUNK, MAX_RUN_MS, type PollSettings } from './settings.js';

export type RunKind = 'poll' | 'sync';
type RunState = 'running' | 'done' | 'stopped' | 'released' | 'rejected';

/** A run over the cooperatives that are due, as it stands. */
export interface Run {
  readonly runId: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly asked: number;
  readonly changed: number;
  /** Answers that were not believed. */
  readonly refused: number;
  /** Without an answer to rely on. */
  readonly failed: number;
  /** Cooperatives that lost seats, or would have. */
  readonly losses: number;
  readonly lossLimit: number;
}

/** A row of a new run. */
export interface OpenedRun extends Effect {
  readonly kind: 'mersis-run-opened';
  readonly runId: string;
  readonly runKind: RunKind;
  readonly startedAt: Date;
  readonly lossLimit: number;
}

/** A run that has come to its end. */
export interface EndedRun extends Effect {
  readonly kind: 'mersis-run-ended';
  readonly runId: string;
  readonly endedAt: Date;
}

const PATIENCE_MS = 30_000;
const COLUMNS = `run_id AS "runId", kind, state, started_at AS "startedAt", ended_at AS "endedAt", asked, changed, refused, failed,
  losses, loss_limit AS "lossLimit"`;
const OPEN = `SELECT ${COLUMNS} FROM bridge.mersis_run WHERE state IN ('running', 'stopped')`;
const ONE = `SELECT ${COLUMNS} FROM bridge.mersis_run WHERE run_id = $1`;
const LAST = `SELECT ${COLUMNS} FROM bridge.mersis_run ORDER BY started_at DESC LIMIT 1`;

// Alone and just due, a cooperative waits for company; one that was never read, that somebody waits for, or whose loss is to be
// read a second time, does not.
const WORTH = `SELECT EXISTS (SELECT 1 FROM bridge.mersis_cooperative WHERE wished_at IS NOT NULL AND due_at <= $1)
  OR EXISTS (SELECT 1 FROM bridge.mersis_cooperative WHERE due_at <= $2)
  OR EXISTS (SELECT 1 FROM bridge.mersis_cooperative WHERE due_at <= $1 AND read_at IS NULL AND failures = 0)
  OR EXISTS (SELECT 1 FROM bridge.mersis_cooperative WHERE due_at <= $1 AND problem = 'held')
  OR (SELECT count(*) FROM (SELECT 1 FROM bridge.mersis_cooperative WHERE due_at <= $1 LIMIT ${MAX_CHUNK}) AS due) >= ${MAX_CHUNK}
  AS worth`;
const COUNTS = `SELECT count(*) FILTER (WHERE due_at <= $1)::int AS due, count(*)::int AS "all" FROM bridge.mersis_cooperative`;
// Claimed ones are being asked, or were when a process died: they come due again by themselves.
const LEFT = `SELECT EXISTS (SELECT 1 FROM bridge.mersis_cooperative WHERE due_at <= $1)
  OR EXISTS (SELECT 1 FROM bridge.mersis_cooperative WHERE problem = 'asking') AS left`;

/** The run that is open, running or stopped; null where none is. Errors: those of `Queryable`. */
export async function readOpenRun(db: Queryable): Promise<Run | null> {
  return (await db.query<Run>({ text: OPEN })).rows[0] ?? null;
}

/** One run; null where there is none of this id. Errors: those of `Queryable`. */
export async function readRun(db: Queryable, runId: string): Promise<Run | null> {
  return (await db.query<Run>({ text: ONE, values: [runId] })).rows[0] ?? null;
}

/** The run that began last. Errors: those of `Queryable`. */
export async function readLastRun(db: Queryable): Promise<Run | null> {
  return (await db.query<Run>({ text: LAST })).rows[0] ?? null;
}

/** The open run under its lock: whoever claims, ends or stops it comes one after the other. */
export async function lockOpenRun(tx: Transaction): Promise<Run | null> {
  return (await tx.query<Run>({ text: `${OPEN} FOR UPDATE` })).rows[0] ?? null;
}

/** True where what is due is worth a run now. Errors: those of `Queryable`. */
export async function isWorthARun(db: Queryable, now: Date, gatherMs: number): Promise<boolean> {
  const values = [now, new Date(now.getTime() - gatherMs)];
  return (await db.query<{ worth: boolean }>({ text: WORTH, values })).rows[0]?.worth === true;
}

interface Opening {
  readonly kind: RunKind;
  readonly settings: Pick<PollSettings, 'instance' | 'lossesPerRun' | 'lossSharePercent'>;
}

/** Opens a run where none is open and something is due. Answers the open run's id, null where nothing is due. */
export const openRunLane: Lane<Opening, string | null> = {
  name: '6-mersis-run-open',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items, now) => {
    const open = await lockOpenRun(tx);
    const { rows } = await tx.query<{ due: number; all: number }>({ text: COUNTS, values: [now] });
    const { due = 0, all = 0 } = rows[0] ?? {};
    const opened = open === null && due > 0 ? items[0] : undefined;
    const runId = open?.runId ?? (opened === undefined ? null : randomUUID());
    return items.map((item): Settled<string | null> => {
      if (item !== opened || runId === null) return { entries: [], effects: [], answer: () => runId };
      const limit = lossLimitOf(item.settings, all);
      const { kind } = item;
      const data = { due, instance: item.settings.instance, kind, lossLimit: limit, run: runId };
      const effect: OpenedRun = {
        kind: 'mersis-run-opened',
        runId,
        runKind: kind,
        startedAt: now,
        lossLimit: limit,
      };
      return { entries: [draftOf('mersis.run-started', now, data)], effects: [effect], answer: () => runId };
    });
  },
};

/** Ends the run of this id where nothing of it is left, or where it has taken too long. Answers it as it ended; null where it goes on. */
export const endRunLane: Lane<string, Run | null> = {
  name: '6-mersis-run-end',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items, now) => {
    const run = await lockOpenRun(tx);
    const { rows } = await tx.query<{ left: boolean }>({ text: LEFT, values: [now] });
    const old = run !== null && now.getTime() - run.startedAt.getTime() >= MAX_RUN_MS;
    const over = run?.state === 'running' && (old || rows[0]?.left !== true) ? run : null;
    return items.map((runId, i): Settled<Run | null> => {
      if (over === null || over.runId !== runId || items.indexOf(runId) !== i)
        return { entries: [], effects: [], answer: () => null };
      const { asked, changed, failed, losses, refused } = over;
      const data = { asked, changed, failed, losses, refused, run: runId };
      const effect: EndedRun = { kind: 'mersis-run-ended', runId, endedAt: now };
      const answer = (): Run => ({ ...over, state: 'done', endedAt: now });
      return { entries: [draftOf('mersis.run-ended', now, data)], effects: [effect], answer };
    });
  },
};

const INSERT = `INSERT INTO bridge.mersis_run (run_id, kind, started_at, loss_limit) VALUES ($1, $2, $3, $4)`;
const END = `UPDATE bridge.mersis_run SET state = 'done', ended_at = $2 WHERE run_id = $1`;

/** Writes new runs; of two instances the one index that allows one open run lets one through. */
export const runOpenedApplier: EffectApplier<OpenedRun> = {
  kind: 'mersis-run-opened',
  apply: async (tx, placed) => {
    for (const { effect } of placed) {
      const values = [effect.runId, effect.runKind, effect.startedAt, effect.lossLimit];
      await tx.query({ text: INSERT, values });
    }
  },
};

/** Ends runs that their lane has locked. */
export const runEndedApplier: EffectApplier<EndedRun> = {
  kind: 'mersis-run-ended',
  apply: async (tx, placed) => {
    for (const { effect } of placed) await tx.query({ text: END, values: [effect.runId, effect.endedAt] });
  },
};
