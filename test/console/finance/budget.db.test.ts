import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { istanbulQuarter } from '../../../src/calendar/istanbul-day.js';
import { decideLift } from '../../../src/fees/ahead/decide-lift.js';
import { deedPortsOf } from '../../../src/house/deed-ports.js';
import { liftTools } from '../../../src/house/fees/fee-tools.js';
import { pageOf, typed } from '../support/console-desk.js';
import { ACCOUNT, errorsOf, formOf, rowsOf, SettlingDesk, tableOf, valuesOf } from './reconciliation-desk.js';

const quarter = istanbulQuarter(new Date());
const GOOD = { hesap: ACCOUNT, nasil: 'pay', yuzde: '150', gerekce: 'Yıl sonu yoğunluğu' };
let house: SettlingDesk;
beforeEach(async () => {
  house = await SettlingDesk.open();
  await house.desk.sql(
    `INSERT INTO bridge.fee_usage (account_id, quarter, queries, units, amount_kurus) VALUES ('${ACCOUNT}', $1, 450, 450, 900)`,
    [quarter],
  );
});
afterEach(() => house.close());

const lift = (values: Readonly<Record<string, string>>, person = house.first) =>
  house.go('budget.lift', { fields: typed(values) }, person);
const proposals = () =>
  house.desk.sql<{ proposal_id: string; terms: object }>(
    'SELECT proposal_id, terms FROM bridge.proposal ORDER BY proposed_leaf',
  );

describe('budgets', () => {
  it('are shown for each account with how far they are used up, and none is invented', async () => {
    const page = await house.page('budgets');
    const rows = rowsOf(tableOf(page, /Hesapların/));
    expect(rows.map(([account, state]) => [account, state])).toEqual([
      ['birlik / Örnek Birlik', 'Sınıra yakın'],
      ['ticaret / Ticaret Bakanlığı', 'Bütçe yok'],
    ]);
    expect(rows[0]?.[3]).toBe('10,00 TL / %90');
    expect(rows[0]?.[5]).toBe('–');
    expect(rows[0]?.[7]).toBe('%100');
    expect(rows[0]?.[6]).toMatch(/^Henüz yok: |TL/);
    const form = formOf(page, /butce/).fields.find(({ name }) => name === 'hesap');
    expect(form).toMatchObject({ options: [{ value: '' }, { value: ACCOUNT }] });
  });

  it('show that a stop is reached', async () => {
    await house.desk.sql('UPDATE bridge.fee_usage SET amount_kurus = 1000');
    expect(rowsOf(tableOf(await house.page('budgets'), /Hesapların/))[0]?.[1]).toBe('Durduruldu');
  });

  it('are for finance alone', async () => {
    const other = await house.desk.person(9, [{ role: 'administrator' }]);
    for (const id of ['budgets', 'budget.lift', 'tariff', 'tariff.propose', 'agreements'] as const)
      expect(() => house.desk.call(id, other)).toThrow(expect.objectContaining({ code: 'ROLE_REQUIRED' }));
  });
});

describe('lifting a stop', () => {
  it('is a proposal: it changes nothing, waits for a second person, and shows where it is decided', async () => {
    expect(await lift(GOOD)).toEqual({ kind: 'see-other', to: '/konsol/mali/butce', told: 'proposed' });
    const [proposal] = await proposals();
    expect(proposal?.terms).toMatchObject({ account: ACCOUNT, quarter, toPercent: 150 });
    expect(await house.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'proposal.made',
        data: { what: 'fees.stop', subject: `${ACCOUNT}/${quarter}`, reason: GOOD.gerekce, osUser: null },
      },
    ]);
    expect(await house.desk.sql('SELECT 1 FROM bridge.fee_stop_lift')).toEqual([]);
    const table = tableOf(await house.page('budgets'), /kişiyi bekleyen/);
    expect(table.rows[0]?.[0]).toMatchObject({ href: `/konsol/kararlar/${proposal?.proposal_id}` });
    expect(rowsOf(table)[0]?.slice(1, 3)).toEqual([ACCOUNT, '%150']);
  });

  it('approved altogether by a second person stands in the table, and there is nothing left to propose', async () => {
    await lift({ ...GOOD, nasil: 'tamamen', yuzde: '' });
    const [one] = await proposals();
    const ports = deedPortsOf('bridge-1', null, ['finance']);
    const tools = liftTools(house.desk.config, ports);
    const wish = { proposal: one?.proposal_id ?? '', decision: 'approved', reason: null } as const;
    await decideLift(house.desk.log.appender, tools, {
      ...wish,
      officer: house.desk.call('budget.lift', house.second).person.officer,
    });
    expect(rowsOf(tableOf(await house.page('budgets'), /Hesapların/))[0]?.[7]).toBe(
      'Bu çeyrek için kaldırıldı',
    );
    const answer = await lift(GOOD);
    expect(answer).toMatchObject({ status: 409, refused: { code: 'STATE_CONFLICT', reason: null } });
    expect(errorsOf(pageOf(answer))).toEqual({
      hesap: expect.stringContaining('kaldırılacak bir durdurma yok'),
    });
    expect(valuesOf(formOf(pageOf(answer), /butce/))).toEqual(GOOD);
  });

  it('is proposed once: a second proposal about the same is refused', async () => {
    await lift(GOOD);
    const answer = await lift(GOOD, house.second);
    expect(answer).toMatchObject({ status: 409, refused: { code: 'STATE_CONFLICT', reason: null } });
    expect(errorsOf(pageOf(answer))).toEqual({
      hesap: expect.stringContaining('bekleyen bir öneri zaten var'),
    });
    expect(valuesOf(formOf(pageOf(answer), /butce/))).toEqual(GOOD);
    expect(await proposals()).toHaveLength(1);
  });

  it.each([
    [{ hesap: 'ticaret' }, ['hesap']],
    [{ hesap: '' }, ['hesap']],
    [{ nasil: '' }, ['nasil']],
    [{ yuzde: '100' }, ['yuzde']],
    [{ yuzde: '0' }, ['yuzde']],
    [{ yuzde: '-5' }, ['yuzde']],
    [{ yuzde: '1,5' }, ['yuzde']],
    [{ yuzde: '10001' }, ['yuzde']],
    [{ gerekce: '' }, ['gerekce']],
    [{ gerekce: '10000000146 için' }, ['gerekce']],
    [{ gerekce: 'x'.repeat(501), yuzde: 'x' }, ['yuzde', 'gerekce']],
  ])(
    'says what is wrong beside the field, with what was typed, and proposes nothing: %j',
    async (change, fields) => {
      const values = { ...GOOD, ...change };
      const answer = await lift(values);
      expect(answer).toMatchObject({ kind: 'page', status: 422 });
      expect(Object.keys(errorsOf(pageOf(answer)))).toEqual(fields);
      expect(valuesOf(formOf(pageOf(answer), /butce/))).toEqual(values);
      expect(await proposals()).toEqual([]);
    },
  );

  it('with terms that somebody changed is shown as unreadable, harmlessly', async () => {
    await lift(GOOD);
    await house.desk.sql(`UPDATE bridge.proposal SET terms = '{"account":"<script>"}'`);
    const page = await house.page('budgets');
    expect(rowsOf(tableOf(page, /kişiyi bekleyen/))[0]?.[2]).toBe('Okunamıyor');
    expect(house.desk.html(page, house.first)).not.toContain('<script>"');
  });
});
