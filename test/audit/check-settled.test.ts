import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { checkSettled } from '../../src/audit/check-settled.js';
import type { EntryDraft } from '../../src/audit/entry.js';
import type { EffectApplier, Settled } from '../../src/audit/lane.js';
import { intentData, intentDraft } from '../support/drafts.js';
import { numberOf } from './support/parts.js';

const appliers = new Map<string, EffectApplier>([['known', { kind: 'known', apply: async () => undefined }]]);
const settled = (part: Partial<Settled<null>>): Settled<null> => ({
  entries: [],
  effects: [],
  answer: () => null,
  ...part,
});
const INVALID = expect.objectContaining({ code: 'ENTRY_INVALID' });
const SOUND = intentDraft();
const entry = (changes: Partial<EntryDraft>) => settled({ entries: [{ ...SOUND, ...changes }] });
const { screen: _screen, ...withoutScreen } = intentData();

describe('what a lane hands over', () => {
  it('may be nothing, entries, or entries with effects', () => {
    const both = intentDraft({}, [numberOf('actor', 1), numberOf('subject', 1)]);
    const good = [
      settled({}),
      settled({ entries: [both] }),
      settled({ entries: [both], effects: [{ kind: 'known' }] }),
      entry({ personal: [{ ...numberOf('actor', 1, 'actor.address'), indexed: false }] }),
    ];
    expect(() => checkSettled(good, appliers)).not.toThrow();
  });

  it.each([
    ['an effect without an entry', settled({ effects: [{ kind: 'known' }] })],
    ['an effect that nobody applies', settled({ entries: [SOUND], effects: [{ kind: 'other' }] })],
    ['two values for one field', entry({ personal: [numberOf('actor', 1), numberOf('actor', 2)] })],
    ['an id in capitals', entry({ id: randomUUID().toUpperCase() })],
    ['an id that is none', entry({ id: '' })],
    ['a kind that the catalogue has not', entry({ kind: 'query.guessed' as never })],
    ['a kind that every object has', entry({ kind: 'constructor' as never })],
    ['a member that the kind has not', entry({ data: { ...intentData(), ad: 'AYŞE' } })],
    ['a member that every object has', entry({ data: { ...withoutScreen, constructor: null } })],
    ['a member too few', entry({ data: withoutScreen })],
    ['a personal value that the kind has not', entry({ personal: [numberOf('subject', 1, 'subject.name')] })],
    ['a personal value named as every object’s', entry({ personal: [numberOf('subject', 1, 'toString')] })],
    ['a personal value on the wrong side', entry({ personal: [numberOf('actor', 1, 'subject.number')] })],
    [
      'a number that cannot be searched for',
      entry({ personal: [{ ...numberOf('actor', 1), indexed: false }] }),
    ],
    ['an address that can be searched for', entry({ personal: [numberOf('actor', 1, 'actor.address')] })],
  ])('is refused with %s', (_, bad) => {
    expect(() => checkSettled([settled({}), bad], appliers)).toThrow(INVALID);
  });

  it('is never repeated in the error, whatever its names and values are', () => {
    const secret = '10000000146';
    const bad = [
      entry({ kind: secret as never }),
      entry({ data: { ...intentData(), [secret]: secret } }),
      entry({ personal: [{ ...numberOf('actor', 1), field: secret }] }),
    ];
    for (const one of bad) {
      const told: unknown[] = [];
      try {
        checkSettled([one], appliers);
      } catch (error) {
        told.push((error as Error).message, (error as { fields: unknown }).fields);
      }
      expect(told).toHaveLength(2);
      expect(JSON.stringify(told)).not.toContain(secret);
    }
  });
});
