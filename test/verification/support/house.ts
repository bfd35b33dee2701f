import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Appender, createAppender } from '../../../src/audit/appender.js';
import { TAKE_BATCH_LOCK } from '../../../src/audit/batch-lock.js';
import type { JsonObject } from '../../../src/audit/canonical-json.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { createLogGate, type LogGate } from '../../../src/audit/log-gate.js';
import type { Ministry, Seat } from '../../../src/authority/facts.js';
import { readAuthority } from '../../../src/authority/read-authority.js';
import { isBridgeError } from '../../../src/errors/bridge-error.js';
import { Refusal } from '../../../src/errors/refusal.js';
import { feeLineApplier } from '../../../src/fees/book/fee-line.js';
import type { KpsPort, KpsQuestion, KpsReply } from '../../../src/kps/port.js';
import { type Maintenance, NO_MAINTENANCE } from '../../../src/maintenance/known-windows.js';
import type { KimlikNo } from '../../../src/person/kimlik-no.js';
import { explainRefusedTokens, hashToken, readAccessTokens } from '../../../src/sign-in/access-tokens.js';
import { endSession, endSessionApplier } from '../../../src/sign-in/end-session.js';
import { openSessionApplier } from '../../../src/sign-in/open-session.js';
import type { Database } from '../../../src/storage/database.js';
import { openDatabase } from '../../../src/storage/pool.js';
import { closeExpired } from '../../../src/verification/close-expired.js';
import type { CallHeaders, CallingClient, Question } from '../../../src/verification/question.js';
import { createReadLane, type ReadAnswer } from '../../../src/verification/read-verification.js';
import { createIntentLane, openQueryApplier } from '../../../src/verification/record-intent.js';
import { closeQueryApplier, createOutcomeLane } from '../../../src/verification/record-outcome.js';
import type { Rules } from '../../../src/verification/rules.js';
import { type VerificationResult, verifyIdentity } from '../../../src/verification/verify-identity.js';
import { masterKeys, tagger } from '../../audit/support/parts.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../../support/database.js';
import { effectsOnly } from '../../support/effects-only.js';
import { signInForTest } from '../../support/sign-in.js';
import { CLIENT, MERSIS, NOW, person, QUESTION, RULES, seat, TODAY } from './parts.js';

const CERTIFICATE = Buffer.alloc(32, 9);

/** KPS as a test wants it: `answer` decides, `asked` keeps what reached it. */
export interface FakeKps extends KpsPort {
  readonly asked: KpsQuestion[];
  answer: (question: KpsQuestion) => KpsReply | Promise<KpsReply>;
}

/** What a test calls with; everything that is not given is sound. */
export interface Call {
  readonly token: string | null;
  readonly client?: CallingClient;
  readonly certificate?: Buffer;
  readonly key?: string;
  readonly question?: Partial<Omit<Question, 'subject'>> & {
    readonly subject?: Partial<Question['subject']>;
  };
  readonly headers?: Partial<CallHeaders>;
}

/** One process of the bridge: an appender on a pool of its own, with the lanes of the use case. */
export interface Instance {
  readonly appender: Appender;
  readonly db: Database;
  readonly rules: Rules;
  readonly outcomes: ReturnType<typeof createOutcomeLane>;
  /** Batches that had to be taken apart or repeated: right in the end, but not what the lanes promise. */
  failedBatches(): number;
  verify(call: Call): Promise<VerificationResult>;
  /** The end of a call in short: the outcome (`match`, `match replayed`), or code and reason. */
  ask(call: Call): Promise<string>;
  read(call: Call, id: string | null): Promise<ReadAnswer>;
  closeExpired(): Promise<number>;
  close(): Promise<void>;
}

export interface House {
  readonly test: TestDatabase;
  readonly kps: FakeKps;
  maintenance: Maintenance;
  /** The time of every instance. */
  now: Date;
  pass(ms: number): void;
  instance(
    changes?: Partial<Rules>,
    options?: { wrap?: (db: Database) => Database; url?: string; gate?: LogGate },
  ): Instance;
  signIn(
    who: KimlikNo,
    options?: { acr?: string; stepUp?: boolean; lifetimeS?: number; tokenLifetimeS?: number },
  ): Promise<{
    token: string;
    sessionId: string;
  }>;
  /** Ends a session as another process would, through the log. */
  endSession(sessionId: string): Promise<void>;
  addCooperative(
    mersisNo?: string,
    changes?: { il?: string; ministry?: Ministry; durum?: string },
  ): Promise<void>;
  addSeat(who: KimlikNo, changes?: Partial<Seat>, mersisNo?: string): Promise<string>;
  removeSeat(seatId: string): Promise<void>;
  rows<R extends object>(sql: string): Promise<R[]>;
  entries(): Promise<Entry[]>;
  close(): Promise<void>;
}

