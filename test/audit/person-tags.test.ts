import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPersonTagger, type TagDomain } from '../../src/audit/person-tags.js';
import { digitsOf, personOf } from './support/parts.js';

const DOMAINS: readonly TagDomain[] = ['log.actor', 'log.subject', 'authority', 'query'];
const key = randomBytes(32);
const tagger = createPersonTagger({ id: 3, key });

describe('a tag', () => {
  it('is the same for the same person, domain and key, and 16 bytes long', () => {
    const again = createPersonTagger({ id: 3, key });
    expect(tagger.tag('query', personOf(1))).toEqual(again.tag('query', personOf(1)));
    expect(tagger.tag('query', personOf(1))).toHaveLength(16);
    expect(tagger.keyId).toBe(3);
  });

  it('tells persons, domains and keys apart', () => {
    const other = createPersonTagger({ id: 4, key: randomBytes(32) });
    const tags = [tagger, other].flatMap((one) =>
      DOMAINS.flatMap((domain) => [1, 2, 3].map((n) => one.tag(domain, personOf(n)).toString('hex'))),
    );
    expect(new Set(tags).size).toBe(24);
  });

  it('is no hash that can be made without the key', () => {
    const digits = digitsOf(1);
    for (const domain of DOMAINS) {
      for (const text of [digits, `${domain}\0${digits}`]) {
        const plain = createHash('sha256').update(text).digest().subarray(0, 16);
        expect(tagger.tag(domain, personOf(1)).equals(plain)).toBe(false);
      }
    }
  });
});

describe('a digest of parts', () => {
  const parts = fc.array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', ':', '1:', '1:a', '\0', '\ud800', '\udfff'),
    ),
    { maxLength: 4 },
  );

  it('differs for different lists of parts, however the text could be cut', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const equal = a.length === b.length && a.every((part, i) => part === b[i]);
        expect(tagger.digest('quota', a).equals(tagger.digest('quota', b))).toBe(equal);
      }),
      { numRuns: 2_000 },
    );
    const confusable = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['abc', ''],
      ['', 'abc'],
      ['2:ab', '1:c'],
      ['2:ab1:c'],
      [],
    ];
    const digests = confusable.map((list) => tagger.digest('quota', list).toString('hex'));
    expect(new Set(digests).size).toBe(confusable.length);
  });

  it('tells lone surrogates apart, which have the same UTF-8 bytes in Node', () => {
    expect(tagger.digest('quota', ['\ud800']).equals(tagger.digest('quota', ['\ud801']))).toBe(false);
  });

  it('differs between domains, and from the tag of the same number', () => {
    const digits = digitsOf(1);
    expect(tagger.digest('a', ['x']).equals(tagger.digest('b', ['x']))).toBe(false);
    const digest = tagger.digest('query', [digits]).subarray(0, 16);
    expect(digest.equals(tagger.tag('query', personOf(1)))).toBe(false);
  });
});
