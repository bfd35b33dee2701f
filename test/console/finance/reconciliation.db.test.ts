import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeXlsx } from 'hucre/xlsx';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { withStepFirst } from '../../../src/console/frame/step-first.js';
import { foldLines } from '../../../src/fees/book/fold.js';
import { readImport } from '../../../src/fees/reconciliation/list-imports.js';
import { previewFigures, readFiguresFile } from '../../../src/fees/reconciliation/take-in.js';
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
  textOf,
  VERIFY,
  valuesOf,
} from './reconciliation-desk.js';

const GOOD = 'Tarih;Adet;Tutar\n10.01.2024;2;0,04\n11.01.2024;0;0,00\n12.01.2024;1;0,03\nTOPLAM;3;0,07\n';
let house: SettlingDesk;
beforeAll(async () => {
  house = await SettlingDesk.open();
  await house.book(
    { day: '2024-01-10' },
    { day: '2024-01-10', result: 'mismatch', time: '13:00:00' },
    { day: '2024-01-11', result: 'unknown' },
  );
  await foldLines(house.desk.test.db);
});
afterAll(() => house.close());

const imports = async () =>
  Number((await house.desk.sql<{ n: bigint }>('SELECT count(*) AS n FROM bridge.fee_import'))[0]?.n);
const looks = async () =>
  Number((await house.desk.sql<{ n: bigint }>('SELECT count(*) AS n FROM bridge.console_look'))[0]?.n);

describe('the form for a file', () => {
  const shown = async (person: ConsolePerson) => {
    const page = await house.page('reconciliation', {}, person);
    const asked: string[] = [];
    const isMissing = (operation: string) => {
      asked.push(operation);
      return !person.steppedUp;
    };
    return { page, asked, framed: withStepFirst(page, isMissing, '/adim') };
  };
  const offered = (page: Page) =>
    page.parts.flatMap((part) => (part.part === 'notice' && part.link ? [part.link.href] : []));

  it('opens once the second step was given, so that no file is chosen in vain, and the list is there before it', async () => {
    const weak = await house.desk.person(9, [{ role: 'finance' }], { steppedUp: false });
    const { asked, framed, page } = await shown(weak);
    expect(asked).toEqual(['fees.decide']);
    expect(framed.parts.some((part) => part.part === 'form' && part.upload === true)).toBe(false);
    expect([framed.parts[0]?.part, offered(framed)]).toEqual(['notice', ['/adim']]);
    expect(tableOf(framed, /İçe alınan/)).toBe(tableOf(page, /İçe alınan/));
  });

  it('is the page as it is where the step is there, and the file goes through at once', async () => {
    const { framed, page } = await shown(house.first);
    expect(framed).toBe(page);
    expect(await house.upload(GOOD)).toMatchObject({
      kind: 'see-other',
      to: expect.stringContaining('/onizleme/'),
    });
  });
});

