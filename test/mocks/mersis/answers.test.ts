import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { BasicAuthSecurity, createClientAsync } from 'soap';
import type { Cooperative, Person } from '../../../mocks/population/population.js';
import { makeCertificates, type TestCertificates } from '../support/certificates.js';
import {
  ACCOUNT,
  basic,
  type MersisHarness,
  population,
  startMersisHarness,
  TODAY,
  working,
} from '../support/mersis-harness.js';

const { mersisNo, vkn, board } = working;
const BULUNAMADI = { kod: 'BULUNAMADI', bilgiTarihi: `${TODAY}T12:00:00.000+03:00` };
let certificates: TestCertificates;
let stand: MersisHarness;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startMersisHarness(certificates);
});
afterAll(() => stand.stop());

const nobody = population.people.find(({ is }) => is.includes('nobody')) as Person;
const patch = async (number: string, change: object) => {
  const patched = await stand.control('PATCH', `/cooperatives/${number}`, change);
  expect([patched.status, patched.body]).toEqual([200, expect.anything()]);
};

/** An answer's elements by the names of the other protocol, read by another parser: a board is a list there. */
function plain(element: Element): unknown {
  const children = [...element.childNodes].filter((node): node is Element => node.nodeType === 1);
  if (element.localName === 'Gorevler') return children.map(plain);
  if (children.length === 0) return element.textContent ?? '';
  return Object.fromEntries(
    children.map((child) => {
      const { localName = '' } = child as { localName?: string };
      return [localName.charAt(0).toLowerCase() + localName.slice(1), plain(child)];
    }),
  );
}

async function both(action: 'SorgulaMersisNo' | 'SorgulaVergiNo', number: string): Promise<unknown> {
  const name = action === 'SorgulaMersisNo' ? 'mersisNo' : 'vergiNo';
  const rest = await stand.rest({ [name]: number });
  const soap = await stand.soap(action, number);
  expect([rest.status, soap.status]).toEqual([200, 200]);
  expect([rest.headers['content-type'], soap.headers['content-type']]).toEqual([
    'application/json; charset=utf-8',
    'text/xml; charset=utf-8',
  ]);
  const answer = JSON.parse(rest.text) as { data: unknown };
  expect(Object.keys(answer)).toEqual(['data']);
  const [cevap] = [...new DOMParser().parseFromString(soap.text, 'text/xml').getElementsByTagName('Cevap')];
  expect(cevap?.parentNode?.nodeName).toBe(`${action}Response`);
  expect(plain(cevap as Element)).toEqual(answer.data);
  return answer.data;
}

