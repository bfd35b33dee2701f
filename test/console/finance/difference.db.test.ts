import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foldLines } from '../../../src/fees/book/fold.js';
import type { DifferenceClass } from '../../../src/fees/reconciliation/classify.js';
import { readImport } from '../../../src/fees/reconciliation/list-imports.js';
import { pageOf, typed } from '../support/console-desk.js';
import {
  ACCOUNT,
  errorsOf,
  factsOf,
  formOf,
  REGISTER,
  rowsOf,
  SettlingDesk,
  tableOf,
  valuesOf,
} from './reconciliation-desk.js';

let house: SettlingDesk;
let importId: string;
const ids = new Map<DifferenceClass, string>();
beforeAll(async () => {
  house = await SettlingDesk.open();
  await house.book(
    ...Array.from({ length: 60 }, (_, n) => ({
      day: '2024-01-10',
      time: `10:${String(n).padStart(2, '0')}:00`,
    })),
    { day: '2024-01-11', result: 'unknown' },
    { day: '2024-01-11', result: 'unknown', time: '13:00:00' },
    { day: '2024-01-12', result: 'refused', units: 0 },
    { day: '2024-01-13' },
    { day: '2024-01-14', time: '23:59:00' },
    { day: '2024-01-16' },
  );
  await foldLines(house.desk.test.db);
  importId = await house.takenIn(
    'Tarih;Adet;Tutar\n10.01.2024;0;0\n11.01.2024;1;0,02\n12.01.2024;1;0,02\n13.01.2024;1;0,07\n15.01.2024;1;0,02\n16.01.2024;1;0,03\n',
  );
  const view = await readImport(house.desk.test.db, importId);
  for (const one of view?.of ?? []) if (!ids.has(one.class)) ids.set(one.class, one.id);
});
afterAll(() => house.close());

const paramsOf = (of: DifferenceClass) => ({ import: importId, difference: ids.get(of) ?? '' });
const decide = (of: DifferenceClass, values: Readonly<Record<string, string>>, person = house.first) =>
  house.go('difference.decide', { params: paramsOf(of), fields: typed(values) }, person);
const stateOf = async (of: DifferenceClass) =>
  (
    await house.desk.sql<{ decision: string | null }>(
      'SELECT decision FROM bridge.fee_difference WHERE difference_id = $1',
      [ids.get(of)],
    )
  )[0]?.decision;

describe('a difference', () => {
  it('is of every class in this file', () => {
    expect([...ids.keys()].sort()).toEqual([
      ...['day-boundary', 'only-with-them', 'only-with-us', 'rounding', 'tariff-differs', 'unknown-outcome'],
    ]);
  });

  it('is shown with the entries behind it in pages, after an entry that says so', async () => {
    const params = paramsOf('only-with-us');
    const first = await house.page('difference.show', { params });
    expect(await house.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.read',
        data: {
          ...{ account: ACCOUNT, client: 'konsol', detail: 'entries', format: 'text', osUser: null },
          ...{ from: '2024-01-01', to: '2024-04-01', revealed: false, reason: null },
          actor: { session: house.first.session.sessionId },
        },
      },
    ]);
    expect(factsOf(first)).toMatchObject({
      ...{ Tür: 'Yalnız bizde', Gün: '10.01.2024', 'Adet farkı': '-60', 'Tutar farkı': '-1,20 TL' },
      ...{ 'Arkasındaki kayıt': '60', Karar: 'Karar bekliyor' },
    });
    const pager = first.parts.find(({ part }) => part === 'pager') as { next: string };
    const sonra = pager.next.split('sonra=')[1] ?? '';
    const second = await house.page('difference.show', { params, query: { sonra } });
    const shown = [first, second].map((page) => rowsOf(tableOf(page, /Gönderilme sırasıyla/)));
    expect(shown.map(({ length }) => length)).toEqual([50, 10]);
    expect(shown[0]?.[0]).toEqual([
      ...['10.01.2024 10:00', expect.any(String), '0', REGISTER, 'eşleşti', '1', '–'],
    ]);
    const booked = await house.desk.sql<{ id: string }>(
      `SELECT query_id AS id FROM bridge.fee_line WHERE sent_at < '2024-01-11' ORDER BY sent_at`,
    );
    expect(shown.flat().map(([, query]) => query)).toEqual(booked.map(({ id }) => id));
  });

  it.each(['x', '1.x', '99999999999999999.00000000-0000-0000-0000-000000000000', "1.' OR 1=1"])(
    'begins at the first entry for a cursor that is none: %j',
    async (sonra) => {
      const page = await house.page('difference.show', {
        params: paramsOf('unknown-outcome'),
        query: { sonra },
      });
      expect(rowsOf(tableOf(page, /Gönderilme sırasıyla/))).toHaveLength(2);
    },
  );

  it('of another import, or none, is not found, and nothing is told about it', async () => {
    const other = await house.takenIn('Adet\n1\n');
    const difference = ids.get('rounding') ?? '';
    const before = (await house.counts()).entry;
    for (const params of [
      { import: other, difference },
      { import: importId, difference: importId },
      { import: 'x', difference },
      { import: importId, difference: '10000000146' },
    ])
      for (const id of ['difference.show', 'difference.decide'] as const)
        await expect(house.go(id, { params })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await house.counts()).entry).toBe(before);
  });

  it('offers the decisions of its class alone', async () => {
    const offered = async (of: DifferenceClass) => {
      const page = await house.page('difference.show', { params: paramsOf(of) });
      const field = formOf(page, /fark/).fields.find(({ name }) => name === 'karar');
      return field !== undefined && 'options' in field ? field.options.map(({ value }) => value) : [];
    };
    expect(await offered('unknown-outcome')).toEqual(['settle']);
    expect(await offered('only-with-them')).toEqual(['accept-theirs', 'object', 'explained']);
  });
});

