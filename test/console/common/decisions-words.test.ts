import { describe, expect, it } from '@jest/globals';
import { remainingText } from '../../../src/console/common/decisions-words.js';
import { bytesText } from '../../../src/console/common/jobs-words.js';

const NOW = new Date('2026-11-22T11:05:00Z');
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

describe('words of the pages that all share', () => {
  it.each([
    [-1, 'süre doldu'],
    [0, 'bir dakikadan az'],
    [0.9, 'bir dakikadan az'],
    [1, '1 dakika'],
    [59, '59 dakika'],
    [60, '1 saat 0 dakika'],
    [125, '2 saat 5 dakika'],
    [1439, '23 saat 59 dakika'],
    [1440, '1 gün 0 saat'],
    [1440 * 7 + 61, '7 gün 1 saat'],
  ])('say how long a decision still waits: %p minutes', (minutes, tr) => {
    expect(remainingText(at(minutes), NOW).tr).toBe(tr);
  });

  it.each([
    [0, '0 bayt'],
    [999, '999 bayt'],
    [1000, '1,0 kB'],
    [12_400_000, '12,4 MB'],
    [2_000_000_000, '2,0 GB'],
    [5_000_000_000_000, '5000,0 GB'],
  ])('say how large a file is: %p bytes', (bytes, tr) => {
    expect(bytesText(bytes).tr).toBe(tr);
  });
});
