import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { endSession } from '../../src/sign-in/end-session.js';
import { expireSessions } from '../../src/sign-in/expire-sessions.js';
import { joinSession } from '../../src/sign-in/join-session.js';
import { touchSession } from '../../src/sign-in/read-session.js';
import { justBefore, later, NOW, openSessionHouse, type SessionHouse } from './support/session-house.js';

let house: SessionHouse;

beforeAll(async () => {
  house = await openSessionHouse();
});
afterAll(async () => house.close());
beforeEach(async () => {
  await house.rows('DELETE FROM bridge.sign_in_session');
});

const expire = (now: Date, log = house.log) => expireSessions(log.db, log.appender, now);

/** Which sessions ended, and why, in the log from `from` on. */
const endsFrom = async (from: number) =>
  (await house.told(from)).map(({ kind, data }) => [kind, data.session, data.reason]);

describe('a session over its limit', () => {
  it('has its end written down from the exact instant of either limit on, with the reason', async () => {
    const idle = await house.signIn({ lifetimeS: 3600, idleS: 600 });
    const absolute = await house.signIn({ lifetimeS: 700, idleS: 700 });
    const from = await house.size();
    expect(await expire(justBefore(later(600)))).toBe(0);
    expect(await expire(later(600))).toBe(1);
    expect(await expire(justBefore(later(700)))).toBe(0);
    expect(await expire(later(700))).toBe(1);
    expect(await expire(later(99_999))).toBe(0);
    expect(await endsFrom(from)).toEqual([
      ['session.ended', idle.sessionId, 'idle'],
      ['session.ended', absolute.sessionId, 'expired'],
    ]);
  });

  it('has its end queued for the applications that it was used for', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 700 });
    await joinSession(house.log.appender, { sessionId, clientId: 'core', sid: 's-1' }, NOW);
    await expire(later(700));
    expect(
      await house.rows('SELECT client_id, sid FROM bridge.back_channel_logout WHERE session_id = $1', [
        sessionId,
      ]),
    ).toEqual([{ client_id: 'core', sid: 's-1' }]);
  });

  it('that was ended before has no second end', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 700 });
    await endSession(house.log.appender, sessionId, 'signed-out', NOW);
    expect(await expire(later(700))).toBe(0);
  });

  it('goes on where a use moved the limit between looking and ending', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 3600, idleS: 600 });
    const from = await house.size();
    const db: Parameters<typeof expireSessions>[0] = {
      query: async (statement) => {
        const found = await house.test.db.query<never>(statement);
        await touchSession(house.test.db, sessionId, later(599), 600);
        return found;
      },
    };
    expect(await expireSessions(db, house.log.appender, later(600))).toBe(0);
    expect(await endsFrom(from)).toEqual([]);
    expect(await expire(later(1199))).toBe(1);
  });

  it('from before there were idle limits ends at its absolute one', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 700 });
    await house.rows("UPDATE bridge.sign_in_session SET idle_until = 'infinity'");
    const from = await house.size();
    expect(await expire(justBefore(later(700)))).toBe(0);
    expect(await expire(later(700))).toBe(1);
    expect(await endsFrom(from)).toEqual([['session.ended', sessionId, 'expired']]);
  });
});

describe('many sessions over their limit', () => {
  it('each end once, though two instances look at the same time', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 120; n += 1) ids.push((await house.signIn({ lifetimeS: 700 })).sessionId);
    const from = await house.size();
    const counts = await Promise.all(
      [house.log, house.other, house.log].map((log) => expire(later(700), log)),
    );
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(ids.length);
    const ended = (await house.told(from)).map(({ data }) => data.session);
    expect(ended.sort()).toEqual([...ids].sort());
  });

  it('are a bounded piece of work: what one run leaves the next one ends', async () => {
    await house.rows(`INSERT INTO bridge.sign_in_session
        (session_id, person_tag, person_box, master_key_id, acr, auth_time, opened_at, idle_until, expires_at)
      SELECT gen_random_uuid(), decode(repeat('00', 16), 'hex'), '\\x00', 'm1', 'x', now(), now(), '-infinity', now()
      FROM generate_series(1, 1030)`);
    expect(await expire(NOW)).toBe(1000);
    expect(await expire(NOW)).toBe(30);
    expect(await expire(NOW)).toBe(0);
  });
});
