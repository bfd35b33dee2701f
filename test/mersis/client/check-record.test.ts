import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { checkAnswer } from '../../../src/mersis/check-record.js';
import {
  ALI,
  AYSE,
  cooperative,
  duty,
  found,
  type Json,
  kimlik,
  legal,
  MERSIS_NO,
  NATURAL_NO,
  NOT_FOUND,
  number,
  OTHER_NO,
  OTHER_VKN,
  VKN,
} from './support/answers.js';

const ASKED = { mersisNo: MERSIS_NO };
const check = (raw: unknown) => checkAnswer(ASKED, raw);
const withDuties = (...gorevler: unknown[]) => found({ gorevler });
const registered = { durum: 'TESCIL_EDILDI', tarih: '2024-06-20' };

function recordOf(raw: unknown) {
  const checked = check(raw);
  if (checked.kind !== 'found') throw new Error(`not found: ${JSON.stringify(checked)}`);
  return checked.record;
}

function without(from: Json, name: string): Json {
  const { [name]: _gone, ...rest } = from;
  return rest;
}

describe('an answer that is as contracted', () => {
  it('becomes a record with every member', () => {
    const checked = check(found());
    expect(checked).toMatchObject({
      kind: 'found',
      asOf: new Date('2026-03-01T06:30:00Z'),
      checkDigitsHold: true,
      record: {
        mersisNo: MERSIS_NO,
        vkn: VKN,
        unvan: 'S.S. ÇINAR KONUT YAPI KOOPERATİFİ',
        tur: 'Konut Yapı',
        seviye: 'birim',
        kanun: '1163',
        il: 'Ankara',
        durum: 'faal',
        durumSince: '2010-04-01',
        successor: null,
      },
    });
    const [one] = recordOf(found()).duties;
    expect(one?.person?.equals(number(AYSE))).toBe(true);
    expect(one).toMatchObject({
      duty: 'yönetim kurulu üyesi',
      actsFor: null,
      startsOn: '2024-06-01',
      endsOn: '2028-06-01',
      state: 'tescil-edildi',
      registeredOn: '2024-06-20',
      gazette: '2024-06-25 11045/312',
      representation: 'MUSTEREKEN',
    });
  });

  it('may be asked for by VKN', () => {
    expect(checkAnswer({ vkn: VKN }, found())).toMatchObject({ kind: 'found', record: { vkn: VKN } });
  });

  it('may say that there is none', () => {
    expect(check(NOT_FOUND)).toEqual({ kind: 'not-found', asOf: new Date('2026-03-01T06:30:00Z') });
  });

  it.each([
    ['FAAL', 'faal'],
    ['TASFIYE', 'tasfiye'],
    ['TERKIN', 'terkin'],
    ['BIRLESME', 'birleşme'],
  ])('has the status %s', (durum, expected) => {
    expect(recordOf(found({ durum })).durum).toBe(expected);
  });

  it('names the successor with a merger, where the registry does', () => {
    const merged = found({ durum: 'BIRLESME', halefMersisNo: OTHER_NO });
    expect(recordOf(merged).successor).toBe(OTHER_NO);
  });

  it.each([
    ['YONETIM_KURULU_UYESI', 'yönetim kurulu üyesi'],
    ['DENETCI', 'denetçi'],
    ['TASFIYE_MEMURU', 'tasfiye memuru'],
    ['KAYYIM', 'kayyım'],
  ])('has the duty %s', (gorevTuru, expected) => {
    expect(recordOf(withDuties(duty({ gorevTuru }))).duties[0]?.duty).toBe(expected);
  });

  it.each([
    ['BEKLEMEDE', 'beklemede'],
    ['KABUL_EDILDI', 'kabul-edildi'],
  ])('may be registered only as %s, without a day', (durum, state) => {
    expect(recordOf(withDuties(duty({ tescil: { durum } }))).duties[0]).toMatchObject({
      state,
      registeredOn: null,
      gazette: null,
    });
  });

  it('may have an empty board, an open end, and null for what is absent', () => {
    expect(recordOf(withDuties()).duties).toEqual([]);
    const open = duty({ bitis: null, temsilSekli: null, tuzelKisi: null });
    expect(recordOf(withDuties(open)).duties[0]).toMatchObject({ endsOn: null, representation: null });
  });

  it('has a legal person’s representative as the person, and nobody where it has none', () => {
    const [one] = recordOf(withDuties(legal())).duties;
    expect(one?.actsFor).toBe(OTHER_VKN);
    expect(one?.person?.equals(number(ALI))).toBe(true);
    const alone = legal({ tuzelKisi: { vergiNo: OTHER_VKN, unvan: 'DENİZ A.Ş.' } });
    expect(recordOf(withDuties(alone)).duties[0]).toMatchObject({ actsFor: OTHER_VKN, person: null });
  });

  it.each([
    ['the same person after the end of a term', duty({ baslangic: '2028-06-01', bitis: null })],
    ['the same person in another duty', duty({ gorevTuru: 'DENETCI' })],
    ['another person at the same time', duty({ gercekKisi: { kimlikNo: ALI } })],
  ])('may have %s', (_name, second) => {
    expect(recordOf(withDuties(duty(), second)).duties).toHaveLength(2);
  });

  it('may have been registered before the term begins', () => {
    const early = duty({ baslangic: '2024-07-01', tescil: { ...registered, tarih: '2024-06-01' } });
    expect(recordOf(withDuties(early)).duties).toHaveLength(1);
  });
});

