import { describe, expect, it } from '@jest/globals';
import { weakSettings } from '../../src/storage/durability.js';

const sound = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', standbys: false };

describe('the settings of a session', () => {
  it.each([
    ['on', false],
    ['on', true],
    ['remote_apply', true],
    ['remote_write', true],
    ['local', false],
  ])('are durable with synchronous_commit = %s (standbys: %s)', (synchronous_commit, standbys) => {
    expect(weakSettings({ ...sound, synchronous_commit, standbys })).toEqual([]);
  });

  it.each([
    ['off', false],
    ['off', true],
    ['local', true],
    ['', false],
    ['a value of a later version', false],
  ])('are not durable with synchronous_commit = %s (standbys: %s)', (synchronous_commit, standbys) => {
    expect(weakSettings({ ...sound, synchronous_commit, standbys })).toEqual(['synchronous_commit']);
  });

  it('are named one and all where they are off', () => {
    const off = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', standbys: false };
    expect(weakSettings(off)).toEqual(['fsync', 'full_page_writes', 'synchronous_commit']);
  });
});
