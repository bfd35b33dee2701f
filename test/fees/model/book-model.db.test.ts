import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLines, foldWindow } from '../../../src/fees/book/fold.js';
import { quarterForCorrection } from '../../../src/fees/quarter/correction-quarter.js';
import { readStatement } from '../../../src/fees/statement/read-statement.js';
import type { Period, Statement } from '../../../src/fees/statement/statement.js';
import { statementDocument } from '../../../src/fees/statement/statement-document.js';
import type { Database } from '../../../src/storage/database.js';
import { openDatabase } from '../../../src/storage/pool.js';
import { withConnection } from '../../../src/storage/single-connection.js';
import { TEST_POOL } from '../../support/database.js';
import {
  type LineWish,
  officerOf,
  openQuarterHouse,
  type QuarterHouse,
} from '../quarter/support/quarter-house.js';
import {
  dayOf,
  NAIVE_CUTS,
  type NaiveBook,
  type NaiveEvent,
  type NaiveLine,
  naiveBook,
  quarterOf,
  sumsBy,
} from './naive-book.js';
import { aLine, QUARTERS, type Step, steps } from './steps.js';

const [FIRST, SECOND] = [officerOf(1), officerOf(2)];
const YEAR: Period = { quarter: null, from: '2025-10-01', to: '2027-01-01' };
let house: QuarterHouse;
let other: Database;
let difference = '';

beforeAll(async () => {
  // Every quarter of the year is over; what ends now was sent in any of them.
  house = await openQuarterHouse('2027-02-10T09:00:00.000Z');
  house.settings = { ...house.settings, accounts: [] };
  other = openDatabase({ ...TEST_POOL, url: house.test.appUrl });
}, 60_000);
afterAll(async () => {
  await other.close();
  await house.close();
});

const asOwner = (sql: string) =>
  withConnection({ url: house.test.adminUrl, ...TEST_POOL }, async (ask) => {
    await ask('SET session_replication_role = replica');
    await ask(sql);
  });

const UNKNOWN_LINE: NaiveLine = {
  id: '11111111-1111-4111-8111-111111111111',
  account: 'birlik',
  feeClass: 'paying',
  il: 'Ankara',
  ministry: 'ticaret',
  unit: 'kooperatif',
  cooperative: '0000000000000017',
  client: 'core',
  service: 'BilesikKutukSorgulaKimlikNoServis',
  serviceVersion: '2025/08/01',
  purpose: 'ortak-kayit',
  basis: 'per-query',
  price: 2,
  result: 'unknown',
  sent: true,
  units: 1,
  actor: 0,
  sentAt: '2026-05-04T21:00:00.000Z',
};

/** One walk through every kind of step, so that none is left to chance. */
const EVERY_STEP: readonly Step[] = [
  { do: 'end', lines: [UNKNOWN_LINE] },
  { do: 'freeze', quarter: '2026-Q2' },
  { do: 'reopen', quarter: '2026-Q2' },
  { do: 'settle', nth: 0, counted: false },
  { do: 'fold', how: 'twice at once' },
  { do: 'freeze', quarter: '2026-Q2' },
  { do: 'seal', quarter: '2026-Q2' },
];

/** An empty book on the log as it stands. */
async function empty(): Promise<void> {
  const tables = ['line', 'usage', 'rollup', 'by_cooperative', 'by_actor', 'correction', 'quarter', 'freeze'];
  await asOwner(`TRUNCATE ${tables.map((table) => `bridge.fee_${table}`).join(', ')}, bridge.proposal CASCADE;
    UPDATE bridge.fee_fold SET size = (SELECT size FROM bridge.log_head)`);
  difference = '99999999-9999-4999-8999-999999999999';
}

function wishOf(line: NaiveLine): LineWish {
  const { actor, id, price, sentAt, ...rest } = line;
  return {
    ...rest,
    queryId: id,
    actorTag: Buffer.alloc(16, actor + 1),
    unitPriceKurus: price,
    sentAt: new Date(sentAt),
  };
}

/** Takes one step; what it made of the book, as the model has it. Asks the bridge alone whether it happened. */
async function take(step: Step, before: readonly NaiveEvent[]): Promise<readonly NaiveEvent[]> {
  const { db } = house.test;
  const ended = before.flatMap((event) => (event.did === 'end' ? [event.line] : []));
  switch (step.do) {
    case 'end': {
      await house.book(...step.lines.map(wishOf));
      return step.lines.map((line) => ({ did: 'end', line }));
    }
    case 'repeat': {
      const line = ended[step.nth % Math.max(1, ended.length)];
      if (line !== undefined) await expect(house.book(wishOf(line))).rejects.toMatchObject({ code: '23505' });
      return [];
    }
    case 'lose': {
      const lost = db.transaction(async (tx) => {
        await tx.query({ text: INSERT_LOST, values: [step.line.id] });
        await foldWindow(tx);
        throw new Error('killed');
      });
      await expect(lost).rejects.toThrow('killed');
      return [];
    }
    case 'fold':
      await fold(step.how);
      return [];
    case 'settle':
      return settle(step, before);
    default:
      return close(step);
  }
}

