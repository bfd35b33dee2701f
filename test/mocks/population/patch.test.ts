import { describe, expect, it } from '@jest/globals';
import { generatePopulation } from '../../../mocks/population/generate-population.js';
import { patchCooperative } from '../../../mocks/population/patch-cooperative.js';
import { patchPerson } from '../../../mocks/population/patch-person.js';
import type { Patched } from '../../../mocks/population/patched.js';
import type { Cooperative, Person, Population } from '../../../mocks/population/population.js';

const TODAY = '2026-07-15';
const population = generatePopulation({ seed: 'patch', people: 200, cooperatives: 20, today: TODAY });
const before = JSON.stringify(population);
const with_ = (kind: string) =>
  population.people.find(({ is }) => is.some((role) => role.split(':')[0] === kind)) as Person;
const nobody = with_('nobody');
const cooperative = population.cooperatives[0] as Cooperative;
const { mersisNo, board } = cooperative;

const person = (kimlikNo: string, change: unknown) => patchPerson(population, kimlikNo, change, TODAY);
const coop = (change: unknown) => patchCooperative(population, mersisNo, change, TODAY);
function world(patched: Patched): Population {
  if (!patched.ok) throw new Error(`refused: ${patched.problem} ${patched.field}`);
  return patched.population;
}
const personIn = (of: Population, kimlikNo: string) =>
  of.people.find((one) => one.kimlikNo === kimlikNo) as Person;
const rolesHere = (of: Population, kimlikNo: string) =>
  personIn(of, kimlikNo).is.filter((role) => role.endsWith(mersisNo));

