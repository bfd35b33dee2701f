import { addDays } from '../../calendar/add-days.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Database, Queryable, Transaction } from '../../storage/database.js';
import type { Booking, Outcome } from './outcome.js';
import { nextDue, retryAt } from './schedule.js';
import { type PollSettings, TERM_DAYS } from './settings.js';

/** The chunk that is booked. `runId` null: asked for a person. */
export interface BookedChunk {
  readonly runId: string | null;
  /** Wishes up to then are fulfilled. */
  readonly claimedAt: Date;
  readonly bookings: readonly Booking[];
}

export interface BookTools {
  readonly db: Database;
  readonly settings: PollSettings;
  readonly now: () => Date;
  /** In [0, 1). */
  readonly random: () => number;
}

interface Row {
  mersisNo: string;
  failures: number;
  wishedAt: Date | null;
  readAt: Date | null;
  active: boolean;
}

/** What becomes of a row. */
interface Booked {
  readonly mersisNo: string;
  readonly readAt: Date | null;
  readonly dueAt: Date;
  readonly wishedAt: Date | null;
  readonly failures: number;
  readonly problem: string | null;
}

// In key order, as whoever else locks several of them.
const LOCK = `SELECT c.mersis_no AS "mersisNo", c.failures, c.wished_at AS "wishedAt", c.read_at AS "readAt",
    coalesce(c.active_at >= $2, false) OR EXISTS (SELECT 1 FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no
      AND s.ends_on BETWEEN $3::date AND $4::date) AS active
  FROM bridge.mersis_cooperative c WHERE c.mersis_no = ANY($1::text[]) ORDER BY c.mersis_no FOR UPDATE OF c`;
const WRITE = `UPDATE bridge.mersis_cooperative c SET read_at = n."readAt", due_at = n."dueAt", wished_at = n."wishedAt",
    failures = n.failures, problem = n.problem
  FROM json_to_recordset($1::json) AS n("mersisNo" text, "readAt" timestamptz, "dueAt" timestamptz, "wishedAt" timestamptz,
    failures int, problem text)
  WHERE c.mersis_no = n."mersisNo"`;
const COUNT = `UPDATE bridge.mersis_run SET changed = changed + $2, refused = refused + $3, failed = failed + $4 WHERE run_id = $1`;
const KNOW = `INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at) SELECT n, $2, $2 FROM unnest($1::text[]) AS n
  ORDER BY n ON CONFLICT (mersis_no) DO NOTHING`;

/**
 * Books how a chunk ended, set-wise: when each was read, when it is due again, and the run's counts. What is lost here by a crash is asked
 * again. Errors: those of `Database`.
 */
export async function bookChunk(chunk: BookedChunk, tools: BookTools): Promise<void> {
  const { bookings, claimedAt, runId } = chunk;
  if (bookings.length === 0) return;
  await tools.db.transaction(async (tx) => {
    const rows = await lockRows(tx, bookings, tools);
    const booked = bookings.flatMap((booking) => {
      const row = rows.get(booking.mersisNo);
      return row === undefined ? [] : [bookOne(booking, row, claimedAt, tools)];
    });
    await tx.query({ text: WRITE, values: [JSON.stringify(booked)] });
    const count = (wanted: (outcome: Outcome) => boolean) =>
      bookings.filter(({ outcome }) => wanted(outcome)).length;
    const counts = [
      count((outcome) => outcome.kind === 'read' && outcome.changed),
      count(({ kind }) => kind === 'refused'),
      count(({ kind }) => kind === 'failed'),
    ];
    if (runId !== null && counts.some((one) => one > 0))
      await tx.query({ text: COUNT, values: [runId, ...counts] });
  });
}

/** Cooperatives that the registry knows and that are polled from now on, where they were not. Errors: those of `Queryable`. */
export async function takeUp(db: Queryable, mersisNos: readonly string[], now: Date): Promise<void> {
  await db.query({ text: KNOW, values: [mersisNos, now] });
}

async function lockRows(tx: Transaction, bookings: readonly Booking[], { settings, now }: BookTools) {
  const at = now();
  const today = istanbulDay(at);
  const values = [
    bookings.map(({ mersisNo }) => mersisNo),
    new Date(at.getTime() - settings.activeForMs),
    today,
    addDays(today, TERM_DAYS),
  ];
  const { rows } = await tx.query<Row>({ text: LOCK, values });
  return new Map(rows.map((row) => [row.mersisNo, row]));
}

function bookOne(
  { mersisNo, outcome, readAt }: Booking,
  row: Row,
  claimedAt: Date,
  tools: BookTools,
): Booked {
  // Whoever began to wait after it was claimed waits for another reading.
  const waits = row.wishedAt !== null && row.wishedAt > claimedAt;
  const fulfilled = outcome.kind !== 'unasked';
  const wishedAt = waits || !fulfilled ? row.wishedAt : null;
  const planned = planOf(outcome, row, readAt, tools);
  const dueAt = waits ? tools.now() : planned.dueAt;
  const read = outcome.kind === 'read' ? readAt : row.readAt;
  return { mersisNo, readAt: read, wishedAt, failures: planned.failures, problem: planned.problem, dueAt };
}

function planOf(
  outcome: Outcome,
  row: Row,
  readAt: Date,
  { settings, now, random }: BookTools,
): Pick<Booked, 'dueAt' | 'failures' | 'problem'> {
  const { failures } = row;
  switch (outcome.kind) {
    case 'read':
      return { dueAt: nextDue(readAt, row.active, settings, random()), failures: 0, problem: null };
    case 'waiting':
      // What its run's stop holds is asked as soon as anything is asked again.
      return { dueAt: outcome.until ?? now(), failures: 0, problem: outcome.problem };
    case 'unasked':
      return { dueAt: now(), failures, problem: null };
    default: {
      // A number that the registry does not know today it will not know in a minute.
      const maxMs = outcome.problem === 'not-found' ? settings.activeMs : undefined;
      const { problem } = outcome;
      return { dueAt: retryAt(now(), failures + 1, random(), maxMs), failures: failures + 1, problem };
    }
  }
}
