import { describe, expect, it } from '@jest/globals';
import { createFloodGate } from '../../../src/sign-in/web/flood.js';

const AT = new Date('2026-05-04T09:00:30.000Z');
const NEXT_MINUTE = new Date('2026-05-04T09:01:00.000Z');

describe('the count of requests by address', () => {
  it('lets through as many as are allowed in a minute, and not one more', () => {
    const mayPass = createFloodGate(3);
    expect([1, 2, 3, 4, 5].map(() => mayPass('192.0.2.1', AT))).toEqual([true, true, true, false, false]);
  });

  it('begins anew with the next minute', () => {
    const mayPass = createFloodGate(1);
    expect([mayPass('192.0.2.1', AT), mayPass('192.0.2.1', AT)]).toEqual([true, false]);
    expect(mayPass('192.0.2.1', new Date(NEXT_MINUTE.getTime() - 1))).toBe(false);
    expect(mayPass('192.0.2.1', NEXT_MINUTE)).toBe(true);
  });

  it('keeps nobody out for what somebody else does', () => {
    const mayPass = createFloodGate(1);
    mayPass('192.0.2.1', AT);
    expect([mayPass('192.0.2.1', AT), mayPass('192.0.2.2', AT)]).toEqual([false, true]);
  });

  it('counts a flood of addresses as one, so that nobody fills its memory, and goes on telling known ones apart', () => {
    const mayPass = createFloodGate(2);
    for (let n = 0; n < 10_000; n += 1) mayPass(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, AT);
    expect([1, 2, 3].map((n) => mayPass(`192.0.2.${n}`, AT))).toEqual([true, true, false]);
    expect(mayPass('10.0.0.1', AT)).toBe(true);
  });
});
