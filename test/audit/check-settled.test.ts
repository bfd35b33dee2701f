import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { checkSettled } from '../../src/audit/check-settled.js';
import type { EffectApplier, Settled } from '../../src/audit/lane.js';
import { draftOf, numberOf } from './support/parts.js';

const appliers = new Map<string, EffectApplier>([['known', { kind: 'known', apply: async () => undefined }]]);
const settled = (part: Partial<Settled<null>>): Settled<null> => ({
  entries: [],
  effects: [],
  answer: () => null,
  ...part,
});
const INVALID = expect.objectContaining({ code: 'ENTRY_INVALID' });

describe('what a lane hands over', () => {
  it('may be nothing, entries, or entries with effects', () => {
    const entry = draftOf({}, [numberOf('actor', 1), numberOf('subject', 1)]);
    const good = [
      settled({}),
      settled({ entries: [entry] }),
      settled({ entries: [entry], effects: [{ kind: 'known' }] }),
    ];
    expect(() => checkSettled(good, appliers)).not.toThrow();
  });

  it.each([
    ['an effect without an entry', settled({ effects: [{ kind: 'known' }] })],
    ['an effect that nobody applies', settled({ entries: [draftOf({})], effects: [{ kind: 'other' }] })],
    [
      'two values for one field',
      settled({ entries: [draftOf({}, [numberOf('actor', 1, 'f'), numberOf('subject', 2, 'f')])] }),
    ],
    ['an id in capitals', settled({ entries: [{ ...draftOf({}), id: randomUUID().toUpperCase() }] })],
    ['an id that is none', settled({ entries: [{ ...draftOf({}), id: '' }] })],
  ])('is refused with %s', (_, bad) => {
    expect(() => checkSettled([settled({}), bad], appliers)).toThrow(INVALID);
  });
});
