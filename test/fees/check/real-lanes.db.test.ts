import { afterEach, expect, it } from '@jest/globals';
import { FoundDifference } from '../../../src/audit/check/difference.js';
import type { ReadEntry } from '../../../src/audit/check/line-check.js';
import { recordAnswer } from '../../../src/fees/agreement/record-answer.js';
import { recordRequest } from '../../../src/fees/agreement/record-request.js';
import { decideLift } from '../../../src/fees/ahead/decide-lift.js';
import { proposeLift } from '../../../src/fees/ahead/propose-lift.js';
import { FEE_CHECKS } from '../../../src/fees/check/fee-checks.js';
import { kurus } from '../../../src/fees/kurus.js';
import { decideDifference } from '../../../src/fees/reconciliation/decide-difference.js';
import { recordNotice } from '../../../src/fees/reconciliation/record-notice.js';
import { recordPayment } from '../../../src/fees/reconciliation/record-payment.js';
import { decideTariff } from '../../../src/fees/tariff/decide-tariff.js';
import { proposeTariff } from '../../../src/fees/tariff/propose-tariff.js';
import { doneValue } from '../../../src/proposals/verdict.js';
import type { Database } from '../../../src/storage/database.js';
import { readEntries, readHead } from '../../audit/support/log.js';
import { type Desk, openDesk } from '../../proposals/support/desk.js';
import { officerOf, openQuarterHouse, type QuarterHouse } from '../quarter/support/quarter-house.js';
import { FINANCE, imported, portsOf } from '../reconciliation/support/their-figures.js';

let house: QuarterHouse | Desk | null = null;
afterEach(async () => {
  await house?.close();
  house = null;
});