describe('a change of a person', () => {
  it('changes the named fields of that person and nothing else, in a new population', () => {
    const change = {
      ad: 'YENİ',
      soyad: '',
      dogumTarihi: '1950-06-00',
      durum: 'ölüm',
      password: 'another one',
    };
    const after = world(person(nobody.kimlikNo, change));
    expect(personIn(after, nobody.kimlikNo)).toEqual({ ...nobody, ...change });
    expect(after.people.filter((one, i) => one !== population.people[i]).length).toBe(1);
    expect(after.cooperatives).toBe(population.cooperatives);
    expect(JSON.stringify(population)).toBe(before);
  });

  it('of nothing changes nothing', () => {
    expect(JSON.stringify(world(person(nobody.kimlikNo, {})))).toBe(before);
    expect(JSON.stringify(world(person(nobody.kimlikNo, nobody)))).toBe(before);
  });

  it('that switches two-step takes the level along, unless it names one', () => {
    const { kimlikNo } = nobody;
    const off = world(person(kimlikNo, { edevletTotp: null }));
    expect(personIn(off, kimlikNo)).toMatchObject({ edevletTotp: null, level: '1' });
    const on = world(patchPerson(off, kimlikNo, { edevletTotp: 'A'.repeat(32) }, TODAY));
    expect(personIn(on, kimlikNo)).toMatchObject({ edevletTotp: 'A'.repeat(32), level: '2' });
    expect(personIn(world(person(kimlikNo, { edevletTotp: null, level: '9' })), kimlikNo).level).toBe('9');
  });

  it('gives and takes roles that no board gives, in the one order', () => {
    const roles = [
      'finance',
      `member:${mersisNo}`,
      'directorate:tarim/İzmir',
      `appointee:${mersisNo}`,
      'finance',
    ];
    const after = world(person(nobody.kimlikNo, { is: roles }));
    expect(personIn(after, nobody.kimlikNo).is).toEqual([
      `appointee:${mersisNo}`,
      `member:${mersisNo}`,
      'directorate:tarim/İzmir',
      'finance',
    ]);
    expect(
      personIn(world(patchPerson(after, nobody.kimlikNo, { is: [] }, TODAY)), nobody.kimlikNo).is,
    ).toEqual(['nobody']);
  });

  it('cannot give or take a seat: that is the board’s', () => {
    const member = with_('board');
    expect(person(nobody.kimlikNo, { is: [`board:${mersisNo}`] })).toEqual({
      ok: false,
      problem: 'bad-value',
      field: 'is',
    });
    expect(person(member.kimlikNo, { is: ['nobody'] })).toEqual({
      ok: false,
      problem: 'bad-value',
      field: 'is',
    });
    expect(person(member.kimlikNo, { is: [...member.is, 'finance'] }).ok).toBe(true);
  });

  it('of somebody who does not exist is not found', () => {
    expect(person('11111111110', {})).toEqual({ ok: false, problem: 'not-found' });
    expect(person('', {})).toEqual({ ok: false, problem: 'not-found' });
  });

  it('is refused whole for an unknown field, whose name is not repeated', () => {
    for (const change of [
      { ad: 'YENİ', soyAd: 'X' },
      { '12345678901': 1 },
      JSON.parse('{"__proto__":{"ad":"X"}}'),
      { constructor: 1 },
    ]) {
      expect(person(nobody.kimlikNo, change)).toEqual({ ok: false, problem: 'unknown-field' });
    }
  });

  it('is refused where it is no object', () => {
    for (const change of [null, undefined, [], 'ad', 1]) {
      expect(person(nobody.kimlikNo, change)).toEqual({ ok: false, problem: 'not-an-object' });
    }
  });

  it('is refused for a value that cannot stand in its field', () => {
    const bad: Record<string, unknown[]> = {
      kimlikNo: ['11111111110', null],
      ad: ['', ' ', 'AYŞE1', 'A<B', null, 5, 'A'.repeat(101)],
      soyad: ['A\n', null, undefined, ['KAYA']],
      dogumTarihi: ['', '1950-13-01', '1950-00-07', '2026-07-16', '1849-01-01', null, 19500101],
      durum: ['acik', 'AÇIK', '', null],
      password: ['', 'a\u0000b', 'x'.repeat(201), null],
      edevletTotp: ['', 'a'.repeat(32), 'A'.repeat(31), 'A'.repeat(33), '1'.repeat(32), 0],
      stepUpTotp: ['A'.repeat(16), false],
      level: ['', 'x'.repeat(21), 'a b', 2, null],
      is: [
        null,
        'nobody',
        ['nobody', 'finance'],
        ['somebody'],
        ['finance:1'],
        ['nobody:'],
        ['member:'],
        ['member:0000000000000000'],
        ['directorate:tarim'],
        ['directorate:tarim/Atlantis'],
        ['directorate:saglik/Ankara'],
        ['directorate:tarim/Ankara/1'],
        ['ministry-central:saglik'],
        ['ministry-central'],
        [5],
        new Array(501).fill('finance'),
      ],
    };
    for (const [field, values] of Object.entries(bad)) {
      for (const value of values) {
        expect([value, person(nobody.kimlikNo, { [field]: value })]).toEqual([
          value,
          { ok: false, problem: 'bad-value', field },
        ]);
      }
    }
  });
});

