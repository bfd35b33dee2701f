import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { draftOf } from '../../../src/audit/draft.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { plainLane } from '../../../src/audit/plain-lane.js';
import { FEE_APPLIERS } from '../../../src/fees/appliers.js';
import { listBehind } from '../../../src/fees/reconciliation/behind.js';
import {
  type DifferenceDecision,
  decideDifference,
} from '../../../src/fees/reconciliation/decide-difference.js';
import { readImport } from '../../../src/fees/reconciliation/list-imports.js';
import { withConnection } from '../../../src/storage/single-connection.js';
import { readEntries } from '../../audit/support/log.js';
import { TEST_POOL } from '../../support/database.js';
import { officerOf, openQuarterHouse, type QuarterHouse } from '../quarter/support/quarter-house.js';
import { FINANCE, imported, portsOf } from './support/their-figures.js';

const SECOND = officerOf(2);
const at = (day: string, time = '12:00:00.000') => new Date(`${day}T${time}+03:00`);
let house: QuarterHouse;

beforeEach(async () => {
  house = await openQuarterHouse('2026-10-05T06:00:00Z');
});
afterEach(() => house.close());

const decide = (difference: string, decision: DifferenceDecision, log = house.log) =>
  decideDifference(log, { difference, decision, note: 'sınama', officer: FINANCE }, portsOf(house));

/** Unknown outcomes one minute apart on a day, their ids in the order of sending. */
const unknowns = (count: number, day = '2026-07-10') =>
  house.book(
    ...Array.from({ length: count }, (_, i) => ({
      sentAt: new Date(at(day).getTime() + i * 1_000),
      result: 'unknown',
    })),
  );

const corrections = () =>
  house.sql<{ query: string; counted: boolean; units: number; quarter: string; amount: bigint }>(
    `SELECT c.query_id AS query, c.counted, c.units, c.quarter, c.amount_kurus AS amount FROM bridge.fee_correction c
      JOIN bridge.fee_line l USING (query_id) ORDER BY l.sent_at`,
  );

const entriesOf = async (kind: string) =>
  (await readEntries(house.test.db))
    .filter((one) => one.kind === kind)
    .map(({ line }) => checkLine(line).data);

async function lateOutcome(query: string, state: 'answered' | 'refused'): Promise<void> {
  await house.log.submit(
    plainLane,
    draftOf('query.late-outcome', house.now, {
      code: state === 'refused' ? 'KPS_REFUSED' : null,
      fee: null,
      hataKod: null,
      instance: 'bridge-1',
      intent: 0,
      messageIds: [],
      outcome: state === 'answered' ? 'match' : null,
      query,
      reason: state === 'refused' ? 'soap-fault' : null,
      sent: true,
      sentAt: at('2026-07-10').toISOString(),
      state,
    }),
  );
}

const totals = async (quarter: string) => {
  const { document } = await house.view(quarter);
  const [account] = document.accounts;
  return {
    units: account?.units,
    amountKurus: account?.amountKurus,
    corrections: account?.corrections.lines,
  };
};

