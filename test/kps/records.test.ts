import { describe, expect, it } from '@jest/globals';
import { AnswerNotOurs, UnreadableAnswer } from '../../src/kps/answer-tree.js';
import { readBilesikKutuk } from '../../src/kps/bilesik-kutuk.js';
import { readTumKutukDogrula } from '../../src/kps/tum-kutuk-dogrula.js';

// The shapes are those that `soap` makes of an answer: nil members are missing, lists are arrays, leaves are text.
const ASKED = '10000000146';
const OTHER = '20000000292';

type Tree = Record<string, unknown>;
const kod = (value: number | string): Tree => ({ Aciklama: 'metin', Kod: String(value) });
const date = (Yil?: string, Ay?: string, Gun?: string): Tree => ({ Ay, Gun, Yil });

function citizen(change: Tree = {}): Tree {
  return {
    TCKimlikNo: ASKED,
    AnneTCKimlikNo: OTHER,
    DurumBilgisi: { Din: kod(1), Durum: kod(1), MedeniHal: kod(1) },
    TemelBilgisi: { Ad: 'AYŞE NUR', Cinsiyet: kod(1), DogumTarih: date('1980', '5', '17'), Soyad: 'YILDIZ' },
    ...change,
  };
}

function foreigner(change: Tree = {}): Tree {
  return {
    KimlikNo: ASKED,
    DogumTarih: date('1975', '1', '2'),
    DurumBilgisi: { Durum: kod(1) },
    TemelBilgisi: { Ad: 'JOHN', Soyad: 'SMITH', Cinsiyet: kod(1) },
    ...change,
  };
}

const none = (hata = 2): Tree => ({
  HataBilgisi: kod(hata),
  KisiBilgisi: { DurumBilgisi: {}, TemelBilgisi: {} },
});

function answer(item: Tree, named: readonly string[] = [], element = 'BilesikKutukBilgileri'): Tree {
  const list = { CstBilesikKutukServisDoluBilesen: [...named] };
  return {
    SorguSonucu: {
      [element]: [{ KimlikNo: ASKED, ...(named.length ? { DoluBilesenler: list } : {}), ...item }],
    },
  };
}

const bilesik = (item: Tree, named: readonly string[] = []) => readBilesikKutuk(answer(item, named), ASKED);
const status = (outcome: ReturnType<typeof readBilesikKutuk>) =>
  outcome.kind === 'record' ? outcome.record.status : outcome.kind;
const inCitizens = (person: Tree): Tree => ({ TCVatandasiKisiKutukleri: { KisiBilgisi: person } });

