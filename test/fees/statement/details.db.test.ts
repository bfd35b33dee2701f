import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foldLines } from '../../../src/fees/book/fold.js';
import type {
  CooperativeRow,
  CorrectionLine,
  LineRow,
  StatementSource,
} from '../../../src/fees/export/port.js';
import type { Period } from '../../../src/fees/statement/statement.js';
import { CUTS, type Cut } from '../../../src/fees/statement/statement.js';
import { type SourceWish, withStatement } from '../../../src/fees/statement/with-statement.js';
import {
  type LineWish,
  officerOf,
  openQuarterHouse,
  type QuarterHouse,
} from '../quarter/support/quarter-house.js';

const Q3: Period = { quarter: '2026-Q3', from: '2026-07-01', to: '2026-10-01' };
const Q4: Period = { quarter: '2026-Q4', from: '2026-10-01', to: '2027-01-01' };
const RESULTS = ['match', 'mismatch', 'unknown', 'not-sent'];
const ILS = ['Ankara', 'Iğdır', 'İstanbul'];

let house: QuarterHouse;

/** Lines of all shapes, on all days and hours of a quarter; some on its first and its last millisecond. */
function lineWishes(count: number): readonly LineWish[] {
  const from = Date.parse('2026-06-30T21:00:00.000Z');
  const to = Date.parse('2026-09-30T20:59:59.999Z');
  return Array.from({ length: count }, (_, i): LineWish => {
    const isSent = i % 4 !== 3;
    const isOutside = i % 5 === 0;
    return {
      sentAt: new Date(i === 0 ? from : i === 1 ? to : from + ((i * 7_919_333_331) % (to - from))),
      account: isOutside ? 'ticaret' : 'birlik',
      feeClass: isOutside ? 'outside' : 'paying',
      il: ILS[i % 3] ?? '',
      unit: i % 2 === 0 ? 'kooperatif' : `ticaret/${ILS[i % 3]}`,
      cooperative: String(10 ** 15 + (i % 7)),
      result: RESULTS[i % 4] ?? '',
      sent: isSent,
      units: isSent ? 1 : 0,
      unitPriceKurus: isOutside ? 0 : i % 6 === 0 ? 6 : 2,
      actorTag: Buffer.alloc(16, i % 11),
    };
  });
}

beforeAll(async () => {
  house = await openQuarterHouse('2026-08-15T09:00:00Z');
  await house.book(...lineWishes(300), { sentAt: new Date('2026-06-30T20:59:59.999Z') });
  await house.book({ sentAt: new Date('2026-09-30T21:00:00.000Z') });
});
afterAll(() => house.close());

const WISH: SourceWish = {
  ...{ period: Q3, account: null, corrections: true },
  ...{ users: 'masked', cooperatives: true, lines: true },
};
const NO_USERS = () => Promise.reject(new Error('nobody asked for numbers'));

/** A statement with its details, read in their order while `between` happens beside it. */
async function read(wish: Partial<SourceWish> = {}, between: () => Promise<unknown> = async () => undefined) {
  const { settings, test } = house;
  const tools = { db: test.db, settings, openUsers: NO_USERS, now: () => house.now };
  return withStatement(tools, { ...WISH, ...wish }, async (source: StatementSource) => {
    await between();
    const corrections: CorrectionLine[] = await collected(source.corrections);
    const users = await collected(source.users);
    const cooperatives: CooperativeRow[] = await collected(source.cooperatives);
    const lines: LineRow[] = await collected(source.lines);
    return { ...source, corrections, users, cooperatives, lines };
  });
}

async function collected<T>(rows: AsyncIterable<T> | undefined): Promise<T[]> {
  const held: T[] = [];
  for await (const row of rows ?? []) held.push(row);
  return held;
}

const KEYS: Readonly<Record<Cut, (line: LineRow) => string>> = {
  service: (l) => `${l.service} ${l.serviceVersion}`,
  outcome: (l) => l.result,
  unit: (l) => l.unit,
  il: (l) => l.il,
  ministry: (l) => l.ministry,
  purpose: (l) => l.purpose,
  client: (l) => l.client,
  month: (l) => l.sentAt.slice(0, 7),
  day: (l) => l.sentAt.slice(0, 10),
  price: (l) => `${l.unitPriceKurus} per-query`,
};

