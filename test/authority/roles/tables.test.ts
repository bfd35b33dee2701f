import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areAssemblyDays, overlap } from '../../../src/authority/roles/assembly-days.js';
import { FORBIDDEN_PAIRS, forbiddenPair } from '../../../src/authority/roles/forbidden-pairs.js';
import {
  competenceFor,
  GRANT_RULES,
  SECOND_PERSON_ROLES,
  TWO_PERSON_ROLES,
} from '../../../src/authority/roles/grant-rules.js';
import { PROVINCES } from '../../../src/authority/roles/provinces.js';
import {
  formatRole,
  MINISTRIES,
  type NamedRole,
  parseRole,
  ROLES,
  type RoleName,
} from '../../../src/authority/roles/role-list.js';

const NAMES = Object.keys(ROLES) as RoleName[];
const MERSIS = '0123456789000015';
const role = (text: string): NamedRole => {
  const parsed = parseRole(text);
  if (parsed === null) throw new Error(`no role: ${text}`);
  return parsed;
};

describe('the notation of roles', () => {
  it.each([
    'administrator',
    'security-officer',
    'log-inspector',
    'finance',
    'ministry-manager:ticaret',
    'ministry-central:tarim',
    'directorate:cevre/İzmir',
    `ministry-representative:${MERSIS}`,
  ])('%s is read and written as it is', (text) => {
    expect(formatRole(role(text))).toBe(text);
  });

  it.each([
    '',
    'king',
    'constructor',
    'Administrator',
    ' administrator',
    'administrator:',
    'administrator:ticaret',
    'ministry-manager',
    'ministry-manager:',
    'ministry-manager:maliye',
    'ministry-manager:ticaret/Ankara',
    'directorate:ticaret',
    'directorate:ticaret/',
    'directorate:ticaret/Ankra',
    'directorate:ticaret/ankara',
    'directorate:ticaret/Ankara/Çankaya',
    'directorate:maliye/Ankara',
    'ministry-representative',
    'ministry-representative:123',
    `ministry-representative:${MERSIS}0`,
    // A natural person's MERSİS number: it holds an identity number.
    'ministry-representative:1000000014600001',
    'board:0123456789000015',
  ])('%p is no role', (text) => {
    expect(parseRole(text)).toBeNull();
  });

  it('takes the province however the keyboard composed its letters, and writes it one way', () => {
    expect(formatRole(role('directorate:ticaret/İzmir'.normalize('NFD')))).toBe('directorate:ticaret/İzmir');
    expect(PROVINCES).toHaveLength(81);
    expect(new Set(PROVINCES).size).toBe(81);
    for (const il of PROVINCES) expect(il.normalize('NFC')).toBe(il);
  });

  it('gives back any role that can be written', () => {
    const text = fc.oneof(
      fc.constantFrom('administrator', 'finance'),
      fc.constantFrom(...MINISTRIES).map((ministry) => `ministry-central:${ministry}`),
      fc
        .tuple(fc.constantFrom(...MINISTRIES), fc.constantFrom(...PROVINCES))
        .map(([ministry, il]) => `directorate:${ministry}/${il}`),
    );
    fc.assert(fc.property(text, (one) => expect(formatRole(role(one))).toBe(one)));
  });
});

describe('who may grant what', () => {
  const place = { ministry: 'ticaret', il: 'Ankara' } as const;

  it.each<[string, string, ReturnType<typeof competenceFor>]>([
    ['administrator', 'administrator', 'competent'],
    ['administrator', 'security-officer', 'competent'],
    ['administrator', 'ministry-manager:tarim', 'competent'],
    ['administrator', 'directorate:tarim/Van', 'competent'],
    ['administrator', `ministry-representative:${MERSIS}`, 'no-role'],
    ['ministry-manager:ticaret', 'ministry-central:ticaret', 'competent'],
    ['ministry-manager:ticaret', 'directorate:ticaret/Van', 'competent'],
    ['ministry-manager:ticaret', 'ministry-central:tarim', 'outside-own-ministry'],
    ['ministry-manager:ticaret', 'directorate:cevre/Van', 'outside-own-ministry'],
    ['ministry-manager:ticaret', 'ministry-manager:ticaret', 'no-role'],
    ['ministry-manager:ticaret', 'finance', 'no-role'],
    ['ministry-manager:ticaret', `ministry-representative:${MERSIS}`, 'no-role'],
    ['directorate:ticaret/Ankara', `ministry-representative:${MERSIS}`, 'competent'],
    ['directorate:ticaret/İzmir', `ministry-representative:${MERSIS}`, 'outside-own-area'],
    ['directorate:tarim/Ankara', `ministry-representative:${MERSIS}`, 'outside-own-area'],
    ['directorate:ticaret/Ankara', 'directorate:ticaret/Ankara', 'no-role'],
    ['ministry-central:ticaret', `ministry-representative:${MERSIS}`, 'no-role'],
    ['security-officer', 'administrator', 'no-role'],
    ['log-inspector', 'log-inspector', 'no-role'],
    ['finance', 'finance', 'no-role'],
  ])('%s decides on %s: %s', (holder, wanted, expected) => {
    expect(competenceFor([role(holder)], role(wanted), place)).toBe(expected);
  });

  it('nobody decides on a representative of a cooperative that is unknown', () => {
    const directorate = [role('directorate:ticaret/Ankara')];
    expect(competenceFor(directorate, role(`ministry-representative:${MERSIS}`), null)).toBe(
      'cooperative-unknown',
    );
  });

  it('nobody without a role decides anything; of several roles one that reaches is enough', () => {
    for (const { grants } of GRANT_RULES)
      expect(
        competenceFor([], { role: grants, ministry: 'ticaret', il: 'Van', mersisNo: MERSIS }, place),
      ).toBe('no-role');
    const two = [role('ministry-manager:tarim'), role('ministry-manager:ticaret')];
    expect(competenceFor(two, role('ministry-central:ticaret'), place)).toBe('competent');
  });

  it('every role can be granted by somebody, each row has a reason, and no row stands twice', () => {
    expect(new Set(GRANT_RULES.map(({ grants }) => grants))).toEqual(new Set(NAMES));
    for (const { why } of GRANT_RULES) expect(why.length).toBeGreaterThan(10);
    expect(new Set(GRANT_RULES.map(({ granter, grants }) => `${granter} ${grants}`)).size).toBe(
      GRANT_RULES.length,
    );
    expect([...TWO_PERSON_ROLES].sort()).toEqual(['administrator', 'security-officer']);
    expect([...SECOND_PERSON_ROLES].sort()).toEqual(['administrator', 'security-officer']);
  });
});

