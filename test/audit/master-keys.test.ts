import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createMasterKeys } from '../../src/audit/master-keys.js';

const [first, second] = [
  { id: 'a', key: randomBytes(32) },
  { id: 'b', key: randomBytes(32) },
];
const plain = randomBytes(32);

describe('master keys', () => {
  it('wrap with the first and open with the one that is named', () => {
    const before = createMasterKeys([first]);
    const after = createMasterKeys([second, first]);
    expect(after.activeId).toBe('b');
    const old = before.wrap(plain, 'place');
    const fresh = after.wrap(plain, 'place');
    expect(after.unwrap(old, 'place', 'a')).toEqual(plain);
    expect(after.unwrap(fresh, 'place', 'b')).toEqual(plain);
    expect(createMasterKeys([second]).unwrap(fresh, 'place', 'b')).toEqual(plain);
  });

  it('cannot open what a key wrapped that is not at hand any more', () => {
    const wrapped = createMasterKeys([first]).wrap(plain, 'place');
    const failure = expect.objectContaining({ code: 'KEY_DESTROYED', fields: { keyId: 'a' } });
    expect(() => createMasterKeys([second]).unwrap(wrapped, 'place', 'a')).toThrow(failure);
  });

  it('do not open with a wrong id or at another place', () => {
    const keys = createMasterKeys([first, second]);
    const wrapped = keys.wrap(plain, 'place');
    const failure = expect.objectContaining({ code: 'SEALED_VALUE_INVALID' });
    expect(() => keys.unwrap(wrapped, 'place', 'b')).toThrow(failure);
    expect(() => keys.unwrap(wrapped, 'elsewhere', 'a')).toThrow(failure);
  });

  it('are refused where there is none, one twice, or one of another length', () => {
    const failure = expect.objectContaining({ code: 'CONFIG_INVALID' });
    for (const keys of [
      [],
      [first, { ...second, id: 'a' }],
      [first, { id: 'c', key: randomBytes(31) }],
      [{ id: 'd', key: randomBytes(64) }],
    ])
      expect(() => createMasterKeys(keys)).toThrow(failure);
  });
});
