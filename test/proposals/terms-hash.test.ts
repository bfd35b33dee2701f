import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { heldTermsSha256, termsSha256 } from '../../src/proposals/terms-hash.js';

describe('the hash of terms', () => {
  it('is that of their canonical JSON, in whatever order members stand', () => {
    const text = '{"a":[1,null,"ş"],"b":{"c":-2,"d":""}}';
    const expected = createHash('sha256').update(text).digest('hex');
    expect(termsSha256({ b: { d: '', c: -2 }, a: [1, null, 'ş'] })).toBe(expected);
    expect(heldTermsSha256(JSON.parse('{"a": [1.0, null, "ş"], "b": {"d": "", "c": -2e0}}'))).toBe(expected);
  });

  it('differs by the order of a list, and by type', () => {
    const hashes = [{ a: [1, 2] }, { a: [2, 1] }, { a: ['1', 2] }, { a: [1, 2, null] }, {}].map(termsSha256);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it.each(['{"a": 0.5}', '{"a": 1e400}', '{"a": 9007199254740993}', '{"a": "\\ud800"}'])(
    'is refused for what no entry could hold, and none in a row that holds it: %s',
    (text) => {
      expect(() => termsSha256(JSON.parse(text))).toThrow(TypeError);
      expect(heldTermsSha256(JSON.parse(text))).toBeNull();
    },
  );
});