/** An entry as it stands in the log, with its leaf. */
export interface Entry {
  readonly leaf: bigint;
  readonly hash: Buffer;
  readonly line: string;
  readonly kind: string;
  readonly data: JsonObject;
  readonly sealed: JsonObject;
}

/** The answer of KPS that equals the question. */
export function equalRecord(question: KpsQuestion): KpsReply {
  const { ad, soyad, dogumTarihi, messageId } = question;
  return { kind: 'record', record: { ad, soyad, dogumTarihi, status: 'open' }, messageIds: [messageId] };
}

export function noRecord(question: KpsQuestion): KpsReply {
  return { kind: 'no-record', messageIds: [question.messageId] };
}

/** A database with one cooperative, and as many instances on it as a test wants. */
export async function openHouse(): Promise<House> {
  const test = await createTestDatabase({ migrations: true });
  const instances: Instance[] = [];
  const asked: KpsQuestion[] = [];
  const kps: FakeKps = {
    asked,
    answer: equalRecord,
    ask: async (question) => {
      asked.push(question);
      return kps.answer(question);
    },
    close: async () => undefined,
  };
  // Entries of sign-ins would stand between those that the tests are about.
  const signIns = effectsOnly(test.db, [openSessionApplier] as readonly EffectApplier[], () => house.now);
  const house: House = {
    test,
    kps,
    maintenance: NO_MAINTENANCE,
    now: NOW,
    pass: (ms) => {
      house.now = new Date(house.now.getTime() + ms);
    },
    instance: (changes = {}, options = {}) => {
      const one = createInstance(house, { ...RULES, ...changes }, options);
      instances.push(one);
      return one;
    },
    signIn: async (who, { lifetimeS = 86_400 * 400, tokenLifetimeS = 86_400 * 400, ...strength } = {}) => {
      const { accessToken: token, sessionId } = await signInForTest(
        { log: signIns, masterKeys, tagger, db: test.db },
        {
          ...{ person: who, client: CLIENT.id, certificateSha256: CERTIFICATE, now: house.now },
          ...{ lifetimeS, tokenLifetimeS, ...strength },
        },
      );
      return { token, sessionId };
    },
    endSession: async (sessionId) => {
      const log = appenderOn(test.db, [endSessionApplier] as readonly EffectApplier[], () => house.now);
      await endSession(log, sessionId, 'signed-out', house.now);
      await log.close();
    },
    addCooperative: (mersisNo = MERSIS, { il = 'Ankara', ministry = 'ticaret', durum = 'faal' } = {}) =>
      change(test.db, COOPERATIVE, [mersisNo, il, ministry, durum, house.now]),
    addSeat: async (who, changes = {}, mersisNo = MERSIS) => {
      const held = seat({ seatId: randomUUID(), ...changes });
      const tag = tagger.tag('authority', who);
      const { seatId, role, startsOn, endsOn, registeredOn } = held;
      await change(test.db, SEAT, [seatId, tag, mersisNo, role, startsOn, endsOn, registeredOn]);
      return seatId;
    },
    removeSeat: (seatId) => change(test.db, 'DELETE FROM bridge.authority_seat WHERE seat_id = $1', [seatId]),
    rows: async <R extends object>(sql: string) => (await test.db.query<R>({ text: sql })).rows,
    entries: async () => {
      const text = 'SELECT leaf_index, leaf_hash, line FROM bridge.entry ORDER BY leaf_index';
      const { rows } = await test.db.query<{ leaf_index: bigint; leaf_hash: Buffer; line: string }>({ text });
      return rows.map(({ leaf_index: leaf, leaf_hash: hash, line }) => ({
        ...JSON.parse(line),
        leaf,
        hash,
        line,
      }));
    },
    close: async () => {
      for (const one of instances) await one.close();
      await test.drop();
    },
  };
  await house.addCooperative();
  return house;
}

