import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normaliseName } from '../../src/person/turkish-name.js';

const normal = (text: unknown, allowEmpty = false) => {
  const result = normaliseName(text, { allowEmpty });
  return result.ok ? result.value : `! ${result.problem}`;
};

const TURKISH = [...'ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ', ...'ÂÎÛQWX'];
const word = fc
  .array(fc.constantFrom(...TURKISH), { minLength: 1, maxLength: 12 })
  .map((letters) => letters.join(''));
const upperName = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
/** Letters, marks, signs and blanks that stress composition and case: not all of it is a name. */
const PIECES = [
  ...TURKISH,
  ...'iıßøłđñéáăṣẞŁ',
  ...'\u0301\u0307\u0308\u0323\u0327\u0328',
  ...` \u00a0\u2003-.'’ʼ`,
];
const wild = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));

describe('a normalised name', () => {
  it('is in upper case by Turkish rules', () => {
    expect(normal('ışık ilgi')).toBe('IŞIK İLGİ');
    expect(normal('Çağrı Öğüt')).toBe('ÇAĞRI ÖĞÜT');
    expect(normal('Ayşe Nur')).toBe('AYŞE NUR');
  });

  it('keeps dotted and dotless I apart', () => {
    expect(normal('ali')).toBe('ALİ');
    expect(normal('alı')).toBe('ALI');
  });

  it('keeps upper-case Turkish names exactly as they are', () => {
    fc.assert(
      fc.property(upperName, (name) => {
        expect(normal(name)).toBe(name);
      }),
    );
  });

  it('is found again from its Turkish lower-case spelling, composed or decomposed', () => {
    fc.assert(
      fc.property(upperName, (name) => {
        const lower = name.toLocaleLowerCase('tr');
        expect(normal(lower)).toBe(name);
        expect(normal(lower.normalize('NFD'))).toBe(name);
        expect(normal(name.normalize('NFD'))).toBe(name);
      }),
    );
  });

  it('is found again where İ was lower-cased without Turkish rules (i with a combining dot)', () => {
    expect(normal('İBRAHİM'.toLowerCase())).toBe('İBRAHİM');
    expect(normal('i\u0307')).toBe('İ');
    expect(normal('I\u0307')).toBe('İ');
    expect(normal('İ\u0307')).toBe('İ');
    expect(normal('ı\u0307')).toBe('İ');
  });

  it('does not change when normalised again, whatever came in', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const once = normaliseName(text, { allowEmpty: true });
        fc.pre(once.ok);
        if (once.ok) expect(normal(once.value, true)).toBe(once.value);
      }),
      { numRuns: 3000 },
    );
  });

  it('is NFC, has no small letter i, no double blank and none at the ends', () => {
    fc.assert(
      fc.property(wild, (text) => {
        const once = normaliseName(text, { allowEmpty: true });
        fc.pre(once.ok);
        if (!once.ok) return;
        expect(once.value).toBe(once.value.normalize('NFC'));
        expect(once.value).not.toMatch(/[iı]|^ | $| {2}|[^\S ]/u);
      }),
      { numRuns: 3000 },
    );
  });

  it('has one space for any run of blanks, no-break and wide ones too', () => {
    expect(normal('  Ayşe \u00a0\u2003 Nur\u3000')).toBe('AYŞE NUR');
  });

  it('writes ß as SS and leaves ẞ, which is another spelling', () => {
    expect(normal('Groß')).toBe('GROSS');
    expect(normal('GROẞ')).toBe('GROẞ');
  });

  it('takes Latin letters of other languages with their marks', () => {
    expect(normal('Nguyễn')).toBe('NGUYỄN');
    expect(normal('Łukasz Ørsted')).toBe('ŁUKASZ ØRSTED');
    expect(normal('Ăn\u0323')).toBe('ĂṆ');
    expect(normal('x\u0302\u0331')).toBe('X\u0331\u0302');
  });

  it('takes hyphen, dot and apostrophe, and writes the typographic apostrophe as the plain one', () => {
    expect(normal('Anne-Marie O’Neil')).toBe("ANNE-MARİE O'NEİL");
    expect(normal('Oʼneil')).toBe("O'NEİL");
    expect(normal('M. Ali')).toBe('M. ALİ');
  });
});

