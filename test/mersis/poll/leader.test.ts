import { describe, expect, it } from '@jest/globals';
import { createLead, type Leadership } from '../../../src/mersis/poll/leader.js';
import type { Step } from '../../../src/mersis/poll/poller.js';

/** A lock as PostgreSQL has it; `lose()` is a connection that breaks. */
function fakeLock() {
  let holder: object | null = null;
  return {
    lose: () => {
      holder = null;
    },
    isTaken: () => holder !== null,
    tryTake: async (): Promise<Leadership | null> => {
      if (holder !== null) return null;
      const own = {};
      holder = own;
      return {
        holds: async () => holder === own,
        release: async () => {
          if (holder === own) holder = null;
        },
      };
    },
  };
}

const stepsOf = (steps: readonly (Step | Error)[]) => {
  const left = [...steps];
  const step = async (): Promise<Step> => {
    const next = left.shift() ?? 'idle';
    if (next instanceof Error) throw next;
    return next;
  };
  return { step, left };
};

describe('the lead', () => {
  it('is one instance’s, and stays with it between turns', async () => {
    const lock = fakeLock();
    const [one, other] = [stepsOf(['working', 'idle']), stepsOf([])];
    const first = createLead({ lock, step: one.step });
    const second = createLead({ lock, step: other.step });
    expect(await first.turn()).toBe('idle');
    expect(await second.turn()).toBe('follower');
    expect([first.leads(), second.leads(), one.left]).toEqual([true, false, []]);
    await first.close();
    expect(await second.turn()).toBe('idle');
  });

  it('is looked at before every step: whoever has lost it asks nothing more', async () => {
    const lock = fakeLock();
    let steps = 0;
    const other = createLead({ lock, step: async () => 'idle' });
    const lead = createLead({
      lock,
      step: async () => {
        steps += 1;
        lock.lose();
        await other.turn();
        return 'working';
      },
    });
    expect(await lead.turn()).toBe('follower');
    expect([steps, lead.leads(), other.leads()]).toEqual([1, false, true]);
  });

  it('goes with the first failure, so that another instance can try', async () => {
    const lock = fakeLock();
    const told: boolean[] = [];
    const lead = createLead({
      lock,
      step: stepsOf([new Error('database')]).step,
      onLead: async (leads) => void told.push(leads),
    });
    await expect(lead.turn()).rejects.toThrow('database');
    expect([lock.isTaken(), told]).toEqual([false, [true, false]]);
  });

  it('takes as many steps as it is told', async () => {
    const steps = stepsOf(['working', 'working', 'working']);
    const lead = createLead({ lock: fakeLock(), step: steps.step });
    expect(await lead.turn(2)).toBe('working');
    expect(steps.left).toHaveLength(1);
  });
});
