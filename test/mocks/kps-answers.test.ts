import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOMParser } from '@xmldom/xmldom';

import { PLANTED, photographBase64, traitsOf } from '../../mocks/nvi/planted.js';
import { makeCertificates, type TestCertificates } from './support/certificates.js';
import {
  ACCOUNT,
  BILESIK_2023,
  BILESIK_2024,
  bilesikBody,
  type Harness,
  people,
  startHarness,
  TUM_KUTUK,
} from './support/harness.js';
import { escapeXml, faultCode, type Token } from './support/reference-client.js';

const V2023 = '2023/02/01';
const V2024 = '2024/04/01';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
let certificates: TestCertificates;
let stand: Harness;
let token: Token;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startHarness(certificates);
  token = await stand.token();
});
afterAll(() => stand.stop());

interface Node {
  readonly name: string;
  readonly namespace: string;
  readonly nil: boolean;
  readonly text: string;
  readonly children: readonly Node[];
}

function tree(element: ReturnType<typeof root>): Node {
  const children: Node[] = [];
  for (let child = element.firstChild; child; child = child.nextSibling)
    if (child.nodeType === 1) children.push(tree(child as typeof element));
  const nil = element.getAttributeNS(XSI, 'nil') === 'true';
  return {
    name: element.localName ?? '',
    namespace: element.namespaceURI ?? '',
    nil,
    text: element.textContent ?? '',
    children,
  };
}

function root(xml: string) {
  const element = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  if (element === null) throw new Error('no XML');
  return element;
}

/** Walks by exact names; `undefined` where a step is missing. */
function at(node: Node | undefined, path: string): Node | undefined {
  return path
    .split('/')
    .reduce<Node | undefined>((here, name) => here?.children.find((child) => child.name === name), node);
}

async function ask(action: string, body: string): Promise<Node> {
  const reply = await stand.query(token, { action, body });
  expect(reply.status).toBe(200);
  const result = at(tree(root(reply.text)), 'Body/SorgulaResponse/SorgulaResult');
  if (result === undefined) throw new Error('no SorgulaResult');
  return result;
}

const askBilesik = async (person: { kimlikNo: string; dogumTarihi: string }, version = V2024) =>
  at(
    await ask(version === V2024 ? BILESIK_2024 : BILESIK_2023, bilesikBody(version, person)),
    'SorguSonucu/BilesikKutukBilgileri',
  );

const CITIZEN = 'TCVatandasiKisiKutukleri/KisiBilgisi';
const FOREIGNER = 'YabanciKisiKutukleri/KisiBilgisi';

