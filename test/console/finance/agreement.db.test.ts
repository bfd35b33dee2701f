import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { istanbulDay } from '../../../src/calendar/istanbul-day.js';
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
  VERIFY,
  valuesOf,
} from './reconciliation-desk.js';

const TODAY = istanbulDay(new Date());
const GOOD = {
  ...{ hesap: ACCOUNT, konu: 'service', hizmet: VERIFY, istenen: '' },
  ...{ 'yazi-no': 'E-2026/12', 'yazi-gunu': '2026-01-05' },
};
let house: SettlingDesk;
beforeAll(async () => {
  house = await SettlingDesk.open();
});
afterAll(() => house.close());

const request = (values: Readonly<Record<string, string>>) =>
  house.go('agreement.request', { fields: typed(values) });
const answer = (values: Readonly<Record<string, string>>) =>
  house.go('agreement.answer', { fields: typed(values) });
const rows = () =>
  house.desk.sql<{ id: string; decision: string | null }>(
    'SELECT request_id AS id, decision FROM bridge.fee_agreement_request ORDER BY leaf',
  );

describe('the register of agreements', () => {
  it('shows each account with its services, its countdown and who answers for it', async () => {
    const page = await house.page('agreements', { at: new Date('2027-12-01T09:00:00Z') });
    expect(factsOf(page)).toMatchObject({
      ...{ Kurum: 'Örnek Birlik', Geçerlilik: '01.01.2024 – 31.12.2027', 'Ücret sınıfı': 'ücretli' },
      ...{ Durum: '30 gün kaldı: yenileyin', Hizmetler: REGISTER, 'Bildirilen sabit IP': '127.0.0.1' },
      'İdari kullanıcı': 'Birinci Kişi / birinci@example.org',
      'Teknik kullanıcı': 'İkinci Kişi / ikinci@example.org',
    });
    expect(factsOf(await house.page('agreements', { at: new Date('2028-01-02T09:00:00Z') })).Durum).toMatch(
      /^2 gün önce bitti/,
    );
    expect(page.parts.some((part) => part.part === 'form' && part.action.endsWith('/cevap'))).toBe(false);
  });

  it('records a letter and its answer, each an entry; what was granted is named until the settings have it', async () => {
    expect(await request(GOOD)).toEqual({ kind: 'see-other', to: '/konsol/mali/protokoller', told: 'done' });
    const [row] = await rows();
    expect(await house.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.agreement-requested',
        data: {
          ...{ account: ACCOUNT, documentNo: 'E-2026/12', kind: 'service', request: row?.id, osUser: null },
          ...{ requestedOn: '2026-01-05', wanted: VERIFY },
        },
      },
    ]);
    await expect(request(GOOD)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    const waiting = await house.page('agreements', { query: { talep: row?.id ?? '' } });
    expect(valuesOf(formOf(waiting, /cevap$/))['cevap-talep']).toBe(row?.id);
    const values = { 'cevap-talep': row?.id ?? '', cevap: 'granted', 'cevap-gunu': '2026-02-01' };
    expect((await answer(values)).kind).toBe('see-other');
    expect(await house.desk.lastEntries(1)).toMatchObject([
      {
        kind: 'fees.agreement-answered',
        data: { decision: 'granted', decidedOn: '2026-02-01', request: row?.id },
      },
    ]);
    await expect(answer(values)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    const page = await house.page('agreements');
    expect(factsOf(page)['İzin verildi, ayarlara yazılmadı']).toBe(VERIFY);
    expect(rowsOf(tableOf(page, /Yazılar/))).toEqual([
      ['05.01.2026', ACCOUNT, 'Ek hizmet', VERIFY, 'E-2026/12', 'İzin verildi, 01.02.2026'],
    ]);
  });

  it.each([
    [{ hesap: 'yok' }, ['hesap']],
    [{ konu: 'x' }, ['konu']],
    [{ hizmet: '' }, ['hizmet']],
    [{ hizmet: 'GizliServis' }, ['hizmet']],
    [{ konu: 'renewal', istenen: '' }, ['istenen']],
    [{ konu: 'static-ip', istenen: 'kisi@example.org' }, ['istenen']],
    [{ konu: 'static-ip', istenen: '10000000146' }, ['istenen']],
    [{ konu: 'static-ip', istenen: 'x'.repeat(201) }, ['istenen']],
    [{ 'yazi-no': '' }, ['yazi-no']],
    [{ 'yazi-no': '10000000146' }, ['yazi-no']],
    [{ 'yazi-no': 'x'.repeat(101) }, ['yazi-no']],
    [{ 'yazi-gunu': '' }, ['yazi-gunu']],
    [{ 'yazi-gunu': '2998-01-01' }, ['yazi-gunu']],
    [{ hesap: '', konu: '', 'yazi-gunu': 'x' }, ['hesap', 'konu', 'yazi-gunu']],
  ])(
    'says what is wrong with a letter beside its field, keeps what was typed, and records nothing: %j',
    async (change, fields) => {
      const before = await rows();
      const values = { ...GOOD, ...change };
      const said = await request(values);
      expect(said).toMatchObject({ kind: 'page', status: 422 });
      expect(Object.keys(errorsOf(pageOf(said))).sort()).toEqual([...fields].sort());
      expect(valuesOf(formOf(pageOf(said), /talep$/))).toEqual(values);
      expect(await rows()).toEqual(before);
    },
  );

  it('says what is wrong with an answer beside its field, and records nothing', async () => {
    await request({ ...GOOD, konu: 'renewal', istenen: 'yenileme', 'yazi-no': 'E-77' });
    const id = (await rows()).at(-1)?.id ?? '';
    const good = { 'cevap-talep': id, cevap: 'refused', 'cevap-gunu': TODAY };
    for (const [change, fields] of [
      [{ 'cevap-talep': '' }, ['cevap-talep']],
      [{ cevap: 'belki' }, ['cevap']],
      [{ 'cevap-gunu': '' }, ['cevap-gunu']],
      [{ 'cevap-gunu': '2026-01-04' }, ['cevap-gunu']],
      [{ 'cevap-gunu': '2998-01-01' }, ['cevap-gunu']],
    ] as const) {
      const said = await answer({ ...good, ...change });
      expect(said).toMatchObject({ kind: 'page', status: 422 });
      expect(Object.keys(errorsOf(pageOf(said)))).toEqual(fields);
    }
    for (const other of [randomUUID(), 'x', '10000000146'])
      await expect(answer({ ...good, 'cevap-talep': other })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await rows()).at(-1)?.decision).toBeNull();
  });

  it('shows letters in pages, and offers an old one for its answer; hostile words stand there harmlessly', async () => {
    const hostile = '<script>alert(1)</script> =cmd|x';
    await request({ ...GOOD, konu: 'technical-user', istenen: hostile, 'yazi-no': '"><b>' });
    const oldest = (await rows()).at(-1)?.id ?? '';
    for (let n = 0; n < 51; n += 1)
      await request({ ...GOOD, konu: 'static-ip', istenen: `adres ${n}`, 'yazi-no': `E-${n}` });
    const shown: string[] = [];
    let query: Readonly<Record<string, string>> = {};
    for (;;) {
      const page = await house.page('agreements', { query });
      shown.push(...rowsOf(tableOf(page, /Yazılar/)).map(([, , , wanted]) => wanted ?? ''));
      const pager = page.parts.find(({ part }) => part === 'pager') as { next: string | null } | undefined;
      const once = /once=([0-9a-f-]+)/.exec(pager?.next ?? '')?.[1];
      if (once === undefined) break;
      query = { once };
    }
    const wanted = await house.desk.sql<{ wanted: string }>(
      'SELECT wanted FROM bridge.fee_agreement_request ORDER BY leaf DESC',
    );
    expect(shown).toEqual(wanted.map((one) => one.wanted));
    const page = await house.page('agreements', { query: { talep: oldest } });
    expect(valuesOf(formOf(page, /cevap$/))['cevap-talep']).toBe(oldest);
    const html = house.desk.html(page, house.first);
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).not.toContain('<script>alert');
  });
});
