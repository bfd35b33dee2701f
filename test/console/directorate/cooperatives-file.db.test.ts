import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../src/console/frame/call.js';
import { dayText } from '../../../src/pages/formatting.js';
import { digitsOf } from '../../audit/support/parts.js';
import { bytesOf, readCsv, readSheets } from '../../fees/export/support/read-back.js';
import { pageOf } from '../support/console-desk.js';
import { AreaDesk, BOARD, day, FAR, OTHER_MINISTRY, OWN, rowsOf, SECOND } from './support.js';

const HOSTILE = [
  '<script>alert(1)</script>',
  '=HYPERLINK("x")',
  '+SUM(A1)',
  '\u202eFİTAREPOOK',
  `${'Ü'.repeat(300)}`,
];
const TITLES = [
  ...['Ünvan', 'MERSİS no', 'Tür', 'İl', 'Durum', 'MERSİS okuması', 'İlgili bakanlık', 'Okumanın güncelliği'],
  ...['Katıldığı kooperatif', 'Sıfat', 'Kişi', 'Görev süresi', 'Tescil', 'Neden', 'Gazete', 'Temsil şekli'],
];

let area: AreaDesk;
let people: Awaited<ReturnType<AreaDesk['people']>>;
beforeAll(async () => {
  area = await AreaDesk.open();
  await area.world();
  people = await area.people();
});
afterAll(() => area.close());

type Asked = Readonly<Record<string, string>>;

const ask = (format: string, query: Asked = {}, person = people.own): Promise<Answer> => {
  const { desk, handlers } = area;
  return handlers['cooperatives.file'](desk.call('cooperatives.file', person, { params: { format }, query }));
};
async function file(format: string, query: Asked = {}, person = people.own) {
  const answer = await ask(format, query, person);
  if (answer.kind !== 'file') throw new Error(answer.kind);
  return { ...answer, body: answer.body as Readable };
}
const csv = async (query: Asked = {}, person = people.own) =>
  readCsv((await file('csv', query, person)).body);
const size = async () =>
  Number((await area.desk.sql<{ n: string }>('SELECT size AS n FROM bridge.log_head'))[0]?.n);

