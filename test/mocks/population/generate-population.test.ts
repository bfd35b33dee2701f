import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { cooperativeKind } from '../../../mocks/population/cooperative-kinds.js';
import { generatePopulation } from '../../../mocks/population/generate-population.js';
import type { Person, Population } from '../../../mocks/population/population.js';
import { PROVINCES } from '../../../mocks/population/provinces.js';
import { isRole } from '../../../mocks/population/roles.js';
import { KimlikNo } from '../../../src/person/kimlik-no.js';
import { parseMersisNo, vknOfMersisNo } from '../../../src/person/mersis-no.js';
import { parsePartialDate } from '../../../src/person/partial-date.js';
import { normaliseName } from '../../../src/person/turkish-name.js';

const TODAY = '2026-07-15';
const settings = { seed: 'koopbis', people: 2000, cooperatives: 300, today: TODAY };
const population = generatePopulation(settings);
const smallest = Array.from({ length: 25 }, (_, i) =>
  generatePopulation({ seed: `seed ${i}`, people: 100, cooperatives: 1 + i * 3, today: TODAY }),
);
const all = [population, ...smallest];

const byNumber = (of: Population) => new Map(of.people.map((person) => [person.kimlikNo, person]));
const having = (of: Population, kind: string) =>
  of.people.filter(({ is }) => is.some((role) => role.split(':')[0] === kind));
const isPlain = (person: Person) =>
  person.durum === 'açık' &&
  !person.kimlikNo.startsWith('9') &&
  !person.dogumTarihi.endsWith('-00') &&
  person.soyad !== '';

describe('the same settings', () => {
  it('give the same population, byte for byte', () => {
    expect(JSON.stringify(generatePopulation({ ...settings }))).toBe(JSON.stringify(population));
  });

  it('give the population they gave before, on every machine', () => {
    // Whoever changes a list or a draw changes everybody's sandbox: then this value is renewed, knowingly.
    // What was drawn later, from streams of its own, has a value of its own.
    const later = new Set(['durumTarihi', 'temsil', 'tuzelKisi']);
    const first = JSON.stringify(population, (name, value) => (later.has(name) ? undefined : value));
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(hash(first)).toBe('2c66458adf7afcbbd64f935a6b6a0f7b92204aaccf64c26b935122fda32a9bd2');
    expect(hash(JSON.stringify(population))).toBe(
      '812db739db508ec569c049629def58a3319b2c61c01af55e8dfc89923384f4a9',
    );
  });

  it('give another population for another seed, and as many people and cooperatives as asked', () => {
    const other = generatePopulation({ ...settings, seed: 'other' });
    const numbers = byNumber(population);
    expect(other.people.filter(({ kimlikNo }) => numbers.has(kimlikNo)).length).toBeLessThan(10);
    expect([other.people.length, other.cooperatives.length]).toEqual([2000, 300]);
  });

  it('draw numbers and names apart: more people have the same first numbers with other names', () => {
    const numbers = (of: Population) => of.people.map(({ kimlikNo }) => kimlikNo);
    const more = byNumber(generatePopulation({ ...settings, people: 2100 }));
    const again = numbers(population).filter((kimlikNo) => more.has(kimlikNo));
    expect(again.length).toBeGreaterThan(1900);
    const sameName = again.filter(
      (kimlikNo) => more.get(kimlikNo)?.ad === byNumber(population).get(kimlikNo)?.ad,
    );
    expect(sameName.length).toBeLessThan(again.length / 2);
  });
});