describe('check digits that do not hold', () => {
  const wrong = (digits: string) => digits.slice(0, -1) + ((Number(digits.at(-1)) + 1) % 10);

  it('are a warning in the number and VKN of the cooperative', () => {
    const vergiNo = wrong(VKN);
    const mersisNo = `0${vergiNo}00017`;
    expect(checkAnswer({ mersisNo }, found({ mersisNo, vergiNo }))).toMatchObject({
      kind: 'found',
      checkDigitsHold: false,
    });
  });

  it('are a warning in the VKN of a legal person and in a YKN', () => {
    const board = legal({ tuzelKisi: { vergiNo: wrong(OTHER_VKN), unvan: 'X' } });
    expect(check(withDuties(board))).toMatchObject({ kind: 'found', checkDigitsHold: false });
    const foreigner = duty({ gercekKisi: { kimlikNo: wrong(kimlik('990000001')) } });
    expect(check(withDuties(foreigner))).toMatchObject({ kind: 'found', checkDigitsHold: false });
  });

  it('are no number in that of a citizen', () => {
    expect(check(withDuties(duty({ gercekKisi: { kimlikNo: wrong(AYSE) } })))).toEqual({
      kind: 'invalid',
      problem: 'not-as-contracted',
    });
  });
});

const CONTRACT: readonly [string, unknown][] = [
  ['null', null],
  ['a list', []],
  ['a text', 'BULUNDU'],
  ['an unknown code', found({}, { kod: 'TAMAM' })],
  ['the name of an inherited member as code', found({}, { kod: 'constructor' })],
  ['no code', without(found(), 'kod')],
  ['found without a cooperative', without(found(), 'kooperatif')],
  ['not found with a cooperative', found({}, { kod: 'BULUNAMADI' })],
  ['a member that the contract has not', found({}, { ad: 'AYŞE' })],
  ['a cooperative with such a member', found({ askida: true })],
  ['a duty with such a member', withDuties(duty({ iptal: true }))],
  ['a member __proto__', JSON.parse(JSON.stringify(found()).replace('{', '{"__proto__":{},'))],
  ['no instant', without(found(), 'bilgiTarihi')],
  ['an instant without offset', found({}, { bilgiTarihi: '2026-03-01T09:30:00' })],
  ['an instant on a day that is none', found({}, { bilgiTarihi: '2026-02-30T09:30:00Z' })],
  ['an instant at 24:00', found({}, { bilgiTarihi: '2026-03-01T24:00:00Z' })],
  ['an instant as a number', found({}, { bilgiTarihi: 1_772_000_000 })],
  ['a MERSİS number as a number', found({ mersisNo: 123 })],
  ['a short MERSİS number', found({ mersisNo: MERSIS_NO.slice(1) })],
  ['a long MERSİS number', found({ mersisNo: `${MERSIS_NO}0` })],
  ['a MERSİS number with a line end', found({ mersisNo: `${MERSIS_NO}\n` })],
  ['a short VKN', found({ vergiNo: VKN.slice(1) })],
  ...['mersisNo', 'vergiNo', 'unvan', 'tur', 'seviye', 'kanun', 'il', 'durum', 'durumTarihi', 'gorevler'].map(
    (name): [string, unknown] => [`no ${name}`, { ...found(), kooperatif: without(cooperative(), name) }],
  ),
  ['an empty title', found({ unvan: '' })],
  ['a title of blanks', found({ unvan: ' \u00a0 ' })],
  ['a title of 301 characters', found({ unvan: 'A'.repeat(301) })],
  ['a title with a zero', found({ unvan: 'A\u0000B' })],
  ['a title with a line end', found({ unvan: 'A\nB' })],
  ['a title that turns the writing', found({ unvan: 'A\u202eB' })],
  ['a title with half a pair', found({ unvan: 'A\ud800B' })],
  ['a title with an identity number', found({ unvan: `S.S. ${AYSE} KOOPERATİFİ` })],
  ['a kind that is too long', found({ tur: 'x'.repeat(101) })],
  ['a level that is too long', found({ seviye: 'x'.repeat(41) })],
  ['a law that is no number', found({ kanun: '1163 sayılı' })],
  ['an il that is too long', found({ il: 'x'.repeat(41) })],
  ['an unknown status', found({ durum: 'AKTIF' })],
  ['a status in other letters', found({ durum: 'faal' })],
  ['a status since a day that is none', found({ durumTarihi: '2025-02-29' })],
  ['a status since an instant', found({ durumTarihi: '2025-02-28T00:00:00Z' })],
  ['a successor without a merger', found({ halefMersisNo: OTHER_NO })],
  ['itself as successor', found({ durum: 'BIRLESME', halefMersisNo: MERSIS_NO })],
  ['an empty successor', found({ durum: 'BIRLESME', halefMersisNo: '' })],
  ['duties as null', found({ gorevler: null })],
  ['duties as one object', found({ gorevler: duty() })],
  ['a duty that is null', withDuties(null)],
  ['an unknown duty', withDuties(duty({ gorevTuru: 'MUDUR' }))],
  ['two persons in one duty', withDuties({ ...legal(), gercekKisi: { kimlikNo: AYSE } })],
  ['nobody in a duty', withDuties(without(duty(), 'gercekKisi'))],
  ['a person without a number', withDuties(duty({ gercekKisi: {} }))],
  ['a person with a name', withDuties(duty({ gercekKisi: { kimlikNo: AYSE, ad: 'X' } }))],
  ['a person’s number as a number', withDuties(duty({ gercekKisi: { kimlikNo: Number(AYSE) } }))],
  ['a person’s number with a blank', withDuties(duty({ gercekKisi: { kimlikNo: ` ${AYSE}` } }))],
  ['a person as a text', withDuties(duty({ gercekKisi: AYSE }))],
  ['a legal person without a number', withDuties(legal({ tuzelKisi: { unvan: 'X' } }))],
  ['a legal person without a title', withDuties(legal({ tuzelKisi: { vergiNo: OTHER_VKN } }))],
  [
    'a representative that is no number',
    withDuties(legal({ tuzelKisi: { vergiNo: OTHER_VKN, unvan: 'X', temsilciKimlikNo: '' } })),
  ],
  ['no start', withDuties(without(duty(), 'baslangic'))],
  ['a start on a day that is none', withDuties(duty({ baslangic: '2024-06-31' }))],
  ['a start in Turkish order', withDuties(duty({ baslangic: '01.06.2024' }))],
  ['an empty end', withDuties(duty({ bitis: '' }))],
  ['an end on a day that is none', withDuties(duty({ bitis: '2027-13-01' }))],
  ['an end as a number', withDuties(duty({ bitis: 20_270_101 }))],
  ['no registration', withDuties(without(duty(), 'tescil'))],
  ['an unknown state', withDuties(duty({ tescil: { durum: 'ONAYLANDI' } }))],
  ['registered without a day', withDuties(duty({ tescil: { durum: 'TESCIL_EDILDI' } }))],
  ['a day without being registered', withDuties(duty({ tescil: { ...registered, durum: 'BEKLEMEDE' } }))],
  [
    'accepted with a day of registration',
    withDuties(duty({ tescil: { ...registered, durum: 'KABUL_EDILDI' } })),
  ],
  ['registered on a day that is none', withDuties(duty({ tescil: { ...registered, tarih: '2024-02-30' } }))],
  ['a gazette that is too long', withDuties(duty({ tescil: { ...registered, gazete: 'x'.repeat(101) } }))],
  ['a signature rule that is too long', withDuties(duty({ temsilSekli: 'x'.repeat(41) }))],
  ['an identity number as signature rule', withDuties(duty({ temsilSekli: AYSE }))],
];