describe('the combined register', () => {
  it.each([V2023, V2024])(
    'gives the whole record where number and birth date are right (%s)',
    async (version) => {
      const item = await askBilesik(people.alive, version);
      const person = at(item, CITIZEN);
      expect(at(person, 'TemelBilgisi/Ad')?.text).toBe(people.alive.ad);
      expect(at(person, 'TemelBilgisi/Soyad')?.text).toBe(people.alive.soyad);
      expect(['Yil', 'Ay', 'Gun'].map((part) => at(person, `TemelBilgisi/DogumTarih/${part}`)?.text)).toEqual(
        ['1980', '2', '9'],
      );
      expect(at(person, 'DurumBilgisi/Durum/Kod')?.text).toBe('1');
      expect(at(person, 'TCKimlikNo')?.text).toBe(people.alive.kimlikNo);
      expect(at(item, 'KimlikNo')?.text).toBe(people.alive.kimlikNo);
      expect(at(item, 'DoluBilesenler')?.children.map((child) => child.text)).toContain('TCKisiBilgisi');
      expect(at(item, 'MaviKartliKisiKutukleri')?.nil).toBe(true);
      expect(at(item, `${FOREIGNER}/HataBilgisi/Kod`)?.text).toBe('2');
    },
  );

  it('moves the inner elements to the namespaces of its version, and keeps the shared types where they are', async () => {
    const shared = 'http://kps.nvi.gov.tr/2011/01/01';
    const [old, now] = [
      at(await askBilesik(people.alive, V2023), CITIZEN),
      at(await askBilesik(people.alive, V2024), CITIZEN),
    ];
    expect([old, now].map((person) => at(person, 'DurumBilgisi/Durum')?.namespace)).toEqual([
      shared,
      'http://kps.nvi.gov.tr/2024/04/01',
    ]);
    expect([old, now].map((person) => at(person, 'DurumBilgisi/Durum/Kod')?.namespace)).toEqual([
      shared,
      shared,
    ]);
    expect([old, now].map((person) => at(person, 'VeliVasiVar') !== undefined)).toEqual([false, true]);
  });

  it('writes the members of every object in ordinal order', async () => {
    const check = (node: Node): void => {
      const names = node.children.map((child) => child.name);
      expect(names).toEqual([...names].sort());
      node.children.forEach(check);
    };
    for (const person of [people.alive, people.foreign, { ...people.alive, dogumTarihi: '1980-02-10' }]) {
      for (const version of [V2023, V2024]) {
        const item = await askBilesik(person, version);
        if (item === undefined) throw new Error('no item');
        check(item);
      }
    }
  });

  it('carries everything that a client must not keep', async () => {
    const { text } = await stand.query(token, { body: bilesikBody(V2024, people.alive) });
    const traits = traitsOf(people.alive.kimlikNo);
    for (const planted of [
      PLANTED.din,
      PLANTED.kanGrubu,
      PLANTED.anneAd,
      PLANTED.babaAd,
      PLANTED.dogumYer,
      traits.anneKimlikNo,
      traits.babaKimlikNo,
      traits.seriNo,
    ]) {
      expect(text).toContain(planted);
    }
    expect(text.includes(photographBase64)).toBe(!traits.photoDenied);
    expect(Buffer.from(photographBase64, 'base64').toString('latin1')).toContain(PLANTED.photoMarker);
  });

  it('refuses a photograph to some by HataBilgisi 8 in that component alone', async () => {
    const [denied, shown] = [true, false].map((photoDenied) =>
      Object.values(people).find(
        (p) => !p.kimlikNo.startsWith('9') && traitsOf(p.kimlikNo).photoDenied === photoDenied,
      ),
    );
    if (denied === undefined || shown === undefined) throw new Error('the test needs one of each');
    const without = await askBilesik(denied);
    expect(at(without, 'TCVatandasiKisiKutukleri/TCKKFotografBilgisi/HataBilgisi/Kod')?.text).toBe('8');
    expect(at(without, `${CITIZEN}/TemelBilgisi/Ad`)?.text).toBe(denied.ad);
    expect(at(await askBilesik(shown), 'TCVatandasiKisiKutukleri/TCKKFotografBilgisi/HataBilgisi')?.nil).toBe(
      true,
    );
  });

  it.each([
    ['dead', people.dead, '3'],
    ['closed', people.closed, '2'],
  ] as const)('says that a record is %s', async (_state, person, kod) => {
    const record = at(await askBilesik(person), CITIZEN);
    expect(at(record, 'DurumBilgisi/Durum/Kod')?.text).toBe(kod);
    expect(at(record, 'DurumBilgisi/OlumTarih/Yil')?.nil).toBe(kod !== '3');
    expect(at(record, 'TemelBilgisi/Cinsiyet/Kod')?.text).toMatch(/^[12]$/);
  });

  it('holds a foreigner in its own register, dates beside TemelBilgisi', async () => {
    const item = await askBilesik(people.foreign);
    const person = at(item, FOREIGNER);
    expect(at(person, 'TemelBilgisi/Ad')?.text).toBe(people.foreign.ad);
    expect(at(person, 'TemelBilgisi/Soyad')?.text).toBe(people.foreign.soyad);
    expect(at(person, 'DogumTarih/Yil')?.text).toBe('1990');
    expect(at(person, 'TemelBilgisi/DogumTarih')).toBeUndefined();
    expect(at(person, 'KimlikNo')?.text).toBe(people.foreign.kimlikNo);
    expect(at(item, 'DoluBilesenler')?.children.map((child) => child.text)).toEqual(['YabanciKisiBilgisi']);
    expect(at(item, `${CITIZEN}/HataBilgisi/Kod`)?.text).toBe('2');
  });

  it('has no record for a birth date that differs in any part, nor for a number that it does not know', async () => {
    const wrong = ['1980-02-10', '1980-03-09', '1981-02-09', '1980-02-00', '1980-00-00'].map(
      (dogumTarihi) => ({ ...people.alive, dogumTarihi }),
    );
    for (const asked of [...wrong, { kimlikNo: '10000000999', dogumTarihi: '1980-02-09' }]) {
      const item = await askBilesik(asked);
      expect(at(item, `${CITIZEN}/HataBilgisi/Kod`)?.text).toBe('2');
      expect(at(item, `${CITIZEN}/HataBilgisi/Aciklama`)?.text).toBe(
        'Aradığınız kriterlere uygun kayıt bulunamadı.',
      );
      expect(at(item, `${CITIZEN}/TCKimlikNo`)?.nil).toBe(true);
      expect(at(item, `${CITIZEN}/TemelBilgisi/Ad`)?.nil).toBe(true);
      expect(at(item, 'DoluBilesenler')?.children).toEqual([]);
      expect(at(item, 'KimlikNo')?.text).toBe(asked.kimlikNo);
    }
  });

  it('finds a partial birth date only by the same unknown parts', async () => {
    const day = at(await askBilesik(people.dayUnknown), `${CITIZEN}/TemelBilgisi/DogumTarih`);
    expect([at(day, 'Yil')?.text, at(day, 'Ay')?.text, at(day, 'Gun')?.nil]).toEqual(['1950', '6', true]);
    const date = at(await askBilesik(people.dateUnknown), `${CITIZEN}/TemelBilgisi/DogumTarih`);
    expect([at(date, 'Yil')?.text, at(date, 'Ay')?.nil, at(date, 'Gun')?.nil]).toEqual(['1948', true, true]);
    for (const dogumTarihi of ['1950-06-15', '1950-00-00']) {
      expect(
        at(await askBilesik({ ...people.dayUnknown, dogumTarihi }), `${CITIZEN}/HataBilgisi/Kod`)?.text,
      ).toBe('2');
    }
  });

  it('takes nil for an absent part', async () => {
    const body = bilesikBody(V2024, people.dayUnknown).replace(
      '<k:DogumYil>',
      `<k:DogumGun xmlns:i="${XSI}" i:nil="true"/><k:DogumYil>`,
    );
    const result = await ask(BILESIK_2024, body);
    expect(at(result, `SorguSonucu/BilesikKutukBilgileri/${CITIZEN}/TemelBilgisi/Ad`)?.text).toBe(
      people.dayUnknown.ad,
    );
  });

  it('gives a person without a surname a nil one', async () => {
    expect(at(await askBilesik(people.noSurname), `${CITIZEN}/TemelBilgisi/Soyad`)?.nil).toBe(true);
  });

  it('passes over a member out of order, as if it had not been sent', async () => {
    const swapped = bilesikBody(V2024, people.alive).replace(
      /(<k:DogumAy>2<\/k:DogumAy>)(<k:DogumGun>9<\/k:DogumGun>)/,
      '$2$1',
    );
    const item = at(await ask(BILESIK_2024, swapped), 'SorguSonucu/BilesikKutukBilgileri');
    expect(at(item, `${CITIZEN}/HataBilgisi/Kod`)?.text).toBe('2');
  });

  it.each<[string, (body: string) => string]>([
    ['no criterion', (b) => b.replace(/<k:kriterListesi>.*<\/k:kriterListesi>/, '<k:kriterListesi/>')],
    ['no list', (b) => b.replace(/<k:kriterListesi>.*<\/k:kriterListesi>/, '')],
    ['an empty criterion', (b) => b.replace(/(<k:Bilesik\w+>).*(<\/k:Bilesik\w+>)/, '$1$2')],
    ['a number alone', (b) => b.replace(/<k:Dogum\w+>\d+<\/k:Dogum\w+>/g, '')],
    ['a birth date alone', (b) => b.replace(/<k:KimlikNo>\d+<\/k:KimlikNo>/, '')],
    [
      'the number first, so that the date is passed over',
      (b) => b.replace(/(<k:Dogum.*)(<k:KimlikNo>\d+<\/k:KimlikNo>)/, '$2$1'),
    ],
    [
      'members in another namespace',
      (b) =>
        b
          .replace(/k:(Dogum\w+|KimlikNo)>/g, 'z:$1>')
          .replace('<k:kriterListesi>', '<k:kriterListesi xmlns:z="http://kps.nvi.gov.tr/2011/01/01">'),
    ],
  ])('answers %s with HataBilgisi 10 for the whole answer', async (_what, change) => {
    const result = await ask(BILESIK_2024, change(bilesikBody(V2024, people.alive)));
    expect(at(result, 'HataBilgisi/Kod')?.text).toBe('10');
    expect(at(result, 'HataBilgisi/Aciklama')?.text).toBe('Sorgu kriteri boş geçilemez.');
    expect(at(result, 'SorguSonucu')?.nil).toBe(true);
  });

  it.each<[string, (body: string) => string]>([
    ['letters in a number', (b) => b.replace(people.alive.kimlikNo, 'x')],
    ['an empty int', (b) => b.replace(/<k:DogumAy>2</, '<k:DogumAy><')],
    ['an int out of range', (b) => b.replace('1980', '9999999999')],
    ['elements inside a number', (b) => b.replace(people.alive.kimlikNo, '<k:x/>')],
    [
      'another operation',
      (b) => b.replaceAll('k:Sorgula>', 'k:Listele>').replace('<k:Sorgula ', '<k:Listele '),
    ],
    ['the body of another version', (b) => b.replace('2024', '2023')],
    ['two operations', (b) => b + b],
    ['no operation', () => ''],
  ])('answers %s with a fault of the deserialiser', async (_what, change) => {
    const reply = await stand.query(token, { body: change(bilesikBody(V2024, people.alive)) });
    expect([reply.status, faultCode(reply.text)]).toEqual([500, 'DeserializationFailed']);
  });

  it('answers a list in its order, and the witness has one item for each criterion', async () => {
    const asked = [people.alive, people.dead, people.foreign];
    const { next } = await stand.seen('kps');
    const result = await ask(BILESIK_2024, bilesikBody(V2024, ...asked));
    const numbers = asked.map((person) => person.kimlikNo);
    expect(at(result, 'SorguSonucu')?.children.map((item) => at(item, 'KimlikNo')?.text)).toEqual(numbers);
    const { requests } = await stand.seen('kps', next);
    expect(requests.map((item) => item.kimlikNo)).toEqual(numbers);
    expect(new Set(requests.map((item) => item.messageId)).size).toBe(1);
  });

  it('records Sorgulayan where it is sent with the query', async () => {
    const headers =
      '<Sorgulayan xmlns="http://kps.nvi.gov.tr/2011/01/01/sorgulayan">10000000999</Sorgulayan>';
    await stand.query(token, { body: bilesikBody(V2024, people.alive), headers });
    expect(await stand.lastSeen('kps')).toMatchObject({ sorgulayan: '10000000999' });
  });

  it('answers 8 to an account whose agreement does not name the service', async () => {
    const accounts = [{ ...ACCOUNT, services: ['TumKutukDogrulaServis'] }];
    const narrow = await startHarness(certificates, { settings: { accounts } });
    try {
      const reply = await narrow.query(await narrow.token(), { body: bilesikBody(V2024, people.alive) });
      expect(at(tree(root(reply.text)), 'Body/SorgulaResponse/SorgulaResult/HataBilgisi/Kod')?.text).toBe(
        '8',
      );
      expect(await narrow.lastSeen('kps')).toMatchObject({ refused: 'service-not-in-agreement' });
    } finally {
      await narrow.stop();
    }
  });
});

