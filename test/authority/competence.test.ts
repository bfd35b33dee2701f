import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COOPERATIVE_KINDS, NATIONAL_UNION_KIND } from '../../mocks/population/cooperative-kinds.js';
import { COMPETENCE, competenceOf, isKnownKind, ministryOf } from '../../src/authority/competence.js';

describe('competence', () => {
  it('of every kind that the stand-in of MERSİS knows is what its own table says, and there are no others', () => {
    const theirs = [...COOPERATIVE_KINDS, NATIONAL_UNION_KIND];
    expect(theirs).toHaveLength(22);
    for (const kind of theirs)
      expect([kind.tur, isKnownKind(kind), ministryOf(kind)]).toEqual([kind.tur, true, kind.ilgiliBakanlik]);
    expect(COMPETENCE.map(({ tur, kanun }) => `${tur} ${kanun}`).sort()).toEqual(
      theirs.map(({ tur, kanun }) => `${tur} ${kanun}`).sort(),
    );
  });

  it('has one row for each kind and law, each with its source and a level', () => {
    const keys = COMPETENCE.map(({ tur, kanun }) => `${tur} ${kanun}`.toLocaleUpperCase('tr'));
    expect(new Set(keys).size).toBe(keys.length);
    for (const { source, levels } of COMPETENCE) {
      expect(source).toMatch(/m\.3/);
      expect(levels.length).toBeGreaterThan(0);
    }
  });

  it('of agricultural sales cooperatives is Ticaret’s, unlike that of other agricultural ones', () => {
    expect(ministryOf({ tur: 'Tarım Satış', kanun: '4572' })).toBe('ticaret');
    expect(ministryOf({ tur: 'Tarım Kredi', kanun: '1581' })).toBe('tarim');
    expect(ministryOf({ tur: 'Tarımsal Kalkınma', kanun: '1163' })).toBe('tarim');
  });

  it.each([
    ['KONUT YAPI', 'cevre'],
    ['konut yapı', 'cevre'],
    ['  Konut   Yapı ', 'cevre'],
    ['Toplu i\u0307şyeri Yapı'.normalize('NFD').replace('i\u0307', 'İ'), 'cevre'],
    ['sulama', 'tarim'],
    ['SU ÜRÜNLERİ', 'tarim'],
    ['su ürünleri'.normalize('NFD'), 'tarim'],
  ])('compares kinds by Turkish letters: %s', (tur, ministry) => {
    expect([isKnownKind({ tur, kanun: '1163' }), ministryOf({ tur, kanun: '1163' })]).toEqual([
      true,
      ministry,
    ]);
  });

  it.each([
    ['letters that are others in Turkish', { tur: 'SU URUNLERI', kanun: '1163' }],
    ['a dotless i where a dotted one stands', { tur: 'Sıte İşletme', kanun: '1163' }],
    ['a kind under another law', { tur: 'Konut Yapı', kanun: '4572' }],
    ['a name instead of a kind', { tur: 'Sınırlı Sorumlu Örnek Konut Yapı Kooperatifi', kanun: '1163' }],
    ['an empty kind', { tur: '', kanun: '' }],
    ['a member that every object has', { tur: 'constructor', kanun: '1163' }],
    ['a text longer than any kind', { tur: 'Sulama'.padEnd(1_000_000), kanun: '1163' }],
  ])('takes %s for one of "all others", and says that it is not known', (_name, kind) => {
    expect([isKnownKind(kind), ministryOf(kind)]).toEqual([false, 'ticaret']);
  });

  it('never throws, and says another ministry than Ticaret only by a row', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (tur, kanun) => {
        const row = competenceOf({ tur, kanun });
        expect(ministryOf({ tur, kanun })).toBe(row?.ministry ?? 'ticaret');
      }),
    );
  });
});