describe('the people', () => {
  it('have different numbers with right check digits, foreigners’ ones starting with 99', () => {
    for (const { people } of all) {
      expect(new Set(people.map(({ kimlikNo }) => kimlikNo)).size).toBe(people.length);
      for (const { kimlikNo } of people) {
        expect(KimlikNo.parse(kimlikNo)).toMatchObject({ ok: true });
        expect('warning' in KimlikNo.parse(kimlikNo)).toBe(false);
        expect(kimlikNo).toMatch(/^(?:[1-8]|99)/);
      }
    }
  });

  it('have names in the one normal form and dates that can be read', () => {
    for (const { people } of all) {
      for (const { ad, soyad, dogumTarihi } of people) {
        expect(normaliseName(ad, { allowEmpty: false })).toEqual({ ok: true, value: ad });
        expect(normaliseName(soyad, { allowEmpty: true })).toEqual({ ok: true, value: soyad });
        expect(parsePartialDate(dogumTarihi, TODAY).ok).toBe(true);
      }
    }
  });

  it('have Turkish letters, double given names and, some of them, letters of other languages', () => {
    const names = population.people.map(({ ad, soyad }) => `${ad} ${soyad}`).join('\n');
    for (const letter of 'ĞIİŞÖÜÇ') expect(names).toContain(letter);
    expect(population.people.filter(({ ad }) => ad.includes(' ')).length).toBeGreaterThan(200);
    expect(names).toMatch(/[ØŁÉÅĚẦ]/);
  });

  it('have secrets of their own: a password and a 20-byte TOTP key in base32', () => {
    const keys = population.people
      .flatMap(({ edevletTotp, stepUpTotp }) => [edevletTotp, stepUpTotp])
      .filter((key) => key !== null);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[A-Z2-7]{32}$/);
    for (const { password } of population.people) expect(password).toMatch(/^\w{12}$/);
  });

  it('have the level of a two-step login exactly where they have two-step', () => {
    const levels = (two: boolean) =>
      new Set(population.people.filter((p) => (p.edevletTotp !== null) === two).map(({ level }) => level));
    expect(levels(true)).toEqual(new Set(['2']));
    expect(levels(false)).toEqual(new Set(['1']));
  });

  it('include at least one of every kind of CONTRACT §2, in the smallest population too', () => {
    const kinds = [
      'board',
      'elected',
      'former',
      'denetci',
      'appointee',
      'legacy-appointee',
      'member',
      'directorate',
    ];
    const more = [
      'ministry-central',
      'ministry-manager',
      'ministry-representative',
      'log-inspector',
      'administrator',
      'nobody',
    ];
    for (const one of all) {
      for (const kind of [...kinds, ...more])
        expect([kind, having(one, kind).length > 0]).toEqual([kind, true]);
      expect(having(one, 'security-officer').length).toBeGreaterThanOrEqual(2);
      expect(having(one, 'finance').length).toBeGreaterThanOrEqual(2);
      expect(one.people.some(({ kimlikNo }) => kimlikNo.startsWith('99'))).toBe(true);
      for (const durum of ['açık', 'ölüm', 'kapalı'])
        expect(one.people.some((p) => p.durum === durum)).toBe(true);
      expect(one.people.some(({ dogumTarihi }) => /-(?!00)\d\d-00$/.test(dogumTarihi))).toBe(true);
      expect(one.people.some(({ dogumTarihi }) => dogumTarihi.endsWith('-00-00'))).toBe(true);
      expect(one.people.some(({ soyad }) => soyad === '')).toBe(true);
    }
  });

  it('have a board member without two-step after all those with it', () => {
    for (const one of all) {
      const twoStep = having(one, 'board').map(({ edevletTotp }) => edevletTotp !== null);
      expect(twoStep).toContain(false);
      expect(twoStep.indexOf(false)).toBe(twoStep.lastIndexOf(true) + 1);
    }
  });

  it('show a pure case first: the first dead, foreign, partly dated or surnameless person has no other trait and no role', () => {
    const traits: ((person: Person) => boolean)[] = [
      ({ durum }) => durum === 'ölüm',
      ({ durum }) => durum === 'kapalı',
      ({ kimlikNo }) => kimlikNo.startsWith('9'),
      ({ dogumTarihi }) => dogumTarihi.endsWith('-00'),
      ({ soyad }) => soyad === '',
    ];
    for (const one of all) {
      for (const trait of traits) {
        const first = one.people.find(trait) as Person;
        expect(traits.filter((other) => other(first)).length).toBe(1);
      }
    }
    expect(isPlain(population.people[0] as Person)).toBe(true);
  });

  it('with such a trait are members or nobody, and hold no seat or office', () => {
    for (const one of all) {
      const roles = one.people.filter((person) => !isPlain(person)).flatMap(({ is }) => is);
      expect(roles.filter((role) => role !== 'nobody' && !role.startsWith('member:'))).toEqual([]);
    }
  });

  it('have roles that exist, none twice, and `nobody` only alone', () => {
    for (const one of all) {
      for (const { is } of one.people) {
        expect(is.length).toBeGreaterThan(0);
        expect(new Set(is).size).toBe(is.length);
        expect(is.filter((role) => !isRole(role, one))).toEqual([]);
        if (is.includes('nobody')) expect(is).toEqual(['nobody']);
      }
    }
  });

  it('who hold an office can step up, log in with two steps and hold nothing else; nobody else can step up', () => {
    const offices = [
      'directorate',
      'ministry-central',
      'ministry-manager',
      'security-officer',
      'log-inspector',
      'finance',
      'administrator',
    ];
    for (const one of all) {
      const officials = new Set(offices.flatMap((office) => having(one, office)));
      for (const person of one.people) {
        expect(person.stepUpTotp !== null).toBe(officials.has(person));
        if (officials.has(person)) expect([person.is.length, person.edevletTotp !== null]).toEqual([1, true]);
      }
    }
  });

  it('of a directorate sit where there are cooperatives, everywhere if there are enough people', () => {
    const needed = new Set(
      population.cooperatives.map(({ ilgiliBakanlik, il }) => `directorate:${ilgiliBakanlik}/${il}`),
    );
    const present = new Set(having(population, 'directorate').flatMap(({ is }) => is));
    expect(present).toEqual(needed);
  });
});

