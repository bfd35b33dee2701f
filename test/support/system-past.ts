import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Appender, createAppender } from '../../src/audit/appender.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { createLogGate } from '../../src/audit/log-gate.js';
import type { AuthorityFacts } from '../../src/authority/facts.js';
import { readAuthority } from '../../src/authority/read-authority.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { loadConfig } from '../../src/config/load-config.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { feeLineApplier } from '../../src/fees/book/fee-line.js';
import { type OpenLog, openLog } from '../../src/house/open-log.js';
import { attachStorage } from '../../src/house/open-storage.js';
import { rulesOf } from '../../src/house/verification-rules.js';
import type { KpsQuestion, KpsReply } from '../../src/kps/port.js';
import { NO_MAINTENANCE } from '../../src/maintenance/known-windows.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import { explainRefusedTokens, hashToken, readAccessTokens } from '../../src/sign-in/access-tokens.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import type { Database } from '../../src/storage/database.js';
import type { Attempt } from '../../src/verification/question.js';
import { createIntentLane, openQueryApplier } from '../../src/verification/record-intent.js';
import { closeQueryApplier, createOutcomeLane } from '../../src/verification/record-outcome.js';
import { type VerifyTools, verifyIdentity } from '../../src/verification/verify-identity.js';
import { signInForTest } from './sign-in.js';
import type { System } from './system.js';
import { Registry } from './system-authority.js';
import { type Actor, People } from './system-people.js';

/** Checks that were made at one moment of the past. */
export interface PastChecks {
  readonly client: 'koopbis-core' | 'union-portal';
  readonly at: Date;
  readonly count: number;
  readonly end: 'match' | 'unknown';
}

interface Place {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly keys: Pick<OpenLog, 'masterKeys' | 'tagger'>;
  readonly system: System;
}

const APPLIERS = [openSessionApplier, openQueryApplier, closeQueryApplier, feeLineApplier];
const CERTIFICATE = Buffer.alloc(32, 9);
const MANY = 1_000_000;
const WITHOUT_LIMIT = {
  queriesPerUserPerMinute: MANY,
  queriesPerUserPerDay: MANY,
  nonMatchesPerPersonPerDay: MANY,
};
/** At once; the rest waits. */
const BATCH = 64;

const REPLIES: Readonly<Record<PastChecks['end'], (question: KpsQuestion) => KpsReply>> = {
  match: ({ ad, dogumTarihi, messageId, soyad }) => {
    return { kind: 'record', record: { ad, soyad, dogumTarihi, status: 'open' }, messageIds: [messageId] };
  },
  unknown: ({ messageId }) => ({ kind: 'unknown', reason: 'timeout', messageIds: [messageId] }),
};

/**
 * Brings checks of the past into the log and the book, by the lanes of the use case with the time of then; only KPS is not asked. Stops the
 * bridge meanwhile, which would close a query of the past as one that nobody waits for.
 */
export async function checkInPast(system: System, checks: readonly PastChecks[]): Promise<void> {
  await system.bridge.kill9();
  const config = await loadConfig({ path: system.layout.configFile, env: {} });
  const db = await attachStorage(config);
  const { appender, ...keys } = openLog(config, db, []);
  await appender.close();
  const place = { config, db, keys, system };
  for (const some of checks) await make(place, some);
  await db.close();
  await system.bridge.start();
}

/** A token of somebody who signed in at `at`, for a client over its own certificate. */
export async function signInAt(
  system: System,
  {
    at,
    client,
    person,
  }: { readonly at: Date; readonly client: PastChecks['client']; readonly person: Actor },
): Promise<string> {
  const config = await loadConfig({ path: system.layout.configFile, env: {} });
  const db = await attachStorage(config);
  const { appender: log, ...keys } = openLog(config, db, [openSessionApplier as EffectApplier]);
  const [fingerprint = ''] = config.clients.find(({ id }) => id === client)?.certificates ?? [];
  const certificateSha256 = Buffer.from(fingerprint, 'hex');
  const { accessToken } = await signInForTest(
    { ...keys, log, db },
    { person: numberOf(person), client, certificateSha256, now: at },
  );
  await log.close();
  await db.close();
  return accessToken;
}

