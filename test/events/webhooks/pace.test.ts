import { describe, expect, it } from '@jest/globals';
import { createPace } from '../../../src/events/webhooks/pace.js';

describe('the pace', () => {
  it('lets attempts begin one after the other, without waiting for their ends', async () => {
    const pace = createPace(1_000);
    expect(await Promise.all([pace.turn(), pace.turn(), pace.turn()])).toEqual([true, true, true]);
    await pace.stop();
  });

  it('sends away who waits, and who comes, once it has stopped', async () => {
    const pace = createPace(1);
    expect(await pace.turn()).toBe(true);
    const waiting = pace.turn();
    await Promise.all([pace.stop(), pace.stop()]);
    expect([await waiting, await pace.turn()]).toEqual([false, false]);
  });
});