/** What the checks of the fee say of a database, without those of the log itself; the sentences, or the first difference. */
async function checked(db: Database): Promise<readonly string[]> {
  const entries = (await readEntries(db)).map(({ leaf_hash: hash, line }, i): ReadEntry => {
    const { at, data, id, kind, sealed } = JSON.parse(line);
    return { leaf: BigInt(i), hash, line, id, kind, at, data, sealed };
  });
  const { size } = await readHead(db);
  return db.transaction(
    async (tx) => {
      const checks = [];
      for (const open of FEE_CHECKS) checks.push(await open(tx));
      try {
        for (const check of checks) await check.take({ from: 0n, end: size, entries });
        const passed: string[] = [];
        for (const check of checks) passed.push(await check.finish(size));
        return passed;
      } catch (error) {
        if (error instanceof FoundDifference) return [JSON.stringify(error.difference.text)];
        throw error;
      }
    },
    { begin: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY' },
  );
}

it('what the lanes of figures, notices, payments and closing write passes the check', async () => {
  const at = new Date('2026-07-10T09:00:00.000Z');
  const open = await openQuarterHouse('2026-10-05T06:00:00Z');
  house = open;
  await open.book(
    ...['unknown', 'unknown', 'unknown', 'match', 'not-found'].map((result) => ({ sentAt: at, result })),
    { sentAt: at, account: 'ticaret', feeClass: 'outside' as const, unitPriceKurus: 0 },
  );
  const settle = async (file: string) => {
    const { differences } = await imported(open, file);
    for (const { class: kind, id } of differences) {
      const decision = kind === 'unknown-outcome' ? 'settle' : 'object';
      doneValue(
        await decideDifference(
          open.log,
          { difference: id, decision, note: 'n', officer: FINANCE },
          portsOf(open),
        ),
      );
    }
  };
  await settle('Tarih;Adet;Tutar\n10.07.2026;3;0,06\n11.07.2026;1;0,02\n');
  await settle('Tarih;Adet\n10.07.2026;9\n');
  doneValue(await open.freeze('2026-Q3', FINANCE));
  doneValue(await open.decide('2026-Q3', officerOf(2), 'refused'));
  await open.book({ sentAt: at, result: 'unknown' }, { sentAt: at });
  doneValue(await open.freeze('2026-Q3', FINANCE));
  doneValue(await open.decide('2026-Q3', officerOf(2)));
  await settle('Adet;Tutar\n5;0,10\n');
  doneValue(await open.seal('2026-Q3', FINANCE));
  await open.book({ sentAt: at, result: 'unknown' }, { sentAt: at });
  const notice = { account: 'birlik', quarter: '2026-Q3', number: 'N-1', dated: '2026-10-04', queries: 3 };
  doneValue(
    await recordNotice(open.log, { ...notice, amountKurus: kurus(6), officer: FINANCE }, portsOf(open)),
  );
  const payment = {
    account: 'birlik',
    quarter: '2026-Q3',
    noticeNumber: 'N-1',
    reference: 'D-1',
    paidOn: '2026-10-05',
  };
  // Recorded too high, corrected, taken back, and recorded again.
  for (const amount of [60, 6, 0, 6])
    doneValue(
      await recordPayment(
        open.log,
        { ...payment, amountKurus: kurus(amount), officer: FINANCE },
        portsOf(open),
      ),
    );
  const passed = await checked(open.test.db);
  expect(passed).toHaveLength(FEE_CHECKS.length);
  expect(passed[2]).toMatch(/^[4-9] corrections name unknown outcomes/);
  expect(passed.at(-1)).toBe(
    '1 quarters stand where the log left them; 1 kept statements say what the book gives',
  );
});

it('what the lanes of the tariff, stops and agreements write passes the check', async () => {
  const desk = await openDesk('2026-11-22T09:00:00.000Z');
  house = desk;
  const [first, second] = [await desk.officer(80), await desk.officer(81)];
  const service = 'BilesikKutukSorgulaKimlikNoServis';
  const tariff = {
    tariff: [
      {
        ...{ id: 'rg-31168', from: '2020-06-27', amountKurus: 3, basis: 'per-input-datum' as const },
        ...{ service: null, gazette: 'RG 31168' },
      },
    ],
    inputs: [{ service, version: '2024/04/01', inputs: 2 }],
    agreed: [{ name: service, version: '2024/04/01' }],
    hours: 72,
    ports: desk.ports,
  };
  const wish = { row: 'rg-31168', from: '2027-01-01', reason: null, officer: first };
  const withdrawn = doneValue(await proposeTariff(desk.log, tariff, wish));
  const decide = (proposal: string, decision: 'approved' | 'withdrawn') =>
    decideTariff(desk.log, tariff, {
      ...{ proposal, decision, reason: null, officer: decision === 'approved' ? second : first },
    });
  doneValue(await decide(withdrawn.proposal, 'withdrawn'));
  doneValue(await decide(doneValue(await proposeTariff(desk.log, tariff, wish)).proposal, 'approved'));
  const budget = { quarterKurus: 1000, quarterQueries: null, stopAtPercent: 100 };
  const lifts = { accounts: [{ id: 'ticaret', budget }], hours: 24, ports: desk.ports };
  const lift = doneValue(
    await proposeLift(desk.log, lifts, { account: 'ticaret', toPercent: 120, reason: null, officer: first }),
  );
  doneValue(
    await decideLift(desk.log, lifts, {
      ...{ proposal: lift.proposal, decision: 'approved', reason: null, officer: second },
    }),
  );
  const agreement = { services: [service], validFrom: '2026-01-01', validUntil: '2026-12-31' };
  const persons = {
    administrativeUser: { name: 'Birinci Kişi', email: 'birinci@example.org' },
    technicalUser: { name: 'İkinci Kişi', email: 'ikinci@example.org' },
  };
  const accounts = [
    {
      ...{ id: 'birlik', institution: 'Örnek Birlik', feeClass: 'paying' as const, feeClassChanges: [] },
      ...{ staticIp: '192.0.2.1', ...persons, agreement },
    },
  ];
  const { request } = doneValue(
    await recordRequest(
      desk.log,
      { ...desk.ports, accounts, services: [service, 'TumKutukDogrulaServis'] },
      {
        ...{ account: 'birlik', kind: 'service', wanted: 'TumKutukDogrulaServis', documentNo: 'E-2026/77' },
        ...{ requestedOn: '2026-11-20', officer: first },
      },
    ),
  );
  const answer = { request, decision: 'granted', decidedOn: '2026-11-22', officer: first } as const;
  doneValue(await recordAnswer(desk.log, desk.ports, answer));
  const passed = await checked(desk.test.db);
  expect(passed[0]).toMatch(/^3 rows of the tariff are those that were put in force/);
  // Three proposals, a lifted stop, a request with its answer.
  expect(passed[1]).toBe('5 records of the fee are what the log says');
  expect(passed).toHaveLength(FEE_CHECKS.length);
});
