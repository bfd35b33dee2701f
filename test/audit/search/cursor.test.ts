import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPersonTagger } from '../../../src/audit/person-tags.js';
import { type CursorOwner, makeCursor, readCursor } from '../../../src/audit/search/cursor.js';
import { isBridgeError } from '../../../src/errors/bridge-error.js';
import { digitsOf, personOf, tagger } from '../support/parts.js';
import { anyCriteria, NONE, START } from './support/random-log.js';

const NOW = new Date(START);
const OWNER: CursorOwner = {
  person: personOf(1),
  criteria: { ...NONE, cooperative: 'c', person: personOf(2) },
};
const DAY_MS = 86_400_000;

/** True where the cursor is refused as expired; anything else it throws fails the test. */
function isRefused(read: () => bigint): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (isBridgeError(error, 'CURSOR_EXPIRED')) return true;
    throw error;
  }
}

describe('a cursor', () => {
  it('gives its leaf back to the officer and the search that it was made for, for a day', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }),
        anyCriteria,
        fc.integer({ min: 0, max: DAY_MS }),
        (leaf, criteria, age) => {
          const owner = { person: personOf(1), criteria };
          const cursor = makeCursor(leaf, owner, tagger, NOW);
          expect(readCursor(cursor, owner, tagger, new Date(START + age))).toBe(leaf);
        },
      ),
    );
  });

  it('is refused a day later', () => {
    const cursor = makeCursor(5n, OWNER, tagger, NOW);
    expect(isRefused(() => readCursor(cursor, OWNER, tagger, new Date(START + DAY_MS + 1)))).toBe(true);
  });

  it('is refused for another officer, another key and any other criteria', () => {
    const cursor = makeCursor(5n, OWNER, tagger, NOW);
    expect(isRefused(() => readCursor(cursor, { ...OWNER, person: personOf(3) }, tagger, NOW))).toBe(true);
    const otherKey = createPersonTagger({ id: 1, key: Buffer.alloc(32, 1) });
    expect(isRefused(() => readCursor(cursor, OWNER, otherKey, NOW))).toBe(true);
    const changes = [
      { cooperative: 'd' },
      { cooperative: null },
      { cooperative: null, reference: 'c' },
      { person: null },
      { person: personOf(3) },
      { person: null, actor: personOf(2) },
      { from: NOW },
      { to: NOW },
      { kinds: ['query.intent'] },
      { code: '' },
    ];
    for (const change of changes) {
      const owner = { ...OWNER, criteria: { ...OWNER.criteria, ...change } };
      expect(isRefused(() => readCursor(cursor, owner, tagger, NOW))).toBe(true);
    }
  });

  it('is refused with any byte of it changed, cut off or added, and for any text that is none', () => {
    const cursor = makeCursor(5n, OWNER, tagger, NOW);
    const bytes = Buffer.from(cursor, 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(isRefused(() => readCursor(changed.toString('base64url'), OWNER, tagger, NOW))).toBe(true);
    }
    const spellings = [cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, ` ${cursor}`, ''];
    for (const text of spellings) expect(isRefused(() => readCursor(text, OWNER, tagger, NOW))).toBe(true);
    fc.assert(fc.property(fc.string(), (text) => isRefused(() => readCursor(text, OWNER, tagger, NOW))));
  });

  it('holds nothing of the persons', () => {
    const cursor = makeCursor(5n, OWNER, tagger, NOW);
    const text = Buffer.from(cursor, 'base64url').toString('latin1');
    for (const n of [1, 2]) expect(text).not.toContain(digitsOf(n));
  });
});
