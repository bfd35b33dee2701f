import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../../src/calendar/add-days.js';
import { quarterDays } from '../../../src/calendar/istanbul-day.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { dayText } from '../../../src/pages/formatting.js';
import { typed } from '../support/console-desk.js';
import {
  CLOSABLE,
  errorsOf,
  momentIn,
  partsOf,
  QuarterDesk,
  RUNNING,
  shown,
  tableOf,
} from './quarter-desk.js';

const PARAMS = { quarter: CLOSABLE };
/** The first day on which a notice about the quarter can be dated. */
const DATED = quarterDays(CLOSABLE).to;
const NOTICE = {
  'bildirim-hesap': 'birlik',
  'bildirim-no': 'E-2026/1',
  'bildirim-gun': dayText(DATED).tr,
  'bildirim-sorgu': '1.234',
  'bildirim-tutar': '1.234,56 TL',
};

let quarters: QuarterDesk;
let officer: ConsolePerson;

beforeAll(async () => {
  quarters = await QuarterDesk.open();
  officer = await quarters.finance(1);
  await quarters.book({ sentAt: momentIn(CLOSABLE, 500) }, { sentAt: new Date() });
});
afterAll(() => quarters.close());

const notice = (change: Partial<Record<keyof typeof NOTICE, string>> = {}, quarter = CLOSABLE) =>
  quarters.ask('quarter.notice', officer, { params: { quarter }, fields: typed({ ...NOTICE, ...change }) });
const payment = (fields: Record<string, string>) =>
  quarters.ask('quarter.payment', officer, { params: PARAMS, fields: typed(fields) });
const page422 = (answer: Answer): Page => {
  expect(answer).toMatchObject({ kind: 'page', status: 422 });
  return (answer as { page: Page }).page;
};
const rowsOf = async (table: 'fee_payment') =>
  (await quarters.desk.sql(`SELECT FROM bridge.${table}`)).length;
const notices = () =>
  quarters.desk.sql<{ id: string; number: string; queries: bigint; amount: bigint; dated: string }>(
    'SELECT notice_id AS id, number, queries, amount_kurus AS amount, dated FROM bridge.fee_notice ORDER BY leaf',
  );

describe('the Interior Ministry’s notice', () => {
  it('is kept as it was typed, to the kuruş, and told in the log', async () => {
    expect(await notice()).toEqual({
      kind: 'see-other',
      to: `/konsol/mali/ceyrek/${CLOSABLE}#bildirim`,
      told: 'done',
    });
    expect(await notices()).toEqual([
      expect.objectContaining({ number: 'E-2026/1', queries: 1234n, amount: 123_456n, dated: DATED }),
    ]);
    expect(await quarters.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.notice-recorded',
        data: { account: 'birlik', amountKurus: 123_456, queries: 1234, number: 'E-2026/1', osUser: null },
      },
    ]);
  });

  it('is refused a second time as it is, and corrected under its number by another content', async () => {
    const again = await notice();
    expect(again).toMatchObject({ status: 409, refused: { code: 'STATE_CONFLICT', reason: null } });
    expect(errorsOf((again as { page: Page }).page)).toEqual({
      'bildirim-no': expect.stringContaining('aynı içerikle zaten kayıtlı'),
    });
    await notice({ 'bildirim-tutar': '24,68' });
    const page = await quarters.page('quarter', officer, { params: PARAMS });
    const rows = tableOf(page, 'İçişleri').rows.map((row) => [shown(row[4] ?? ''), shown(row[8] ?? '')]);
    expect(rows).toEqual([
      ['1.234,56 TL', 'sonraki geçerli'],
      ['24,68 TL', 'ödenmedi'],
    ]);
  });

  it.each([
    ['bildirim-hesap', 'yabancı', 'Listeden'],
    ['bildirim-hesap', '', 'Listeden'],
    ['bildirim-no', '', 'doldurun'],
    ['bildirim-no', 'x'.repeat(101), 'En çok 100'],
    ['bildirim-no', '10000000146', 'kimlik numarası'],
    ['bildirim-gun', '31.02.2026', 'Takvimde böyle bir gün yok.'],
    ['bildirim-gun', 'dün', 'Gün olarak okunamadı'],
    ['bildirim-gun', '01.01.2999', 'gelecekte'],
    ['bildirim-gun', dayText(addDays(DATED, -1)).tr, `en erken ${dayText(DATED).tr}.`],
    ['bildirim-sorgu', '-3', 'Eksi olamaz.'],
    ['bildirim-sorgu', '1,5', 'Kesirli'],
    ['bildirim-sorgu', '=1+1', 'Adet değil'],
    ['bildirim-tutar', '-1,00', 'Eksi olamaz.'],
    ['bildirim-tutar', '1.234.56', 'Tutar değil'],
    ['bildirim-tutar', '1,234', 'ikiden çok basamak'],
    ['bildirim-tutar', '1e5', 'Tutar değil'],
    ['bildirim-tutar', '99.999.999.999.999,00', 'Çok büyük.'],
  ] as const)(
    'comes back with what is wrong beside %s where it is %j, and keeps the rest',
    async (field, value, says) => {
      const before = (await notices()).length;
      const page = page422(await notice({ [field]: value }));
      expect(errorsOf(page)).toEqual({ [field]: expect.stringContaining(says) });
      const form = partsOf(page, 'form').find(({ action }) => action.endsWith('/bildirim'));
      const values = Object.fromEntries(
        form?.fields.map((one) => [one.name, 'value' in one ? one.value : null]) ?? [],
      );
      expect(values).toEqual({ ...NOTICE, [field]: value });
      expect((await notices()).length).toBe(before);
    },
  );

  it('shows what was typed as text alone', async () => {
    const page = page422(
      await notice({ 'bildirim-no': '<script>x</script>\u202E', 'bildirim-gun': '"><b>' }),
    );
    const html = quarters.desk.html(page, officer);
    expect(html).not.toContain('<script>x');
    expect(html).not.toContain('"><b>');
  });

  it('is refused while the quarter runs', async () => {
    await expect(notice({}, RUNNING)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    const page = await quarters.page('quarter', officer, { params: { quarter: RUNNING } });
    expect(partsOf(page, 'form').filter(({ action }) => action.endsWith('/bildirim'))).toEqual([]);
  });

  it('is warned about where it counts queries of a paying account and asks for nothing', async () => {
    await notice({ 'bildirim-no': 'E-2026/0', 'bildirim-tutar': '0' });
    const page = await quarters.page('quarter', officer, { params: PARAMS });
    const warned = partsOf(page, 'notice').filter(({ text }) => shown(text).includes('para istemiyor'));
    expect(warned.map(({ list }) => list)).toEqual([['birlik']]);
  });
});

