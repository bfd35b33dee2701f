import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { markActive } from '../../../src/mersis/poll/active.js';
import { masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import { signInForTest } from '../../support/sign-in.js';
import { HOUR, no, openPollHouse, type PollHouse, SETTINGS, START } from './support/poll-house.js';

let house: PollHouse;
beforeEach(async () => {
  house = await openPollHouse();
});
afterEach(async () => house.close());

const at = (ms: number) => new Date(START.getTime() + ms);

async function seat(mersisNo: string, n: number, endsOn: string | null = null): Promise<void> {
  await house.test.db.query({
    text: `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
      VALUES ($1, 'u', 't', 'k', 's', 'Ankara', 'ticaret', 'faal', $2) ON CONFLICT DO NOTHING`,
    values: [mersisNo, START],
  });
  await house.test.db.query({
    text: `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on)
      VALUES ($1, $2, $3, 'board', '2024-01-01', $4)`,
    values: [randomUUID(), tagger.tag('authority', personOf(n)), mersisNo, endsOn],
  });
}

const signIn = (n: number, lifetimeS = 3600) =>
  signInForTest(
    { log: house.log.appender, masterKeys, tagger, db: house.test.db },
    { person: personOf(n), now: START, lifetimeS },
  );

const states = async () =>
  (
    await house.test.db.query<{ n: string; active: Date | null; due: Date }>({
      text: 'SELECT mersis_no AS n, active_at AS active, due_at AS due FROM bridge.mersis_cooperative ORDER BY 1',
    })
  ).rows;

describe('cooperatives of active users', () => {
  it('are those where somebody with a living session has a seat, and are brought forward', async () => {
    await house.register([no(1), no(2), no(3)], { readAt: START, dueAt: at(19 * HOUR) });
    await seat(no(1), 1);
    await seat(no(2), 2);
    await seat(no(3), 3);
    await signIn(1);
    const { sessionId } = await signIn(2);
    await house.test.db.query({
      text: 'UPDATE bridge.sign_in_session SET ended_at = $2 WHERE session_id = $1',
      values: [sessionId, START],
    });
    await signIn(3, 60);
    await markActive(house.test.db, SETTINGS, at(120_000));
    expect(await states()).toEqual([
      { n: no(1), active: at(120_000), due: at(6 * HOUR) },
      { n: no(2), active: null, due: at(19 * HOUR) },
      { n: no(3), active: null, due: at(19 * HOUR) },
    ]);
  });

  it('are so for the days of the settings, known to an hour', async () => {
    await house.register([no(1)], { readAt: START, dueAt: at(19 * HOUR) });
    await seat(no(1), 1);
    await signIn(1, 86_400);
    for (const [ms, known] of [
      [0, 0],
      [HOUR, 0],
      [HOUR + 1, HOUR + 1],
    ] as const) {
      await markActive(house.test.db, SETTINGS, at(ms));
      expect((await states())[0]?.active).toEqual(at(known));
    }
  });

  it('leave what failed, is held or is being asked its own time', async () => {
    await house.register([no(1)], { readAt: START, dueAt: at(19 * HOUR), problem: 'asking' });
    await house.register([no(2)], { readAt: START, dueAt: at(19 * HOUR), problem: 'timeout', failures: 4 });
    await seat(no(1), 1);
    await seat(no(2), 1);
    await signIn(1);
    await markActive(house.test.db, SETTINGS, START);
    expect((await states()).map(({ due }) => due)).toEqual([at(19 * HOUR), at(19 * HOUR)]);
  });
});

it('a term that ends within a week brings its cooperative forward; one that ends later, or ended, does not', async () => {
  const [week, later, past] = ['2026-05-11', '2026-05-12', '2026-05-03'];
  await house.register([no(1), no(2), no(3)], { readAt: START, dueAt: at(19 * HOUR) });
  await seat(no(1), 1, week);
  await seat(no(2), 1, later);
  await seat(no(3), 1, past);
  await markActive(house.test.db, SETTINGS, at(7 * HOUR));
  expect((await states()).map(({ due }) => due)).toEqual([at(7 * HOUR), at(19 * HOUR), at(19 * HOUR)]);
});