describe('TumKutukDogrula', () => {
  interface Asked {
    readonly kimlikNo: string;
    readonly ad: string;
    readonly soyad: string;
    readonly dogumTarihi: string;
    readonly seriNo?: string;
  }
  const criterion = ({ kimlikNo, ad, soyad, dogumTarihi, seriNo }: Asked) => {
    const [yil, ay, gun] = dogumTarihi.split('-').map(Number);
    return (
      `<Sorgula xmlns="http://kps.nvi.gov.tr/2025/08/01"><kriterListesi><TumKutukDogrulamaSorguKriteri><Ad>${escapeXml(ad)}</Ad><DogumAy>${ay}</DogumAy><DogumGun>${gun}</DogumGun>` +
      `<DogumYil>${yil}</DogumYil><KimlikNo>${kimlikNo}</KimlikNo><Soyad>${escapeXml(soyad)}</Soyad>${seriNo === undefined ? '' : `<TCKKSeriNo>${seriNo}</TCKKSeriNo>`}</TumKutukDogrulamaSorguKriteri></kriterListesi></Sorgula>`
    );
  };
  const verify = async (asked: Asked) =>
    at(await ask(TUM_KUTUK, criterion(asked)), 'SorguSonucu/TumKutukDogrulamaBilgileri');
  const durum = (item: Node | undefined, container: string) =>
    at(item, `${container}/KisiBilgisi/DurumBilgisi/Durum/Kod`)?.text;

  it.each([
    ['a citizen', people.alive, 'TCVatandasiKisiKutukleri', '1'],
    ['a dead person', people.dead, 'TCVatandasiKisiKutukleri', '3'],
    ['a closed record', people.closed, 'TCVatandasiKisiKutukleri', '2'],
    ['a foreigner, name escaped', people.foreign, 'YabanciKisiKutukleri', '1'],
    ['a person with an unknown day, sent as 0', people.dayUnknown, 'TCVatandasiKisiKutukleri', '1'],
    ['a person with unknown day and month', people.dateUnknown, 'TCVatandasiKisiKutukleri', '1'],
    ['a person without a surname', people.noSurname, 'TCVatandasiKisiKutukleri', '1'],
    [
      'a citizen with the right card',
      { ...people.alive, seriNo: traitsOf(people.alive.kimlikNo).seriNo },
      'TCVatandasiKisiKutukleri',
      '1',
    ],
  ] as const)('confirms %s with the status', async (_who, asked, container, kod) => {
    expect(durum(await verify(asked), container)).toBe(kod);
  });

  it.each<[string, Asked]>([
    ['first name', { ...people.alive, ad: 'AYŞE' }],
    ['surname', { ...people.alive, soyad: 'CALISKAN' }],
    ['letter case', { ...people.alive, soyad: 'çalışkan' }],
    ['day', { ...people.alive, dogumTarihi: '1980-02-10' }],
    ['day, sent as unknown', { ...people.alive, dogumTarihi: '1980-02-00' }],
    ['number', { ...people.alive, kimlikNo: people.dead.kimlikNo }],
    ['card', { ...people.alive, seriNo: 'A00X00000' }],
  ])('confirms nothing where the %s differs, and does not tell what', async (_what, asked) => {
    const item = await verify(asked);
    for (const container of ['TCVatandasiKisiKutukleri', 'YabanciKisiKutukleri', 'MaviKartliKisiKutukleri'])
      expect(at(item, container)?.nil).toBe(true);
  });
});
