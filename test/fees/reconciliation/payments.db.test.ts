import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kurus } from '../../../src/fees/kurus.js';
import { quarterDocument } from '../../../src/fees/quarter/quarter-document.js';
import { paidKurus, readPayments } from '../../../src/fees/quarter/read-notices.js';
import { recordNotice } from '../../../src/fees/reconciliation/record-notice.js';
import { recordPayment } from '../../../src/fees/reconciliation/record-payment.js';
import { doneValue, type Verdict } from '../../../src/proposals/verdict.js';
import { readEntries } from '../../audit/support/log.js';
import { officerOf, openQuarterHouse, type QuarterHouse } from '../quarter/support/quarter-house.js';
import { FINANCE, portsOf } from './support/their-figures.js';

const QUARTER = '2026-Q3';

let house: QuarterHouse;
beforeAll(async () => {
  house = await openQuarterHouse('2026-10-20T09:00:00Z');
  await house.book({ sentAt: new Date('2026-07-10T09:00:00Z') });
});
afterAll(() => house.close());

function notice(number: string, amount = 100, dated = '2026-10-05') {
  const about = { account: 'birlik', quarter: QUARTER, number, dated, queries: 50 };
  return recordNotice(house.log, { ...about, amountKurus: kurus(amount), officer: FINANCE }, portsOf(house));
}

function pay(noticeNumber: string, amount: number, paidOn = '2026-10-12', reference = 'D-1', by = house) {
  const about = { account: 'birlik', quarter: QUARTER, noticeNumber, reference, paidOn };
  const wish = { ...about, amountKurus: kurus(amount), officer: officerOf(1) };
  return recordPayment(by.log, wish, portsOf(house));
}

const codeOf = (verdict: Verdict<unknown>) => (verdict.kind === 'refused' ? verdict.code : verdict.kind);
async function paymentsOf(number: string) {
  const { notices, payments } = await house.view(QUARTER);
  const rows = notices.filter((one) => one.number === number).map((one) => one.notice);
  return payments.filter((one) => rows.includes(one.notice));
}
const inDocument = async () =>
  quarterDocument(await house.view(QUARTER)).accounts.flatMap(({ payments }) =>
    payments.map(({ amountKurus, paidOn, reference }) => [reference, paidOn, amountKurus]),
  );
async function lastEntry() {
  const line = (await readEntries(house.test.db)).at(-1)?.line ?? '{}';
  return JSON.parse(line) as { kind: string; data: Record<string, unknown> };
}

describe('a payment that was recorded wrongly', () => {
  it('is corrected by its reference: a new row that holds beside the old one, and an entry that names it', async () => {
    doneValue(await notice('A-1'));
    const wrong = doneValue(await pay('A-1', 1000));
    expect(wrong).toMatchObject({ replaces: null, askedKurus: 100n, paidKurus: 1000n });
    const right = doneValue(await pay('A-1', 100));
    expect(right).toMatchObject({
      replaces: { payment: wrong.payment, paidOn: '2026-10-12', amountKurus: 1000n },
      paidKurus: 100n,
    });
    expect(await lastEntry()).toMatchObject({
      kind: 'fees.payment-recorded',
      data: { amountKurus: 100, payment: right.payment, reference: 'D-1', replaces: wrong.payment },
    });
    const rows = await paymentsOf('A-1');
    expect(rows.map(({ amountKurus, holds, replaces }) => [amountKurus, holds, replaces])).toEqual([
      [1000n, false, null],
      [100n, true, wrong.payment],
    ]);
    expect(paidKurus(rows)).toBe(100n);
    expect(await inDocument()).toEqual([['D-1', '2026-10-12', 100]]);
  });

  it('is corrected in its day alone too, and again, each time naming the one that held', async () => {
    const [, before] = await paymentsOf('A-1');
    const { payment, replaces } = doneValue(await pay('A-1', 100, '2026-10-13'));
    expect(replaces?.payment).toBe(before?.payment);
    expect(doneValue(await pay('A-1', 90, '2026-10-13')).replaces?.payment).toBe(payment);
    expect(paidKurus(await paymentsOf('A-1'))).toBe(90n);
  });

  it('is refused exactly as it is recorded, and nothing is written', async () => {
    const size = await house.size();
    expect(codeOf(await pay('A-1', 90, '2026-10-13'))).toBe('STATE_CONFLICT');
    expect(await house.size()).toBe(size);
    expect(await paymentsOf('A-1')).toHaveLength(4);
  });

  it('is found under the number of a notice that was itself corrected meanwhile', async () => {
    doneValue(await notice('A-1', 95));
    const done = doneValue(await pay('A-1', 95, '2026-10-13'));
    expect(done).toMatchObject({ replaces: { amountKurus: 90n }, askedKurus: 95n, paidKurus: 95n });
    expect(await inDocument()).toEqual([['D-1', '2026-10-13', 95]]);
  });

  it('is left alone by the same reference under another notice, and by another reference', async () => {
    doneValue(await notice('A-2'));
    expect(doneValue(await pay('A-2', 5)).replaces).toBeNull();
    expect(doneValue(await pay('A-2', 7, '2026-10-12', 'D-2'))).toMatchObject({
      replaces: null,
      paidKurus: 12n,
    });
    expect(paidKurus(await readPayments(house.test.db, QUARTER))).toBe(95n + 12n);
  });
});

