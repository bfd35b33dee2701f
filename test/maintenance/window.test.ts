import { describe, expect, it } from '@jest/globals';
import { beginOf, stateOf, type WindowWish, windowFaults } from '../../src/maintenance/window.js';
import { digitsOf } from '../audit/support/parts.js';

const NOW = new Date('2026-11-22T09:00:00Z');
const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const wish = (changes: Partial<WindowWish> = {}): WindowWish => ({
  system: 'kps',
  from: null,
  to: later(1),
  reason: 'NVİ duyurusu 2026/11',
  ...changes,
});
const faults = (changes: Partial<WindowWish>) =>
  windowFaults(wish(changes), NOW).map(({ fault, field }) => `${field} ${fault}`);

describe('the wish for a window', () => {
  it('is sound from now on, or ahead, up to the longest and the farthest that is allowed', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ to: later(30) })).toEqual([]);
    expect(faults({ system: 'mersis', from: later(90), to: later(120) })).toEqual([]);
  });

  it.each([
    ['system unknown-system', { system: 'e-devlet' }],
    ['from in-the-past', { from: new Date(NOW.getTime() - 16 * 60_000) }],
    ['from too-far-ahead', { from: later(90.01), to: later(91) }],
    ['to not-after-begin', { to: NOW }],
    ['to not-after-begin', { from: later(2), to: later(2) }],
    ['to too-long', { to: later(30.01) }],
    ['reason missing', { reason: ' ' }],
    ['reason too-long-text', { reason: 'x'.repeat(501) }],
    ['reason control-characters', { reason: 'bakım\u202e' }],
    ['reason identity-number', { reason: `${digitsOf(1)} istedi` }],
  ] as const)('is refused with %s', (fault, changes) => {
    expect(faults(changes)).toEqual([fault]);
  });

  it('names every field that is wrong at once', () => {
    expect(faults({ system: '', to: later(-1), reason: '' })).toEqual([
      'system unknown-system',
      'to not-after-begin',
      'reason missing',
    ]);
  });

  it('never begins before it was made, whatever the form said a few minutes ago', () => {
    expect(beginOf({ from: new Date(NOW.getTime() - 60_000) }, NOW)).toEqual(NOW);
    expect(beginOf({ from: null }, NOW)).toEqual(NOW);
    expect(beginOf({ from: later(1) }, NOW)).toEqual(later(1));
  });
});

describe('a window', () => {
  const open = { startsAt: later(1), endsAt: later(2), closedAt: null };

  it('is ahead before its begin, current from that instant on, and over at its end', () => {
    expect(stateOf(open, new Date(later(1).getTime() - 1))).toBe('ahead');
    expect(stateOf(open, later(1))).toBe('current');
    expect(stateOf(open, new Date(later(2).getTime() - 1))).toBe('current');
    expect(stateOf(open, later(2))).toBe('over');
  });

  it('that was closed is closed at any time', () => {
    for (const day of [0, 1.5, 3]) expect(stateOf({ ...open, closedAt: NOW }, later(day))).toBe('closed');
  });
});