const INSERT_LOST = `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose,
    cooperative, il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
  VALUES ($1, (SELECT size FROM bridge.log_head), 'birlik', 'paying', 'core', 's', 'v', 'p', 'c', 'i', 'm', 'u', 'per-query',
    decode(repeat('09', 16), 'hex'), '2026-05-04', '2026-Q2', 'match', true, 1, 2, 2)`;

async function fold(how: 'once' | 'twice at once' | 'thrown away'): Promise<void> {
  const { db } = house.test;
  if (how === 'once') await foldLines(db);
  else if (how === 'twice at once') await Promise.all([foldLines(db), foldLines(other), foldLines(other)]);
  else {
    const thrown = db.transaction(async (tx) => {
      await foldWindow(tx);
      throw new Error('killed');
    });
    await expect(thrown).rejects.toThrow('killed');
  }
}

/** A correction of the nth unknown outcome; a second one of the same is refused by the table. */
async function settle(
  { counted, nth }: Extract<Step, { do: 'repeat' | 'settle' }>,
  before: readonly NaiveEvent[],
): Promise<readonly NaiveEvent[]> {
  const unknown = before.flatMap((event) =>
    event.did === 'end' && event.line.result === 'unknown' ? [event.line] : [],
  );
  const line = unknown[nth % Math.max(1, unknown.length)];
  if (line === undefined) return [];
  const { id } = line;
  const day = dayOf(line.sentAt);
  const quarter = await quarterForCorrection(house.test.db, quarterOf(day));
  const work =
    asOwner(`INSERT INTO bridge.fee_correction SELECT query_id, account_id, fee_class, '${quarter}', quarter, '${day}',
    ${counted}, u.units, unit_price_kurus, u.units * unit_price_kurus, '${difference}', (SELECT size FROM bridge.log_head)
    FROM bridge.fee_line, LATERAL (SELECT CASE WHEN ${counted} THEN 0 ELSE -units END AS units) AS u WHERE query_id = '${id}'`);
  if (before.some((event) => event.did === 'settle' && event.id === id)) {
    await expect(work).rejects.toMatchObject({ code: '23505' });
    return [];
  }
  await work;
  return [{ did: 'settle', id, counted }];
}

async function close({
  do: what,
  quarter,
}: Extract<Step, { quarter: string }>): Promise<readonly NaiveEvent[]> {
  const isDone = (verdict: { readonly kind: string }) => verdict.kind === 'done';
  if (what === 'freeze')
    return isDone(await house.freeze(quarter, FIRST)) ? [{ did: 'freeze', quarter }] : [];
  if (what === 'reopen')
    return isDone(await house.decide(quarter, SECOND, 'refused')) ? [{ did: 'reopen', quarter }] : [];
  if (isDone(await house.decide(quarter, SECOND, 'approved'))) await house.seal(quarter, FIRST);
  return [];
}

async function statementOf(period: Period): Promise<Statement> {
  await foldLines(house.test.db);
  return house.test.db.transaction((tx) => readStatement(tx, house.settings, { period, account: null }));
}

/** Holds a statement against the model's lines and corrections of the same period: whole, and by every cut. */
function requireSame(
  statement: Statement,
  lines: NaiveBook['lines'],
  corrections: NaiveBook['corrections'],
): void {
  const holder = (one: { readonly account: string; readonly feeClass: string }) =>
    `${one.account} ${one.feeClass}`;
  const names = new Set([...lines, ...corrections].map(holder));
  expect(statement.accounts.map(holder)).toEqual([...names].sort());
  for (const account of statement.accounts) {
    const own = lines.filter((line) => holder(line) === holder(account));
    const booked = sumsBy(own, () => 'all').all ?? { lines: 0, queries: 0, units: 0, amountKurus: 0 };
    expect(typeof account.amountKurus).toBe('bigint');
    expect({ ...account.booked, amountKurus: Number(account.booked.amountKurus) }).toEqual(booked);
    for (const [cut, name] of Object.entries(NAIVE_CUTS)) {
      const groups = account.by[cut as keyof typeof account.by];
      const told = groups.map(({ key, ...sum }) => [key, { ...sum, amountKurus: Number(sum.amountKurus) }]);
      expect(Object.fromEntries(told)).toEqual(sumsBy(own, name));
    }
    const mine = corrections.filter((one) => holder(one) === holder(account));
    const taken = mine.reduce((sum, one) => sum + one.amountKurus, 0);
    expect(account.corrections.lines).toBe(mine.length);
    expect(Number(account.corrections.amountKurus)).toBe(taken);
    expect(Number(account.amountKurus)).toBe(booked.amountKurus + taken);
  }
}