const OTHERS: readonly [string, unknown, string][] = [
  ['another cooperative', found({ mersisNo: OTHER_NO, vergiNo: OTHER_VKN }), 'other-cooperative'],
  ['another VKN than inside its number', found({ vergiNo: OTHER_VKN }), 'vkn-mismatch'],
  ['a natural person’s number', found({ mersisNo: NATURAL_NO }), 'natural-person'],
  [
    'a natural person’s number as successor',
    found({ durum: 'BIRLESME', halefMersisNo: NATURAL_NO }),
    'natural-person',
  ],
  ['the same duty twice', withDuties(duty(), duty()), 'duplicate-seat'],
  [
    'the same person and start with other ends',
    withDuties(duty(), duty({ bitis: '2026-01-01' })),
    'duplicate-seat',
  ],
  [
    'overlapping terms, the later one first',
    withDuties(duty({ baslangic: '2028-05-31', bitis: '2032-06-01' }), duty()),
    'duplicate-seat',
  ],
  [
    'a new term beside an open one',
    withDuties(duty({ bitis: null }), duty({ baslangic: '2030-01-01', bitis: null })),
    'duplicate-seat',
  ],
  [
    'a legal person with two representatives at a time',
    withDuties(legal(), legal({ tuzelKisi: { vergiNo: OTHER_VKN, unvan: 'X', temsilciKimlikNo: AYSE } })),
    'duplicate-seat',
  ],
  [
    'a legal person twice without a representative',
    withDuties(...Array(2).fill(legal({ tuzelKisi: { vergiNo: OTHER_VKN, unvan: 'X' } }))),
    'duplicate-seat',
  ],
  ['an end before the start', withDuties(duty({ bitis: '2024-05-31' })), 'dates-out-of-order'],
  ['an end on the day of the start', withDuties(duty({ bitis: '2024-06-01' })), 'dates-out-of-order'],
  ['1,001 duties', found({ gorevler: Array(1_001).fill(null) }), 'too-many-seats'],
];

