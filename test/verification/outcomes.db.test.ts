import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BridgeError } from '../../src/errors/bridge-error.js';
import type { KpsReply } from '../../src/kps/port.js';
import type { Database } from '../../src/storage/database.js';
import { countOpen } from '../../src/verification/close-expired.js';
import type { OutcomeAnswer, OutcomeItem } from '../../src/verification/record-outcome.js';
import { requireSoundLog } from '../audit/support/log.js';
import { type Entry, equalRecord, type House, type Instance, openHouse, someone } from './support/house.js';
import { CLIENT, digitsOf, NOW } from './support/parts.js';

let house: House;
let bridge: Instance;
let other: Instance;
let token: string;
let people = 0;

beforeAll(async () => {
  house = await openHouse();
  bridge = house.instance();
  other = house.instance();
});

afterAll(() => house.close());

beforeEach(async () => {
  house.now = NOW;
  token = await boardMember();
  house.kps.answer = equalRecord;
  house.kps.asked.length = 0;
});

/** The token of somebody new on the board: what one test leaves open uses up nobody else's quota. */
async function boardMember(): Promise<string> {
  people += 1;
  await house.addSeat(someone(people));
  return (await house.signIn(someone(people))).token;
}

interface Held {
  readonly end: Promise<string>;
  readonly queryId: string;
  answer(reply?: KpsReply): void;
}

/** A query that KPS has and does not answer yet. */
async function held(one: Instance = bridge): Promise<Held> {
  let answer: (reply: KpsReply) => void = () => undefined;
  const before = house.kps.asked.length;
  house.kps.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const end = one.ask({ token });
  while (house.kps.asked.length === before) await new Promise((resolve) => setTimeout(resolve, 2));
  const question = house.kps.asked.at(-1);
  const intent = (await house.entries()).find((entry) => entry.data.messageId === question?.messageId);
  const queryId = String(intent?.data.query);
  return {
    end,
    queryId,
    answer: (reply) => answer(reply ?? (equalRecord(question as NonNullable<typeof question>) as KpsReply)),
  };
}

const endsOf = async (queryId: string): Promise<Entry[]> =>
  (await house.entries()).filter((entry) => entry.data.query === queryId && entry.kind !== 'query.intent');

const linesOf = (queryId: string) =>
  house.rows<{ result: string; units: number; amount_kurus: bigint; outcome_leaf: bigint }>(
    `SELECT result, units, amount_kurus, outcome_leaf FROM bridge.fee_line WHERE query_id = '${queryId}'`,
  );

/** Takes the lock that every batch needs, until it is released. */
async function holdHead(): Promise<{ release(): Promise<void> }> {
  let open: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    open = resolve;
  });
  let ended: Promise<void> | undefined;
  await new Promise<void>((taken, failed) => {
    ended = house.test.db.transaction(async (tx) => {
      await tx.query({ text: 'SELECT 1 FROM bridge.log_head FOR UPDATE' });
      taken();
      await released;
    });
    ended.catch(failed);
  });
  return {
    release: async () => {
      open();
      await ended;
    },
  };
}

/** Waits until a batch waits for a lock. */
async function somebodyWaits(): Promise<void> {
  const text = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await house.rows(text)).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Everything that holds of a query that has ended: one end, one line of the book, at the same leaf. */
async function requireOneEnd(queryId: string, kind: string, result: string): Promise<void> {
  const ends = await endsOf(queryId);
  expect(ends.map((entry) => entry.kind).filter((one) => one !== 'query.late-outcome')).toEqual([kind]);
  const lines = await linesOf(queryId);
  expect(lines).toMatchObject([{ result, outcome_leaf: ends[0]?.leaf }]);
}