/** The kept tables that no statement reads, and the meter, against the model. */
async function requireKept({ lines }: NaiveBook): Promise<void> {
  const held = async (sql: string) => {
    const rows = await house.sql<{
      key: string;
      lines: bigint;
      queries: bigint;
      units: bigint;
      kurus: bigint;
    }>(sql);
    return Object.fromEntries(
      rows.map(({ key, kurus, lines: count, queries, units }) => [
        key,
        { lines: Number(count), queries: Number(queries), units: Number(units), amountKurus: Number(kurus) },
      ]),
    );
  };
  const kept = (table: string, key: string) =>
    held(`SELECT concat_ws(' ', quarter, day, account_id, fee_class, ${key}) AS key, lines, queries, units, amount_kurus AS kurus
      FROM bridge.${table}`);
  const name = (line: (typeof lines)[number], last: string) =>
    `${line.billed} ${line.day} ${line.account} ${line.feeClass} ${last}`;
  expect(await kept('fee_by_cooperative', 'cooperative')).toEqual(
    sumsBy(lines, (line) => name(line, line.cooperative)),
  );
  expect(await kept('fee_by_actor', 'get_byte(actor_tag, 0) - 1')).toEqual(
    sumsBy(lines, (line) => name(line, String(line.actor))),
  );
  const meter = await held(
    `SELECT concat_ws(' ', account_id, quarter) AS key, 0::bigint AS lines, queries, units, amount_kurus AS kurus FROM bridge.fee_usage`,
  );
  const used = sumsBy(lines, (line) => `${line.account} ${quarterOf(line.day)}`);
  expect(meter).toEqual(
    Object.fromEntries(Object.entries(used).map(([key, sum]) => [key, { ...sum, lines: 0 }])),
  );
}

describe('the book against one that is told by hand', () => {
  it('is the same after any steps: ends, repeats, crashes, folds at once, freezes, reopenings, settlements', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        await empty();
        const events: NaiveEvent[] = [];
        const kept = new Map<string, NaiveBook>();
        for (const step of taken) {
          const made = await take(step, events);
          events.push(...made);
          for (const event of made) {
            seen.add(event.did);
            if (event.did === 'freeze') kept.set(event.quarter, naiveBook(events));
            if (event.did === 'reopen') kept.delete(event.quarter);
          }
        }
        const book = naiveBook(events);
        for (const quarter of ['2025-Q4', ...QUARTERS, '2026-Q4']) {
          const of = ({ corrections, lines }: NaiveBook) =>
            [
              lines.filter(({ billed }) => billed === quarter),
              corrections.filter((one) => one.quarter === quarter),
            ] as const;
          const statement = await statementOf({ quarter, from: '', to: '' });
          requireSame(statement, ...of(book));
          // What was frozen is what the book had then, and what it has now: nothing has moved under it.
          const frozen = kept.get(quarter);
          if (frozen === undefined) continue;
          expect(of(frozen)).toEqual(of(book));
          const { document, statementSha256 } = await house.view(quarter);
          expect(statementSha256).not.toBeNull();
          expect(document.accounts).toEqual(statementDocument(statement).accounts);
        }
        requireSame(await statementOf(YEAR), book.lines, book.corrections);
        await requireKept(book);
      }),
      { numRuns: 40, endOnFailure: true, examples: [[EVERY_STEP]] },
    );
    expect(seen).toEqual(new Set(['end', 'freeze', 'reopen', 'settle']));
  }, 240_000);

  it('does not depend on the order of ends, on how they came in batches, or on when they were folded', async () => {
    const shuffled = fc
      .uniqueArray(aLine, { selector: ({ id }) => id, minLength: 2, maxLength: 16 })
      .chain((lines) =>
        fc.record({
          lines: fc.constant(lines),
          again: fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }),
          batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        }),
      );
    const play = async (lines: readonly NaiveLine[], batches: readonly number[]) => {
      await empty();
      for (let from = 0, i = 0; from < lines.length; i += 1) {
        const size = batches[i % batches.length] ?? 1;
        await house.book(...lines.slice(from, from + size).map(wishOf));
        from += size;
        if (i % 2 === 0) await fold('twice at once');
      }
      const { logSize: _size, ...document } = statementDocument(await statementOf(YEAR));
      return document;
    };
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ again, batches, lines }) => {
        expect(await play(again, batches)).toEqual(await play(lines, [lines.length]));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 120_000);

  it('adds up over any division of a range into days', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(aLine, { selector: ({ id }) => id, minLength: 4, maxLength: 20 }),
        fc.uniqueArray(
          fc.constantFrom(
            '2026-01-01',
            '2026-02-14',
            '2026-04-01',
            '2026-05-04',
            '2026-05-05',
            '2026-07-01',
            '2026-10-01',
          ),
          { maxLength: 5 },
        ),
        async (lines, cuts) => {
          await empty();
          await house.book(...lines.map(wishOf));
          const days = [YEAR.from, ...[...cuts].sort(), YEAR.to];
          const whole = await statementOf(YEAR);
          let [queries, units, amount] = [0, 0, 0n];
          for (let i = 0; i + 1 < days.length; i += 1) {
            const { total } = await statementOf({
              quarter: null,
              from: days[i] ?? '',
              to: days[i + 1] ?? '',
            });
            queries += total.queries;
            units += total.units;
            amount += total.amountKurus;
          }
          expect({ queries, units, amountKurus: amount }).toEqual(whole.total);
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  }, 120_000);
});
