import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SignalRule } from '../../../src/audit/signals/rule.js';
import { type Happened, naiveCount } from './support/naive-count.js';
import { type Asked, type Outcome, SignalLog } from './support/signal-log.js';

const USERS = [1, 2, 3];
const START = Date.parse('2026-05-07T18:00:00.000Z');
const RULES: readonly SignalRule[] = [
  { code: 'people', measure: 'people-asked-about', threshold: 3, windowMinutes: 10 },
  { code: 'people-long', measure: 'people-asked-about', threshold: 5, windowMinutes: 1440 },
  { code: 'hours', measure: 'outside-working-hours', threshold: 3, fromHour: 7, toHour: 20 },
  { code: 'misses', measure: 'non-matches', threshold: 2, windowMinutes: 15 },
  { code: 'habit', measure: 'above-own-habit', threshold: 2, days: 3, factorPercent: 130 },
  { code: 'reads', measure: 'log-reads', threshold: 2, windowMinutes: 30 },
];

let log: SignalLog;
beforeAll(async () => {
  log = await SignalLog.open();
}, 60_000);
afterAll(() => log.close());

/** Mostly together, often at the very edge of a window, now and then hours or days apart. */
const pause = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 240_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(600_000, 900_000, 1_800_000, 599_999, 600_001) },
  { weight: 1, arbitrary: fc.integer({ min: 3_600_000, max: 50_000_000 }) },
);
const user = fc.constantFrom(...USERS);
const step = fc.record({
  pause,
  look: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  deed: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        user,
        subject: fc.integer({ min: 10, max: 16 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        which: fc.nat(1000),
        outcome: fc.constantFrom<Outcome>('match', 'mismatch', 'not-found', null),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('read' as const), user }) },
  ),
});

describe('signals of random logs', () => {
  it('are those of a naive count over the whole log, however often it was looked', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 120 }), async (steps) => {
        await log.clear(new Date(START).toISOString());
        await log.look([]);
        const events: Happened[] = [];
        const open: (Asked & { event: number })[] = [];
        let at = START;
        for (const { pause: ms, look, deed } of steps) {
          at += ms;
          log.at(new Date(at));
          if (deed.kind === 'ask') {
            open.push({ ...(await log.ask(deed.user, deed.subject)), event: events.length });
            events.push({ kind: 'asked', at, user: deed.user, subject: deed.subject });
          } else if (deed.kind === 'read') {
            await log.read(deed.user, 10);
            events.push({ kind: 'read', at, user: deed.user });
          } else {
            // An answer comes soon, or the query is forgotten: that it may be hours late is no case of this log.
            const place = open.findLastIndex(({ event }) => at - (events[event] as Happened).at < 3_600_000);
            const [asked] = place === -1 ? [] : open.splice(Math.max(0, place - (deed.which % 3)), 1);
            if (asked === undefined || at - (events[asked.event] as Happened).at >= 3_600_000) continue;
            await log.end(asked, deed.outcome);
            events.push({ kind: 'ended', at, asked: asked.event, outcome: deed.outcome });
          }
          if (look) await log.look(RULES);
        }
        await log.look(RULES);
        const told = await log.told(USERS);
        for (const rule of RULES) {
          const expected = naiveCount(events, rule);
          seen += expected.length;
          expect(sorted(told.filter((one) => one.rule === rule.code))).toEqual(sorted(expected));
        }
      }),
      { numRuns: 15, seed: 20_260_504, endOnFailure: true },
    );
    // Logs without a signal would prove nothing.
    expect(seen).toBeGreaterThan(50);
  }, 240_000);
});

function sorted<T>(signals: readonly T[]): readonly string[] {
  return signals.map((one) => JSON.stringify(Object.entries(one as object).sort())).sort();
}
