import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { containsKimlikNo, idContainsKimlikNo } from '../../src/person/contains-kimlik-no.js';
import { kimlikCheckDigits } from '../../src/person/kimlik-no.js';

const numbers = fc.stringMatching(/^[1-9][0-9]{8}$/).map((nine) => nine + kimlikCheckDigits(nine));
/** Numbers that stand in groups: cut at random, the groups parted by one separator once or twice at a place. */
const SEPARATORS = [
  ' ',
  '\u00a0',
  '\u2009',
  '\t',
  '.',
  '·',
  '-',
  '\u2010',
  '\u2011',
  '–',
  '—',
  '\u2212',
  '－',
  '/',
  '\\',
  '_',
  '＿',
];
const grouped = fc
  .tuple(
    numbers,
    fc.constantFrom(...SEPARATORS),
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 10, maxLength: 10 }),
  )
  .map(([number, separator, times]) =>
    [...number].map((digit, at) => digit + separator.repeat(times[at] ?? 0)).join(''),
  );
/** First digits: full-width, Arabic-Indic, extended Arabic-Indic, Devanagari, Bengali, mathematical bold, Adlam. */
const ZEROS = [0x30, 0xff10, 0x660, 0x6f0, 0x966, 0x9e6, 0x1d7ce, 0x1e950];
const UNSEEN = [
  '',
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u202e',
  '\u2068',
  '\u034f',
  '\ufe0f',
  '\u20e3',
];
/** Each digit in a script of its own, with something behind it that is not seen. */
const disguised = (text: string) =>
  fc
    .array(fc.tuple(fc.constantFrom(...ZEROS), fc.constantFrom(...UNSEEN)), {
      minLength: text.length,
      maxLength: text.length,
    })
    .map((ways) =>
      [...text]
        .map((sign, at) => {
          const [zero, unseen] = ways[at] ?? [0x30, ''];
          return /[0-9]/.test(sign) ? String.fromCodePoint(zero + Number(sign)) + unseen : sign;
        })
        .join(''),
    );
/** Words, other numbers and marks as they stand in reasons; none of them ends or begins with a digit. */
const words = fc
  .array(
    fc.constantFrom(
      'Karar',
      '2026/118 sayılı',
      '22.11.2026 14:05 tarihli',
      'üye',
      '(1234567890)',
      'T.C.',
      '±',
      '٣ kişi',
    ),
  )
  .map((some) => some.join(' '));

const two = (max: number, min = 1) => fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
const dates = fc
  .tuple(two(28), two(12), fc.integer({ min: 1900, max: 2099 }), two(23, 0), two(59, 0), two(59, 0))
  .chain(([day, month, year, hour, minute, second]) =>
    fc.constantFrom(
      `${day}.${month}.${year} ${hour}:${minute}`,
      `${day}/${month}/${year} ${hour}.${minute}.${second}`,
      `${day}-${month}-${year} ${hour}:${minute}:${second}`,
      `${year}-${month}-${day}T${hour}:${minute}:${second}.123Z`,
      `${year}-${month}-${day}T${hour}:${minute}:${second}+03:00`,
      `${year}-${month}-${day}-${hour}-${minute}`,
      `${year}${month}${day} ${hour}${minute}`,
    ),
  );
const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
const ibans = digits(24).chain((all) =>
  fc.constantFrom(
    `TR${all}`,
    `TR${all}`.replace(/(.{4})(?=.)/g, '$1 '),
    `TR${all}`.replace(/(.{4})(?=.)/g, '$1-'),
  ),
);
const quarters = fc
  .tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 4 }))
  .chain(([year, quarter]) =>
    fc.constantFrom(`${year}-Q${quarter}`, `${year}/${quarter}`, `${year} ${quarter}`),
  );
/** Without eleven digits in one unbroken run: those hold one, now and then. */
const uuids = fc
  .tuple(fc.uuid(), fc.boolean())
  .map(([id, upper]) => (upper ? id.toUpperCase() : id))
  .filter((id) => !/[0-9]{11}/.test(id));
const phones = digits(9).chain((nine) =>
  fc.constantFrom(
    `0${`5${nine}`.replace(/(...)(...)(..)(..)/, '$1 $2 $3 $4')}`,
    `+90 ${`5${nine}`.replace(/(...)(...)(..)(..)/, '$1 $2 $3 $4')}`,
  ),
);
const letters = fc
  .tuple(fc.constantFrom('E', 'Z'), digits(8), digits(3), fc.constantFrom('', '.03', '.01.02'), digits(6))
  .map(([kind, office, file, parts, number]) => `${kind}-${office}-${file}${parts}-${number}`);

const around = fc.stringMatching(/^[ -.:;/_(),]{0,5}$/);