async function make(place: Place, { at, client, count, end }: PastChecks): Promise<void> {
  const { config, db, keys } = place;
  const appliers = new Map(APPLIERS.map((one) => [one.kind, one as EffectApplier]));
  const now = () => at;
  const log = createAppender(config.audit, { ...keys, db, appliers, now, sleep: (ms) => sleep(ms) });
  const actor = boardMemberOn(place.system, istanbulDay(at));
  const signIn = { person: numberOf(actor), client, certificateSha256: CERTIFICATE, now: at };
  const { accessToken } = await signInForTest({ ...keys, log, db }, signIn);
  const tools = toolsOf(place, log, at, end);
  for (let left = count; left > 0; left -= BATCH)
    await Promise.all(
      Array.from({ length: Math.min(left, BATCH) }, () =>
        verifyIdentity(attemptOf(place, { actor, accessToken, at, client }), tools).catch(
          (error: { code?: string; detail?: unknown }) => {
            if (end !== 'unknown' || error.code !== 'KPS_OUTCOME_UNKNOWN') throw error;
          },
        ),
      ),
    );
  await log.close();
}

/** Somebody who sits on a board today and sat there on that day. */
export function boardMemberOn(system: System, day: string): Actor {
  const [people, registry] = [new People(system.sandbox), new Registry(system)];
  for (let place = 0; ; place += 1) {
    const actor = people.actor('board', place);
    const isSeated = registry
      .board(actor.cooperative)
      .some(({ kimlikNo, tescil }) => kimlikNo === actor.kimlikNo && tescil !== undefined && tescil < day);
    if (isSeated) return actor;
  }
}

function toolsOf({ config, keys }: Place, log: Appender, at: Date, end: PastChecks['end']): VerifyTools {
  const rules = { ...rulesOf(config), ...WITHOUT_LIMIT };
  const intents = createIntentLane({
    ...keys,
    rules,
    readAuthority: async (...asked) => (await readAuthority(...asked)).map((facts) => readThen(facts, at)),
    readTokens: (tx, presented, when) => readAccessTokens(tx, keys.masterKeys, presented, when),
    explainTokens: explainRefusedTokens,
    maintenance: NO_MAINTENANCE,
  });
  const kps = { ask: async (asked: KpsQuestion) => REPLIES[end](asked), close: async () => undefined };
  const outcomes = createOutcomeLane(rules);
  return { rules, log, intents, outcomes, kps, now: () => at, gate: createLogGate([]) };
}

/** The registry was read since; a reading of a time that has not come would count for nothing. */
function readThen(facts: AuthorityFacts, readAt: Date): AuthorityFacts {
  const { cooperative, seatedAt } = facts;
  return {
    ...facts,
    cooperative: cooperative === null ? null : { ...cooperative, readAt },
    seatedAt: seatedAt === null ? null : { ...seatedAt, readAt },
  };
}

interface Asked {
  readonly actor: Actor;
  readonly accessToken: string;
  readonly at: Date;
  readonly client: string;
}

function attemptOf({ config, system }: Place, { accessToken, actor, at, client: id }: Asked): Attempt {
  const found = config.clients.find((one) => one.id === id);
  if (found === undefined) throw new Error('no such client');
  const { ad, dogumTarihi, kimlikNo, soyad } = new People(system.sandbox).subject();
  return {
    client: { ...found, account: found.account ?? null, requestsPerMinute: MANY },
    certificateSha256: CERTIFICATE,
    tokenHash: hashToken(accessToken),
    queryId: randomUUID(),
    messageId: randomUUID(),
    receivedAt: at,
    headers: { idempotencyKey: null, screen: null, userAddress: null, requestId: null },
    question: {
      ok: true,
      value: {
        ...{ purpose: 'ortak-kayit', cooperative: actor.cooperative, reference: null, retryOf: null },
        subject: { kimlikNo, ad, soyad, dogumTarihi },
      },
    },
  };
}

function numberOf({ kimlikNo }: Actor): KimlikNo {
  const parsed = KimlikNo.parse(kimlikNo);
  if (!parsed.ok) throw new Error('the population holds a number that is none');
  return parsed.value;
}
