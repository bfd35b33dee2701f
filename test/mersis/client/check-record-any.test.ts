import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CheckedAnswer, checkAnswer } from '../../../src/mersis/check-record.js';
import { KimlikNo } from '../../../src/person/kimlik-no.js';
import {
  ALI,
  AYSE,
  duty,
  found,
  type Json,
  legal,
  MERSIS_NO,
  NATURAL_NO,
  OTHER_VKN,
  VKN,
} from './support/answers.js';

const ASKED = { mersisNo: MERSIS_NO };
const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

/** What every record must be, said once more and in other words than the check has. */
function brokenIn(checked: CheckedAnswer): string[] {
  if (checked.kind === 'invalid') return [];
  const broken: string[] = [];
  const must = (holds: boolean, name: string) => void (holds || broken.push(name));
  must(!Number.isNaN(checked.asOf.getTime()), 'asOf');
  if (checked.kind === 'not-found') return broken;
  const { record } = checked;
  must(record.mersisNo === MERSIS_NO && record.vkn === MERSIS_NO.slice(1, 11), 'cooperative');
  must(
    record.successor === null || (record.durum === 'birleşme' && /^0\d{15}$/.test(record.successor)),
    'successor',
  );
  must(isDay(record.durumSince), 'durumSince');
  must(record.unvan.length > 0 && record.unvan.length <= 300 && record.il.length <= 40, 'texts');
  must(record.duties.length <= 1_000, 'count');
  for (const one of record.duties) {
    must(one.person === null ? one.actsFor !== null : one.person instanceof KimlikNo, 'person');
    must((one.state === 'tescil-edildi') === (one.registeredOn !== null), 'registration');
    must(
      isDay(one.startsOn) && (one.endsOn === null || (isDay(one.endsOn) && one.endsOn > one.startsOn)),
      'term',
    );
    must(one.registeredOn === null || isDay(one.registeredOn), 'registeredOn');
    for (const other of record.duties) {
      if (one === other || one.duty !== other.duty) continue;
      const isSame =
        (one.actsFor !== null && one.actsFor === other.actsFor) ||
        (one.person !== null && other.person !== null && one.person.equals(other.person));
      const overlap =
        (one.endsOn ?? '9999-99-99') > other.startsOn && (other.endsOn ?? '9999-99-99') > one.startsOn;
      must(!(isSame && overlap), 'twice');
    }
  }
  return broken;
}

const JUNK = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', ' ', '\u0000', 'x'.repeat(400), AYSE, NATURAL_NO, OTHER_VKN, -1, 0, true, null, [], {}),
);
const DAYS = fc.constantFrom('2024-06-01', '2024-06-02', '2026-01-01', '2028-06-01', '2026-02-30', '', null);
const SEAT = fc
  .record({
    base: fc.constantFrom(duty(), legal()),
    who: fc.constantFrom(AYSE, ALI, NATURAL_NO),
    gorevTuru: fc.constantFrom('YONETIM_KURULU_UYESI', 'DENETCI', 'MUDUR'),
    baslangic: DAYS,
    bitis: DAYS,
    durum: fc.constantFrom('TESCIL_EDILDI', 'BEKLEMEDE', 'KABUL_EDILDI', 'X'),
    tarih: DAYS,
  })
  .map(({ base, who, durum, tarih, ...rest }): Json => {
    const person =
      'gercekKisi' in base
        ? { gercekKisi: { kimlikNo: who } }
        : { tuzelKisi: { vergiNo: OTHER_VKN, unvan: 'X', temsilciKimlikNo: who } };
    return { ...base, ...person, ...rest, tescil: { durum, tarih } };
  });
/** Seats of which each alone is sound: their terms against each other decide. */
const SOUND_SEAT = fc
  .tuple(
    fc.constantFrom(AYSE, ALI),
    fc.integer({ min: 2000, max: 2020 }),
    fc.integer({ min: 1, max: 8 }),
    fc.boolean(),
  )
  .map(([kimlikNo, from, years, open]) =>
    duty({
      gercekKisi: { kimlikNo },
      baslangic: `${from}-06-01`,
      bitis: open ? null : `${from + years}-06-01`,
    }),
  );

function paths(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...path, name]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === name ? replaced(item, rest, by) : item));
  return { ...(value as Json), [name]: replaced((value as Json)[name], rest, by) };
}

const whole = found({ gorevler: [duty(), legal({ gorevTuru: 'DENETCI' })] });

describe('whatever an answer holds, nothing is thrown and no record breaks a rule', () => {
  it('when it is any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => expect(brokenIn(checkAnswer(ASKED, raw))).toEqual([])),
      {
        numRuns: 500,
      },
    );
  });

  it('when one place of a good answer holds something else', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths(whole)), JUNK, (path, by) => {
        expect(brokenIn(checkAnswer(ASKED, replaced(whole, path, by)))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('when its duties are made of good and bad parts', () => {
    fc.assert(
      fc.property(fc.array(SEAT, { maxLength: 4 }), (gorevler) => {
        expect(brokenIn(checkAnswer(ASKED, found({ gorevler })))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('terms of one person are believed exactly where no two overlap', () => {
  let believed = 0;
  fc.assert(
    fc.property(fc.array(SOUND_SEAT, { maxLength: 4 }), (gorevler) => {
      const clash = gorevler.some((one, at) =>
        gorevler.some(
          (other, place) =>
            place > at &&
            (one.gercekKisi as Json).kimlikNo === (other.gercekKisi as Json).kimlikNo &&
            String(one.bitis ?? '9999') > String(other.baslangic) &&
            String(other.bitis ?? '9999') > String(one.baslangic),
        ),
      );
      const { kind } = checkAnswer(ASKED, found({ gorevler }));
      expect(kind).toBe(clash ? 'invalid' : 'found');
      if (kind === 'found' && gorevler.length > 1) believed += 1;
    }),
    { numRuns: 1_000, seed: 7 },
  );
  expect(believed).toBeGreaterThan(50);
});

it('the answer that these are made from is a good one', () => {
  expect(checkAnswer(ASKED, whole)).toMatchObject({ kind: 'found', record: { vkn: VKN } });
});