describe('a query whose deadline has passed', () => {
  it('is closed as unknown by any instance, once, and counted as charged', async () => {
    const { queryId, end, answer } = await held();
    house.pass(15_000);
    expect(await other.closeExpired()).toBe(1);
    expect(await other.closeExpired()).toBe(0);
    await requireOneEnd(queryId, 'query.unknown', 'unknown');
    expect(await linesOf(queryId)).toMatchObject([{ units: 1, amount_kurus: 2n }]);
    answer();
    await end;
  });

  it('is left alone before', async () => {
    const { queryId, end, answer } = await held();
    house.pass(14_999);
    expect(await other.closeExpired()).toBe(0);
    answer();
    expect(await end).toBe('match');
    await requireOneEnd(queryId, 'query.outcome', 'match');
  });

  it('is closed once where all instances try at the same time, and each many times', async () => {
    const queries = [await held(), await held(other), await held()];
    house.pass(15_000);
    const third = house.instance();
    await Promise.all([bridge, other, third, bridge, other, third].map((one) => one.closeExpired()));
    for (const { queryId } of queries) await requireOneEnd(queryId, 'query.unknown', 'unknown');
    for (const { answer } of queries) answer();
    await Promise.all(queries.map(({ end }) => end));
  });

  it('is closed in one go with all others, however many a crash has left behind', async () => {
    const many = 230;
    const before = house.kps.asked.length;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    house.kps.answer = async (question) => {
      await ended;
      return equalRecord(question);
    };
    const calls = Array.from({ length: many }, (_, i) =>
      bridge.ask({ token, question: { subject: { kimlikNo: digitsOf(String(700_000_000 + i)) } } }),
    );
    while (house.kps.asked.length < before + many) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await countOpen(house.test.db)).toBeGreaterThanOrEqual(many);
    house.pass(15_000);
    expect(await other.closeExpired()).toBeGreaterThanOrEqual(many);
    expect(await countOpen(house.test.db)).toBe(0);
    end();
    for (const call of await Promise.all(calls)) expect(call).toMatch(/^KPS_OUTCOME_UNKNOWN/);
  });

  it('that is answered later gets a late outcome, no second line, and its caller an unknown outcome with its id', async () => {
    const { queryId, end, answer } = await held();
    house.pass(15_000);
    await other.closeExpired();
    answer();
    expect(await end).toMatch(/^KPS_OUTCOME_UNKNOWN/);
    const ends = await endsOf(queryId);
    expect(ends.map((entry) => entry.kind)).toEqual(['query.unknown', 'query.late-outcome']);
    expect(ends[1]?.data).toMatchObject({ outcome: 'match', fee: null, query: queryId });
    expect(await linesOf(queryId)).toMatchObject([{ result: 'unknown', units: 1 }]);
    const [row] = await house.rows(
      `SELECT state, outcome FROM bridge.identity_query WHERE query_id = '${queryId}'`,
    );
    expect(row).toEqual({ state: 'unknown', outcome: null });
  });

  it('that turns out never to have been sent stays booked as unknown, and the late entry says so', async () => {
    const { queryId, end, answer } = await held();
    house.pass(15_000);
    await other.closeExpired();
    answer({ kind: 'not-sent', reason: 'connection-refused', messageIds: [] });
    expect(await end).toMatch(/^KPS_OUTCOME_UNKNOWN/);
    expect((await endsOf(queryId))[1]?.data).toMatchObject({ sent: false, state: 'refused' });
    expect(await linesOf(queryId)).toMatchObject([{ result: 'unknown', units: 1 }]);
  });

  it('and whose answer comes in the very batch that closes it ends once, in either order', async () => {
    for (const order of ['expired first', 'answer first']) {
      const blocker = await held();
      const query = await held();
      house.pass(15_000);
      // While this transaction holds the head, what is handed in after the first batch gathers in one batch.
      const holding = await holdHead();
      blocker.answer();
      await somebodyWaits();
      const expire = () =>
        bridge.appender.submit(bridge.outcomes, { kind: 'expired', queryId: query.queryId });
      const expired = order === 'expired first' ? [expire(), expire()] : [];
      query.answer();
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (order !== 'expired first') expired.push(expire(), expire());
      await holding.release();
      await Promise.all(expired);
      const first = order === 'expired first';
      expect(await query.end).toMatch(first ? /^KPS_OUTCOME_UNKNOWN/ : /^match$/);
      await requireOneEnd(
        query.queryId,
        first ? 'query.unknown' : 'query.outcome',
        first ? 'unknown' : 'match',
      );
      await blocker.end;
      expect(bridge.failedBatches()).toBe(0);
    }
  });
});