describe('unknown outcomes that are settled', () => {
  it('before the quarter is frozen are corrected in it; the old lines stay, and the statement adds up to their count', async () => {
    const ids = await unknowns(3);
    await house.book({ sentAt: at('2026-07-10', '15:00:00.000') });
    const before = await house.sql('SELECT * FROM bridge.fee_line ORDER BY query_id::text');
    const { differences } = await imported(house, 'Tarih;Adet;Tutar\n10.07.2026;2;0,04\n');
    expect(differences).toMatchObject([
      { class: 'unknown-outcome', queries: -2, amountKurus: -4n, behind: 3 },
    ]);
    const [{ id = '' } = {}] = differences;
    expect(await decide(id, 'settle')).toMatchObject({ kind: 'done', value: { settled: 3 } });
    expect(await corrections()).toEqual([
      { query: ids[0], counted: true, units: 0, quarter: '2026-Q3', amount: 0n },
      { query: ids[1], counted: false, units: -1, quarter: '2026-Q3', amount: -2n },
      { query: ids[2], counted: false, units: -1, quarter: '2026-Q3', amount: -2n },
    ]);
    expect(await house.sql('SELECT * FROM bridge.fee_line ORDER BY query_id::text')).toEqual(before);
    expect(await totals('2026-Q3')).toEqual({ units: 2, amountKurus: 4, corrections: 3 });
    expect(
      (await entriesOf('fees.unknown-settled')).map(({ by, counted, units }) => [by, counted, units]),
    ).toEqual([
      ['count', true, 0],
      ['count', false, -1],
      ['count', false, -1],
    ]);
    expect(await entriesOf('fees.difference-decided')).toMatchObject([
      {
        class: 'unknown-outcome',
        decision: 'settle',
        queries: -2,
        amountKurus: -4,
        settled: 3,
        note: 'sınama',
      },
    ]);
    const behind = await listBehind(house.test.db, { id, class: 'unknown-outcome' }, 10, null);
    expect(behind.map(({ settled }) => settled)).toEqual(['counted', 'not-counted', 'not-counted']);
    // What was settled is the book's now: the same figures leave nothing.
    const again = await imported(house, 'Tarih;Adet;Tutar\n10.07.2026;2;0,04\n\n');
    expect(again.differences).toEqual([]);
  });

  it('after it was frozen are corrected in the first later quarter that takes lines', async () => {
    await unknowns(2);
    await house.book({ sentAt: at('2026-07-10', '15:00:00.000') });
    expect(await house.freeze('2026-Q3', FINANCE)).toMatchObject({ kind: 'done' });
    const { differences } = await imported(house, 'Adet;Tutar\n2;0,04\n');
    expect(await decide(differences[0]?.id ?? '', 'settle')).toMatchObject({ value: { settled: 2 } });
    expect((await corrections()).map(({ quarter, units }) => [quarter, units])).toEqual([
      ['2026-Q4', 0],
      ['2026-Q4', -1],
    ]);
    expect(await totals('2026-Q3')).toEqual({ units: 3, amountKurus: 6, corrections: 0 });
    expect(await totals('2026-Q4')).toEqual({ units: -1, amountKurus: -2, corrections: 2 });
    const [settled] = await entriesOf('fees.unknown-settled');
    expect(settled).toMatchObject({ ofQuarter: '2026-Q3', quarter: '2026-Q4', ofDay: '2026-07-10' });
    expect(await house.decide('2026-Q3', SECOND)).toMatchObject({ kind: 'done' });
  });

  it('are counted where their count agrees with ours', async () => {
    await unknowns(2);
    const { differences } = await imported(house, 'Adet\n2\n');
    expect(await decide(differences[0]?.id ?? '', 'settle')).toMatchObject({ value: { settled: 2 } });
    expect((await corrections()).every(({ counted, units }) => counted && units === 0)).toBe(true);
    expect((await entriesOf('fees.unknown-settled')).map(({ by }) => by)).toEqual(['all', 'all']);
  });

  it('follow an answer that came late before they follow the number', async () => {
    const [, , third = '', fourth = ''] = await unknowns(4);
    await lateOutcome(third, 'answered');
    await lateOutcome(fourth, 'refused');
    const { differences } = await imported(house, 'Adet\n2\n');
    await decide(differences[0]?.id ?? '', 'settle');
    expect((await entriesOf('fees.unknown-settled')).map(({ by, counted }) => [by, counted])).toEqual([
      ['count', true],
      ['count', false],
      ['late-outcome', true],
      ['late-outcome', false],
    ]);
  });

  it('are settled once: neither the difference nor another import’s settles them again', async () => {
    await unknowns(2);
    const [first, second] = [await imported(house, 'Adet\n1\n'), await imported(house, 'Toplam;Adet\nx;1\n')];
    const [one = '', other = ''] = [first.differences[0]?.id, second.differences[0]?.id];
    expect(await decide(one, 'settle')).toMatchObject({ value: { settled: 2 } });
    for (const decision of ['settle', 'object'] as const)
      expect(await decide(one, decision)).toMatchObject({ kind: 'refused', code: 'STATE_CONFLICT' });
    expect(await decide(other, 'settle')).toMatchObject({ value: { settled: 0 } });
    expect(await corrections()).toHaveLength(2);
    const forced = `INSERT INTO bridge.fee_correction SELECT * FROM bridge.fee_correction LIMIT 1`;
    await expect(house.sql(forced)).rejects.toMatchObject({ code: '23505' });
  });
});