describe('pairs that must not meet', () => {
  it('are forbidden in both directions, whichever role comes first', () => {
    for (const { one, other } of FORBIDDEN_PAIRS) {
      expect(forbiddenPair(one, other)).not.toBeNull();
      expect(forbiddenPair(other, one)).toEqual(forbiddenPair(one, other));
    }
  });

  it('name roles of the list, never one role with itself, each pair once, each with a reason', () => {
    const seen = FORBIDDEN_PAIRS.map(({ one, other }) => [one, other].sort().join(' '));
    expect(new Set(seen).size).toBe(seen.length);
    for (const { one, other, why } of FORBIDDEN_PAIRS) {
      expect(NAMES).toEqual(expect.arrayContaining([one, other]));
      expect(one).not.toBe(other);
      expect(why.length).toBeGreaterThan(10);
    }
  });

  it.each([
    ['administrator', 'security-officer'],
    ['administrator', 'log-inspector'],
    ['administrator', 'finance'],
    ['administrator', 'ministry-manager'],
    ['security-officer', 'log-inspector'],
    ['security-officer', 'finance'],
    ['security-officer', 'directorate'],
    ['log-inspector', 'finance'],
    ['log-inspector', 'ministry-central'],
    ['finance', 'ministry-representative'],
  ])('%s and %s are one of them', (one, other) => {
    expect(forbiddenPair(one, other)).not.toBeNull();
  });

  it('leave staff of a directorate free to be sent to an assembly', () => {
    expect(forbiddenPair('directorate', 'ministry-representative')).toBeNull();
    expect(forbiddenPair('administrator', 'administrator')).toBeNull();
    expect(forbiddenPair('administrator', 'king')).toBeNull();
  });
});

describe('the days of an assembly', () => {
  const TODAY = '2026-05-04';

  it.each<[string, string | null, string | null, boolean]>([
    ['one day, today', '2026-05-04', '2026-05-05', true],
    ['seven days', '2026-05-10', '2026-05-17', true],
    ['eight days', '2026-05-10', '2026-05-18', false],
    ['no day', '2026-05-10', '2026-05-10', false],
    ['an end before the beginning', '2026-05-10', '2026-05-09', false],
    ['yesterday alone', '2026-05-03', '2026-05-04', false],
    ['begun yesterday, not over', '2026-05-03', '2026-05-05', true],
    ['ninety days ahead', '2026-08-02', '2026-08-03', true],
    ['ninety-one days ahead', '2026-08-03', '2026-08-04', false],
    ['without an end', '2026-05-10', null, false],
    ['without a beginning', null, '2026-05-10', false],
    ['without days', null, null, false],
    ['a day that no month has', '2026-06-30', '2026-06-31', false],
    ['an instant', '2026-05-10T00:00', '2026-05-11', false],
    ['words', 'yarın', 'öbür gün', false],
    ['over the change of a year', '2026-05-31', '2026-06-02', true],
  ])('%s', (_name, from, to, expected) => {
    expect(areAssemblyDays({ from, to }, TODAY)).toBe(expected);
  });

  it('that only touch share no day: the last is not included', () => {
    const may = { from: '2026-05-10', to: '2026-05-12' };
    expect(overlap(may, { from: '2026-05-12', to: '2026-05-13' })).toBe(false);
    expect(overlap(may, { from: '2026-05-11', to: '2026-05-13' })).toBe(true);
    expect(overlap({ from: null, to: null }, { from: null, to: null })).toBe(true);
  });
});