describe('an answer is refused as a whole', () => {
  it.each(CONTRACT)('as not contracted with %s', (_name, raw) => {
    expect(check(raw)).toEqual({ kind: 'invalid', problem: 'not-as-contracted' });
  });

  it.each(OTHERS)('with %s', (_name, raw, problem) => {
    expect(check(raw)).toEqual({ kind: 'invalid', problem });
  });

  it('with another VKN than was asked for', () => {
    expect(checkAnswer({ vkn: OTHER_VKN }, found())).toEqual({
      kind: 'invalid',
      problem: 'other-cooperative',
    });
  });

  it('with one bad duty among good ones', () => {
    const raw = withDuties(duty(), duty({ gorevTuru: 'DENETCI', bitis: '2020-01-01' }));
    expect(check(raw)).toEqual({ kind: 'invalid', problem: 'dates-out-of-order' });
  });
});

it('a thousand duties are not too many', () => {
  const many = Array.from({ length: 1_000 }, (_, at) =>
    duty({ gercekKisi: { kimlikNo: kimlik(String(300_000_000 + at)) } }),
  );
  expect(recordOf(withDuties(...many)).duties).toHaveLength(1_000);
});

it('no number of a person is seen in whatever comes out', () => {
  for (const raw of [found(), withDuties(legal()), ...[...CONTRACT, ...OTHERS].map(([, one]) => one)]) {
    // Printing a number throws in tests; inspection of hidden members does not, and would show digits.
    const shown = inspect(check(raw), { depth: 20, showHidden: true, customInspect: false });
    for (const digits of [AYSE, ALI]) expect(shown).not.toContain(digits);
  }
});