describe('the file of cooperatives and those who may act', () => {
  it('says of each cooperative and person what the list and its page say, as CSV and as XLSX', async () => {
    const records = await csv();
    expect(Object.keys(records[0] ?? {})).toEqual(TITLES);
    expect(records.map((one) => [one['MERSİS no'], one.Kişi])).toEqual([
      [OWN, '*** (1)'],
      [OWN, '*** (2)'],
    ]);
    expect(records[0]).toMatchObject({
      ...{ Ünvan: 'S.S. ÖRNEK KOOPERATİFİ', Tür: 'Tüketim', İl: 'Ankara', Durum: 'Faal' },
      ...{
        'İlgili bakanlık': 'Ticaret Bakanlığı',
        'Okumanın güncelliği': 'Güncel',
        Sıfat: 'Yönetim kurulu üyesi',
      },
      ...{ 'Görev süresi': '01.01.2025 tarihinden itibaren', Tescil: '05.01.2025', Gazete: '–' },
    });
    expect(records[0]?.Neden).toContain('Yönetmelik m.10');
    const call = area.desk.call('cooperative', people.own, { params: { mersisNo: OWN } });
    const page = rowsOf(pageOf(await area.handlers.cooperative(call)).parts, 'Adına işlem yapabilenler');
    expect(records.map((one) => one.Kişi)).toEqual(page.map(([, person]) => person));
    const sheet = (await readSheets((await file('xlsx')).body)).get('Kooperatifler') ?? [];
    const head = sheet.findIndex(([title]) => title === 'Ünvan');
    expect(sheet.slice(0, head).map(([name]) => name)).toEqual(['Görev alanı', 'Kişiler', 'Hazırlandı']);
    expect(sheet[0]?.[1]).toBe('Ticaret Bakanlığı, Ankara');
    expect(sheet.slice(head).map((row) => TITLES.map((_, i) => row[i] ?? ''))).toEqual([
      TITLES,
      ...records.map((one) => TITLES.map((title) => one[title])),
    ]);
  });

  it('has a row for a cooperative for which nobody acts, and of one that merged the persons of the other', async () => {
    await area.read('0700000000000017', { unvan: 'KİMSESİZ', il: 'Rize', seats: [] });
    await area.read('0700000001000017', { unvan: 'ASIL', il: 'Rize', seats: [area.seat(BOARD)] });
    const merged = { durum: 'birleşme', successor: '0700000001000017', seats: [] } as const;
    await area.read('0700000002000017', { unvan: 'BİRLEŞEN', il: 'Rize', ...merged });
    await area.read(
      '0700000003000017',
      { unvan: 'ESKİ OKUMA', il: 'Rize' },
      new Date(Date.now() - 400 * 3_600_000),
    );
    const said = (await csv({ il: 'Rize' }, people.central)).map((one) => [
      ...[one.Ünvan, one.Durum, one['Katıldığı kooperatif'], one.Kişi, one.Neden?.split(';')[0]],
    ]);
    expect(said).toEqual([
      ['ASIL', 'Faal', '', '*** (1)', 'Yetki vardır.'],
      ['BİRLEŞEN', 'Birleşmiş', '0700000001000017', '*** (1)', 'Yetki vardır.'],
      ['ESKİ OKUMA', 'Faal', '', '*** (1)', expect.stringContaining('çok eski')],
      ['ESKİ OKUMA', 'Faal', '', '*** (2)', expect.stringContaining('çok eski')],
      ['KİMSESİZ', 'Faal', '', '', 'Bugün hiç kimse bu kooperatif adına işlem yapamaz.'],
    ]);
  });

  it('tells of nobody that the same person acts at two cooperatives, and holds no number of anybody', async () => {
    await area.read('0710000000000017', { il: 'Sinop', seats: [area.seat(BOARD), area.seat(SECOND)] });
    await area.read('0710000001000017', { il: 'Sinop', seats: [area.seat(SECOND)] });
    const records = await csv({ il: 'Sinop' }, people.central);
    expect(records.map((one) => [one['MERSİS no'], one.Kişi]).sort()).toEqual([
      ['0710000000000017', '*** (1)'],
      ['0710000000000017', '*** (2)'],
      ['0710000001000017', '*** (1)'],
    ]);
    for (const format of ['csv', 'xlsx']) {
      const bytes = await bytesOf((await file(format, {}, people.central)).body);
      for (const n of [BOARD, SECOND]) expect(bytes.includes(digitsOf(n))).toBe(false);
      expect(bytes.includes(area.tag(BOARD).toString('hex'))).toBe(false);
    }
  });

  it('is of the own area and the filter of the list alone, whatever is asked for', async () => {
    const numbers = async (query: Asked, person = people.own) =>
      new Set((await csv(query, person)).map((one) => one['MERSİS no']));
    expect(await numbers({})).toEqual(new Set([OWN]));
    expect(await numbers({}, people.far)).toEqual(new Set([FAR]));
    for (const query of [{ mersis: FAR }, { il: 'İzmir' }, { mersis: OTHER_MINISTRY }])
      expect(await numbers(query)).toEqual(new Set());
    expect(await numbers({ mersis: FAR }, people.central)).toEqual(new Set([FAR]));
    expect([...(await numbers({}, people.central))]).not.toContain(OTHER_MINISTRY);
    // The place of the list's next page is none of the file's.
    expect(await numbers({ sonra: OWN })).toEqual(new Set([OWN]));
  });

  it('has every cooperative of a long list once, in its order', async () => {
    for (let i = 0; i < 120; i += 1)
      await area.read(`0720000${String(i).padStart(3, '0')}000017`, {
        ...{ unvan: i < 60 ? 'AYNI AD' : `BAŞKA ${i}`, il: 'Konya', seats: [] },
      });
    const records = await csv({ il: 'Konya' }, people.central);
    const numbers = records.map((one) => one['MERSİS no']);
    expect([numbers.length, new Set(numbers).size]).toEqual([120, 120]);
    expect(records.slice(0, 60).every((one) => one.Ünvan === 'AYNI AD')).toBe(true);
    expect(numbers.slice(0, 60)).toEqual([...numbers.slice(0, 60)].sort());
  });

  it('holds hostile names harmlessly', async () => {
    for (const [i, unvan] of HOSTILE.entries())
      await area.read(`073000000${i}000017`, {
        ...{ unvan, il: 'Van' },
        seats: [area.seat(BOARD, { gazette: unvan, representation: unvan })],
      });
    const records = await csv({ il: 'Van' }, people.central);
    expect(records).toHaveLength(HOSTILE.length);
    for (const one of records)
      for (const cell of Object.values(one)) expect(cell).not.toMatch(/^[=+@-]|[\u202e\r\n]/);
    expect(records.map((one) => one.Ünvan)).toContain('\'=HYPERLINK("x")');
    const bytes = await bytesOf((await file('xlsx', { il: 'Van' }, people.central)).body);
    const sheet = (await readSheets([bytes] as never)).get('Kooperatifler') ?? [];
    // A text cell holds it as it is: no spreadsheet takes that for a formula.
    expect(sheet.map(([name]) => name)).toContain('=HYPERLINK("x")');
  });

  it('is one entry that says so and in what form; a filter that is wrong, or a form that there is not, is none', async () => {
    const before = await size();
    const { mediaType, name, body } = await file('xlsx');
    await bytesOf(body);
    expect([name, mediaType]).toEqual([
      expect.stringMatching(/^kooperatifler-\d{4}-\d{2}-\d{2}\.xlsx$/),
      expect.stringContaining('spreadsheetml'),
    ]);
    expect(await size()).toBe(before + 1);
    const [entry] = await area.desk.lastEntries(1);
    expect(entry).toMatchObject({
      kind: 'console.opened',
      data: { page: 'cooperatives.file', about: 'xlsx', actor: { session: people.own.session.sessionId } },
    });
    for (const query of [{ mersis: digitsOf(1) }, { unvan: 'x'.repeat(301) }]) {
      const answer = await ask('csv', query);
      expect([answer.kind, answer.kind === 'page' ? answer.status : null]).toEqual(['page', 422]);
    }
    for (const format of ['pdf', 'json', 'x', ''])
      await expect(ask(format)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await size()).toBe(before + 1);
  });

  it('lies behind links of the list that keep its filter, and is for nobody without the role', async () => {
    const { desk, handlers } = area;
    const query = { unvan: 'S.S. Ö', durum: 'faal', kimse: '1', sonra: OWN };
    const page = pageOf(await handlers.cooperatives(desk.call('cooperatives', people.own, { query })));
    const links = page.parts.find(({ part }) => part === 'links');
    expect(links?.part === 'links' ? links.links.map(({ href }) => href) : []).toEqual(
      ['xlsx', 'csv'].map(
        (format) => `/konsol/mudurluk/kooperatifler/dosya/${format}?unvan=S.S.+%C3%96&durum=faal&kimse=1`,
      ),
    );
    expect(() => desk.call('cooperatives.file', people.nobody)).toThrow('ROLE_REQUIRED');
  });

  it('says of a term that ends the day on which it does', async () => {
    const endsOn = day(100);
    await area.read('0740000000000017', { il: 'Bolu', seats: [area.seat(BOARD, { endsOn })] });
    const [one] = await csv({ il: 'Bolu' }, people.central);
    expect(one?.['Görev süresi']).toBe(`01.01.2025 – ${dayText(endsOn).tr}`);
  });
});
