import { checkLine } from '../../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../../src/audit/lane.js';
import { NO_MAINTENANCE } from '../../../../src/maintenance/known-windows.js';
import { CALL_APPLIERS } from '../../../../src/mersis/calls/appliers.js';
import { POLL_APPLIERS } from '../../../../src/mersis/poll/appliers.js';
import {
  createPoller,
  type PollEvent,
  type Poller,
  type PollTools,
  type Step,
} from '../../../../src/mersis/poll/poller.js';
import type { PollSettings } from '../../../../src/mersis/poll/settings.js';
import type { TakenReading, TakenResult } from '../../../../src/mersis/poll/take-in-port.js';
import type { MersisReply } from '../../../../src/mersis/port.js';
import { SESSION_APPLIERS } from '../../../../src/sign-in/session-appliers.js';
import { type OpenLog, openLog, readEntries } from '../../../audit/support/log.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';

export const START = new Date('2026-05-04T09:00:00.000Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Numbers of made-up legal persons. */
export const no = (n: number): string => `0${String(1_000_000_000 + n)}00015`;
export const nos = (count: number): string[] => Array.from({ length: count }, (_, i) => no(i));

export const SETTINGS: PollSettings = {
  instance: 'bridge-1',
  staleMs: 20 * HOUR,
  activeMs: 6 * HOUR,
  activeForMs: 720 * HOUR,
  dailyBudget: 100_000,
  requestsPerSecond: 1000,
  concurrent: 4,
  jitter: 0,
  lossesPerRun: 200,
  lossSharePercent: 1,
  gatherMs: MINUTE,
};

/** An answer of the registry; nobody looks into it here. */
export const found = (mersisNo: string, at: Date): MersisReply => ({
  kind: 'found',
  asOf: at,
  record: {
    mersisNo,
    vkn: mersisNo.slice(1, 11),
    unvan: 'S.S. Işık Konut Yapı Kooperatifi',
    tur: 'Konut Yapı',
    seviye: 'birim',
    kanun: '1163',
    il: 'Ankara',
    durum: 'faal',
    durumSince: '2020-01-01',
    successor: null,
    duties: [],
  },
});

export interface Row {
  mersisNo: string;
  readAt: Date | null;
  dueAt: Date;
  wishedAt: Date | null;
  failures: number;
  problem: string | null;
}

/** A database with what is polled, its log, and a registry that answers what a test wants. */
export interface PollHouse {
  readonly test: TestDatabase;
  readonly log: OpenLog;
  /** What the clocks of log and pollers say. */
  readonly clock: { now: Date };
  /** Numbers in the order in which the registry was asked. */
  readonly sent: string[];
  readonly events: PollEvent[];
  /** What the registry answers, and what taking in makes of it; found and unchanged where nothing is set. */
  answer: (mersisNo: string) => MersisReply | Promise<MersisReply>;
  result: (reading: TakenReading) => TakenResult | Promise<TakenResult>;
  later(ms: number): Date;
  register(mersisNos: readonly string[], changes?: Partial<Row>): Promise<void>;
  rows(mersisNos?: readonly string[]): Promise<Row[]>;
  poller(changes?: Partial<PollTools>): Poller;
  /** Steps until there is nothing more at once. */
  steps(poller: Poller): Promise<Step>;
  told(kind?: string): Promise<ReturnType<typeof checkLine>[]>;
  runs(): Promise<{ state: string; kind: string; asked: number }[]>;
  close(): Promise<void>;
}

const ROWS = `SELECT mersis_no AS "mersisNo", read_at AS "readAt", due_at AS "dueAt", wished_at AS "wishedAt", failures, problem
  FROM bridge.mersis_cooperative ORDER BY mersis_no`;
const INSERT = `INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, due_at, read_at, wished_at, failures, problem)
  SELECT n, $2, $3, $4, $5, $6, $7 FROM unnest($1::text[]) AS n`;

export async function openPollHouse(): Promise<PollHouse> {
  const test = await createTestDatabase({ migrations: true });
  const clock = { now: START };
  const appliers = [...POLL_APPLIERS, ...CALL_APPLIERS, ...SESSION_APPLIERS] as readonly EffectApplier[];
  const log = openLog(test.appUrl, {
    deps: { appliers: new Map(appliers.map((one) => [one.kind, one])), now: () => clock.now },
  });
  const rows = async (mersisNos?: readonly string[]): Promise<Row[]> => {
    const all = (await test.db.query<Row>({ text: ROWS })).rows;
    return mersisNos === undefined ? all : all.filter((row) => mersisNos.includes(row.mersisNo));
  };
  const house: PollHouse = {
    test,
    log,
    clock,
    sent: [],
    events: [],
    answer: (mersisNo) => found(mersisNo, clock.now),
    result: () => 'unchanged',
    later: (ms) => {
      clock.now = new Date(clock.now.getTime() + ms);
      return clock.now;
    },
    register: async (mersisNos, changes = {}) => {
      const { dueAt = clock.now, failures = 0, problem = null, readAt = null, wishedAt = null } = changes;
      await test.db.query({
        text: INSERT,
        values: [mersisNos, clock.now, dueAt, readAt, wishedAt, failures, problem],
      });
    },
    rows,
    poller: (changes = {}) =>
      createPoller({
        db: test.db,
        log: log.appender,
        settings: SETTINGS,
        source: {
          read: async (question) => {
            if (!('mersisNo' in question)) throw new Error('asked by VKN');
            house.sent.push(question.mersisNo);
            return house.answer(question.mersisNo);
          },
        },
        takeIn: async (readings) =>
          Promise.all(
            readings.map(async (reading) => ({
              mersisNo: reading.mersisNo,
              result: await house.result(reading),
            })),
          ),
        pace: { run: (work) => work() },
        timeoutMs: 1000,
        now: () => clock.now,
        random: () => 0,
        isSound: () => true,
        isStopping: () => false,
        maintenance: NO_MAINTENANCE,
        observe: (event) => house.events.push(event),
        ...changes,
      }),
    steps: async (poller) => {
      for (;;) {
        const step = await poller.step();
        if (step !== 'working') return step;
      }
    },
    told: async (kind) =>
      (await readEntries(test.db))
        .filter((entry) => kind === undefined || entry.kind === kind)
        .map(({ line }) => checkLine(line)),
    runs: async () =>
      (
        await test.db.query<{ state: string; kind: string; asked: number }>({
          text: 'SELECT state, kind, asked FROM bridge.mersis_run ORDER BY started_at',
        })
      ).rows,
    close: async () => {
      await log.close();
      await test.drop();
    },
  };
  return house;
}
