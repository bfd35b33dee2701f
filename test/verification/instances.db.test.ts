import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { purgeEnded } from '../../src/verification/close-expired.js';
import { requireSoundLog } from '../audit/support/log.js';
import { equalRecord, type House, type Instance, noRecord, openHouse, someone } from './support/house.js';
import { digitsOf } from './support/parts.js';
import { rebuildBook } from './support/rebuild-book.js';

const PEOPLE = 6;
const ROUNDS = 12;

let house: House;
let bridges: readonly Instance[];

beforeAll(async () => {
  house = await openHouse();
  bridges = [house.instance(), house.instance(), house.instance()];
});

afterAll(() => house.close());

const ENDS =
  /^(match|not-found|match replayed|not-found replayed|IDEMPOTENCY_IN_PROGRESS|KPS_UNAVAILABLE breaker-open|RATE_LIMITED non-matches)$/;

describe('three instances over one database', () => {
  it('never wait for each other in a circle, whatever keys, quotas, sweeps and purges meet', async () => {
    const tokens: string[] = [];
    for (let n = 1; n <= PEOPLE; n += 1) {
      await house.addSeat(someone(n));
      tokens.push((await house.signIn(someone(n))).token);
    }
    const replies = [
      equalRecord,
      noRecord,
      () => ({ kind: 'not-sent', reason: 'breaker-open', messageIds: [] }),
    ] as const;
    let calls = 0;
    house.kps.answer = async (question) => {
      calls += 1;
      const reply = replies[calls % 3] as typeof equalRecord;
      await new Promise((resolve) => setTimeout(resolve, calls % 5));
      return reply(question);
    };
    const ends: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const work = bridges.flatMap((bridge, b) =>
        tokens.flatMap((token, p) => {
          const subject = { kimlikNo: digitsOf(String(600_000_000 + ((round + p) % 7))) };
          const key = `r${round}-${p % 2}`;
          return [
            bridge.ask({ token, key, question: { subject } }),
            bridge.ask({ token, question: { subject } }),
            ...(b === round % 3 ? [bridge.ask({ token: null })] : []),
          ];
        }),
      );
      const session = await house.signIn(someone(1));
      const chores = [
        purgeEnded(house.test.db, house.now),
        purgeEnded(bridges[1]?.db ?? house.test.db, house.now),
        house.endSession(session.sessionId),
        ...bridges.map((bridge) => bridge.closeExpired()),
      ];
      const all = await Promise.all(work);
      await Promise.all(chores);
      ends.push(...all.filter((end) => end !== 'TOKEN_INVALID'));
      house.pass(25 * 3_600_000 * (round % 4 === 3 ? 1 : 0));
      await house.test.db.query({
        text: 'UPDATE bridge.authority_cooperative SET read_at = $1',
        values: [house.now],
      });
    }
    for (const end of ends) expect(end).toMatch(ENDS);
    expect(ends.filter((end) => end === 'match').length).toBeGreaterThan(20);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const [stats] = await house.rows<{ deadlocks: number }>(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(stats?.deadlocks).toBe(0);
    expect(bridges.map((bridge) => bridge.failedBatches())).toEqual([0, 0, 0]);
  });

  it('leave one gapless log and an exact book', async () => {
    await requireSoundLog(house.test.db);
    const entries = await house.entries();
    const book = rebuildBook(entries);
    const [sum] = await house.rows<{ n: number; kurus: number }>(
      'SELECT count(*)::int AS n, sum(amount_kurus)::int AS kurus FROM bridge.fee_line',
    );
    expect(sum).toEqual({
      n: book.length,
      kurus: book.reduce((total, line) => total + line.amount_kurus, 0),
    });
    expect(book).toHaveLength(entries.filter((entry) => entry.kind === 'query.intent').length);
    expect(house.kps.asked).toHaveLength(book.length);
  });

  it('leave every counter of guesses at exactly what was learnt: nothing else is kept, nothing is given back twice', async () => {
    const counters = await house.rows<{ used: number; learnt: number }>(
      `SELECT q.used, (count(*) FILTER (WHERE i.outcome IN ('mismatch', 'not-found')))::int AS learnt
        FROM bridge.quota_use q
        JOIN bridge.identity_query i ON i.guess_key = q.key AND i.guess_window = q.window_start
        GROUP BY q.key, q.window_start, q.used`,
    );
    expect(counters.length).toBeGreaterThan(10);
    expect(counters.map((one) => one.used)).toEqual(counters.map((one) => one.learnt));
  });
});