describe('a settlement that is cut off', () => {
  /** An instance that dies when it has written `pages` pages. */
  function failing(pages: number) {
    let left = pages;
    const appliers = FEE_APPLIERS.map((one): EffectApplier => {
      if (one.kind !== 'fee-unknowns-settled') return one;
      return {
        kind: one.kind,
        apply: async (tx, placed) => {
          await one.apply(tx, placed);
          left -= 1;
          if (left < 0) throw new Error('cut off');
        },
      };
    });
    return house.instance(appliers).log;
  }

  it('leaves whole pages or nothing, lets nothing else be decided, and the repeated command ends it the same way', async () => {
    for (let i = 0; i < 3; i += 1) await unknowns(400, `2026-07-1${i}`);
    const { differences, importId } = await imported(house, 'Adet;Tutar\n700;14,00\n');
    const id = differences[0]?.id ?? '';
    await expect(decide(id, 'settle', failing(0))).rejects.toThrow('cut off');
    expect(await corrections()).toHaveLength(0);
    await expect(decide(id, 'settle', failing(1))).rejects.toThrow('cut off');
    expect(await corrections()).toHaveLength(500);
    expect(await readImport(house.test.db, importId)).toMatchObject({ open: 1 });
    expect(await decide(id, 'explained')).toMatchObject({ kind: 'refused', code: 'STATE_CONFLICT' });
    expect(await decide(id, 'settle')).toMatchObject({ value: { settled: 1200 } });
    const all = await corrections();
    expect(all.map(({ counted }) => counted)).toEqual([...Array(700).fill(true), ...Array(500).fill(false)]);
    expect(await entriesOf('fees.unknown-settled')).toHaveLength(1200);
    expect(await entriesOf('fees.difference-decided')).toMatchObject([{ settled: 1200, queries: -500 }]);
    expect(await totals('2026-Q3')).toEqual({ units: 700, amountKurus: 1_400, corrections: 1200 });
  });
});

describe('a difference whose row somebody changed', () => {
  it.each([
    ['place', 'UPDATE bridge.fee_difference SET place = 5'],
    ['class', `UPDATE bridge.fee_difference SET class = 'only-with-us'`],
    ['day', `UPDATE bridge.fee_difference SET day = '2026-07-11'`],
    ['service', `UPDATE bridge.fee_difference SET service = 'Other'`],
    ['count of queries', 'UPDATE bridge.fee_difference SET queries = -2'],
    ['amount', 'UPDATE bridge.fee_difference SET amount_kurus = -4'],
    ['amount, which no bridge writes', 'UPDATE bridge.fee_difference SET amount_kurus = 9223372036854775807'],
    ['number of entries behind', 'UPDATE bridge.fee_difference SET behind = 2'],
    ['account', `UPDATE bridge.fee_import SET account_id = 'ticaret'`],
    ['first day', `UPDATE bridge.fee_import SET from_day = '2026-07-09'`],
    ['last day', `UPDATE bridge.fee_import SET to_day = '2026-07-12'`],
    ['leaf', 'UPDATE bridge.fee_import SET leaf = leaf + 1'],
  ])('is not decided: another %s', async (_what, sql) => {
    await unknowns(3);
    const { differences } = await imported(house, 'Tarih;Adet;Tutar\n10.07.2026;2;0,04\n');
    const [{ id = '' } = {}] = differences;
    await withConnection({ url: house.test.adminUrl, ...TEST_POOL }, (ask) => ask(sql));
    for (const decision of ['settle', 'object'] as const)
      expect(await decide(id, decision)).toEqual({
        kind: 'refused',
        code: 'STATE_CONFLICT',
        message: 'the difference is not what was recorded: run bridge audit check',
      });
    expect(await corrections()).toEqual([]);
  });
});

describe('other decisions', () => {
  it('are one entry each and change nothing of the book', async () => {
    await unknowns(1);
    await house.book({ sentAt: at('2026-07-11') });
    const { differences, importId } = await imported(
      house,
      'Tarih;Adet;Tutar\n10.07.2026;0;0,00\n12.07.2026;1;0,02\n',
    );
    expect(differences.map((one) => one.class)).toEqual([
      'unknown-outcome',
      'only-with-us',
      'only-with-them',
    ]);
    const [unknown = '', ours = '', theirs = ''] = differences.map(({ id }) => id);
    expect(await decide(ours, 'settle')).toMatchObject({ kind: 'refused', code: 'REQUEST_INVALID' });
    for (const decision of ['object', 'accept-theirs', 'explained'] as const)
      expect(await decide(unknown, decision)).toMatchObject({
        kind: 'refused',
        code: 'STATE_CONFLICT',
        message: 'unknown outcomes are settled: --decision settle',
      });
    expect(await decide(ours, 'explained')).toMatchObject({ kind: 'done' });
    expect(await decide(theirs, 'accept-theirs')).toMatchObject({ kind: 'done' });
    expect(await decide(theirs, 'accept-theirs')).toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await corrections()).toEqual([]);
    const view = await readImport(house.test.db, importId);
    expect(view?.of.map(({ decision }) => decision)).toEqual([null, 'explained', 'accept-theirs']);
    expect(view?.open).toBe(1);
  });

  it('are refused to whoever no longer acts, and about nothing', async () => {
    expect(await decide('00000000-0000-4000-8000-000000000000', 'object')).toMatchObject({
      code: 'NOT_FOUND',
    });
    house.acts = false;
    expect(await decide('00000000-0000-4000-8000-000000000000', 'object')).toMatchObject({
      code: 'TOKEN_INVALID',
    });
  });
});