describe('a change of a cooperative', () => {
  it('changes the named fields and nothing else, in a new population', () => {
    const change = { unvan: 'S.S. YENİ & ESKİ KOOPERATİFİ', il: 'Iğdır', durum: 'tasfiye', seviye: 'birlik' };
    const after = world(coop(change));
    expect(after.cooperatives[0]).toEqual({ ...cooperative, ...change, durumTarihi: TODAY });
    expect(after.cooperatives.slice(1)).toEqual(population.cooperatives.slice(1));
    expect(after.people).toEqual(population.people);
    expect(JSON.stringify(population)).toBe(before);
  });

  it('of nothing, or to the same board, changes nothing', () => {
    expect(JSON.stringify(world(coop({})))).toBe(before);
    expect(JSON.stringify(world(coop(cooperative)))).toBe(before);
    expect(JSON.stringify(world(coop({ board })))).toBe(before);
  });

  it('of status begins today unless it names its day, and the same status keeps its own', () => {
    const since = (change: object) => world(coop(change)).cooperatives[0]?.durumTarihi;
    expect(since({ durum: 'terkin' })).toBe(TODAY);
    expect(since({ durum: 'terkin', durumTarihi: '2026-03-31' })).toBe('2026-03-31');
    expect(since({ durum: cooperative.durum })).toBe(cooperative.durumTarihi);
    expect(since({ durumTarihi: '2020-02-29' })).toBe('2020-02-29');
  });

  it('into a merger may name another cooperative, which goes with the status', () => {
    const halef = population.cooperatives[1]?.mersisNo as string;
    const merged = world(coop({ durum: 'birleşme', halef }));
    expect(merged.cooperatives[0]).toMatchObject({ durum: 'birleşme', durumTarihi: TODAY, halef });
    expect(world(coop({ durum: 'birleşme' })).cooperatives[0]).not.toHaveProperty('halef');
    const back = world(patchCooperative(merged, mersisNo, { durum: 'faal' }, TODAY));
    expect(back.cooperatives[0]).not.toHaveProperty('halef');
    const refused = { ok: false, problem: 'bad-value', field: 'halef' };
    expect(coop({ halef })).toEqual(refused);
    expect(coop({ durum: 'tasfiye', halef })).toEqual(refused);
  });

  it('of a board takes signature rules and legal persons as they are', () => {
    const tuzelKisi = { vkn: '4540536920', unvan: 'A & B A.Ş.' };
    const seats = board.map((seat) => ({ ...seat, temsil: 'MUNFERIDEN', tuzelKisi }));
    const after = world(coop({ board: seats }));
    expect(after.cooperatives[0]?.board).toEqual(seats);
    expect(after.people).toEqual(population.people);
  });

  it('of kind takes law and ministry along, and refuses others', () => {
    expect(world(coop({ tur: 'Sulama' })).cooperatives[0]).toMatchObject({
      kanun: '1163',
      ilgiliBakanlik: 'tarim',
    });
    expect(world(coop({ tur: 'Tarım Satış' })).cooperatives[0]).toMatchObject({
      kanun: '4572',
      ilgiliBakanlik: 'ticaret',
    });
    expect(coop({ tur: 'Sulama', ilgiliBakanlik: 'tarim', kanun: '1163' }).ok).toBe(true);
    expect(coop({ tur: 'Sulama', ilgiliBakanlik: 'cevre' })).toEqual({
      ok: false,
      problem: 'bad-value',
      field: 'ilgiliBakanlik',
    });
    const others = ['ticaret', 'tarim', 'cevre'].filter((one) => one !== cooperative.ilgiliBakanlik);
    for (const ilgiliBakanlik of others) expect(coop({ ilgiliBakanlik }).ok).toBe(false);
  });

  it('that empties the board takes the roles of everybody on it there, and only there', () => {
    const after = world(coop({ board: [] }));
    for (const { kimlikNo } of board) {
      expect(rolesHere(after, kimlikNo)).toEqual([]);
      const elsewhere = personIn(population, kimlikNo).is.filter((role) => !role.endsWith(mersisNo));
      expect(personIn(after, kimlikNo).is).toEqual(elsewhere.length > 0 ? elsewhere : ['nobody']);
    }
    expect(JSON.stringify(world(patchCooperative(after, mersisNo, { board }, TODAY)))).toBe(before);
  });

  it('of the board gives each seat its role on that day', () => {
    const seat = { kimlikNo: nobody.kimlikNo, gorev: 'yönetim kurulu üyesi', baslangic: '2024-01-01' };
    const roleFor = (...seats: object[]) =>
      rolesHere(world(coop({ board: seats })), nobody.kimlikNo).map((role) => role.split(':')[0]);
    expect(roleFor({ ...seat, tescil: '2024-02-01' })).toEqual(['board']);
    expect(roleFor({ ...seat, tescil: TODAY, baslangic: TODAY })).toEqual(['board']);
    expect(roleFor({ ...seat, tescil: '2026-07-16' })).toEqual(['elected']);
    expect(roleFor({ ...seat, tescil: '2024-02-01', baslangic: '2026-07-16' })).toEqual(['elected']);
    expect(roleFor(seat)).toEqual(['elected']);
    expect(roleFor({ ...seat, tescil: '2024-02-01', bitis: '2026-07-16' })).toEqual(['board']);
    expect(roleFor({ ...seat, tescil: '2024-02-01', bitis: TODAY })).toEqual(['former']);
    expect(roleFor({ ...seat, bitis: TODAY })).toEqual([]);
    expect(roleFor({ ...seat, tescil: '2024-02-01', gorev: 'denetçi' })).toEqual(['denetci']);
    expect(roleFor({ ...seat, gorev: 'denetçi' })).toEqual([]);
    expect(roleFor({ ...seat, tescil: '2024-02-01', gorev: 'tasfiye memuru' })).toEqual([]);
    expect(roleFor({ ...seat, tescil: '2024-02-01', gorev: 'kayyım' })).toEqual([]);
    expect(
      roleFor({ ...seat, tescil: '2024-02-01', bitis: '2026-01-01' }, { ...seat, tescil: '2026-02-01' }),
    ).toEqual(['board']);
    expect(
      roleFor({ ...seat, tescil: '2024-02-01' }, { ...seat, tescil: '2024-02-01', gorev: 'denetçi' }),
    ).toEqual(['board', 'denetci']);
  });

  it('that does not exist is not found', () => {
    expect(patchCooperative(population, '0000000000000000', {}, TODAY)).toEqual({
      ok: false,
      problem: 'not-found',
    });
  });

  it('is refused for unknown fields and for what is no object', () => {
    expect(coop({ boards: [] })).toEqual({ ok: false, problem: 'unknown-field' });
    expect(coop({ ad: 'X' })).toEqual({ ok: false, problem: 'unknown-field' });
    for (const change of [null, undefined, [], 'board', 1])
      expect(coop(change)).toEqual({ ok: false, problem: 'not-an-object' });
  });

  it('is refused for a value that cannot stand in its field', () => {
    const seat = { kimlikNo: nobody.kimlikNo, gorev: 'denetçi', baslangic: '2024-01-01' };
    const bad: Record<string, unknown[]> = {
      mersisNo: ['0000000000000000'],
      vkn: ['4540536920'],
      unvan: ['', 'A\u202eB', 'X'.repeat(301), null],
      tur: ['', 'Konut', null, 3],
      seviye: ['tmkb', null],
      kanun: ['9999', null],
      il: ['İstambul', 'istanbul', null],
      ilgiliBakanlik: ['saglik', null],
      durum: ['kapalı', null],
      durumTarihi: ['', '2024-02-30', '2024-00-00', null],
      halef: [mersisNo, '0000000000000000', '', null],
      board: [
        null,
        {},
        [null],
        [{}],
        [{ ...seat, kimlikNo: '11111111110' }],
        [{ ...seat, kimlikNo: 5 }],
        [{ ...seat, gorev: 'başkan' }],
        [{ kimlikNo: seat.kimlikNo, gorev: seat.gorev }],
        [{ ...seat, baslangic: '2024-02-30' }],
        [{ ...seat, baslangic: '2024-00-00' }],
        [{ ...seat, bitis: '2023-12-31' }],
        [{ ...seat, bitis: null }],
        [{ ...seat, tescil: '' }],
        [{ ...seat, tescil: true }],
        [{ ...seat, note: 'x' }],
        [{ ...seat, temsil: '' }],
        [{ ...seat, temsil: 'X'.repeat(41) }],
        [{ ...seat, temsil: null }],
        [{ ...seat, tuzelKisi: null }],
        [{ ...seat, tuzelKisi: {} }],
        [{ ...seat, tuzelKisi: { vkn: '4540536920' } }],
        [{ ...seat, tuzelKisi: { vkn: '454053692', unvan: 'A' } }],
        [{ ...seat, tuzelKisi: { vkn: '4540536920', unvan: 'A', il: 'B' } }],
        new Array(201).fill(seat),
      ],
    };
    for (const [field, values] of Object.entries(bad)) {
      for (const value of values) {
        expect([value, coop({ [field]: value })]).toEqual([
          value,
          { ok: false, problem: 'bad-value', field },
        ]);
      }
    }
  });
});
