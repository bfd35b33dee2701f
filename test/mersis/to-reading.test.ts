import { describe, expect, it } from '@jest/globals';
import type { RegisteredDuty, RegistryRecord } from '../../src/mersis/port.js';
import { toReading } from '../../src/mersis/to-reading.js';
import { personOf } from '../audit/support/parts.js';

const duty = (changes: Partial<RegisteredDuty> = {}): RegisteredDuty => ({
  duty: 'yönetim kurulu üyesi',
  person: personOf(1),
  actsFor: null,
  startsOn: '2026-01-01',
  endsOn: '2029-01-01',
  state: 'tescil-edildi',
  registeredOn: '2026-01-10',
  gazette: '2026-01-14 11045/312',
  representation: 'MUNFERIDEN',
  ...changes,
});
const record = (duties: readonly RegisteredDuty[]): RegistryRecord => ({
  mersisNo: '0123456789000015',
  vkn: '1234567890',
  unvan: 'S.S. ÖRNEK',
  tur: 'Tarımsal Kalkınma',
  seviye: 'birim',
  kanun: '1163',
  il: 'Ankara',
  durum: 'faal',
  durumSince: '2020-01-01',
  successor: null,
  duties,
});
const tools = {
  tag: () => 'ab'.repeat(16),
  ministryOf: ({ tur, kanun }: { tur: string; kanun: string }) =>
    tur === 'Tarımsal Kalkınma' && kanun === '1163' ? ('tarim' as const) : ('ticaret' as const),
};
const seatsOf = (...duties: readonly RegisteredDuty[]) => toReading(record(duties), tools).seats;

describe('what the registry said, as a reading', () => {
  it('keeps all of the cooperative, and its kind and law decide the ministry', () => {
    const { duties: _duties, ...plain } = record([]);
    expect(toReading(record([]), tools)).toEqual({ ...plain, ilgiliBakanlik: 'tarim', seats: [] });
  });

  it.each([
    ['yönetim kurulu üyesi', 'board'],
    ['denetçi', 'denetci'],
    ['tasfiye memuru', 'liquidator'],
    ['kayyım', 'trustee'],
  ] as const)('makes of %s a seat of %s with everything that was said of it', (name, role) => {
    const { duty: _duty, ...rest } = duty({ duty: name });
    expect(seatsOf(duty({ duty: name }))).toEqual([{ ...rest, role, tag: 'ab'.repeat(16) }]);
  });

  it.each(['beklemede', 'kabul-edildi'] as const)(
    'counts no day of registration in the state %s, whatever stands beside it',
    (state) => {
      expect(seatsOf(duty({ state }))).toMatchObject([{ registeredOn: null, state }]);
    },
  );

  it('has a legal person act through its representative, and not at all without one', () => {
    expect(
      seatsOf(duty({ actsFor: '9876543210' }), duty({ actsFor: '1111111111', person: null })),
    ).toMatchObject([{ actsFor: '9876543210', person: personOf(1) }]);
  });
});