describe('an answer that cannot be recorded', () => {
  const failing =
    (error: () => Error) =>
    (db: Database): Database => ({
      query: db.query.bind(db),
      close: db.close.bind(db),
      transaction: (work, options) =>
        db.transaction(async (tx) => {
          const result = await work(tx);
          const [closing] = (await tx.query<{ n: number }>({ text: CLOSED_NOW })).rows;
          if ((closing?.n ?? 0) > 0) throw error();
          return result;
        }, options),
    });
  const CLOSED_NOW =
    "SELECT count(*)::int AS n FROM bridge.identity_query WHERE xmin = pg_current_xact_id()::xid AND state <> 'open'";

  it('is an unknown outcome with its id to the caller, because KPS was asked; it is closed so when its time has passed', async () => {
    const broken = house.instance({}, { wrap: failing(() => new BridgeError('ENTRY_INVALID', 'x')) });
    const asked = broken.verify({ token });
    await expect(asked).rejects.toMatchObject({
      code: 'KPS_OUTCOME_UNKNOWN',
      detail: { reason: 'outcome-not-recorded' },
      cause: { code: 'ENTRY_INVALID' },
    });
    const queryId = await asked.catch((error: { detail: { queryId: string } }) => error.detail.queryId);
    expect(await endsOf(String(queryId))).toEqual([]);
    house.pass(15_000);
    await other.closeExpired();
    await requireOneEnd(String(queryId), 'query.unknown', 'unknown');
  });

  it('where nothing was sent stays a fault of the log: the caller may come again', async () => {
    house.kps.answer = () => ({ kind: 'not-sent', reason: 'breaker-open', messageIds: [] });
    const unreachable = failing(() => new BridgeError('DATABASE_UNAVAILABLE', 'x'));
    const broken = house.instance({ answerDeadlineMs: 1500 }, { wrap: unreachable });
    expect(await broken.ask({ token })).toBe('AUDIT_UNAVAILABLE');
  });

  it('because the log stays away is an unknown outcome too', async () => {
    const unreachable = failing(() => new BridgeError('DATABASE_UNAVAILABLE', 'x'));
    const broken = house.instance({ answerDeadlineMs: 1500 }, { wrap: unreachable });
    expect(await broken.ask({ token })).toBe('KPS_OUTCOME_UNKNOWN outcome-not-recorded');
  });
});

describe('a port that breaks its promise', () => {
  it('and throws gives an unknown outcome: nobody can tell whether KPS was asked', async () => {
    house.kps.answer = () => {
      throw new Error('a bug');
    };
    expect(await bridge.ask({ token })).toBe('KPS_OUTCOME_UNKNOWN answer-unreadable');
    const [line] = await house.rows(
      'SELECT result, units FROM bridge.fee_line ORDER BY outcome_leaf DESC LIMIT 1',
    );
    expect(line).toEqual({ result: 'unknown', units: 1 });
  });
});