const COOPERATIVE = `INSERT INTO bridge.authority_cooperative
  (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at) VALUES ($1, 'Örnek', 't', 'k', 's', $2, $3, $4, $5)`;
const SEAT = `INSERT INTO bridge.authority_seat
  (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on) VALUES ($1, $2, $3, $4, $5, $6, $7)`;

/** A change of rights, under the lock that batches wait for. */
async function change(db: Database, text: string, values: readonly unknown[]): Promise<void> {
  await db.transaction(async (tx) => void (await tx.query({ text, values })), { begin: TAKE_BATCH_LOCK });
}

function appenderOn(
  db: Database,
  appliers: readonly EffectApplier[],
  now: () => Date,
  observe: (batch: { readonly failed: boolean }) => void = () => undefined,
): Appender {
  return createAppender(
    { maxBatch: 64, maxQueue: 10_000 },
    {
      db,
      masterKeys,
      tagger,
      appliers: new Map(appliers.map((applier) => [applier.kind, applier])),
      now,
      sleep: (ms) => sleep(ms),
      observe,
    },
  );
}

function createInstance(
  house: House,
  rules: Rules,
  options: { wrap?: (db: Database) => Database; url?: string; gate?: LogGate },
): Instance {
  const db = openDatabase({ ...TEST_POOL, url: options.url ?? house.test.appUrl });
  const appliers = [openQueryApplier, closeQueryApplier, feeLineApplier] as readonly EffectApplier[];
  const now = () => house.now;
  let failedBatches = 0;
  const appender = appenderOn(options.wrap?.(db) ?? db, appliers, now, ({ failed }) => {
    if (failed) failedBatches += 1;
  });
  const tools = {
    rules,
    masterKeys,
    tagger,
    readTokens: (tx, presented, at) => readAccessTokens(tx, masterKeys, presented, at),
    explainTokens: explainRefusedTokens,
    readAuthority,
    get maintenance() {
      return house.maintenance;
    },
  } satisfies Parameters<typeof createIntentLane>[0];
  const intents = createIntentLane(tools);
  const reads = createReadLane(tools);
  const outcomes = createOutcomeLane(rules);
  const verify = (call: Call) =>
    verifyIdentity(
      {
        ...credentialsOf(call),
        queryId: randomUUID(),
        messageId: randomUUID(),
        receivedAt: now(),
        question: { ok: true, value: questionOf(call) },
      },
      {
        rules,
        log: appender,
        intents,
        outcomes,
        kps: house.kps,
        now,
        gate: options.gate ?? createLogGate([]),
      },
    );
  return {
    appender,
    db,
    rules,
    outcomes,
    failedBatches: () => failedBatches,
    verify,
    ask: (call) => endOf(verify(call)),
    read: (call, wanted) => appender.submit(reads, { ...credentialsOf(call), receivedAt: now(), wanted }),
    closeExpired: () => closeExpired(db, appender, outcomes, now()),
    close: async () => {
      await appender.close();
      await db.close();
    },
  };
}

function credentialsOf({ token, client = CLIENT, certificate = CERTIFICATE, key, headers }: Call) {
  return {
    client,
    certificateSha256: certificate,
    tokenHash: token === null ? null : hashToken(token),
    headers: {
      idempotencyKey: key ?? null,
      screen: 'ORT-01',
      userAddress: '192.0.2.7',
      requestId: 'r-1',
      ...headers,
    },
  };
}

function questionOf({ question = {} }: Call): Question {
  return { ...QUESTION, ...question, subject: { ...QUESTION.subject, ...question.subject } };
}

async function endOf(work: Promise<VerificationResult>): Promise<string> {
  try {
    const { recorded, replayed } = await work;
    return `${recorded.outcome}${replayed ? ' replayed' : ''}`;
  } catch (error) {
    if (error instanceof Refusal) {
      const { reason, replayed } = error.detail;
      return [error.code, reason, replayed ? 'replayed' : undefined]
        .filter((part) => part !== undefined)
        .join(' ');
    }
    if (isBridgeError(error)) return error.code;
    throw error;
  }
}

/** People of a test, each with a number of its own. */
export const someone = (n: number): KimlikNo => person(String(400_000_000 + n));

export { TODAY };
