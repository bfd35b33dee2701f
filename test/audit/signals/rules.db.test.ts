import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SignalRule } from '../../../src/audit/signals/rule.js';
import { SignalLog } from './support/signal-log.js';

const people: SignalRule = { code: 'many', measure: 'people-asked-about', threshold: 3, windowMinutes: 10 };
const hours: SignalRule = {
  code: 'late',
  measure: 'outside-working-hours',
  threshold: 3,
  fromHour: 7,
  toHour: 20,
};
const misses: SignalRule = { code: 'miss', measure: 'non-matches', threshold: 3, windowMinutes: 10 };
const habit: SignalRule = {
  code: 'habit',
  measure: 'above-own-habit',
  threshold: 4,
  days: 7,
  factorPercent: 200,
};
const reads: SignalRule = { code: 'reads', measure: 'log-reads', threshold: 3, windowMinutes: 10 };

const USER = 1;
const OTHER = 2;
/** A Monday, 12:00 in Istanbul. */
const NOON = '2026-05-04T09:00:00.000Z';
const later = (ms: number, from = NOON) => new Date(Date.parse(from) + ms);
const MINUTE = 60_000;
const DAY = 86_400_000;

let log: SignalLog;
beforeAll(async () => {
  log = await SignalLog.open();
}, 60_000);
afterAll(() => log.close());
beforeEach(async () => {
  await log.clear(NOON);
  // The very first look begins a day back: it is made while there is nothing.
  await log.look([]);
});

const told = () => log.told([USER, OTHER]);

describe('people asked about', () => {
  it('are no signal one below the threshold', async () => {
    await log.askMany(USER, 2);
    await log.look([people]);
    expect(await told()).toEqual([]);
  });

  it('are a signal at the threshold, about that user and that window', async () => {
    await log.askMany(OTHER, 2);
    await log.askMany(USER, 2);
    await log.at(later(5 * MINUTE)).ask(USER, 2000);
    const look = await log.look([people]);
    expect([...(look?.raised ?? [])]).toEqual([['many', 1]]);
    expect(await told()).toEqual([
      {
        rule: 'many',
        user: USER,
        windowStart: later(-5 * MINUTE).toISOString(),
        windowEnd: later(5 * MINUTE).toISOString(),
        measured: 3,
        threshold: 3,
      },
    ]);
  });

  it('count once each, however often they are asked about', async () => {
    for (let i = 0; i < 4; i += 1) await log.askMany(USER, 2);
    await log.look([people]);
    expect(await told()).toEqual([]);
  });

  it('leave the window at its exact length', async () => {
    await log.ask(USER, 1000);
    await log.at(later(10 * MINUTE)).askMany(USER, 2);
    await log.look([people]);
    expect(await told()).toEqual([]);
  });

  it('stand in the window one millisecond before', async () => {
    await log.ask(USER, 1001);
    await log.at(later(10 * MINUTE - 1)).askMany(USER, 2, 1002);
    await log.look([people]);
    expect(await told()).toHaveLength(1);
  });

  it('are found in a burst that was over long before the look, and across looks', async () => {
    await log.askMany(USER, 2);
    await log.look([people]);
    await log.at(later(MINUTE)).ask(USER, 2000);
    await log.at(later(5 * DAY)).ask(OTHER, 2001);
    await log.look([people]);
    expect((await told()).map(({ windowEnd }) => windowEnd)).toEqual([later(MINUTE).toISOString()]);
  });

  it('of a burst that lasts are told again once a window', async () => {
    // Three new people each minute for half an hour.
    for (let minute = 0; minute < 30; minute += 1) {
      await log.at(later(minute * MINUTE)).askMany(USER, 3, 1000 + 3 * minute);
      if (minute % 7 === 0) await log.look([people]);
    }
    await log.look([people]);
    expect((await told()).map(({ windowEnd, measured }) => [windowEnd, measured])).toEqual([
      [later(0).toISOString(), 3],
      // The first query after the window has passed: its own window holds the nine minutes before it too.
      [later(10 * MINUTE).toISOString(), 28],
      [later(20 * MINUTE).toISOString(), 28],
    ]);
  });
});