describe('a file of figures that is uploaded', () => {
  it('is shown side by side with the book, with each class that would come, and changes no table but what the session keeps', async () => {
    const before = await house.counts();
    const look = await house.look(GOOD);
    const page = await house.page('reconciliation.preview', { params: { look } });
    expect(await house.counts()).toEqual({ ...before, console_look: (before.console_look ?? 0) + 1 });
    expect(factsOf(page)).toMatchObject({
      Dosya: 'nvi.csv',
      Hesap: ACCOUNT,
      Dönem: '01.01.2024 – 31.03.2024',
      Satır: '3',
      'Dosyadaki sorgu': '3',
      'Dosyadaki tutar': '0,07 TL',
    });
    const places = tableOf(page, /onlar ve biz/);
    expect(rowsOf(places)).toEqual([
      ['10.01.2024', 'her hizmet', '2', '2', '0', '0,04 TL', '0,04 TL', '0,00 TL'],
      ['11.01.2024', 'her hizmet', '0', '1', '-1', '0,00 TL', '0,02 TL', '-0,02 TL'],
      ['12.01.2024', 'her hizmet', '1', '0', '+1', '0,03 TL', '0,00 TL', '+0,03 TL'],
    ]);
    expect(places.foot?.map(textOf)).toEqual(['Toplam', '', '3', '3', '0', '0,07 TL', '0,06 TL', '+0,01 TL']);
    const classes = tableOf(page, /Türüne göre/);
    expect(rowsOf(classes)).toEqual([
      ['Sonucu bilinmeyenler', '1', '-1', '-0,02 TL'],
      ['Yalnız onlarda', '1', '+1', '+0,03 TL'],
    ]);
    expect(classes.foot?.map(textOf)).toEqual(['Toplam', '2', '0', '+0,01 TL']);
    expect(formOf(page, /onizleme/).action).toBe(`/konsol/mali/mutabakat/onizleme/${look}`);
  });

  it('is taken in as it was previewed: the same differences, one entry, and the look is gone', async () => {
    const wish = {
      ...{ days: { from: '2024-01-01', to: '2024-04-01' }, columns: {}, separator: null, sheet: null },
      services: new Map<string, string>(),
    };
    const read = await readFiguresFile('x.csv', Buffer.from(GOOD), wish);
    if (!read.ok) throw new Error('read');
    const file = { account: ACCOUNT, days: wish.days, figures: read.figures };
    const { differences } = await previewFigures(house.desk.test.db, file);
    const look = await house.look(GOOD);
    const kept = await looks();
    const answer = await house.go('reconciliation.import', { params: { look } });
    const id = answer.kind === 'see-other' ? (answer.to.split('/').at(-1) ?? '') : '';
    expect(answer).toEqual({ kind: 'see-other', to: `/konsol/mali/mutabakat/${id}`, told: 'done' });
    expect(await looks()).toBe(kept - 1);
    const taken = await readImport(house.desk.test.db, id);
    expect(taken?.of.map(({ decision: _d, id: _i, importId: _m, place: _p, ...one }) => one)).toEqual(
      differences,
    );
    const [entry] = await house.desk.lastEntries(1);
    expect(entry).toMatchObject({
      kind: 'fees.figures-imported',
      data: {
        ...{
          account: ACCOUNT,
          amountKurus: 7,
          detail: 'day',
          differences: 2,
          import: id,
          lines: 3,
          queries: 3,
        },
        ...{ from: '2024-01-01', to: '2024-03-31', osUser: null },
        actor: { session: house.first.session.sessionId },
      },
    });
    await expect(house.go('reconciliation.import', { params: { look } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is taken in once: uploaded again it is said to be known, and taking it in is refused', async () => {
    const count = await imports();
    const look = await house.look(GOOD);
    const page = await house.page('reconciliation.preview', { params: { look } });
    expect(page.parts.some(({ part }) => part === 'form')).toBe(false);
    expect(JSON.stringify(page)).toContain('daha önce alındı');
    const again = () => house.go('reconciliation.import', { params: { look } });
    await expect(again()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(again()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await imports()).toBe(count);
  });

  it('belongs to the session that uploaded it, and a look that is none is not found', async () => {
    const look = await house.look('Adet\n3\n');
    for (const id of ['reconciliation.preview', 'reconciliation.import'] as const) {
      await expect(house.go(id, { params: { look } }, house.second)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(house.go(id, { params: { look: "x' OR 1=1" } })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });

  it('waits where a query of the period is under way, and is still there afterwards', async () => {
    const look = await house.look('Adet\n4\n');
    await house.desk.sql(
      `INSERT INTO bridge.identity_query (query_id, client_id, account_id, actor_tag, sent_at, deadline, intent_leaf, guess_key, guess_window)
       VALUES (gen_random_uuid(), 'core', '${ACCOUNT}', decode(repeat('07', 16), 'hex'), '2024-02-01', '2024-02-01', 0, '\\x00', '2024-02-01')`,
    );
    const taking = () => house.go('reconciliation.import', { params: { look } });
    await expect(taking()).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await house.desk.sql(`UPDATE bridge.identity_query SET state = 'unknown', outcome_leaf = 0`);
    expect((await taking()).kind).toBe('see-other');
  });

  it('is read by columns, separator, sheet and names of services that were given', async () => {
    const csv = 'g,s,n,t\n2024-01-10,Kimlik Doğrulama,3,"0,06"\n2024-01-11,Kütük,1,"0,02"\n';
    const look = await house.look(csv, {
      ...{ ayirici: ',', 'sutun-gun': 'G', 'sutun-hizmet': 'S', 'sutun-adet': 'N', 'sutun-tutar': 'T' },
      ...{ 'hizmet-0': 'Kütük; Kütük 2', 'hizmet-1': 'Kimlik Doğrulama' },
    });
    const page = await house.page('reconciliation.preview', { params: { look } });
    const rows = rowsOf(tableOf(page, /onlar ve biz/)).map(([day, service, theirs]) => [
      day,
      service,
      theirs,
    ]);
    expect(rows).toEqual([
      ['10.01.2024', REGISTER, '0'],
      ['10.01.2024', VERIFY, '3'],
      ['11.01.2024', REGISTER, '1'],
    ]);
    const sheets = [
      { name: 'Not', rows: [['x']] },
      { name: 'Sorgular', rows: [['Adet'], [7]] },
    ];
    const book = Buffer.from(await writeXlsx({ sheets }));
    const other = await house.look(book, { sayfa: 'Sorgular' }, 'nvi.xlsx');
    const shown = await house.page('reconciliation.preview', { params: { look: other } });
    expect(factsOf(shown)).toMatchObject({ 'Dosyadaki sorgu': '7', 'Dosyadaki tutar': '–' });
  });

  it('of sixty days shows fifty of them, the sum of all, and how many more there are', async () => {
    const days = Array.from({ length: 60 }, (_, i) =>
      new Date(Date.UTC(2024, 0, 20 + i)).toISOString().slice(0, 10),
    );
    const look = await house.look(`Tarih;Adet\n${days.map((day) => `${day};1\n`).join('')}`);
    const page = await house.page('reconciliation.preview', { params: { look } });
    const table = tableOf(page, /onlar ve biz/);
    expect(table.rows).toHaveLength(50);
    // Two more days stand in the book alone.
    expect(table.foot?.map(textOf).slice(2, 5)).toEqual(['60', '3', '+57']);
    expect(JSON.stringify(page)).toContain('12 satır daha var');
  });
});

describe('a bad file is refused beside its field, and nothing is kept of it', () => {
  const DAY = 'Tarih;Adet;Tutar\n';
  it.each([
    [
      'Windows-1254',
      Buffer.from('Tarih;Adet\n2024-01-10;1\n2024-01-11;\xfe\xf0\n', 'latin1'),
      {},
      /^Satır 3: dosya UTF-8 değil \(Windows-1254/,
    ],
    ['UTF-16', Buffer.from([0xff, 0xfe, 0x41, 0]), {}, /^Satır 1: dosya UTF-16/],
    [
      'a separator that it has not',
      Buffer.from(`${DAY}2024-01-10;1;0,02\n`),
      { ayirici: ',' },
      /^Satır 1: ayırıcı “,” değil: “;” gibi/,
    ],
    ['bars between cells', Buffer.from('Tarih|Adet\n2024-01-10|1\n'), {}, /^Satır 1: ayırıcı:/],
    [
      'a day of another period',
      Buffer.from(`${DAY}2024-04-01;1;0,02\n`),
      {},
      /^Satır 2: gün istenen dönemin dışında \(\d{2}\.\d{2}\.\d{4} ve sonrası, \d{2}\.\d{2}\.\d{4} öncesi\)/,
    ],
    ['a service that is unknown', Buffer.from('Hizmet;Adet\nGizli;1\n'), {}, /^Satır 2: hizmet bilinmiyor/],
    ['a negative count', Buffer.from(`${DAY}2024-01-10;-1;0,02\n`), {}, /^Satır 2: Adet: eksi olamaz\.$/],
    [
      'three decimals',
      Buffer.from(`${DAY}2024-01-10;1;0,023\n`),
      {},
      /^Satır 2: Tutar: virgülden sonra ikiden çok/,
    ],
    [
      'a sum that is none',
      Buffer.from(`${DAY}2024-01-10;1;0,02\nTOPLAM;2;0,02\n`),
      {},
      /^Satır 3: bu satırdaki adet/,
    ],
    ['nothing in it', Buffer.alloc(0), {}, /^İçinde hiçbir şey yok\.$/],
    ['no column of counts', Buffer.from('Tarih\n2024-01-10\n'), {}, /^Satır 1: sorgu adedi için sütun yok/],
    ['a formula', null, {}, /^Satır 2: Adet: formül/],
  ])('%s', async (_name, bytes, values, message) => {
    const before = await house.counts();
    const cells = new Map([['1,0', { type: 'formula' as const, value: 5, formula: '2+3' }]]);
    const formula = () => writeXlsx({ sheets: [{ name: 'S', rows: [['Adet'], [5]], cells }] });
    const file = bytes ?? Buffer.from(await formula());
    const answer = await house.upload(file, values, bytes === null ? 'a.xlsx' : 'a.csv');
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    const page = pageOf(answer);
    expect(errorsOf(page)).toEqual({ dosya: expect.stringMatching(message) });
    // Told once: there is no list of faults beside it.
    expect(page.parts.filter(({ part }) => part === 'notice')).toEqual([]);
    expect(valuesOf(formOf(page, /mutabakat$/))).toMatchObject({
      hesap: ACCOUNT,
      ilk: '2024-01-01',
      ...values,
    });
    expect(await house.counts()).toEqual(before);
  });

  it('text under the name of a workbook, a workbook that is cut off, and too many bytes', async () => {
    expect(errorsOf(pageOf(await house.upload('Adet\n1\n', {}, 'a.xlsx'))).dosya).toMatch(
      /XLSX dosyası değil/,
    );
    const book = Buffer.from(await writeXlsx({ sheets: [{ name: 'S', rows: [['Adet'], [7]] }] }));
    expect(errorsOf(pageOf(await house.upload(book.subarray(0, 300), {}, 'a.xlsx'))).dosya).toMatch(
      /tam bir çalışma/,
    );
    expect(errorsOf(pageOf(await house.upload(Buffer.alloc(20_971_521, 0x20)))).dosya).toMatch(/uzun/);
  });

  it('with every fault by its line, in the language of who reads, and no word of the command line', async () => {
    const page = pageOf(await house.upload(`Tarih;Adet\n${'x;y\n'.repeat(15)}`));
    const html = house.desk.html(page, house.first, 'en');
    expect(html).toContain('Line 2: day is not a day');
    expect(html).toContain('and 10 more');
    const unknown = house.desk.html(pageOf(await house.upload('Hizmet;Adet\nx;1\n')), house.first, 'en');
    expect(unknown).toContain('service is not known: map its name with the form');
    expect(unknown).not.toContain('--');
  });

  it('and never repeats a cell, whatever stands in it', async () => {
    const cell = '10000000146';
    const hostile = `<script>alert(1)</script>`;
    const page = pageOf(await house.upload(`Tarih;Hizmet;Adet\n${cell};${hostile};=cmd|${cell}\n`));
    const html = house.desk.html(page, house.first);
    expect(html).not.toContain(cell);
    expect(html).not.toContain('alert(1)');
  });
});

describe('the form of a file', () => {
  it.each([
    [{ hesap: 'yok' }, 'hesap'],
    [{ hesap: '<script>' }, 'hesap'],
    [{ ilk: '2024-02-30' }, 'ilk'],
    [{ ilk: '' }, 'ilk'],
    [{ son: 'x' }, 'son'],
    [{ son: '2023-12-31' }, 'son'],
    [{ son: '2025-06-01' }, 'son'],
    [{ son: '2999-01-01', ilk: '2998-12-01' }, 'son'],
    [{ ayirici: '|' }, 'ayirici'],
    [{ sayfa: 'x'.repeat(201) }, 'sayfa'],
    [{ 'sutun-adet': 'x'.repeat(201) }, 'sutun-adet'],
    [{ 'hizmet-1': 'x'.repeat(1001) }, 'hizmet-1'],
  ])('says what is wrong beside the field, with what was typed: %j', async (values, field) => {
    const answer = await house.upload(GOOD, values);
    expect(answer).toMatchObject({ kind: 'page', status: 422 });
    expect(Object.keys(errorsOf(pageOf(answer)))).toEqual([field]);
    expect(valuesOf(formOf(pageOf(answer), /mutabakat$/))).toMatchObject(values);
  });

  it('without a file says so', async () => {
    const fields = typed({ hesap: ACCOUNT, ilk: '2024-01-01', son: '2024-03-31' });
    const page = pageOf(await house.go('reconciliation.upload', { fields }));
    expect(errorsOf(page)).toEqual({ dosya: 'Bir dosya seçin.' });
  });

  it('offers the quarter that ended last and every account', async () => {
    const form = formOf(
      await house.page('reconciliation', { at: new Date('2026-11-22T09:00:00Z') }),
      /mutabakat$/,
    );
    expect(valuesOf(form)).toMatchObject({ ilk: '2026-07-01', son: '2026-09-30' });
    const accounts = form.fields.find(({ name }) => name === 'hesap');
    expect(accounts).toMatchObject({
      options: [{ value: '' }, { value: 'ticaret' }, { value: ACCOUNT }],
    });
  });

  it('shows hostile names harmlessly', async () => {
    const name = '<script>alert(1)</script>\u202Egpj.csv';
    const look = await house.look('Adet\n5\n', {}, name);
    const preview = house.desk.html(
      await house.page('reconciliation.preview', { params: { look } }),
      house.first,
    );
    expect(preview).toContain('&lt;script&gt;');
    expect(preview).not.toContain('<script>alert');
    const typedAgain = pageOf(await house.upload('x', { sayfa: '"><script>alert(2)</script>' }));
    expect(house.desk.html(typedAgain, house.first)).not.toContain('<script>alert(2)');
  });
});

describe('imports', () => {
  it('are listed the newest first, in pages that do not jump', async () => {
    for (let n = 100; n < 127; n += 1) await house.takenIn(`Adet\n${n}\n`);
    const page = await house.page('reconciliation');
    const table = tableOf(page, /İçe alınan/);
    expect(table.rows).toHaveLength(25);
    const pager = page.parts.find(({ part }) => part === 'pager') as { next: string } | undefined;
    const once = pager?.next.split('once=')[1] ?? '';
    await house.takenIn('Adet\n500\n');
    const second = await house.page('reconciliation', { query: { once } });
    const ids = [...table.rows, ...tableOf(second, /İçe alınan/).rows].map(
      ([cell]) => (cell as { href: string }).href,
    );
    expect(new Set(ids).size).toBe(ids.length);
    const rows = await house.desk.sql<{ id: string }>(
      'SELECT import_id AS id FROM bridge.fee_import ORDER BY leaf DESC',
    );
    expect(ids).toEqual(rows.slice(1).map(({ id }) => `/konsol/mali/mutabakat/${id}`));
  });

  it('show both sums, classes that add up to the whole, and each difference', async () => {
    const id = await house.takenIn(
      'Tarih;Adet;Tutar\n10.01.2024;1;0,02\n11.01.2024;0;0,00\n12.01.2024;5;0,10\n',
    );
    const page = await house.page('reconciliation.show', { params: { import: id } });
    const sums = tableOf(page, /Toplamlar/);
    expect(rowsOf(sums)).toEqual([
      ['Onlar', '6', '0,12 TL'],
      ['Biz (dosya alındığında)', '3', '0,06 TL'],
    ]);
    expect(sums.foot?.map(textOf)).toEqual(['Fark', '+3', '+0,06 TL']);
    const classes = tableOf(page, /Türüne göre/);
    expect(rowsOf(classes)).toEqual([
      ['Sonucu bilinmeyenler', '1', '-1', '-0,02 TL', '1'],
      ['Yalnız bizde', '1', '-1', '-0,02 TL', '1'],
      ['Yalnız onlarda', '1', '+5', '+0,10 TL', '1'],
    ]);
    expect(classes.foot?.map(textOf)).toEqual(['Toplam', '3', '+3', '+0,06 TL', '3']);
    expect(rowsOf(tableOf(page, /^Farklar/)).map(([name, , , , , , state]) => [name, state])).toEqual([
      ['Yalnız bizde', 'Karar bekliyor'],
      ['Sonucu bilinmeyenler', 'Karar bekliyor'],
      ['Yalnız onlarda', 'Karar bekliyor'],
    ]);
    const some = await house.page('reconciliation.show', {
      ...{ params: { import: id }, query: { sinif: 'only-with-us' } },
    });
    expect(rowsOf(tableOf(some, /^Farklar/))).toHaveLength(1);
  });

  it('of many differences are shown in pages that hold each once', async () => {
    const days = Array.from({ length: 60 }, (_, i) =>
      new Date(Date.UTC(2024, 1, 1 + i)).toISOString().slice(0, 10),
    );
    const file = `Tarih;Adet\n${days.map((day) => `${day};1\n`).join('')}`;
    const id = await house.takenIn(file, { ilk: '2024-02-01', son: '2024-03-31' });
    const first = await house.page('reconciliation.show', { params: { import: id } });
    const pager = first.parts.find(({ part }) => part === 'pager') as { next: string };
    const query = { sonra: /sonra=(\d+)/.exec(pager.next)?.[1] ?? '' };
    const second = await house.page('reconciliation.show', { params: { import: id }, query });
    const shown = [first, second].map((page) => rowsOf(tableOf(page, /^Farklar/)).map(([, day]) => day));
    expect(shown.map(({ length }) => length)).toEqual([50, 10]);
    expect(new Set(shown.flat()).size).toBe(60);
  });

  it.each(['', 'x', '00000000-0000-0000-0000-000000000000', '10000000146'])(
    'are not found under %j',
    async (id) => {
      await expect(house.go('reconciliation.show', { params: { import: id } })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    },
  );

  it('are for finance alone', async () => {
    const others = await house.desk.person(9, [{ role: 'administrator' }, { role: 'security-officer' }]);
    for (const id of [
      'reconciliation',
      'reconciliation.upload',
      'reconciliation.import',
      'difference.decide',
    ] as const)
      expect(() => house.desk.call(id, others)).toThrow(expect.objectContaining({ code: 'ROLE_REQUIRED' }));
  });

  it('of a person who lost the role meanwhile are not taken in', async () => {
    const gone = await house.desk.person(10, [{ role: 'finance' }]);
    const look = (await house.upload('Adet\n77\n', {}, 'a.csv', gone)) as { to: string };
    await house.desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [gone.officer.tag]);
    const params = { look: look.to.split('/').at(-1) ?? '' };
    await expect(house.go('reconciliation.import', { params }, gone)).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
    });
  });
});
