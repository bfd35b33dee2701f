import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Appender, createAppender } from '../../../../src/audit/appender.js';
import { draftOf } from '../../../../src/audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../../../../src/audit/lane.js';
import { istanbulQuarter } from '../../../../src/calendar/istanbul-day.js';
import { FEE_APPLIERS } from '../../../../src/fees/appliers.js';
import { type FeeLine, feeLineApplier } from '../../../../src/fees/book/fee-line.js';
import { foldLines } from '../../../../src/fees/book/fold.js';
import type { CloseTools } from '../../../../src/fees/quarter/close-tools.js';
import { decideQuarter } from '../../../../src/fees/quarter/decide.js';
import { freezeQuarter } from '../../../../src/fees/quarter/freeze.js';
import { type QuarterView, readQuarter } from '../../../../src/fees/quarter/read-quarter.js';
import { reopenExpired } from '../../../../src/fees/quarter/reopen-expired.js';
import { sealQuarter } from '../../../../src/fees/quarter/seal.js';
import type { ActingOfficer } from '../../../../src/proposals/officer.js';
import type { Verdict } from '../../../../src/proposals/verdict.js';
import { readEntries } from '../../../audit/support/log.js';
import { masterKeys, personOf, tagger } from '../../../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';

export const REGISTER = 'BilesikKutukSorgulaKimlikNoServis';
export const ACCOUNTS = [
  { id: 'birlik', institution: 'Örnek Birlik', feeClass: 'paying' as const, agreement: agreementOf() },
  { id: 'ticaret', institution: 'Ticaret Bakanlığı', feeClass: 'outside' as const, agreement: agreementOf() },
];

function agreementOf() {
  return { services: [REGISTER], validFrom: '2024-01-01', validUntil: '2029-12-31' };
}

/** An officer of finance; `n` tells persons apart. */
export function officerOf(n: number): ActingOfficer {
  const person = personOf(n);
  return {
    sessionId: randomUUID(),
    person,
    tag: tagger.tag('authority', person),
    acr: 'urn:koopbis:acr:step-up',
    authTime: new Date('2026-07-02T06:00:00.000Z'),
    role: 'finance',
  };
}

/** What a test may say about a line; `sentAt` decides the quarter. */
export type LineWish = Partial<Omit<FeeLine, 'kind' | 'quarter'>> & { readonly sentAt: Date };

/** One process on the book: an appender of its own, and the deeds. */
export interface Instance {
  readonly log: Appender;
  freeze(quarter: string, officer: ActingOfficer): ReturnType<typeof freezeQuarter>;
  decide(
    quarter: string,
    officer: ActingOfficer,
    decision?: 'approved' | 'refused' | 'withdrawn',
    proposal?: string,
  ): ReturnType<typeof decideQuarter>;
  seal(quarter: string, officer: ActingOfficer): ReturnType<typeof sealQuarter>;
  expire(quarter: string): Promise<Verdict<null>>;
}