describe('a name that is refused', () => {
  it('holds a control or invisible character', () => {
    for (const c of [
      '\0',
      '\t',
      '\n',
      '\r',
      '\u001b',
      '\u007f',
      '\u0085',
      '\u00ad',
      '\u034f',
      '\u200b',
      '\u200d',
      '\u202e',
      '\u2028',
      '\u2066',
      '\ufeff',
    ]) {
      expect(normal(`AY${c}ŞE`)).toBe('! character');
      expect(normal(`AYŞE${c}`)).toBe('! character');
    }
  });

  it('holds a digit or a sign that names do not have', () => {
    for (const c of [...'0123456789<>&"/\\;:,_*%?!@#()[]{}=+`´‘“–—…·', '\u2010', '\u2011', '\u00b2', '٣']) {
      expect(normal(`AYŞE${c}`)).toBe('! character');
    }
  });

  it('holds a letter of another script, look-alikes too', () => {
    for (const name of ['АYŞE', 'ΑYSE', 'آیشه', '愛', 'მარიამ', 'Ꭺ'])
      expect(normal(name)).toBe('! character');
  });

  it('holds a form of which the letters meant would be a guess', () => {
    for (const name of ['ﬁliz', 'ＡＹŞＥ', 'Ⅳ', 'ĳ', 'ŉ', 'ª', 'ſ', 'ﬀ', 'ǆ'])
      expect(normal(name)).toBe('! character');
  });

  it('holds half of a surrogate pair, an emoji, or letters outside the basic plane that are no Latin letters', () => {
    for (const name of ['AY\ud83dE', 'AY\udc00', 'AYŞE\u{1f600}', '\u{1d400}YŞE', '\u{10400}'])
      expect(normal(name)).toBe('! character');
  });

  it('starts with a mark or has one on a blank', () => {
    expect(normal('\u0301AYŞE')).toBe('! character');
    expect(normal('AYŞE \u0301NUR')).toBe('! character');
  });

  it('is not text', () => {
    for (const text of [undefined, null, 1, true, ['AYŞE'], { toString: () => 'AYŞE' }]) {
      expect(normal(text)).toBe('! character');
      expect(normal(text, true)).toBe('! character');
    }
  });

  it('is empty where emptiness is not allowed', () => {
    for (const text of ['', ' ', '\u00a0 \u2003']) {
      expect(normal(text)).toBe('! empty');
      expect(normal(text, true)).toBe('');
    }
  });

  it('is longer than a hundred characters in its normal form', () => {
    expect(normal('A'.repeat(100))).toBe('A'.repeat(100));
    expect(normal('A'.repeat(101))).toBe('! too-long');
    expect(normal('ß'.repeat(50))).toBe('S'.repeat(100));
    expect(normal('ß'.repeat(51))).toBe('! too-long');
    expect(normal('s\u0327'.repeat(100))).toBe('Ş'.repeat(100));
    expect(normal(' '.repeat(400))).toBe('! empty');
    expect(normal(' '.repeat(401))).toBe('! too-long');
    expect(normal('A\u0323'.repeat(1_000_000))).toBe('! too-long');
  });

  it('is never something that throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string({ unit: 'binary' })),
        fc.boolean(),
        (text, allowEmpty) => {
          const result = normaliseName(text, { allowEmpty });
          expect(result.ok ? 'string' : ['empty', 'too-long', 'character']).toEqual(
            result.ok ? typeof result.value : expect.arrayContaining([result.problem]),
          );
        },
      ),
    );
  });
});
