import { setTimeout as sleep } from 'node:timers/promises';
import { wish } from '../../src/mersis/poll/wish.js';
import type { Database } from '../../src/storage/database.js';
import type { Cooperative, Population } from '../population/population.js';

/** Within this time the bridge has read every cooperative of a sandbox, or something is wrong. */
const FIRST_READING_MS = 300_000;
const LOOK_MS = 200;

// A loss that waits for its second reading, or for persons, was read.
const UNREAD = `SELECT count(*)::int AS count FROM bridge.mersis_cooperative c
  WHERE (c.read_at IS NULL OR c.read_at < $1) AND NOT EXISTS (SELECT 1 FROM bridge.mersis_held h WHERE h.mersis_no = c.mersis_no)`;

/** What makes the bridge read MERSİS at once where a test has changed the world: a registry would not call, and nobody waits hours here. */
export interface Wishes {
  /** Has every cooperative read that is not as it was when this was called last; the first time all of them. */
  changed(population: Population): Promise<void>;
  /** Resolves when every cooperative was read since `from`. */
  allRead(from: Date): Promise<void>;
}

/** Wishes over the bridge's database. */
export function createWishes(db: Database): Wishes {
  const seen = new Map<string, string>();
  return {
    changed: async ({ cooperatives }) => {
      const fresh = cooperatives.filter((one) => seen.get(one.mersisNo) !== textOf(one));
      if (fresh.length === 0) return;
      const numbers = fresh.map(({ mersisNo }) => mersisNo);
      await wish(db, numbers, new Date());
      for (const one of fresh) seen.set(one.mersisNo, textOf(one));
    },
    allRead: async (from) => {
      const until = Date.now() + FIRST_READING_MS;
      for (;;) {
        const { rows } = await db.query<{ count: number }>({ text: UNREAD, values: [from] });
        if (rows[0]?.count === 0) return;
        if (Date.now() > until) throw new Error('the bridge has not read all cooperatives');
        await sleep(LOOK_MS);
      }
    },
  };
}

function textOf(one: Cooperative): string {
  return JSON.stringify(one);
}