describe('text for a field that is shown in clear', () => {
  it('is found to hold an identity number wherever in it the number stands', () => {
    fc.assert(
      fc.property(around, numbers, around, (before, number, after) => {
        expect(containsKimlikNo(`Karar${before || ' '}${number}${after}`)).toBe(true);
      }),
    );
  });

  it('is found to hold one that is glued to letters', () => {
    expect(containsKimlikNo('TC11111111110A')).toBe(true);
  });

  it('is found to hold one at the head of a natural person’s MERSİS number', () => {
    expect(containsKimlikNo('1111111111000015')).toBe(true);
    expect(idContainsKimlikNo('1111111111000015')).toBe(true);
  });

  it('that is an id of a program may hold one by chance, where the id has a form that only programs make', () => {
    for (const id of [
      '0f3b8a52-7c1d-4e6f-9a2b-11111111110a',
      '0F3B8A52-7C1D-4E6F-9A2B-A11111111110',
      'c11111111110abcd',
      'f11111111110aaaaaaaaaaaaaaaaaaaa',
    ]) {
      expect(idContainsKimlikNo(id)).toBe(false);
    }
  });

  it('that is an id of any other form may not, whatever letters stand beside the number', () => {
    for (const id of [
      'req-11111111110',
      'tc11111111110',
      'id11111111110',
      'f11111111110a',
      'TC11111111110.1',
    ]) {
      expect(idContainsKimlikNo(id)).toBe(true);
    }
  });

  it('is found to hold one behind other digits that are none', () => {
    expect(containsKimlikNo('11111111111 11111111110')).toBe(true);
  });

  it('is found to hold one in groups, in whatever script its digits are and whatever unseen stands among them', () => {
    fc.assert(
      fc.property(words, fc.oneof(numbers, grouped).chain(disguised), words, (before, number, after) => {
        expect(containsKimlikNo(`${before} ${number} ${after}`)).toBe(true);
        expect(idContainsKimlikNo(`${before}:${number};${after}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is found to hold one in groups beside other groups of digits', () => {
    for (const text of [
      '118 643 519 983 86 5',
      'no 643-519-983-86-2026',
      '22.11.2026 6435 1998 386',
      'TC643.519.983.86.',
      '6 4 3 5 1 9 9 8 3 8 6',
      '2026-643 519 983 86-1',
      '6435-1998-3860-0015',
    ]) {
      expect(containsKimlikNo(text)).toBe(true);
    }
  });

  it('is found to hold one that only a mark or something unseen parts from other digits', () => {
    for (const text of ['64351998386\u200b12', '64351998386²', '12\u206064351998386']) {
      expect(containsKimlikNo(text)).toBe(true);
    }
  });

  it('is found to hold a foreigner’s number without a right checksum, unbroken or in groups', () => {
    for (const text of ['90000000001', '9900 0000 001', '980-000-000-01']) {
      expect(containsKimlikNo(text)).toBe(true);
    }
  });

  it('may hold groups from 9 on that are amounts or file numbers', () => {
    for (const text of ['90.000.000.001 kuruş', '9512/2026/118', '95541234-622']) {
      expect(containsKimlikNo(text)).toBe(false);
    }
  });

  it('may hold eleven digits that two kinds of separators part, or three at a place', () => {
    for (const text of ['643.519-983.86', '6435 1998-386', '643---519---983---86', '643, 519, 983, 86']) {
      expect(containsKimlikNo(text)).toBe(false);
    }
  });

  it('may hold dates with times, IBANs, quarters, UUIDs, telephone numbers and numbers of official letters', () => {
    fc.assert(
      fc.property(fc.oneof(dates, ibans, quarters, uuids, phones, letters), (text) => {
        expect(containsKimlikNo(text)).toBe(false);
        expect(containsKimlikNo(`(${text}) üzerine`)).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  it('may hold ten or twelve digits, whatever eleven of them are', () => {
    fc.assert(
      fc.property(numbers, digits(1), (number, digit) => {
        for (const text of [number.slice(1), number.slice(0, -1), number + digit, digit + number])
          expect(containsKimlikNo(`Makbuz ${text}.`)).toBe(false);
      }),
    );
  });

  it('may hold sixteen digits that begin with one by chance, unless they have the form of a MERSİS number', () => {
    fc.assert(
      fc.property(numbers, digits(5), (number, tail) => {
        expect(containsKimlikNo(`Dekont ${number}${tail}`)).toBe(tail.startsWith('00'));
      }),
    );
    fc.assert(
      fc.property(numbers, digits(3), (number, tail) => {
        expect(containsKimlikNo(`Dekont ${number}00${tail}`)).toBe(true);
      }),
    );
  });

  it('may hold eleven digits that are no identity number, and longer or shorter runs', () => {
    for (const text of [
      '',
      '2026/118',
      '11111111111',
      '01111111110',
      '1111111111',
      '111111111100',
      '0454053692000015',
    ]) {
      expect(containsKimlikNo(text)).toBe(false);
    }
  });
});
