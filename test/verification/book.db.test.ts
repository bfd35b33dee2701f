import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLines } from '../../src/fees/book/fold.js';
import { checkSums } from '../../src/fees/check/check-sums.js';
import type { KpsQuestion, KpsReply } from '../../src/kps/port.js';
import type { Database } from '../../src/storage/database.js';
import { requireSoundLog } from '../audit/support/log.js';
import { equalRecord, type House, type Instance, openHouse, someone } from './support/house.js';
import { account, CLIENT, digitsOf } from './support/parts.js';
import { rebuildBook } from './support/rebuild-book.js';

let house: House;
let bridges: readonly [Instance, Instance];
let asked = 0;

beforeAll(async () => {
  house = await openHouse();
  // Two prices at once: two services, of which one has a row of the tariff of its own.
  await house.rows(`INSERT INTO bridge.fee_tariff_switch VALUES
    ('dearer', '2020-06-27', 3, 'per-input-datum', 'TumKutukDogrulaServis', 'RG 31168', 0) RETURNING 1`);
  const services = ['TumKutukDogrulaServis'];
  const agreement = { services, validFrom: '2025-01-01', validUntil: '2027-12-31' };
  const dearer = {
    service: { name: 'TumKutukDogrulaServis' as const, version: '2025/08/01' },
    accounts: new Map((['paying', 'outside'] as const).map((id) => [id, account(id, { agreement })])),
  };
  bridges = [house.instance({}, { wrap: crashing }), house.instance(dearer, { wrap: crashing })];
});

afterAll(() => house.close());

let batches = 0;

/** Throws every fifth transaction away after its work, as a process would that is killed before COMMIT; the batch is done again. */
function crashing(db: Database): Database {
  return {
    ...db,
    query: (statement) => db.query(statement),
    close: () => db.close(),
    transaction: (work, options) => {
      batches += 1;
      if (batches % 5 !== 0) return db.transaction(work, options);
      return db.transaction(async (tx) => {
        await work(tx);
        throw Object.assign(new Error('killed'), { code: '40P01' });
      }, options);
    },
  };
}

const REPLIES: readonly ((question: KpsQuestion) => KpsReply)[] = [
  equalRecord,
  ({ messageId }) => ({ kind: 'no-record', messageIds: [messageId] }),
  ({ messageId }) => ({ kind: 'not-confirmed', messageIds: [messageId] }),
  ({ messageId }) => ({ kind: 'refused', reason: 'soap-fault', answered: false, messageIds: [messageId] }),
  ({ messageId }) => ({
    kind: 'refused',
    reason: 'provider-error',
    answered: true,
    hataKod: 2,
    messageIds: [messageId],
  }),
  () => ({ kind: 'not-sent', reason: 'connection-refused', messageIds: [] }),
  ({ messageId }) => ({ kind: 'unknown', reason: 'timeout', messageIds: [messageId] }),
];

type Step =
  | { readonly do: 'ask'; readonly at: 0 | 1; readonly outside: boolean; readonly key: number | null }
  | { readonly do: 'answer'; readonly nth: number; readonly reply: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'sweep' | 'fold'; readonly at: 0 | 1 };

const which = fc.constantFrom<0 | 1>(0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      at: which,
      outside: fc.boolean(),
      key: fc.option(fc.nat(2)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      nth: fc.nat(9),
      reply: fc.nat(REPLIES.length - 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 7000, 15_000) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'fold' as const), at: which }),
  },
);

interface Waiting {
  readonly question: KpsQuestion;
  resolve(reply: KpsReply): void;
}

/** Questions answered after all steps, over all plays. */
let drained = 0;

