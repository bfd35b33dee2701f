import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays } from '../../../src/calendar/add-days.js';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
import { decideTariff } from '../../../src/fees/tariff/decide-tariff.js';
import { deedPortsOf } from '../../../src/house/deed-ports.js';
import { tariffTools } from '../../../src/house/fees/fee-tools.js';
import { dayText } from '../../../src/pages/formatting.js';
import { pageOf, typed } from '../support/console-desk.js';
import { errorsOf, formOf, rowsOf, SettlingDesk, tableOf, valuesOf } from './reconciliation-desk.js';

const NEXT_MONTH = addDays(istanbulDay(new Date()), 30);
let house: SettlingDesk;
let row2020: string;
beforeEach(async () => {
  house = await SettlingDesk.open();
  row2020 = house.desk.config.fees.tariff.find(({ from }) => from.startsWith('2020'))?.id ?? '';
});
afterEach(() => house.close());

const good = () => ({ satir: row2020, gun: NEXT_MONTH, gerekce: 'NVİ’nin 2026/811 sayılı yazısı' });
const propose = (values: Readonly<Record<string, string>>, person = house.first) =>
  house.go('tariff.propose', { fields: typed(values) }, person);
const proposals = () => house.desk.sql<{ id: string }>('SELECT proposal_id AS id FROM bridge.proposal');

describe('the tariff', () => {
  it('shows the three rows that are known, which is in force, and says plainly that that of 2020 is not', async () => {
    const page = await house.page('tariff');
    expect(
      rowsOf(tableOf(page, /satırları/)).map(([id, state, price, basis]) => [id, state, price, basis]),
    ).toEqual([
      [expect.any(String), '21.09.2006 gününden sonra etkindi', '0,01 TL', 'sorgu başına'],
      [expect.any(String), 'Etkin (07.11.2009 gününden beri)', '0,02 TL', 'sorgu başına'],
      [row2020, 'Yüklü, etkin değil', '0,03 TL', 'girdi verisi başına'],
    ]);
    expect(house.desk.html(page, house.first)).toContain('2020 satırı yüklü, etkin değil');
    expect(rowsOf(tableOf(page, /Hangi günden/)).map(([day]) => day)).toEqual(['07.11.2009', '21.09.2006']);
  });

  it('is switched by a proposal that waits, and changes nothing until a second person approves it', async () => {
    expect(await propose(good())).toEqual({ kind: 'see-other', to: '/konsol/mali/tarife', told: 'proposed' });
    const [proposal] = await proposals();
    expect(await house.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'proposal.made',
        data: { what: 'fees.tariff', subject: row2020, reason: good().gerekce, osUser: null },
      },
    ]);
    const page = await house.page('tariff');
    expect(rowsOf(tableOf(page, /satırları/))[2]?.[1]).toBe('Yüklü, etkin değil');
    const waiting = tableOf(page, /kişiyi bekleyen/);
    expect(waiting.rows[0]?.[0]).toMatchObject({ href: `/konsol/kararlar/${proposal?.id}` });
    expect(rowsOf(waiting)[0]?.slice(1, 3)).toEqual([row2020, dayText(NEXT_MONTH).tr]);

    const tools = tariffTools(house.desk.config, deedPortsOf('bridge-1', null, ['finance']));
    const wish = { proposal: proposal?.id ?? '', decision: 'approved', reason: null } as const;
    await decideTariff(house.desk.log.appender, tools, {
      ...wish,
      officer: house.desk.call('budget.lift', house.second).person.officer,
    });
    const after = await house.page('tariff');
    expect(rowsOf(tableOf(after, /satırları/))[2]?.[1]).toBe(`${dayText(NEXT_MONTH).tr} günü etkin olacak`);
    expect(house.desk.html(after, house.first)).not.toContain('yüklü, etkin değil');
    expect(rowsOf(tableOf(after, /Hangi günden/))[0]?.slice(0, 2)).toEqual([dayText(NEXT_MONTH).tr, row2020]);
  });

  it('is proposed once at a time', async () => {
    await propose(good());
    await expect(propose(good(), house.second)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await proposals()).toHaveLength(1);
  });

  it.each([
    [{ satir: 'yok' }, { satir: /Listeden/ }],
    [{ satir: '<script>alert(1)</script>' }, { satir: /Listeden/ }],
    [{ gun: '' }, { gun: /gün seçin/ }],
    [{ gun: '2026-02-31' }, { gun: /gün seçin/ }],
    [{ gun: istanbulDay(new Date()) }, { gun: /en erken yarın etkin olur; bugün \d{2}\.\d{2}\.\d{4}/ }],
    [{ gun: '2999-01-01' }, { gun: /en çok 2 yıl/ }],
    [{ gerekce: '' }, { gerekce: /doldurun/ }],
    [{ gerekce: '10000000146' }, { gerekce: /kimlik numarası/ }],
    [
      { gun: 'x', gerekce: 'y'.repeat(501) },
      { gun: /gün seçin/, gerekce: /500/ },
    ],
  ])(
    'says what is wrong beside the field, with what was typed, and proposes nothing: %j',
    async (change, errors) => {
      const values = { ...good(), ...change };
      const answer = await propose(values);
      expect(answer).toMatchObject({ kind: 'page', status: 422 });
      const wanted = Object.entries(errors).map(([name, text]) => [name, expect.stringMatching(text)]);
      expect(errorsOf(pageOf(answer))).toEqual(Object.fromEntries(wanted));
      expect(valuesOf(formOf(pageOf(answer), /tarife/))).toEqual(values);
      expect(house.desk.html(pageOf(answer), house.first)).not.toContain('<script>alert');
      expect(await proposals()).toEqual([]);
    },
  );

  it('says beside the row that it is in force already', async () => {
    const satir = house.desk.config.fees.tariff.find(({ from }) => from.startsWith('2009'))?.id ?? '';
    const answer = await propose({ ...good(), satir });
    expect(errorsOf(pageOf(answer))).toEqual({ satir: 'bu satır o gün zaten yürürlükte.' });
  });
});