describe('a payment that was not ours', () => {
  it('is taken back by nothing paid under its reference, counts nowhere, and is taken back once', async () => {
    doneValue(await notice('B-1'));
    doneValue(await pay('B-1', 100));
    expect(doneValue(await pay('B-1', 0))).toMatchObject({ replaces: { amountKurus: 100n }, paidKurus: 0n });
    expect(paidKurus(await paymentsOf('B-1'))).toBe(0n);
    expect((await paymentsOf('B-1')).map(({ amountKurus, holds }) => [amountKurus, holds])).toEqual([
      [100n, false],
      [0n, true],
    ]);
    expect((await inDocument()).filter(([, , amount]) => amount === 0)).toEqual([]);
    expect(codeOf(await pay('B-1', 0, '2026-10-14'))).toBe('STATE_CONFLICT');
  });

  it('and is recorded anew under the same reference where that was a slip', async () => {
    expect(doneValue(await pay('B-1', 60))).toMatchObject({ replaces: { amountKurus: 0n }, paidKurus: 60n });
  });

  it('cannot be nothing where there is nothing to take back, by the rule and by the table', async () => {
    expect(codeOf(await pay('B-1', 0, '2026-10-12', 'D-9'))).toBe('REQUEST_INVALID');
    expect(codeOf(await pay('B-1', -1))).toBe('REQUEST_INVALID');
    const [row] = await paymentsOf('B-1');
    const insert = `INSERT INTO bridge.fee_payment VALUES (gen_random_uuid(), $1, 'D-9', '2026-10-12', 0, NULL, 1)`;
    await expect(house.sql(insert, [row?.notice])).rejects.toMatchObject({ code: '23514' });
  });
});

describe('two corrections of one payment at the same time', () => {
  it('stand in a row, each naming the one before it: one holds, whichever process wrote it', async () => {
    doneValue(await notice('C-1'));
    const first = doneValue(await pay('C-1', 100));
    const other = { ...house, ...house.instance() };
    const amounts = [1, 2, 3, 4, 5, 6];
    const done = await Promise.all(
      amounts.map((amount) => pay('C-1', amount, '2026-10-12', 'D-1', amount % 2 === 0 ? house : other)),
    );
    const inOrder = done.map(doneValue).sort((a, b) => Number(a.leafIndex - b.leafIndex));
    expect(inOrder.map(({ replaces }) => replaces?.payment)).toEqual([
      first.payment,
      ...inOrder.slice(0, -1).map(({ payment }) => payment),
    ]);
    const holding = (await paymentsOf('C-1')).filter(({ holds }) => holds);
    expect(holding.map(({ payment }) => payment)).toEqual([inOrder.at(-1)?.payment]);
    expect(inOrder.at(-1)?.paidKurus).toBe(holding[0]?.amountKurus);
  });

  it('could not both replace the same row even beside the log', async () => {
    const [row] = await paymentsOf('C-1');
    const insert = `INSERT INTO bridge.fee_payment VALUES (gen_random_uuid(), $1, 'D-1', '2026-10-12', 8, $2, 1)`;
    await expect(house.sql(insert, [row?.notice, row?.payment])).rejects.toMatchObject({
      code: '23505',
    });
  });
});

describe('the day of a notice', () => {
  it.each([
    ['before the quarter', '2026-06-30', 'REQUEST_INVALID'],
    ['inside it', '2026-08-15', 'REQUEST_INVALID'],
    ['on its last day', '2026-09-30', 'REQUEST_INVALID'],
    ['on the first day after it', '2026-10-01', 'done'],
    ['today', '2026-10-20', 'done'],
    ['tomorrow', '2026-10-21', 'REQUEST_INVALID'],
  ])('%s is judged by what has happened', async (name, dated, code) => {
    expect(codeOf(await notice(`E-${name}`, 100, dated))).toBe(code);
  });
});
