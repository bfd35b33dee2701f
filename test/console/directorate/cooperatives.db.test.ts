import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cell } from '../../../src/console/frame/parts.js';
import { Refusal } from '../../../src/errors/refusal.js';
import { digitsOf } from '../../audit/support/parts.js';
import { pageOf } from '../support/console-desk.js';
import { AreaDesk, BOARD, FAR, OTHER_MINISTRY, OWN, partsOf, rowsOf, SECOND, UNKNOWN } from './support.js';

const HOSTILE = [
  '<script>alert(1)</script> KOOPERATİFİ',
  '\u202eFİTAREPOOK',
  '=HYPERLINK("x")',
  `UZUN ${'Ü'.repeat(290)}`,
];

let area: AreaDesk;
let people: Awaited<ReturnType<AreaDesk['people']>>;
beforeAll(async () => {
  area = await AreaDesk.open();
  await area.world();
  people = await area.people();
});
afterAll(() => area.close());

const list = async (query: Record<string, string> = {}, person = people.own) => {
  const { desk, handlers } = area;
  const answer = await handlers.cooperatives(desk.call('cooperatives', person, { query }));
  return { status: answer.kind === 'page' ? (answer.status ?? 200) : 303, page: pageOf(answer) };
};
const names = ({ page }: Awaited<ReturnType<typeof list>>) =>
  rowsOf(page.parts, 'Kooperatifler').map(([cell]) => (cell as { text: string }).text);
const numbers = ({ page }: Awaited<ReturnType<typeof list>>) =>
  rowsOf(page.parts, 'Kooperatifler').map(([, cell]) => cell as string);
const open = (mersisNo: string, person = people.own) =>
  area.handlers.cooperative(area.desk.call('cooperative', person, { params: { mersisNo } }));
const refresh = (mersisNo: string, person = people.own) =>
  area.handlers['cooperative.refresh'](
    area.desk.call('cooperative.refresh', person, { params: { mersisNo } }),
  );
const size = async () =>
  Number((await area.desk.sql<{ n: string }>('SELECT size AS n FROM bridge.log_head'))[0]?.n);

describe('the list of cooperatives', () => {
  it('shows those of the own ministry and il alone, and to the capital those of every il', async () => {
    expect(numbers(await list())).toEqual([OWN]);
    expect(numbers(await list({}, people.far))).toEqual([FAR]);
    expect(numbers(await list({}, people.central)).sort()).toEqual([OWN, FAR].sort());
    expect(numbers(await list({ il: 'İzmir' }, people.central))).toEqual([FAR]);
    // An il of somebody else adds nothing.
    expect(numbers(await list({ il: 'İzmir' }))).toEqual([]);
    expect(numbers(await list({ mersis: FAR }))).toEqual([]);
  });

  it('is ordered by the Turkish alphabet and found by the beginning of a name, capitals or not, in pages that never jump', async () => {
    const wanted = [
      'Çınar',
      'Cemre',
      'ılıca',
      'İncir',
      'Ihlamur',
      'Şeker',
      'Sarp',
      'Zeytin',
      'Ödemiş',
      'Ova',
    ];
    for (const [i, unvan] of wanted.entries())
      await area.read(`02000000${String(i).padStart(2, '0')}000017`.slice(0, 16), {
        unvan: `Q ${unvan}`,
        il: 'Bursa',
        seats: [],
      });
    const found = names(await list({ unvan: 'q ', il: 'Bursa' }, people.central));
    expect(found).toEqual(
      ['Cemre', 'Çınar', 'Ihlamur', 'ılıca', 'İncir', 'Ova', 'Ödemiş', 'Sarp', 'Şeker', 'Zeytin'].map(
        (one) => `Q ${one}`,
      ),
    );
    expect(names(await list({ unvan: 'Q ıL' }, people.central))).toEqual(['Q ılıca']);
    expect(names(await list({ unvan: 'q i' }, people.central))).toEqual(['Q İncir']);
  });

  it('goes on behind the last one, with fifty on a page and nothing twice', async () => {
    for (let i = 0; i < 120; i += 1)
      await area.read(`0300000${String(i).padStart(3, '0')}000017`.slice(0, 16), {
        ...{ unvan: i < 60 ? 'AYNI AD' : `BAŞKA ${i}`, il: 'Konya', seats: [] },
      });
    const seen: string[] = [];
    for (let query: Record<string, string> | null = { il: 'Konya' }; query !== null; ) {
      const shown = await list(query, people.central);
      const rows = numbers(shown);
      expect(rows.length).toBeLessThanOrEqual(50);
      seen.push(...rows);
      const pager = shown.page.parts.find(({ part }) => part === 'pager');
      const next = pager?.part === 'pager' ? pager.next : null;
      query = next === null ? null : Object.fromEntries(new URL(next, 'https://x').searchParams);
    }
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });

  it('filters by kind, status, and that nobody acts', async () => {
    await area.read('0400000000000017', { tur: 'Motorlu Taşıyıcılar', il: 'Rize', seats: [] });
    await area.read('0400000001000017', { durum: 'terkin', il: 'Rize', seats: [] });
    await area.read('0400000002000017', { il: 'Rize' });
    await area.read('0400000003000017', { durum: 'tasfiye', il: 'Rize' });
    await area.read('0400000004000017', {
      durum: 'tasfiye',
      il: 'Rize',
      seats: [area.seat(BOARD, { role: 'liquidator' })],
    });
    await area.read('0400000005000017', { il: 'Rize', seats: [area.seat(BOARD, { registeredOn: null })] });
    const rize = async (query: Record<string, string>) =>
      numbers(await list({ il: 'Rize', ...query }, people.central)).map((no) => Number(no.slice(8, 10)));
    expect(await rize({ tur: 'Motorlu Taşıyıcılar' })).toEqual([0]);
    expect(await rize({ durum: 'terkin' })).toEqual([1]);
    expect((await rize({ kimse: '1' })).sort()).toEqual([0, 3, 5]);
  });

  it('tells beside the field what is wrong with a filter, and never repeats a person’s number', async () => {
    const short = await list({ mersis: '123' });
    expect(short.status).toBe(422);
    const html = area.desk.html(short.page, people.own);
    expect(html).toContain('0 ile başlayan on altı rakam yazın.');
    expect(html).toContain('value="123"');
    for (const query of [
      { unvan: digitsOf(1) },
      { mersis: digitsOf(1) },
      { mersis: `${digitsOf(1)}00015` },
    ]) {
      const shown = await list(query);
      expect(shown.status).toBe(422);
      expect(area.desk.html(shown.page, people.own)).not.toContain(digitsOf(1));
    }
    expect((await list({ durum: '<x>', tur: 'yok', il: 'Atlantis', sonra: 'x' })).status).toBe(200);
  });

  it('shows hostile names harmlessly, in the list and on their pages', async () => {
    for (const [i, unvan] of HOSTILE.entries())
      await area.read(`050000000${i}000017`, {
        unvan,
        il: 'Van',
        seats: [area.seat(BOARD, { gazette: unvan, representation: unvan })],
      });
    const shown = await list({ il: 'Van' }, people.central);
    expect(names(shown).sort()).toEqual([...HOSTILE].sort());
    const pages = [shown.page];
    for (const i of HOSTILE.keys()) pages.push(pageOf(await open(`050000000${i}000017`, people.central)));
    for (const page of pages) {
      const html = area.desk.html(page, people.central);
      expect(html).not.toContain('<script>alert');
    }
    expect(area.desk.html(pages[1] as never, people.central)).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;',
    );
  });
});