describe('a decision', () => {
  it.each([
    [{ karar: '', not: 'neden' }, ['karar']],
    [{ karar: 'settle', not: 'neden' }, ['karar']],
    [{ karar: 'object', not: '' }, ['not']],
    [{ karar: 'object', not: 'x'.repeat(501) }, ['not']],
    [{ karar: 'object', not: 'kişi 10000000146' }, ['not']],
    [{ karar: '<script>', not: '' }, ['karar', 'not']],
  ])('that is wrong is said beside its fields, and decides nothing: %j', async (values, fields) => {
    const answer = await decide('only-with-them', values);
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    expect(Object.keys(errorsOf(pageOf(answer)))).toEqual(fields);
    expect(valuesOf(formOf(pageOf(answer), /fark/))).toEqual(values);
    expect(await stateOf('only-with-them')).toBeNull();
  });

  it('of unknown outcomes is none but to settle them', async () => {
    const answer = await decide('unknown-outcome', { karar: 'accept-theirs', not: 'x' });
    expect(Object.keys(errorsOf(pageOf(answer)))).toEqual(['karar']);
    expect(await stateOf('unknown-outcome')).toBeNull();
  });

  it.each([
    ['accept-theirs', 'rounding'],
    ['object', 'only-with-them'],
    ['explained', 'day-boundary'],
  ] as const)('%s is recorded once, with its note; again it is refused', async (karar, of) => {
    const not = `Mutabakat: ${karar} <b>`;
    expect(await decide(of, { karar, not })).toEqual({
      ...{ kind: 'see-other', to: `/konsol/mali/mutabakat/${importId}`, told: 'done' },
    });
    expect(await stateOf(of)).toBe(karar);
    expect(await house.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.difference-decided',
        data: {
          class: of,
          decision: karar,
          difference: ids.get(of),
          import: importId,
          note: not,
          settled: 0,
          osUser: null,
        },
      },
    ]);
    const size = (await house.counts()).entry;
    await expect(decide(of, { karar, not }, house.second)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect((await house.counts()).entry).toBe(size);
    const page = await house.page('difference.show', { params: paramsOf(of) });
    expect(page.parts.some(({ part }) => part === 'form')).toBe(false);
  });

  it('to settle follows their count: one of two is not counted, and the book has a line for each', async () => {
    await decide('unknown-outcome', { karar: 'settle', not: 'Onların sayısı 1' });
    const [one, two, decided] = await house.desk.lastEntries(3);
    expect([one?.kind, two?.kind, decided?.kind]).toEqual([
      ...['fees.unknown-settled', 'fees.unknown-settled', 'fees.difference-decided'],
    ]);
    expect(decided?.data).toMatchObject({ decision: 'settle', settled: 2 });
    const rows = await house.desk.sql<{ counted: boolean }>(
      'SELECT counted FROM bridge.fee_correction ORDER BY counted',
    );
    expect(rows).toEqual([{ counted: false }, { counted: true }]);
    const page = await house.page('difference.show', { params: paramsOf('unknown-outcome') });
    expect(rowsOf(tableOf(page, /Gönderilme sırasıyla/)).map((row) => row.at(-1))).toEqual([
      'Sayıldı',
      'Sayılmadı',
    ]);
  });

  it('is refused where the role was taken away meanwhile', async () => {
    const gone = await house.desk.person(10, [{ role: 'finance' }]);
    await house.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [gone.officer.tag]);
    await expect(decide('tariff-differs', { karar: 'object', not: 'x' }, gone)).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
    });
    expect(await stateOf('tariff-differs')).toBeNull();
  });

  it('shows in the import how many are left', async () => {
    const page = await house.page('reconciliation.show', { params: { import: importId } });
    const [left] = await house.desk.sql<{ n: bigint; open: bigint }>(
      'SELECT count(*) AS n, count(*) FILTER (WHERE decision IS NULL) AS open FROM bridge.fee_difference WHERE import_id = $1',
      [importId],
    );
    expect(factsOf(page).Durum).toBe(`${left?.n} fark, ${left?.open} karar bekliyor`);
  });
});