describe('MERSİS', () => {
  it('answers the same by both numbers and in both protocols, as the world has it', async () => {
    for (const cooperative of population.cooperatives) {
      const byNumber = await both('SorgulaMersisNo', cooperative.mersisNo);
      expect(await both('SorgulaVergiNo', cooperative.vkn)).toEqual(byNumber);
      const { kooperatif } = byNumber as { kooperatif: Record<string, unknown> & { gorevler: unknown[] } };
      expect(byNumber).toEqual({ kod: 'BULUNDU', bilgiTarihi: BULUNAMADI.bilgiTarihi, kooperatif });
      expect(kooperatif).toMatchObject({
        mersisNo: cooperative.mersisNo,
        vergiNo: cooperative.vkn,
        unvan: cooperative.unvan,
        tur: cooperative.tur,
        seviye: cooperative.seviye,
        kanun: cooperative.kanun,
        il: cooperative.il,
        durum: cooperative.durum.toUpperCase(),
        durumTarihi: cooperative.durumTarihi,
      });
      expect(kooperatif.gorevler).toHaveLength(cooperative.board.length);
    }
  });

  it('has no person’s name, and of a person the number alone', async () => {
    const { text } = await stand.soap('SorgulaMersisNo', mersisNo);
    for (const { kimlikNo } of board) {
      const person = population.people.find((one) => one.kimlikNo === kimlikNo);
      expect(text).toContain(kimlikNo);
      expect(text).not.toContain(`${person?.soyad}`);
    }
  });

  it.each<[string, 'SorgulaMersisNo' | 'SorgulaVergiNo', string]>([
    ['an unknown number', 'SorgulaMersisNo', '0000000000000000'],
    ['the number of a natural person', 'SorgulaMersisNo', `${nobody.kimlikNo}00015`],
    ['an unknown VKN', 'SorgulaVergiNo', '0000000000'],
  ])('does not find %s', async (_what, action, number) => {
    expect(await both(action, number)).toEqual(BULUNAMADI);
    const { mersisNo: seen } = (await stand.lastSeen('mersis')) as { mersisNo?: string };
    expect(seen).toBe(action === 'SorgulaMersisNo' ? number : undefined);
  });

  it('shows each duty with its state, dates, gazette and signature rule, ended ones too, elected ones unregistered', async () => {
    const [first, second] = board.map(({ kimlikNo }) => kimlikNo) as [string, string];
    const gorev = 'yönetim kurulu üyesi';
    await patch(mersisNo, {
      board: [
        { kimlikNo: first, gorev, baslangic: '2020-03-01', bitis: '2024-03-01', tescil: '2020-03-20' },
        { kimlikNo: first, gorev, baslangic: '2024-03-01', tescil: '2024-03-21', temsil: 'MUNFERIDEN' },
        { kimlikNo: second, gorev, baslangic: TODAY },
        { kimlikNo: second, gorev: 'denetçi', baslangic: '2026-07-05', bitis: '2029-07-05' },
        { kimlikNo: nobody.kimlikNo, gorev: 'kayyım', baslangic: '2026-07-14', tescil: TODAY },
        {
          kimlikNo: nobody.kimlikNo,
          gorev: 'tasfiye memuru',
          baslangic: '2026-01-01',
          tescil: '2026-01-02',
          tuzelKisi: { vkn: '4540536920', unvan: 'A & <B> "C" A.Ş.' },
        },
      ],
    });
    const { kooperatif } = (await both('SorgulaMersisNo', mersisNo)) as {
      kooperatif: { gorevler: unknown[] };
    };
    const Gazete = expect.stringMatching(/^\d{4}-\d\d-\d\d \d+\/\d+$/);
    const member = 'YONETIM_KURULU_UYESI';
    const registered = (tarih: string) => ({ durum: 'TESCIL_EDILDI', tarih, gazete: Gazete });
    expect(kooperatif.gorevler).toEqual([
      {
        gorevTuru: member,
        gercekKisi: { kimlikNo: first },
        baslangic: '2020-03-01',
        bitis: '2024-03-01',
        tescil: registered('2020-03-20'),
      },
      {
        gorevTuru: member,
        gercekKisi: { kimlikNo: first },
        baslangic: '2024-03-01',
        tescil: registered('2024-03-21'),
        temsilSekli: 'MUNFERIDEN',
      },
      {
        gorevTuru: member,
        gercekKisi: { kimlikNo: second },
        baslangic: TODAY,
        tescil: { durum: 'BEKLEMEDE' },
      },
      {
        gorevTuru: 'DENETCI',
        gercekKisi: { kimlikNo: second },
        baslangic: '2026-07-05',
        bitis: '2029-07-05',
        tescil: { durum: 'KABUL_EDILDI' },
      },
      {
        gorevTuru: 'KAYYIM',
        gercekKisi: { kimlikNo: nobody.kimlikNo },
        baslangic: '2026-07-14',
        // The gazette comes days after the registration.
        tescil: { durum: 'TESCIL_EDILDI', tarih: TODAY },
      },
      {
        gorevTuru: 'TASFIYE_MEMURU',
        tuzelKisi: { vergiNo: '4540536920', unvan: 'A & <B> "C" A.Ş.', temsilciKimlikNo: nobody.kimlikNo },
        baslangic: '2026-01-01',
        tescil: registered('2026-01-02'),
      },
    ]);
  });

  it('shows a change of status with its day at once, and of a merger the successor', async () => {
    const [, , third, fourth] = population.cooperatives as readonly Cooperative[];
    if (third === undefined || fourth === undefined) throw new Error('too few cooperatives');
    await patch(third.mersisNo, { durum: 'tasfiye', unvan: 'S.S. "A" & <B> KOOPERATİFİ' });
    const inLiquidation = { durum: 'TASFIYE', durumTarihi: TODAY, unvan: 'S.S. "A" & <B> KOOPERATİFİ' };
    expect(await both('SorgulaVergiNo', third.vkn)).toMatchObject({ kooperatif: inLiquidation });
    await patch(third.mersisNo, { durum: 'birleşme', durumTarihi: '2026-07-01', halef: fourth.mersisNo });
    const merged = { durum: 'BIRLESME', durumTarihi: '2026-07-01', halefMersisNo: fourth.mersisNo };
    expect(await both('SorgulaMersisNo', third.mersisNo)).toMatchObject({ kooperatif: merged });
    await patch(third.mersisNo, { durum: 'faal' });
    const { kooperatif } = await stand.record(third.mersisNo);
    expect(kooperatif).toMatchObject({ durum: 'FAAL', durumTarihi: TODAY });
    expect(kooperatif).not.toHaveProperty('halefMersisNo');
    expect(await stand.control('PATCH', `/cooperatives/${third.mersisNo}`, { durum: 'yok' })).toEqual({
      status: 400,
      body: { error: 'bad-value: durum' },
    });
  });

  it('is read by a client that knows the WSDL alone, which it serves itself', async () => {
    const { ca, cert, key } = stand.transport;
    const httpsAgent = new Agent({ ca, cert, key });
    try {
      const authorization = basic(ACCOUNT.userName, ACCOUNT.password);
      const served = await stand.ask({
        method: 'GET',
        path: '/SicilSorguServisi?wsdl',
        headers: { authorization },
      });
      expect(served.status).toBe(200);
      expect(served.text).toBe(readFileSync('wsdl/mersis.wsdl', 'utf8'));
      expect(await stand.lastSeen('mersis')).toMatchObject({ action: '', answered: true });
      const client = await createClientAsync('wsdl/mersis.wsdl', { endpoint: stand.running.urls.mersis });
      client.setSecurity(new BasicAuthSecurity(ACCOUNT.userName, ACCOUNT.password, { httpsAgent }));
      const other = population.cooperatives[5] as Cooperative;
      const [byNumber] = await client.SorgulaMersisNoAsync({ MersisNo: other.mersisNo });
      expect(byNumber.Cevap).toMatchObject({
        Kod: 'BULUNDU',
        BilgiTarihi: new Date(BULUNAMADI.bilgiTarihi),
        Kooperatif: { MersisNo: other.mersisNo, VergiNo: other.vkn, Unvan: other.unvan, Durum: 'FAAL' },
      });
      const read = byNumber.Cevap.Kooperatif.Gorevler.Gorev as {
        GercekKisi?: { KimlikNo: string };
        TuzelKisi?: { TemsilciKimlikNo: string };
      }[];
      expect(read.map((one) => one.GercekKisi?.KimlikNo ?? one.TuzelKisi?.TemsilciKimlikNo)).toEqual(
        other.board.map(({ kimlikNo }) => kimlikNo),
      );
      const [byVkn] = await client.SorgulaVergiNoAsync({ VergiNo: other.vkn });
      expect(byVkn).toEqual(byNumber);
      const [unknown] = await client.SorgulaVergiNoAsync({ VergiNo: '0000000000' });
      expect(unknown.Cevap.Kod).toBe('BULUNAMADI');
      await expect(client.SorgulaVergiNoAsync({ VergiNo: '1' })).rejects.toThrow('could not be processed');
    } finally {
      httpsAgent.destroy();
    }
  });
});