describe('every kind of end', () => {
  it.each<[string, (id: string) => KpsReply, string, string, number]>([
    [
      'a fault',
      (id) => ({ kind: 'refused', reason: 'soap-fault', answered: false, messageIds: [id] }),
      'KPS_REFUSED soap-fault',
      'refused',
      0,
    ],
    [
      'an error number',
      (id) => ({ kind: 'refused', reason: 'provider-error', answered: true, hataKod: 10, messageIds: [id] }),
      'KPS_REFUSED provider-error',
      'refused',
      1,
    ],
    [
      'two messages',
      (id) => ({
        kind: 'refused',
        reason: 'security-refused',
        answered: false,
        messageIds: [id, randomUUID()],
      }),
      'KPS_REFUSED security-refused',
      'refused',
      0,
    ],
    [
      'no connection',
      () => ({ kind: 'not-sent', reason: 'connection-refused', messageIds: [] }),
      'KPS_UNAVAILABLE connection-refused',
      'not-sent',
      0,
    ],
    [
      'a lost answer',
      (id) => ({ kind: 'unknown', reason: 'connection-lost', messageIds: [id] }),
      'KPS_OUTCOME_UNKNOWN connection-lost',
      'unknown',
      1,
    ],
    ['no record', (id) => ({ kind: 'no-record', messageIds: [id] }), 'not-found', 'not-found', 1],
  ])(
    'by %s has one entry with the messages that were sent, and one line of the book',
    async (_name, reply, end, result, units) => {
      house.kps.answer = (question) => reply(question.messageId);
      expect(await bridge.ask({ token })).toBe(end);
      const outcome = (await house.entries()).at(-1);
      const messageId = house.kps.asked.at(-1)?.messageId ?? '';
      const sent = reply(messageId).messageIds.length;
      expect(outcome?.data.messageIds).toHaveLength(sent);
      if (sent > 0) expect(outcome?.data.messageIds).toContain(messageId);
      await requireOneEnd(String(outcome?.data.query), 'query.outcome', result);
      expect(await linesOf(String(outcome?.data.query))).toMatchObject([
        { units, amount_kurus: BigInt(units * 2) },
      ]);
    },
  );
});

describe('a result read again', () => {
  it('is shown to the person who asked, through the client that asked, and to nobody else', async () => {
    const { recorded } = await bridge.verify({ token });
    const stranger = await boardMember();
    const codes = async (call: Parameters<Instance['read']>[0], id: string | null = recorded.queryId) => {
      const answer = await other.read(call, id);
      return answer.kind === 'found' ? answer.recorded : answer.refusal.code;
    };
    expect(await codes({ token })).toEqual(recorded);
    expect((await house.entries()).at(-1)).toMatchObject({
      kind: 'query.read',
      data: { of: recorded.queryId },
    });
    expect(await codes({ token: stranger })).toBe('NOT_FOUND');
    expect((await house.entries()).at(-1)).toMatchObject({
      kind: 'query.refused',
      data: { code: 'NOT_FOUND' },
    });
    expect(await codes({ token, client: { ...CLIENT, id: 'other' } })).toBe('TOKEN_INVALID');
    expect(await codes({ token: null })).toBe('TOKEN_INVALID');
    expect(await codes({ token }, randomUUID())).toBe('NOT_FOUND');
    expect(await codes({ token }, null)).toBe('NOT_FOUND');
  });

  it('is not there while the query still runs, and is whatever it became afterwards', async () => {
    const { queryId, end, answer } = await held();
    expect(await bridge.read({ token }, queryId)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'NOT_FOUND' },
    });
    house.pass(15_000);
    await other.closeExpired();
    answer();
    await end;
    expect(await bridge.read({ token }, queryId)).toMatchObject({
      kind: 'found',
      recorded: { state: 'unknown', problem: 'KPS_OUTCOME_UNKNOWN', outcome: null },
    });
  });

  it('and many at once are one batch', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push((await bridge.verify({ token })).recorded.queryId);
    const found = await Promise.all(ids.map((id) => bridge.read({ token }, id)));
    expect(found.map((one) => (one.kind === 'found' ? one.recorded.queryId : null))).toEqual(ids);
  });
});

describe('the lane of outcomes', () => {
  it('closes nothing before its time, whoever says that it has passed', async () => {
    const { queryId, end, answer } = await held();
    house.pass(14_999);
    await other.appender.submit<OutcomeItem, OutcomeAnswer>(other.outcomes, { kind: 'expired', queryId });
    expect(await endsOf(queryId)).toEqual([]);
    answer();
    expect(await end).toBe('match');
  });

  it('does nothing about a query that nobody knows', async () => {
    const item: OutcomeItem = { kind: 'expired', queryId: randomUUID() };
    const size = (await house.entries()).length;
    const answer = await bridge.appender.submit<OutcomeItem, OutcomeAnswer>(bridge.outcomes, item);
    expect(answer).toEqual({ recorded: null, late: false });
    expect(await house.entries()).toHaveLength(size);
  });

  it('leaves a sound log behind all of this', async () => {
    await requireSoundLog(house.test.db);
  });
});
