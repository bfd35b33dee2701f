import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { listBehind } from '../../../src/fees/reconciliation/behind.js';
import { listImports, readDifference, readImport } from '../../../src/fees/reconciliation/list-imports.js';
import { readEntries } from '../../audit/support/log.js';
import { openQuarterHouse, type QuarterHouse, REGISTER } from '../quarter/support/quarter-house.js';
import { imported, Q3, takeIn } from './support/their-figures.js';

const VERIFY = 'TumKutukDogrulaServis';
const at = (day: string, time = '12:00:00.000') => new Date(`${day}T${time}+03:00`);
let house: QuarterHouse;

beforeAll(async () => {
  house = await openQuarterHouse('2026-10-05T06:00:00Z');
  await house.book(
    // Sent a moment before and after the quarter: nobody's business here.
    { sentAt: at('2026-06-30', '23:59:59.999') },
    { sentAt: at('2026-10-01', '00:00:00.000') },
    { sentAt: at('2026-07-01', '00:00:00.000') },
    { sentAt: at('2026-07-01') },
    { sentAt: at('2026-07-01', '23:58:00.000') },
    { sentAt: at('2026-07-01'), result: 'refused', units: 0 },
    { sentAt: at('2026-07-01'), result: 'not-sent', units: 0, sent: false },
    { sentAt: at('2026-07-02'), service: VERIFY },
    { sentAt: at('2026-07-02'), result: 'unknown' },
    { sentAt: at('2026-09-30', '23:59:59.999') },
    { sentAt: at('2026-07-01'), account: 'ticaret', feeClass: 'outside', unitPriceKurus: 0 },
  );
});
afterAll(() => house.close());

const told = (view: Awaited<ReturnType<typeof imported>>) =>
  view.differences.map((one) => [
    one.class,
    one.day,
    one.service,
    one.queries,
    Number(one.amountKurus),
    one.behind,
  ]);

describe('figures that are taken in', () => {
  it('leave no difference where they are the book’s own', async () => {
    const days = 'Tarih;Adet;Tutar\n01.07.2026;3;0,06\n02.07.2026;2;0,04\n30.09.2026;1;0,02\nTOPLAM;6;0,12\n';
    expect(told(await imported(house, days))).toEqual([['unknown-outcome', '2026-07-02', null, 0, 0, 1]]);
    expect(told(await imported(house, 'Adet;Tutar\n6;0,12\n'))).toEqual([
      ['unknown-outcome', null, null, 0, 0, 1],
    ]);
  });

  it('are one entry, and rows that say the same, in one transaction', async () => {
    const before = await house.size();
    const file = `Tarih;Hizmet;Adet;Tutar\n01.07.2026;${REGISTER};2;0,04\n02.07.2026;${REGISTER};2;0,04\n30.09.2026;${REGISTER};1;0,02\n`;
    const { importId, leafIndex } = await imported(house, file);
    expect(leafIndex).toBe(BigInt(before));
    const [entry] = (await readEntries(house.test.db)).slice(before);
    expect(checkLine(entry?.line ?? '').data).toMatchObject({
      account: 'birlik',
      amountKurus: 10,
      detail: 'day-service',
      differences: 4,
      from: '2026-07-01',
      import: importId,
      lines: 3,
      queries: 5,
      to: '2026-09-30',
    });
    const view = await readImport(house.test.db, importId);
    expect(view).toMatchObject({ differences: 4, open: 4, detail: 'day-service' });
    expect(view?.of.map((one) => [one.class, one.day, one.service, one.queries, one.behind])).toEqual([
      ['day-boundary', '2026-07-01', REGISTER, -1, 2],
      ['day-boundary', '2026-07-02', REGISTER, 1, 1],
      ['unknown-outcome', '2026-07-02', REGISTER, 0, 1],
      ['only-with-us', '2026-07-02', VERIFY, -1, 1],
    ]);
    const [sum] = await house.sql<{ lines: bigint }>(
      'SELECT count(*) AS lines FROM bridge.fee_figure WHERE import_id = $1',
      [importId],
    );
    expect(sum?.lines).toBe(3n);
  });

  it('have as many entries behind each difference as it says, in pages', async () => {
    const { differences } = await imported(house, 'Tarih;Adet\n01.07.2026;4\n02.07.2026;0\n30.09.2026;0\n');
    for (const { behind, id } of differences) {
      const difference = await readDifference(house.test.db, id);
      if (difference === null) throw new Error('no difference');
      const found = [];
      let after = null;
      for (;;) {
        const page = await listBehind(house.test.db, difference, 2, after);
        found.push(...page);
        after = page.at(-1) ?? null;
        if (page.length < 2) break;
      }
      expect(found).toHaveLength(behind);
      expect(new Set(found.map(({ query }) => query)).size).toBe(behind);
    }
    expect(differences.map(({ behind, class: name, day }) => [name, day, behind])).toEqual([
      ['only-with-them', '2026-07-01', 1],
      ['unknown-outcome', '2026-07-02', 1],
      ['only-with-us', '2026-07-02', 1],
      ['only-with-us', '2026-09-30', 1],
    ]);
    const [first] = differences;
    const [refused] = await listBehind(
      house.test.db,
      { id: first?.id ?? '', class: 'only-with-them' },
      10,
      null,
    );
    expect(refused).toMatchObject({ result: 'refused', units: 0, settled: null });
  });

  it('count an account outside the fee, and money that it never owes as a matter of the tariff', async () => {
    const verdict = await takeIn(house, 'Adet;Tutar\n1;0,02\n', Q3, 'ticaret');
    expect(verdict).toMatchObject({
      value: { differences: [{ class: 'tariff-differs', queries: 0, amountKurus: 2n }] },
    });
  });

  it('are refused a second time for the same days, with the name of the import; another period is another import', async () => {
    const file = 'Adet\n7\n';
    const { importId } = await imported(house, file);
    const size = await house.size();
    expect(await takeIn(house, file)).toEqual({
      kind: 'refused',
      code: 'STATE_CONFLICT',
      message: `this file was taken in for these days before: import ${importId}`,
    });
    expect(await house.size()).toBe(size);
    expect(await takeIn(house, file, { from: '2026-07-01', to: '2026-08-01' })).toMatchObject({
      kind: 'done',
    });
    expect(await takeIn(house, 'Adet\n8\n')).toMatchObject({ kind: 'done' });
    expect((await listImports(house.test.db, 'birlik', 2)).map(({ to }) => to)).toEqual([
      '2026-09-30',
      '2026-07-31',
    ]);
  });

  it('wait until the period is over and no query of it is under way; whoever no longer acts takes nothing in', async () => {
    const running = { from: '2026-10-05', to: '2026-10-06' };
    expect(await takeIn(house, 'Adet\n0\n', running)).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await takeIn(house, 'Adet\n0\n', { from: '2026-10-04', to: '2026-10-05' })).toMatchObject({
      kind: 'done',
    });
    const id = await house.openQuery(at('2026-09-30'));
    expect(await takeIn(house, 'Adet\n9\n')).toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('under way'),
    });
    await house.endQuery(id);
    house.acts = false;
    expect(await takeIn(house, 'Adet\n9\n')).toMatchObject({ code: 'TOKEN_INVALID' });
    house.acts = true;
  });

  it('cannot be changed by the bridge’s own role', async () => {
    for (const text of ['UPDATE bridge.fee_figure SET queries = 0', 'DELETE FROM bridge.fee_import'])
      await expect(house.sql(text)).rejects.toMatchObject({ code: '42501' });
    expect(await readImport(house.test.db, randomUUID())).toBeNull();
  });
});