describe('a record of the combined register', () => {
  it('holds names, birth date and status, and no more', () => {
    expect(bilesik(inCitizens(citizen()), ['TCKisiBilgisi'])).toEqual({
      kind: 'record',
      record: {
        ad: 'AYŞE NUR',
        soyad: 'YILDIZ',
        dogumTarihi: { year: 1980, month: 5, day: 17 },
        status: 'open',
      },
    });
  });

  it.each<[string, Tree, string]>([
    ['open at Durum 1', { Durum: kod(1) }, 'open'],
    [
      'dead at Durum 3, whatever other Kod 1 stands there',
      { Durum: kod(3), MedeniHal: kod(1), Din: kod(1) },
      'dead',
    ],
    ['dead where a date of death is filled', { Durum: kod(1), OlumTarih: date('2020', '1', '1') }, 'dead'],
    ['dead where only the year of death is known', { Durum: kod(1), OlumTarih: date('2020') }, 'dead'],
    ['open where the date of death is all nil', { Durum: kod(1), OlumTarih: date() }, 'open'],
    ['open where the date of death is all zero', { Durum: kod(1), OlumTarih: date('0', '0', '0') }, 'open'],
    ['closed at Durum 2', { Durum: kod(2) }, 'closed'],
    ['closed at a Durum that nobody knows', { Durum: kod(77) }, 'closed'],
    ['closed without Durum', { MedeniHal: kod(1) }, 'closed'],
  ])('is %s', (_name, DurumBilgisi, expected) => {
    expect(status(bilesik(inCitizens(citizen({ DurumBilgisi }))))).toBe(expected);
  });

  it('of a foreigner takes both dates from beside TemelBilgisi', () => {
    const dead = foreigner({ OlumTarih: date('2021', '3') });
    const outcome = bilesik(
      { TCVatandasiKisiKutukleri: none(), YabanciKisiKutukleri: { KisiBilgisi: dead } },
      ['YabanciKisiBilgisi'],
    );
    expect(outcome).toEqual({
      kind: 'record',
      record: { ad: 'JOHN', soyad: 'SMITH', dogumTarihi: { year: 1975, month: 1, day: 2 }, status: 'dead' },
    });
  });

  it('of a Mavi Kart holder is told by the register, not by the digits', () => {
    const holder = citizen({ TCKimlikNo: undefined, KimlikNo: ASKED });
    const outcome = bilesik(
      {
        MaviKartliKisiKutukleri: { KisiBilgisi: holder },
        TCVatandasiKisiKutukleri: none(),
        YabanciKisiKutukleri: none(),
      },
      ['MaviKartliKisiBilgisi'],
    );
    expect(status(outcome)).toBe('open');
  });

  it('comes from the register that DoluBilesenler names, not from one that is filled beside it', () => {
    const item = {
      ...inCitizens(citizen({ DurumBilgisi: { Durum: kod(2) } })),
      YabanciKisiKutukleri: { KisiBilgisi: foreigner() },
    };
    expect(bilesik(item, ['YabanciKisiBilgisi', 'TCKKFotoBilgisi'])).toMatchObject({
      record: { ad: 'JOHN', status: 'open' },
    });
    expect(bilesik(item, ['TCKisiBilgisi'])).toMatchObject({ record: { ad: 'AYŞE NUR', status: 'closed' } });
  });

  it('that is dead in one register and open in another is dead', () => {
    const item = {
      ...inCitizens(citizen({ DurumBilgisi: { Durum: kod(3) } })),
      MaviKartliKisiKutukleri: { KisiBilgisi: citizen({ KimlikNo: ASKED }) },
    };
    expect(status(bilesik(item))).toBe('dead');
  });

  it('is not spoilt by a photograph that we may not see', () => {
    const item = {
      TCVatandasiKisiKutukleri: {
        KisiBilgisi: citizen(),
        TCKKFotografBilgisi: { HataBilgisi: kod(8) },
        NufusCuzdaniBilgisi: { HataBilgisi: kod(2) },
      },
    };
    expect(status(bilesik(item))).toBe('open');
  });

  it.each<[string, Tree, unknown]>([
    ['day', date('1950', '6'), { year: 1950, month: 6, day: null }],
    ['month and day', date('1950'), { year: 1950, month: null, day: null }],
    ['day written as 0', date('1950', '6', '0'), { year: 1950, month: 6, day: null }],
    [
      'month with a day that then says nothing',
      date('1950', '0', '9'),
      { year: 1950, month: null, day: null },
    ],
  ])('may have an unknown %s in its birth date', (_name, DogumTarih, expected) => {
    const outcome = bilesik(inCitizens(citizen({ TemelBilgisi: { Ad: 'A', Soyad: 'B', DogumTarih } })));
    expect(outcome).toMatchObject({ record: { dogumTarihi: expected } });
  });

  it.each([[undefined], [null], ['']])('has the surname "" where the register has none (%j)', (Soyad) => {
    const outcome = bilesik(
      inCitizens(citizen({ TemelBilgisi: { Ad: 'A', Soyad, DogumTarih: date('1950', '1', '1') } })),
    );
    expect(outcome).toMatchObject({ record: { soyad: '' } });
  });
});

describe('no record', () => {
  it.each<[string, Tree]>([
    ['the whole answer', { HataBilgisi: kod(2) }],
    ['the item', answer({ HataBilgisi: kod(2) })],
    [
      'each register',
      answer({
        TCVatandasiKisiKutukleri: none(),
        YabanciKisiKutukleri: none(),
        MaviKartliKisiKutukleri: none(),
      }),
    ],
    [
      'nothing but nils',
      answer({ TCVatandasiKisiKutukleri: { HataBilgisi: {}, KisiBilgisi: { DurumBilgisi: {} } } }),
    ],
    ['DoluBilesenler, which names no register of persons', answer(inCitizens(citizen()), ['TCKKBilgisi'])],
  ])('is told by %s', (_name, result) => {
    expect(readBilesikKutuk(result, ASKED)).toEqual({ kind: 'no-record' });
  });
});

describe('HataBilgisi', () => {
  it.each([
    [8, 'not-authorised'],
    [10, 'criterion-empty'],
    [99, 'provider-error'],
    [0, 'provider-error'],
  ])('%d refuses at each of the three levels, and was answered', (value, reason) => {
    const expected = { kind: 'refused', reason, hataKod: value, answered: true };
    expect(readBilesikKutuk({ HataBilgisi: kod(value) }, ASKED)).toEqual(expected);
    expect(bilesik({ HataBilgisi: kod(value), ...inCitizens(citizen()) })).toEqual(expected);
    expect(bilesik({ TCVatandasiKisiKutukleri: none(value), YabanciKisiKutukleri: none() })).toEqual(
      expected,
    );
    expect(bilesik(inCitizens({ ...citizen(), HataBilgisi: kod(value) }))).toEqual(expected);
  });

  it('is read from its child elements: one without number is an error all the same', () => {
    const outcome = readBilesikKutuk({ HataBilgisi: { Aciklama: 'Beklenmeyen hata' } }, ASKED);
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'provider-error' });
    expect(JSON.stringify(outcome)).not.toContain('Beklenmeyen');
  });

  it('of one register does not stand against another that holds the person', () => {
    expect(status(bilesik({ ...inCitizens(citizen()), YabanciKisiKutukleri: none(8) }))).toBe('open');
  });

  it('that is present with nils only says nothing', () => {
    expect(
      status(bilesik({ HataBilgisi: {}, ...inCitizens(citizen({ HataBilgisi: { attributes: {} } })) })),
    ).toBe('open');
  });
});

