import { randomUUID } from 'node:crypto';
import type { Appender } from '../../../src/audit/appender.js';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { AUTHORITY_APPLIERS } from '../../../src/authority/appliers.js';
import type { CooperativeReading, SeatReading } from '../../../src/authority/recording/reading.js';
import { readRecords } from '../../../src/authority/recording/records.js';
import { inForceOn } from '../../../src/authority/transitions.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import type { GuardPolicy } from '../../../src/mersis/guard.js';
import type { HeldOfficer, HeldTools } from '../../../src/mersis/held/officer.js';
import { HELD_APPLIERS, type RunRelease, releaseRun } from '../../../src/mersis/held/release-run.js';
import { reviewRun } from '../../../src/mersis/held/review-run.js';
import type { TakeInTools, TakenReading } from '../../../src/mersis/take-in/port.js';
import { TAKE_IN_APPLIERS, takeIn } from '../../../src/mersis/take-in/take-in.js';
import { SESSION_APPLIERS } from '../../../src/sign-in/session-appliers.js';
import type { Database } from '../../../src/storage/database.js';
import { type OpenLog, openLog, requireSoundLog } from '../../audit/support/log.js';
import { masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import { cooperativeReading, portsOf, seatReading } from '../../support/authority.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const APPLIERS = [
  ...AUTHORITY_APPLIERS,
  ...SESSION_APPLIERS,
  ...TAKE_IN_APPLIERS,
  ...HELD_APPLIERS,
] as readonly EffectApplier[];

export const POLICY: GuardPolicy = {
  secondReadingS: 900,
  largeLossPercent: 60,
  lossesPerRun: 200,
  lossSharePercent: 1,
  maxAgeHours: 24,
  clockSkewS: 300,
};
const SEATS = 3;

/** MERSİS number of the invented cooperative `n`. */
export const mersisNo = (n: number) => `0${1_000_000_000 + n}00015`;

/** A board of three, whose members are nobody else's. */
export const boardOf = (n: number): readonly SeatReading[] =>
  [0, 1, 2].map((i) => seatReading(tagger, personOf(n * SEATS + i)));

export const full = (n: number, changes: Partial<CooperativeReading> = {}): CooperativeReading =>
  cooperativeReading(mersisNo(n), { seats: boardOf(n), ...changes });
export const empty = (n: number): CooperativeReading => full(n, { seats: [] });

/** A house in which readings are taken in, with a clock that tests move. */
export interface Registry {
  readonly test: TestDatabase;
  readonly log: OpenLog;
  readonly tools: TakeInTools;
  /** Moves the clock. */
  pass(seconds: number): void;
  now(): Date;
  take(readings: readonly CooperativeReading[], changes?: Partial<TakenReading>): ReturnType<typeof takeIn>;
  /** Seats in force at a cooperative. */
  inForce(n: number): Promise<number>;
  openRun(lossLimit: number): Promise<string>;
  /** Kinds and data of all entries, each held to the catalogue. */
  entries(): Promise<readonly { readonly kind: string; readonly data: Record<string, unknown> }[]>;
  close(): Promise<void>;
}

export async function openRegistry(): Promise<Registry> {
  const test = await createTestDatabase({ migrations: true });
  let at = Date.now();
  const now = () => new Date(at);
  const appliers = new Map(APPLIERS.map((one) => [one.kind, one]));
  const log = openLog(test.appUrl, { deps: { appliers, now } });
  const tools: TakeInTools = {
    db: log.db,
    ports: portsOf({ masterKeys, tagger }),
    policy: POLICY,
    now,
    newId: () => randomUUID(),
  };
  return {
    test,
    log,
    tools,
    pass: (seconds) => {
      at += seconds * 1000;
    },
    now,
    take: (readings, changes = {}) =>
      takeIn(
        log.appender,
        tools,
        readings.map((reading) => ({ reading, asOf: now(), readAt: now(), runId: null, ...changes })),
      ),
    inForce: (n) => inForceAt(test.db, n, now()),
    openRun: async (lossLimit) => {
      const runId = randomUUID();
      await test.db.query({
        text: `INSERT INTO bridge.mersis_run (run_id, kind, started_at, asked, loss_limit) VALUES ($1, 'poll', $2, 7, $3)`,
        values: [runId, now(), lossLimit],
      });
      return runId;
    },
    entries: async () =>
      (await requireSoundLog(test.db)).map(({ line }) => {
        const { kind, data } = checkLine(line);
        return { kind, data: data as Record<string, unknown> };
      }),
    close: async () => {
      await log.close();
      await test.drop();
    },
  };
}

async function inForceAt(db: Database, n: number, now: Date): Promise<number> {
  const held = (await readRecords(db, [mersisNo(n)])).get(mersisNo(n));
  return held === undefined ? 0 : inForceOn(held.record, istanbulDay(now)).size;
}

/** The officer `n`, who still acts unless `acts` says no. */
export const officer = (n: number, acts: () => boolean = () => true): HeldOfficer => ({
  officer: {
    person: personOf(n),
    tag: tagger.tag('authority', personOf(n)),
    session: {
      acr: 'urn:koopbis:acr:step-up',
      authTime: '2026-05-05T08:00:00.000Z',
      session: randomUUID(),
    },
  },
  stillActs: async () => acts(),
});

export const EVERYBODY: HeldTools = { isOfficer: async () => true };

/** Reviews as `n`. */
export const review = (log: Appender, runId: string, n: number, tools = EVERYBODY) =>
  reviewRun(log, tools, { runId, reviewer: officer(n), osUser: 'test' });

/** Decides as `n`. */
export const release = (
  log: Appender,
  runId: string,
  n: number,
  changes: Partial<RunRelease> = {},
  tools = EVERYBODY,
) => {
  const by = { runId, officer: officer(n), reviewer: null, osUser: 'test' };
  return releaseRun(log, tools, { ...by, decision: 'released', reason: null, ...changes });
};