function sum(
  rows: readonly { readonly units: number; readonly amountKurus: bigint; readonly queries: number }[],
) {
  return {
    queries: rows.reduce((before, one) => before + one.queries, 0),
    units: rows.reduce((before, one) => before + one.units, 0),
    amountKurus: Number(rows.reduce((before, one) => before + one.amountKurus, 0n)),
  };
}

describe('lines of a quarter', () => {
  it('add up to every sum of its statement: each account, each cut, each key', async () => {
    const { document, lines } = await read();
    expect(lines.length).toBe(300);
    expect(sum(lines)).toEqual(document.total);
    for (const { account, booked, by, feeClass } of document.accounts) {
      const mine = lines.filter((one) => one.account === account && one.feeClass === feeClass);
      expect({ lines: mine.length, ...sum(mine) }).toEqual(booked);
      for (const cut of CUTS)
        for (const { key, ...group } of by[cut] ?? []) {
          const rows = mine.filter((line) => KEYS[cut](line) === key);
          expect([cut, key, { lines: rows.length, ...sum(rows) }]).toEqual([cut, key, group]);
        }
    }
  });

  it('come by account, time sent and query, from its first millisecond to its last', async () => {
    const { lines } = await read();
    const places = lines.map((one) => `${one.account} ${one.sentAt} ${one.queryId}`);
    expect(places).toEqual([...places].sort());
    const times = lines.map(({ sentAt }) => sentAt).sort();
    expect([times[0], times.at(-1)]).toEqual(['2026-07-01 00:00:00.000', '2026-09-30 23:59:59.999']);
  });

  it('say nothing of who asked', async () => {
    const { lines } = await read();
    expect(Object.keys(lines[0] ?? {}).filter((name) => /user|actor|tag|person/i.test(name))).toEqual([]);
  });

  it('are those of one account where it is asked for, and so is the total', async () => {
    const { document, lines, users } = await read({ account: 'birlik' });
    expect(new Set(lines.map(({ account }) => account))).toEqual(new Set(['birlik']));
    expect(sum(lines)).toEqual(document.total);
    expect(sum(users)).toEqual(document.total);
    await expect(read({ account: 'yok' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('and sums are of one snapshot, whatever is booked and folded meanwhile', async () => {
    const { document, lines, users } = await read({}, async () => {
      await house.book({ sentAt: new Date('2026-08-01T09:00:00Z') });
      await foldLines(house.test.db);
    });
    expect(sum(lines)).toEqual(document.total);
    expect(sum(users)).toEqual(document.total);
    const after = await read();
    expect(after.document.total.queries).toBe(document.total.queries + 1);
    expect(sum(after.lines)).toEqual(after.document.total);
  });
});

describe('lines of a range of days', () => {
  it('go by the day sent alone, the last day not included', async () => {
    const period = { quarter: null, from: '2026-06-30', to: '2026-07-02' };
    const { document, head, lines } = await read({ period });
    expect(new Set(lines.map(({ sentAt }) => sentAt.slice(0, 10)))).toEqual(
      new Set(['2026-06-30', '2026-07-01']),
    );
    expect(sum(lines)).toEqual(document.total);
    expect([head.state, head.due, head.statementSha256]).toEqual([null, null, null]);
  });
});

describe('users and cooperatives', () => {
  it('add up to what is booked, as lines do', async () => {
    const { cooperatives, document, users } = await read();
    expect(sum(users)).toEqual(document.total);
    expect(sum(cooperatives)).toEqual(document.total);
    expect(users.reduce((before, one) => before + one.lines, 0)).toBe(301);
  });

  it('have no number where nobody asked for them, and one person has one place', async () => {
    const { users } = await read();
    expect(users.every(({ user }) => /^\*\*\* \(\d+\)$/.test(user))).toBe(true);
    // Eleven persons; each of the two accounts has rows of its own.
    expect(new Set(users.map(({ user }) => user)).size).toBe(11);
    expect(new Set(users.map((one) => `${one.account} ${one.user}`)).size).toBe(users.length);
  });
});

describe('a quarter that was closed', () => {
  it('keeps its lines; what came later is in the next one, among its details too', async () => {
    const before = await read();
    house.now = new Date('2026-10-02T09:00:00Z');
    expect(await house.freeze('2026-Q3', officerOf(1))).toMatchObject({ kind: 'done' });
    await house.book({ sentAt: new Date('2026-09-29T10:00:00Z'), cooperative: '0999999999999999' });
    await house.decide('2026-Q3', officerOf(2));
    await house.seal('2026-Q3', officerOf(1));
    const closed = await read();
    expect(closed.head.state).toBe('sealed');
    expect(closed.head.statementSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(closed.lines).toEqual(before.lines);
    expect(closed.users).toEqual(before.users);
    expect(sum(closed.lines)).toEqual(closed.document.total);
    const next = await read({ period: Q4 });
    expect(next.lines.map(({ cooperative, sentAt }) => [sentAt.slice(0, 10), cooperative])).toEqual([
      ['2026-09-29', '0999999999999999'],
      ['2026-10-01', '0123456789000015'],
    ]);
    expect(sum(next.lines)).toEqual(next.document.total);
    expect(sum(next.cooperatives)).toEqual(next.document.total);
  });

  it('has a line that came after it under the day sent, where days are asked for', async () => {
    const { document, lines } = await read({
      period: { quarter: null, from: '2026-09-29', to: '2026-09-30' },
    });
    expect(lines.map(({ cooperative }) => cooperative)).toContain('0999999999999999');
    expect(sum(lines)).toEqual(document.total);
  });
});

describe('corrections', () => {
  it('stand in the quarter that they are billed in, name the old line, and make up the difference to what is booked', async () => {
    const { lines } = await read();
    const [old] = lines.filter(({ account, result }) => account === 'birlik' && result === 'unknown');
    if (old === undefined) throw new Error('no unknown outcome among the lines');
    await correct(old);
    const { corrections, document } = await read({ period: Q4 });
    expect(corrections).toMatchObject([
      { queryId: old.queryId, ofQuarter: '2026-Q3', quarter: '2026-Q4', units: -1 },
    ]);
    const [account] = document.accounts.filter((one) => one.account === 'birlik');
    expect(account?.corrections).toEqual({ lines: 1, units: -1, amountKurus: Number(-old.unitPriceKurus) });
    expect((await read()).corrections).toEqual([]);
    const days = { quarter: null, from: old.sentAt.slice(0, 10), to: '2026-10-01' };
    expect((await read({ period: days })).corrections.map(({ queryId }) => queryId)).toEqual([old.queryId]);
  });
});

/** As a decision about a difference leaves it. */
async function correct(line: LineRow): Promise<void> {
  const [id, other] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
  await house.sql(
    `INSERT INTO bridge.fee_import (import_id, account_id, from_day, to_day, file_sha256, detail, imported_at, leaf)
      VALUES ($1, 'birlik', '2026-07-01', '2026-09-30', decode(repeat('00', 32), 'hex'), 'total', now(), 0)`,
    [id],
  );
  await house.sql(
    `INSERT INTO bridge.fee_difference (difference_id, import_id, place, class, queries, amount_kurus, behind)
      VALUES ($1, $2, 0, 'unknown-outcome', -1, $3, 1)`,
    [other, id, -line.amountKurus],
  );
  await house.sql(
    `INSERT INTO bridge.fee_correction (query_id, account_id, fee_class, quarter, of_quarter, of_day, counted, units,
        unit_price_kurus, amount_kurus, difference_id, leaf)
      VALUES ($1, $2, $3, '2026-Q4', '2026-Q3', $4, false, -1, $5::int, -($5::int), $6, 0)`,
    [line.queryId, line.account, line.feeClass, line.sentAt.slice(0, 10), line.unitPriceKurus, other],
  );
}