/** A database with the fee book. `now` is the time of every instance. */
export interface QuarterHouse extends Instance {
  readonly test: TestDatabase;
  now: Date;
  settings: CloseTools['settings'];
  /** Whether sessions still stand; set by a test. */
  acts: boolean;
  instance(appliers?: readonly EffectApplier[]): Instance;
  /** Writes ended queries into the log and the book, one line for each; their ids. */
  book(...lines: readonly LineWish[]): Promise<readonly string[]>;
  /** A query that was sent and has not ended. */
  openQuery(sentAt: Date): Promise<string>;
  endQuery(id: string): Promise<void>;
  view(quarter: string): Promise<QuarterView>;
  sql<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Kinds of the entries from `leaf` on. */
  kindsFrom(leaf: number): Promise<string[]>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** The house, with nothing in the book. */
export async function openQuarterHouse(now: string): Promise<QuarterHouse> {
  const test = await createTestDatabase({ migrations: true });
  const open: Appender[] = [];
  const appenderOf = (appliers: readonly EffectApplier[]): Appender => {
    const log = createAppender(
      { maxBatch: 64, maxQueue: 1000 },
      {
        ...{ db: test.db, masterKeys, tagger, now: () => house.now, sleep: (ms: number) => sleep(ms) },
        appliers: new Map(appliers.map((one) => [one.kind, one])),
      },
    );
    open.push(log);
    return log;
  };
  const instance = (appliers = [...FEE_APPLIERS]): Instance => instanceOf(appenderOf(appliers), house);
  const lines = appenderOf([feeLineApplier as EffectApplier]);
  const sql = async <R extends object>(text: string, values: readonly unknown[] = []) =>
    (await test.db.query<R>({ text, values })).rows;
  const rest: Omit<QuarterHouse, keyof Instance> = {
    test,
    now: new Date(now),
    acts: true,
    settings: { inputs: [], accounts: ACCOUNTS, collectHours: 24, holidays: [] },
    instance,
    sql,
    book: (...wishes) => Promise.all(wishes.map((wish) => lines.submit(lineLane, wish))),
    openQuery: async (sentAt) => {
      const id = randomUUID();
      await sql(OPEN_QUERY, [id, sentAt]);
      return id;
    },
    endQuery: async (id) => {
      await sql(`UPDATE bridge.identity_query SET state = 'unknown', outcome_leaf = 0 WHERE query_id = $1`, [
        id,
      ]);
    },
    view: (quarter) => readQuarter(test.db, house.settings, quarter, house.now),
    kindsFrom: async (leaf) =>
      (await readEntries(test.db)).slice(leaf).map(({ line }) => (JSON.parse(line) as { kind: string }).kind),
    size: async () => (await readEntries(test.db)).length,
    close: async () => {
      for (const log of open) await log.close();
      await test.drop();
    },
  };
  const house = rest as QuarterHouse;
  return Object.assign(house, instance());
}

function instanceOf(log: Appender, house: QuarterHouse): Instance {
  const tools = (): CloseTools => ({
    ports: {
      instance: 'bridge-1',
      osUser: 'finans',
      stillActs: async () => house.acts,
      isOfficer: async () => true,
      isSessionOf: async () => true,
    },
    settings: house.settings,
    proposalHours: 72,
  });
  return {
    log,
    freeze: async (quarter, officer) => {
      await foldLines(house.test.db);
      return freezeQuarter(log, tools(), { quarter, reason: null, officer });
    },
    decide: async (quarter, officer, decision = 'approved', proposal = undefined) => {
      const id = proposal ?? (await house.view(quarter)).proposal ?? '';
      return decideQuarter(log, tools(), { quarter, proposal: id, decision, reason: 'sınama', officer });
    },
    seal: (quarter, officer) => sealQuarter(log, tools(), { quarter, officer }),
    expire: (quarter) => reopenExpired(log, tools(), quarter),
  };
}

const OPEN_QUERY = `INSERT INTO bridge.identity_query (query_id, client_id, account_id, actor_tag, sent_at, deadline, intent_leaf, guess_key,
    guess_window) VALUES ($1, 'core', 'birlik', decode(repeat('07', 16), 'hex'), $2, $2, 0, '\\x00', $2)`;

/** The entry only gives the line a leaf: what a query is has tests of its own. */
export const lineLane: Lane<LineWish, string> = {
  name: 'lines',
  patienceMs: 20_000,
  settle: async (_tx, wishes) =>
    wishes.map((wish) => {
      const line = lineOf(wish);
      const data = { checkpointSize: null, instance: 'test', size: 1 };
      return {
        entries: [draftOf('log.witness-missing', wish.sentAt, data)],
        effects: [line as Effect],
        answer: () => line.queryId,
      };
    }),
};

function lineOf(wish: LineWish): FeeLine {
  return {
    kind: 'fee-line',
    queryId: randomUUID(),
    account: 'birlik',
    feeClass: 'paying',
    client: 'core',
    service: REGISTER,
    serviceVersion: '2025/08/01',
    purpose: 'uyelik',
    cooperative: '0123456789000015',
    il: 'Ankara',
    ministry: 'ticaret',
    unit: 'kooperatif',
    basis: 'per-query',
    unitPriceKurus: 2,
    actorTag: Buffer.alloc(16, 7),
    quarter: istanbulQuarter(wish.sentAt),
    result: 'match',
    sent: true,
    units: 1,
    ...wish,
  };
}