const textOf = (cell: Cell | undefined): string => JSON.stringify(cell ?? null);

describe('a cooperative', () => {
  it('shows who may act and why, whom the record holds beside them, and nobody’s number', async () => {
    const page = pageOf(await open(OWN));
    const acting = rowsOf(page.parts, 'Adına işlem yapabilenler');
    const seats = await area.desk.sql('SELECT 1 FROM bridge.authority_seat WHERE mersis_no = $1', [OWN]);
    expect(acting).toHaveLength(seats.length);
    for (const row of acting) {
      expect(textOf(row[0])).toContain('Yönetim kurulu üyesi');
      expect(row[1]).toMatch(/^\*\*\* \([12]\)$/);
      expect(textOf(row[2])).toContain('01.01.2025 tarihinden itibaren');
      expect(textOf(row[3])).toContain('05.01.2025');
      expect(textOf(row[4])).toContain('Yönetmelik m.10');
    }
    expect(acting[0]?.[1]).not.toBe(acting[1]?.[1]);
    const html = area.desk.html(page, people.own);
    for (const n of [BOARD, SECOND]) expect(html).not.toContain(digitsOf(n));
    expect(html).toContain('ortak kaydetmek');
    expect(html).toContain(OWN);
  });

  it('tells of each seat that gives nothing why it does not', async () => {
    await area.read('0600000000000017', {
      il: 'Ankara',
      seats: [area.seat(BOARD, { endsOn: '2025-06-01' }), area.seat(SECOND, { registeredOn: null })],
    });
    const page = pageOf(await open('0600000000000017'));
    expect(rowsOf(page.parts, 'Adına işlem yapabilenler')).toEqual([]);
    const silent = rowsOf(page.parts, 'Yetki vermeyen görevler').map((row) => textOf(row[4]));
    expect(silent.some((text) => text.includes('Görev süresi dolmuştur'))).toBe(true);
    expect(silent.some((text) => text.includes('henüz tescil edilmemiştir'))).toBe(true);
  });

  it('says how old the reading is, and gives no right by one that is too old', async () => {
    await area.read('0600000001000017', { il: 'Ankara' }, new Date(Date.now() - 100 * 3_600_000));
    const html = area.desk.html(pageOf(await open('0600000001000017')), people.own);
    expect(html).toContain('4 gün önce');
    expect(html).toContain('Çok eski: hiçbir yetki vermez');
    expect(html).toContain('MERSİS bilgisi bu işlem için çok eskidir');
  });

  it('has its versions, the newest first, twenty at the most', async () => {
    const no = '0600000002000017';
    for (let i = 0; i < 23; i += 1)
      await area.read(no, { il: 'Ankara', seats: [area.seat(BOARD, { representation: `no ${i}` })] });
    const rows = rowsOf(pageOf(await open(no)).parts, 'Sürümler');
    expect(rows).toHaveLength(20);
    expect(rows.map(([version]) => version)).toEqual(Array.from({ length: 20 }, (_, i) => String(23 - i)));
    expect(rows.every((row) => row[4] === '1')).toBe(true);
  });

  it('tells of a reading that waits, and of a merger where the seats are', async () => {
    await area.desk.sql(
      `INSERT INTO bridge.mersis_held (mersis_no, digest, why, seen_at, second_after, held, lost, gained)
       VALUES ($1, '\\x00', 'large-loss', now(), now(), 3, ARRAY[gen_random_uuid(), gen_random_uuid()], 0)`,
      [OWN],
    );
    const html = area.desk.html(pageOf(await open(OWN)), people.own);
    expect(html).toContain('2 görevi kaldıracaktı');
    await area.desk.sql('DELETE FROM bridge.mersis_held');
    await area.read('0600000003000017', { il: 'Ankara', durum: 'birleşme', successor: OWN, seats: [] });
    const merged = pageOf(await open('0600000003000017'));
    expect(rowsOf(merged.parts, 'Adına işlem yapabilenler')).toHaveLength(2);
    expect(area.desk.html(merged, people.own)).toContain('Kooperatif birleşmiştir');
  });

  it('is written down with who looked, before it is shown and once it is known to be the own area’s', async () => {
    await open(OWN);
    const [entry] = await area.desk.lastEntries(1);
    expect(entry).toMatchObject({
      kind: 'console.opened',
      data: { page: 'cooperative', about: OWN, actor: { session: people.own.session.sessionId } },
    });
  });

  it.each([
    ['another il', FAR],
    ['another ministry', OTHER_MINISTRY],
    ['nobody knows', UNKNOWN],
    ['a natural person', `${digitsOf(1)}00015`],
    ['nothing', 'x'],
  ])('of %s is refused with the same words, and nothing says that it was opened', async (_name, mersisNo) => {
    const before = await size();
    for (const act of [open, refresh])
      await expect(act(mersisNo)).rejects.toMatchObject({ code: 'OUTSIDE_OWN_AREA', reason: null });
    expect(await size()).toBe(before);
  });

  it('is shown to nobody without the role', async () => {
    expect(() => area.desk.call('cooperative', people.nobody)).toThrow('ROLE_REQUIRED');
    expect(() => area.desk.call('cooperatives', people.nobody)).toThrow('ROLE_REQUIRED');
    // The ministry's units in the capital see it, and have no right to a reading.
    expect(() => area.desk.call('cooperative.refresh', people.central)).toThrow('ROLE_REQUIRED');
    // Of the own ministry's units, and a directorate elsewhere: it looks on here all the same.
    const both = await area.desk.person(60, [
      { role: 'directorate', ministry: 'ticaret', il: 'İzmir' },
      { role: 'ministry-central', ministry: 'ticaret' },
    ]);
    await expect(refresh(OWN, both)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
    const page = pageOf(await open(OWN, people.central));
    expect(partsOf(page.parts).some((part) => part.part === 'form')).toBe(false);
  });
});

describe('an immediate reading', () => {
  it.each([
    ['changed', 'changed'],
    ['unchanged', 'unchanged'],
    ['held', 'held'],
    ['refused', 'refused'],
  ] as const)('that comes to %s is told on the page of the cooperative', async (result, word) => {
    area.refresh = async (mersisNo) => ({ mersisNo, result, readAt: new Date() });
    expect(await refresh(OWN)).toEqual({
      kind: 'see-other',
      to: `/konsol/mudurluk/kooperatif/${OWN}?okuma=${word}`,
    });
    const call = area.desk.call('cooperative', people.own, {
      params: { mersisNo: OWN },
      query: { okuma: word },
    });
    const [notice] = pageOf(await area.handlers.cooperative(call)).parts;
    expect(notice).toMatchObject({ part: 'notice' });
  });

  it.each([
    [new Refusal('RATE_LIMITED', { reason: 'just-read' }), 'just-read'],
    [new Refusal('RATE_LIMITED', { reason: 'person-hour' }), 'too-often'],
    [new Refusal('MERSIS_UNAVAILABLE', { reason: 'timeout' }), 'unavailable'],
    [new Refusal('MAINTENANCE', { reason: 'mersis' }), 'maintenance'],
    [new Refusal('NOT_FOUND'), 'not-found'],
  ])('that is refused (%p) says why in words', async (refusal, word) => {
    area.refresh = async () => {
      throw refusal;
    };
    expect(await refresh(OWN)).toMatchObject({ to: `/konsol/mudurluk/kooperatif/${OWN}?okuma=${word}` });
  });

  it('of somebody whose session has ended is refused by the frame', async () => {
    area.refresh = async () => {
      throw new Refusal('TOKEN_INVALID');
    };
    await expect(refresh(OWN)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});