describe('work outside working hours', () => {
  const at = (instant: string, count = 3) => log.at(instant).askMany(USER, count);

  it('is no signal one below the threshold, nor inside the hours', async () => {
    await at('2026-05-04T03:59:59.999Z', 2);
    await at('2026-05-04T04:00:00.000Z');
    await at('2026-05-04T16:59:59.999Z');
    await log.look([hours]);
    expect(await told()).toEqual([]);
  });

  it('begins at the end of the last hour and ends at the beginning of the first one', async () => {
    await at('2026-05-04T03:59:59.999Z', 2);
    await at('2026-05-04T17:00:00.000Z', 1);
    await log.look([hours]);
    expect(await told()).toEqual([
      {
        rule: 'late',
        user: USER,
        windowStart: '2026-05-03T21:00:00.000Z',
        windowEnd: '2026-05-04T21:00:00.000Z',
        measured: 3,
        threshold: 3,
      },
    ]);
  });

  it('is counted by the day in Istanbul: its midnight parts two days', async () => {
    await at('2026-05-04T20:59:59.999Z', 2);
    await at('2026-05-04T21:00:00.000Z', 2);
    await log.look([hours]);
    expect(await told()).toEqual([]);
    await at('2026-05-04T21:00:00.001Z', 1);
    await log.look([hours]);
    expect((await told()).map(({ windowStart }) => windowStart)).toEqual(['2026-05-04T21:00:00.000Z']);
  });

  it('is all work of Saturdays and Sundays', async () => {
    await at('2026-05-08T09:00:00.000Z');
    await at('2026-05-09T09:00:00.000Z');
    await at('2026-05-10T09:00:00.000Z');
    await at('2026-05-11T09:00:00.000Z');
    await log.look([hours]);
    expect((await told()).map(({ windowStart }) => windowStart)).toEqual([
      '2026-05-08T21:00:00.000Z',
      '2026-05-09T21:00:00.000Z',
    ]);
  });

  it('is told once a day', async () => {
    for (let i = 0; i < 4; i += 1) {
      await at(new Date(Date.parse('2026-05-04T18:00:00Z') + i * MINUTE).toISOString());
      await log.look([hours]);
    }
    expect(await told()).toHaveLength(1);
  });
});

describe('non-matches', () => {
  it('are no signal one below the threshold; matches and silence do not count', async () => {
    await log.endMany(USER, 1, 'mismatch');
    await log.endMany(USER, 1, 'not-found');
    await log.endMany(USER, 5, 'match');
    await log.endMany(USER, 2, null);
    await log.look([misses]);
    expect(await told()).toEqual([]);
  });

  it('are a signal at the threshold, in the window in which the answers came', async () => {
    const asked = [];
    for (let i = 0; i < 3; i += 1) asked.push(await log.at(later(i * 5 * MINUTE)).ask(USER, 5));
    log.at(later(30 * MINUTE));
    for (const one of asked) await log.end(one, 'mismatch');
    await log.at(later(50 * MINUTE)).endMany(OTHER, 2, 'not-found');
    await log.look([misses]);
    expect((await told()).map(({ user, windowEnd }) => [user, windowEnd])).toEqual([
      [USER, later(30 * MINUTE).toISOString()],
    ]);
  });

  it('count where the answer came late', async () => {
    const asked = await log.ask(USER, 5);
    await log.end(asked, null, 'query.unknown');
    await log.endMany(USER, 2, 'mismatch');
    await log.look([misses]);
    expect(await told()).toEqual([]);
    await log.end(asked, 'mismatch', 'query.late-outcome');
    await log.look([misses]);
    expect(await told()).toHaveLength(1);
  });
});