describe('the witness of MERSİS', () => {
  it('numbers from 1 without a gap, one item for each question, by the number that was found, over a restart too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stand-ins-'));
    try {
      const first = await startMersisHarness(certificates, { directory });
      await first.soap('SorgulaMersisNo', mersisNo);
      await first.soap('SorgulaVergiNo', vkn);
      await first.rest({ vergiNo: '0000000000' });
      await first.stop();
      const second = await startMersisHarness(certificates, { directory });
      await second.rest({ vergiNo: vkn });
      await second.rest({ mersisNo: 'x' });
      const { requests, next } = await second.seen('mersis');
      expect(next).toBe(5);
      const at = new Date(BULUNAMADI.bilgiTarihi).toISOString();
      expect(requests).toEqual([
        { n: 1, at, action: 'SorgulaMersisNo', mersisNo, answered: true },
        { n: 2, at, action: 'SorgulaVergiNo', mersisNo, answered: true },
        { n: 3, at, action: 'SorgulaVergiNo', answered: true },
        { n: 4, at, action: 'SorgulaVergiNo', mersisNo, answered: true },
        { n: 5, at, action: 'SorgulaMersisNo', mersisNo: 'x', answered: true, refused: 'number' },
      ]);
      const kept = readFileSync(join(directory, 'seen-mersis.ndjson'), 'utf8');
      expect(kept).not.toContain(ACCOUNT.password);
      await second.stop();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