describe('a payment', () => {
  it('is kept to the kuruş under the notice that was chosen, and the page says how much of it is paid', async () => {
    await notice({ 'bildirim-no': 'E-2026/9', 'bildirim-tutar': '10,00' });
    const id = (await notices()).at(-1)?.id ?? '';
    const fields = {
      'odeme-bildirim': id,
      'odeme-dekont': 'D-1',
      'odeme-gun': '02.07.2024',
      'odeme-tutar': '9,99',
    };
    expect(await payment(fields)).toMatchObject({ kind: 'see-other', told: 'done' });
    expect(await quarters.desk.lastEntries(1)).toMatchObject([
      { kind: 'fees.payment-recorded', data: { amountKurus: 999, paidOn: '2024-07-02', reference: 'D-1' } },
    ]);
    const state = async () => {
      const page = await quarters.page('quarter', officer, { params: PARAMS });
      return shown(tableOf(page, 'İçişleri').rows.at(-1)?.[8] ?? '');
    };
    expect(await state()).toBe('eksik ödendi');
    const again = await payment(fields);
    expect(again).toMatchObject({ status: 409, refused: { code: 'STATE_CONFLICT', reason: null } });
    const form = (again as { page: Page }).page;
    expect(errorsOf(form)).toEqual({ 'odeme-dekont': expect.stringContaining('zaten kayıtlı') });
    const typedAgain = partsOf(form, 'form').flatMap((one) => one.fields);
    for (const [name, value] of Object.entries(fields))
      expect(typedAgain.find((one) => one.name === name)).toMatchObject({ value });
    expect(await rowsOf('fee_payment')).toBe(1);
    await payment({ ...fields, 'odeme-dekont': 'D-2', 'odeme-tutar': '0,01' });
    expect(await state()).toBe('ödendi');
    await payment({ ...fields, 'odeme-dekont': 'D-3', 'odeme-tutar': '0,01' });
    expect(await state()).toBe('fazla ödendi');
    const [total] = await quarters.desk.sql<{ sum: bigint }>(
      'SELECT sum(amount_kurus)::bigint FROM bridge.fee_payment',
    );
    const page = await quarters.page('quarter', officer, { params: PARAMS });
    expect(tableOf(page, 'Ödemeler').foot?.[4]).toBe('10,01 TL');
    expect(total?.sum).toBe(1001n);
  });

  it.each([
    ['odeme-bildirim', '00000000-0000-4000-8000-000000000000', 'Listeden'],
    ['odeme-dekont', '', 'doldurun'],
    ['odeme-dekont', 'TC 10000000146', 'kimlik numarası'],
    ['odeme-gun', '01.01.2999', 'gelecekte'],
    ['odeme-tutar', '0', 'sıfırdan büyük'],
    ['odeme-tutar', '1.2', 'Tutar değil'],
  ] as const)('comes back with what is wrong beside %s where it is %j', async (field, value, says) => {
    const id = (await notices()).at(-1)?.id ?? '';
    const fields = {
      'odeme-bildirim': id,
      'odeme-dekont': 'D-9',
      'odeme-gun': '02.07.2024',
      'odeme-tutar': '1',
    };
    const page = page422(await payment({ ...fields, [field]: value }));
    expect(errorsOf(page)).toEqual({ [field]: expect.stringContaining(says) });
  });

  describe('typed under a reference that is recorded', () => {
    const paid = async () => {
      const page = await quarters.page('quarter', officer, { params: PARAMS });
      return tableOf(page, 'Ödemeler');
    };
    const last = async (change: Record<string, string> = {}) => ({
      'odeme-bildirim': (await notices()).at(-1)?.id ?? '',
      'odeme-dekont': 'D-3',
      'odeme-gun': '02.07.2024',
      'odeme-tutar': '0,05',
      ...change,
    });
    const formOf = (page: Page) => partsOf(page, 'form').find(({ action }) => action.endsWith('/odeme'));

    it('comes back once to say which payment it corrects, and records nothing until it is sent again', async () => {
      const before = await rowsOf('fee_payment');
      const page = page422(await payment(await last()));
      expect(errorsOf(page)).toEqual({
        'odeme-dekont': expect.stringContaining('kayıtlı: 0,01 TL, 02.07.2024. Yeniden gönderirseniz'),
      });
      expect(partsOf(page, 'notice').map(({ text }) => shown(text))).toContainEqual(
        expect.stringContaining('düzeltir: 0,01 TL, 02.07.2024.'),
      );
      expect(await rowsOf('fee_payment')).toBe(before);
      const { hidden = {} } = formOf(page) ?? {};
      expect(await payment(await last(hidden))).toMatchObject({ kind: 'see-other', told: 'done' });
      expect(await rowsOf('fee_payment')).toBe(before + 1);
      expect(await quarters.desk.lastEntries(1)).toMatchObject([
        {
          kind: 'fees.payment-recorded',
          data: { amountKurus: 5, reference: 'D-3', replaces: hidden['odeme-duzelt'] },
        },
      ]);
    });

    it('stands corrected on the page: the old one marked and counted no more, the new one with what it corrects', async () => {
      const { foot, rows } = await paid();
      expect(rows.slice(-2).map((row) => [row[3], row[4], shown(row[5] ?? ''), row[6] === ''])).toEqual([
        ['D-3', '0,01 TL', 'düzeltildi, sonraki geçerli', true],
        ['D-3', '0,05 TL', 'geçerli / düzelttiği ödeme: 0,01 TL, 02.07.2024', false],
      ]);
      expect(foot?.[4]).toBe('10,05 TL');
    });

    it('is asked about again where another correction came meanwhile', async () => {
      const stale = { 'odeme-duzelt': '00000000-0000-4000-8000-000000000000', 'odeme-tutar': '0,07' };
      const page = page422(await payment(await last(stale)));
      expect(errorsOf(page)['odeme-dekont']).toContain('kayıtlı: 0,05 TL');
    });

    it('is filled in from the link of its row, and taken back by nothing paid', async () => {
      const link = (await paid()).rows.at(-1)?.[6];
      const { href } = link as { href: string };
      expect(href).toMatch(new RegExp(`^/konsol/mali/ceyrek/${CLOSABLE}\\?duzelt=[0-9a-f-]{36}#odeme$`));
      const query = Object.fromEntries(new URL(href, 'http://localhost').searchParams);
      const page = await quarters.page('quarter', officer, { params: PARAMS, query });
      expect(partsOf(page, 'heading').map(({ id }) => id)).toContain('odeme');
      const form = formOf(page);
      const fields = Object.fromEntries(
        form?.fields.map((one) => [one.name, 'value' in one ? (one.value ?? '') : '']) ?? [],
      );
      expect(fields).toEqual(await last({ 'odeme-tutar': '0,05 TL' }));
      const taken = { ...fields, ...form?.hidden, 'odeme-tutar': '0' };
      expect(await payment(taken)).toMatchObject({ kind: 'see-other' });
      const { foot, rows } = await paid();
      expect(shown(rows.at(-1)?.[5] ?? '')).toBe('geri alındı / düzelttiği ödeme: 0,05 TL, 02.07.2024');
      expect(foot?.[4]).toBe('10,00 TL');
    });

    it('opens as an empty form where the address names a payment that no longer holds', async () => {
      const [first] = await quarters.desk.sql<{ id: string }>(
        "SELECT payment_id AS id FROM bridge.fee_payment WHERE reference = 'D-3' ORDER BY leaf LIMIT 1",
      );
      const query = { duzelt: first?.id ?? '' };
      const form = formOf(await quarters.page('quarter', officer, { params: PARAMS, query }));
      expect([form?.hidden, form?.fields.map((one) => ('value' in one ? one.value : null))]).toEqual([
        undefined,
        ['', '', '', ''],
      ]);
    });
  });

  it('stands in the history of quarters beside what was asked for', async () => {
    const page = await quarters.page('quarters', officer);
    const row = tableOf(page, 'Çeyrekler').rows.find(([cell]) => JSON.stringify(cell).includes(CLOSABLE));
    expect([row?.[5], row?.[6]]).toEqual(['10,00 TL', '10,00 TL']);
  });
});

describe('forms of one page', () => {
  it('have fields with names of their own, since names are the ids that labels point to', async () => {
    const page = await quarters.page('quarter', officer, { params: PARAMS });
    const names = partsOf(page, 'form').flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(10);
  });
});