describe('the own habit', () => {
  const day = (n: number, user: number, count: number) => log.at(later(n * DAY)).askMany(user, count);

  it('is reached at its percentage and not one query before', async () => {
    await day(0, USER, 4);
    await day(1, USER, 2);
    await log.look([habit]);
    // Mean of the two days 3, twice of it 6.
    await day(3, USER, 5);
    await log.look([habit]);
    expect(await told()).toEqual([]);
    await day(3, USER, 1);
    await log.look([habit]);
    expect(await told()).toEqual([
      {
        rule: 'habit',
        user: USER,
        windowStart: '2026-05-06T21:00:00.000Z',
        windowEnd: '2026-05-07T21:00:00.000Z',
        measured: 6,
        threshold: 6,
      },
    ]);
  });

  it('of thirds is not rounded away: three times twenty in three days is twenty', async () => {
    await day(0, USER, 7);
    await day(1, USER, 7);
    await day(2, USER, 6);
    await day(3, USER, 20);
    await log.look([{ ...habit, factorPercent: 300 }]);
    expect((await told()).map(({ threshold }) => threshold)).toEqual([20]);
  });

  it('is the mean of days with queries alone: days of rest do not thin it', async () => {
    await day(0, USER, 4);
    await day(6, USER, 7);
    await log.look([habit]);
    expect(await told()).toEqual([]);
  });

  it('is made of its days alone: the one before them is forgotten', async () => {
    await day(0, USER, 30);
    await day(7, USER, 10);
    await log.look([habit]);
    expect(await told()).toEqual([]);
    await day(8, USER, 20);
    await log.look([habit]);
    expect((await told()).map(({ threshold }) => threshold)).toEqual([20]);
  });

  it('never counts below the threshold, though the mean be small', async () => {
    await day(0, USER, 1);
    await day(1, USER, 3);
    await log.look([habit]);
    expect(await told()).toEqual([]);
    await day(1, USER, 1);
    await log.look([habit]);
    expect((await told()).map(({ measured, threshold }) => [measured, threshold])).toEqual([[4, 4]]);
  });

  it('of a user who has none is nothing: the threshold alone counts', async () => {
    await day(0, OTHER, 1);
    await day(1, USER, 4);
    await log.look([habit]);
    expect((await told()).map(({ user }) => user)).toEqual([USER]);
  });

  it('is nobody’s on the first day of the log', async () => {
    await day(0, USER, 50);
    await log.look([habit]);
    expect(await told()).toEqual([]);
  });
});

describe('reading of the log', () => {
  it('is a signal about an officer who reads much, and not about whom was looked for', async () => {
    await log.read(USER, OTHER);
    await log.read(USER, OTHER);
    await log.read(OTHER);
    await log.look([reads]);
    expect(await told()).toEqual([]);
    await log.at(later(MINUTE)).read(USER, OTHER);
    await log.look([reads]);
    expect((await told()).map(({ rule, user, measured }) => [rule, user, measured])).toEqual([
      ['reads', USER, 3],
    ]);
  });

  it('does not count as asking about people, nor as working late', async () => {
    log.at('2026-05-09T20:00:00Z');
    for (let i = 0; i < 4; i += 1) await log.read(USER, 1000 + i);
    await log.look([people, hours, habit]);
    expect(await told()).toEqual([]);
  });
});

describe('rules of the settings', () => {
  it('that are made stricter count from the next deed on, with what the window holds', async () => {
    await log.askMany(USER, 2);
    await log.look([people]);
    await log.look([{ ...people, threshold: 2 }]);
    expect(await told()).toEqual([]);
    await log.at(later(MINUTE)).ask(USER, 1000);
    await log.look([{ ...people, threshold: 2 }]);
    expect((await told()).map(({ measured, threshold }) => [measured, threshold])).toEqual([[2, 2]]);
  });

  it('each raise their own signal about the same deeds', async () => {
    await log.askMany(USER, 3);
    await log.look([people, { ...people, code: 'also' }]);
    expect((await told()).map(({ rule }) => rule)).toEqual(['many', 'also']);
  });

  it('say nothing about what was more than a day before the first look of all', async () => {
    await log.clear(NOON);
    await log.askMany(USER, 3);
    await log.at(later(DAY + 1)).ask(OTHER, 1);
    await log.look([people]);
    expect(await told()).toEqual([]);
  });

  it('see at the first look of all what the last day holds', async () => {
    await log.clear(NOON);
    await log.askMany(USER, 3);
    await log.at(later(DAY)).ask(OTHER, 1);
    await log.look([people]);
    expect(await told()).toHaveLength(1);
  });
});