/** Plays the steps with a person of their own; every step begins before the one before has ended. */
async function play(steps: readonly Step[]): Promise<string[]> {
  asked += 1;
  const run = asked;
  const who = someone(run);
  await house.addSeat(who);
  const { token } = await house.signIn(who);
  const outside = { ...CLIENT, account: 'outside' };
  const waiting: Waiting[] = [];
  house.kps.answer = (question) => new Promise((resolve) => waiting.push({ question, resolve }));
  const ends: Promise<string>[] = [];
  const sweeps: Promise<unknown>[] = [];
  for (const [i, one] of steps.entries()) {
    if (one.do === 'ask') {
      const subject = { kimlikNo: digitsOf(String(600_000_000 + run * 100 + (one.key ?? i + 10))) };
      const call = { token, question: { subject }, ...(one.outside ? { client: outside } : {}) };
      ends.push(bridges[one.at].ask(one.key === null ? call : { ...call, key: `k${one.key}` }));
    } else if (one.do === 'answer') {
      const [next] = waiting.splice(one.nth % Math.max(1, waiting.length), 1);
      next?.resolve((REPLIES[one.reply] as (typeof REPLIES)[number])(next.question));
    } else if (one.do === 'pass') house.pass(one.ms);
    else if (one.do === 'fold') sweeps.push(foldLines(bridges[one.at].db));
    else sweeps.push(bridges[one.at].closeExpired());
    // Sometimes the next step comes at once, sometimes a batch has ended meanwhile.
    if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 4));
  }
  let ended = false;
  const all = Promise.all(ends).finally(() => {
    ended = true;
  });
  while (!ended) {
    // Every kind in turn: on a slow machine all questions come this late.
    for (const { question, resolve } of waiting.splice(0)) {
      drained += 1;
      resolve((REPLIES[drained % REPLIES.length] as (typeof REPLIES)[number])(question));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(sweeps);
  return all;
}

async function readBook(): Promise<unknown[]> {
  const rows = await house.rows<Record<string, unknown>>(
    'SELECT * FROM bridge.fee_line ORDER BY query_id::text',
  );
  return rows.map(({ actor_tag: _tag, ...row }) => ({
    ...row,
    outcome_leaf: String(row.outcome_leaf),
    amount_kurus: Number(row.amount_kurus),
    sent_at: (row.sent_at as Date).toISOString(),
  }));
}

/** The sums of the book against its lines, folded up to wherever folds have come. */
async function requireExactSums(): Promise<void> {
  const size = BigInt((await house.entries()).length);
  await house.test.db.transaction(async (tx) => void (await (await checkSums(tx)).finish(size)));
}

/** What holds after anything: the promises of the book and of the log. */
async function requireExactBook(): Promise<void> {
  const entries = await house.entries();
  expect(await readBook()).toEqual(rebuildBook(entries));
  await requireExactSums();
  const of = (kind: string) =>
    entries.filter((entry) => entry.kind === kind).map((entry) => String(entry.data.query));
  const closed = [...of('query.outcome'), ...of('query.unknown')];
  expect(new Set(closed).size).toBe(closed.length);
  expect(closed.sort()).toEqual(of('query.intent').sort());
  for (const late of of('query.late-outcome')) expect(of('query.unknown')).toContain(late);
  const sentTwice = house.kps.asked.map((question) => question.messageId);
  expect(new Set(sentTwice).size).toBe(sentTwice.length);
  const open = await house.rows("SELECT 1 FROM bridge.identity_query WHERE state = 'open'");
  expect(open).toEqual([]);
}

describe('the book', () => {
  it('is exact to the kuruş, whatever answers come when, late or never, at whichever instance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const ends = await play(steps);
        // After the last deadline nothing may be left open, whoever asked it.
        house.pass(15_000);
        await bridges[0].closeExpired();
        await requireExactBook();
        for (const end of ends) expect(end).not.toMatch(/INTERNAL|AUDIT|OVERLOADED/);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('holds both prices and every kind of end by now, so that the comparison was about something', async () => {
    const book = rebuildBook(await house.entries());
    expect(new Set(book.map((line) => line.unit_price_kurus))).toEqual(new Set([0, 2, 12]));
    expect(new Set(book.map((line) => line.result))).toEqual(
      new Set(['match', 'mismatch', 'not-found', 'refused', 'not-sent', 'unknown']),
    );
  });

  it('cannot take a second line for a query, nor be changed or emptied by the bridge’s own role', async () => {
    const [line] = await house.rows<{ id: string }>('SELECT query_id AS id FROM bridge.fee_line LIMIT 1');
    const second = house.test.db.query({
      text: 'INSERT INTO bridge.fee_line SELECT * FROM bridge.fee_line WHERE query_id = $1',
      values: [line?.id],
    });
    await expect(second).rejects.toMatchObject({ code: '23505' });
    for (const text of [
      'UPDATE bridge.fee_line SET units = 0',
      'DELETE FROM bridge.fee_line',
      'TRUNCATE bridge.fee_line',
    ]) {
      await expect(house.test.db.query({ text })).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('has sums of every line once all are folded, whoever folds at once', async () => {
    await Promise.all([foldLines(bridges[0].db), foldLines(bridges[1].db), foldLines(house.test.db)]);
    await requireExactSums();
    const [sums] = await house.rows<{ folded: bigint; kept: bigint; lines: bigint }>(
      `SELECT (SELECT sum(lines) FROM bridge.fee_rollup)::bigint AS folded, (SELECT count(*) FROM bridge.fee_line) AS lines,
        (SELECT sum(lines) FROM bridge.fee_by_actor)::bigint AS kept`,
    );
    expect(sums?.folded).toBe(sums?.lines);
    expect(sums?.kept).toBe(sums?.lines);
    expect(batches).toBeGreaterThan(50);
  });

  it('rests on a sound log', async () => {
    await requireSoundLog(house.test.db);
  });
});