describe('the cooperatives', () => {
  it('have different MERSİS numbers that hold their own VKN, with right check digits', () => {
    const numbers = population.cooperatives.map(({ mersisNo }) => mersisNo);
    expect(new Set(numbers).size).toBe(300);
    for (const { mersisNo, vkn } of population.cooperatives) {
      const parsed = parseMersisNo(mersisNo);
      expect('warning' in parsed).toBe(false);
      expect(parsed.ok && vknOfMersisNo(parsed.value)).toBe(vkn);
    }
  });

  it('belong to the ministry and the law of their kind', () => {
    for (const { tur, kanun, ilgiliBakanlik, il } of population.cooperatives) {
      expect(cooperativeKind(tur)).toMatchObject({ kanun, ilgiliBakanlik });
      expect(PROVINCES).toContain(il);
    }
    expect(cooperativeKind('Tarım Satış')).toMatchObject({ kanun: '4572', ilgiliBakanlik: 'ticaret' });
    expect(cooperativeKind('Tarımsal Kalkınma')?.ilgiliBakanlik).toBe('tarim');
    expect(cooperativeKind('Konut Yapı')?.ilgiliBakanlik).toBe('cevre');
  });

  it('have stood in their status since a day before their boards, those in liquidation since their liquidators', () => {
    for (const one of all) {
      for (const { durum, durumTarihi = '', board } of one.cooperatives) {
        const starts = board.map(({ baslangic }) => baslangic).sort();
        if (durum === 'tasfiye') expect(durumTarihi).toBe(starts[0]);
        else expect(durumTarihi < (starts[0] ?? TODAY)).toBe(true);
        expect(parsePartialDate(durumTarihi, TODAY).ok).toBe(true);
      }
    }
  });

  it('say of registered seats alone how they sign, and legal persons sit on the boards of unions alone', () => {
    const words = new Set<string | undefined>();
    for (const { seviye, board } of population.cooperatives) {
      const sitting = board.flatMap(({ tuzelKisi }) => (tuzelKisi === undefined ? [] : [tuzelKisi.vkn]));
      expect(new Set(sitting).size).toBe(sitting.length);
      if (seviye === 'birim') expect(sitting).toEqual([]);
      for (const vkn of sitting)
        expect(population.cooperatives.find((one) => one.vkn === vkn)).toMatchObject({ durum: 'faal' });
      for (const { temsil, tescil, gorev } of board) {
        words.add(temsil);
        if (tescil === undefined || gorev === 'denetçi') expect(temsil).toBeUndefined();
      }
    }
    expect(words).toEqual(new Set([undefined, 'MUNFERIDEN', 'MUSTEREKEN', 'HIZMETEYETKILI']));
    const boards = population.cooperatives.flatMap(({ board }) => board);
    expect(boards.some(({ tuzelKisi }) => tuzelKisi !== undefined)).toBe(true);
  });

  it('are of every level and state, with one national union, and no two have one name', () => {
    const values = (field: 'seviye' | 'durum' | 'ilgiliBakanlik') =>
      new Set(population.cooperatives.map((one) => one[field]));
    expect(values('seviye').size).toBe(4);
    expect(values('durum').size).toBe(3);
    expect(values('ilgiliBakanlik').size).toBe(3);
    expect(population.cooperatives.filter(({ seviye }) => seviye === 'TMKB').length).toBe(1);
    expect(new Set(population.cooperatives.map(({ unvan }) => unvan)).size).toBe(300);
    expect(PROVINCES.length).toBe(81);
  });

  it('at work have 3 to 7 registered members in term and 1 to 3 auditors, all different, alive and known', () => {
    for (const one of all) {
      const people = byNumber(one);
      for (const { mersisNo, durum, board } of one.cooperatives) {
        const inTerm = board.filter(
          ({ tescil, bitis }) => tescil !== undefined && tescil <= TODAY && (bitis ?? '9') > TODAY,
        );
        const count = (gorev: string) => inTerm.filter((seat) => seat.gorev === gorev).length;
        expect(new Set(board.map(({ kimlikNo }) => kimlikNo)).size).toBe(board.length);
        for (const { kimlikNo, baslangic } of board) {
          expect(isPlain(people.get(kimlikNo) as Person)).toBe(true);
          expect(baslangic <= TODAY).toBe(true);
        }
        const [members, auditors] = [count('yönetim kurulu üyesi'), count('denetçi')];
        if (durum !== 'faal') expect([mersisNo, members, auditors]).toEqual([mersisNo, 0, 0]);
        else {
          expect([3, 4, 5, 6, 7]).toContain(members);
          expect([1, 2, 3]).toContain(auditors);
        }
      }
    }
  });

  it('at work have a board member who can log in with two steps', () => {
    for (const one of all) {
      for (const { mersisNo, durum } of one.cooperatives) {
        const board = one.people.filter(({ is }) => is.includes(`board:${mersisNo}`));
        if (durum === 'faal') expect(board.some(({ edevletTotp }) => edevletTotp !== null)).toBe(true);
        else expect(board).toEqual([]);
      }
    }
  });

  it('give their people the roles that their boards say, and nobody else', () => {
    for (const one of all) {
      const expected = new Set<string>();
      for (const { mersisNo, board } of one.cooperatives) {
        for (const { kimlikNo, gorev, tescil, bitis } of board) {
          const over = bitis !== undefined && bitis <= TODAY;
          const member = over ? 'former' : tescil === undefined ? 'elected' : 'board';
          if (gorev === 'yönetim kurulu üyesi') expected.add(`${kimlikNo} ${member}:${mersisNo}`);
          if (gorev === 'denetçi') expected.add(`${kimlikNo} denetci:${mersisNo}`);
        }
      }
      const said = one.people.flatMap(({ kimlikNo, is }) =>
        is
          .filter((role) => /^(?:board|elected|former|denetci):/.test(role))
          .map((role) => `${kimlikNo} ${role}`),
      );
      expect(new Set(said)).toEqual(expected);
    }
  });
});

describe('settings outside the limits', () => {
  it('are refused', () => {
    const bad = [
      { people: 99 },
      { people: 200_001 },
      { people: 2000.5 },
      { people: Number.NaN },
      { cooperatives: 0 },
      { cooperatives: 60_001 },
      { cooperatives: -1 },
      { today: '2026-07' },
      { today: '2026-00-00' },
      { today: '2026-02-30' },
      { seed: 'x'.repeat(201) },
    ];
    for (const one of bad) expect(() => generatePopulation({ ...settings, ...one })).toThrow(RangeError);
  });

  it('are not: the same with other days and an empty seed', () => {
    for (const today of ['2024-02-29', '2000-01-01', '2099-12-31']) {
      const { people } = generatePopulation({ seed: '', people: 100, cooperatives: 3, today });
      for (const { dogumTarihi } of people) expect(parsePartialDate(dogumTarihi, today).ok).toBe(true);
    }
  });
});