describe('an answer about somebody else', () => {
  it.each<[string, Tree]>([
    ['in the item', answer({ KimlikNo: OTHER, ...inCitizens(citizen()) })],
    ['in the register', answer(inCitizens(citizen({ TCKimlikNo: OTHER })))],
    [
      'in the register of foreigners',
      answer({ YabanciKisiKutukleri: { KisiBilgisi: foreigner({ KimlikNo: OTHER }) } }),
    ],
    [
      'as a second item',
      { SorguSonucu: { BilesikKutukBilgileri: [{ KimlikNo: ASKED }, { KimlikNo: OTHER }] } },
    ],
  ])('is seen by the number %s', (_name, result) => {
    expect(() => readBilesikKutuk(result, ASKED)).toThrow(AnswerNotOurs);
  });

  it('is not seen in a relative’s number', () => {
    expect(status(bilesik(inCitizens(citizen({ EsTCKimlikNo: OTHER, BabaTCKimlikNo: OTHER }))))).toBe('open');
  });
});

describe('an answer that is not as the contract says', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['neither item nor error', {}],
    ['text for the item', { SorguSonucu: 'x' }],
    [
      'two persons in one register',
      answer({ TCVatandasiKisiKutukleri: { KisiBilgisi: [citizen(), citizen()] } }),
    ],
    ['two Durum', answer(inCitizens(citizen({ DurumBilgisi: { Durum: [kod(1), kod(3)] } })))],
    ['a Durum that is no number', answer(inCitizens(citizen({ DurumBilgisi: { Durum: kod('1a') } })))],
    [
      'a Durum that is a tree',
      answer(inCitizens(citizen({ DurumBilgisi: { Durum: { Kod: { Kod: '1' } } } }))),
    ],
    [
      'two names',
      answer(inCitizens(citizen({ TemelBilgisi: { Ad: ['A', 'B'], DogumTarih: date('1950') } }))),
    ],
    ['no birth date', answer(inCitizens(citizen({ TemelBilgisi: { Ad: 'A', Soyad: 'B' } })))],
    [
      'a birth date without year',
      answer(inCitizens(citizen({ TemelBilgisi: { Ad: 'A', DogumTarih: date(undefined, '5', '1') } }))),
    ],
    [
      'a 13th month',
      answer(inCitizens(citizen({ TemelBilgisi: { Ad: 'A', DogumTarih: date('1950', '13') } }))),
    ],
    ['a number that is none', answer(inCitizens(citizen({ TCKimlikNo: '1e10' })))],
  ])('is unreadable with %s', (_name, result) => {
    expect(() => readBilesikKutuk(result, ASKED)).toThrow(UnreadableAnswer);
  });
});

describe('TumKutukDogrula', () => {
  const ask = (item: Tree, named: readonly string[] = []) =>
    readTumKutukDogrula(answer(item, named, 'AnyName'), ASKED);
  const with_ = (container: string, Durum: Tree | undefined, more: Tree = {}): Tree => ({
    [container]: { KisiBilgisi: { DurumBilgisi: { Durum }, ...more } },
  });

  it.each([
    [1, 'open'],
    [2, 'closed'],
    [3, 'dead'],
  ])('confirms at Durum %d as %s', (value, expected) => {
    expect(ask(with_('TCVatandasiKisiKutukleri', kod(value)))).toEqual({
      kind: 'confirmed',
      status: expected,
    });
  });

  it('confirms by the register that DoluBilesenler means', () => {
    const item = { ...with_('TCVatandasiKisiKutukleri', kod(1)), ...with_('YabanciKisiKutukleri', kod(3)) };
    expect(ask(item, ['YabanciKisiBilgisi'])).toEqual({ kind: 'confirmed', status: 'dead' });
    expect(ask(item, ['TCKisiBilgisi'])).toEqual({ kind: 'confirmed', status: 'open' });
  });

  it('does not confirm without a Durum, whatever else has Kod 1', () => {
    expect(ask(with_('TCVatandasiKisiKutukleri', undefined, { TemelBilgisi: { Cinsiyet: kod(1) } }))).toEqual(
      { kind: 'not-confirmed' },
    );
    expect(ask({ TCVatandasiKisiKutukleri: none() })).toEqual({ kind: 'not-confirmed' });
  });

  it('knows errors and other people’s answers as the combined register does', () => {
    expect(readTumKutukDogrula({ HataBilgisi: kod(10) }, ASKED)).toMatchObject({
      kind: 'refused',
      reason: 'criterion-empty',
    });
    expect(() => ask(with_('TCVatandasiKisiKutukleri', kod(1), { TCKimlikNo: OTHER }))).toThrow(
      AnswerNotOurs,
    );
    expect(() => readTumKutukDogrula({ SorguSonucu: { A: [{}], B: [{}] } }, ASKED)).toThrow(UnreadableAnswer);
  });
});
