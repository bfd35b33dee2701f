import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DeliveryTools, deliverLogouts, type QueuedLogout } from '../../src/sign-in/back-channel.js';
import { endSession } from '../../src/sign-in/end-session.js';
import { joinSession } from '../../src/sign-in/join-session.js';
import { justBefore, later, NOW, openSessionHouse, type SessionHouse } from './support/session-house.js';

let house: SessionHouse;

beforeAll(async () => {
  house = await openSessionHouse();
});
afterAll(async () => house.close());
beforeEach(async () => {
  await house.rows('DELETE FROM bridge.back_channel_logout');
});

interface Receiver {
  readonly posts: { uri: string; body: string }[];
  readonly asked: QueuedLogout[];
  now: Date;
  deliver(log?: SessionHouse['log']): Promise<number>;
}

/** Applications that answer as `answer` says; what reached them is kept. */
function receiver(
  answer: (clientId: string) => number | Promise<number> = () => 200,
  tokenFor?: DeliveryTools['tokenFor'],
): Receiver {
  const one: Receiver = {
    posts: [],
    asked: [],
    now: NOW,
    deliver: (log = house.log) =>
      deliverLogouts({
        db: log.db,
        log: log.appender,
        now: () => one.now,
        tokenFor: async (queued) => {
          one.asked.push(queued);
          if (tokenFor !== undefined) return tokenFor(queued);
          return { uri: `https://${queued.clientId}.example/logout`, token: `token.of+${queued.sid}` };
        },
        post: async (uri, body) => {
          one.posts.push({ uri, body });
          return answer(new URL(uri).hostname.split('.')[0] ?? '');
        },
      }),
  };
  return one;
}

/** A session that was used for `clients` and has ended. */
async function endedSession(...clients: string[]): Promise<string> {
  const { sessionId } = await house.signIn();
  for (const clientId of clients)
    await joinSession(
      house.log.appender,
      { sessionId, clientId, sid: `${clientId}&${sessionId.slice(0, 4)}` },
      NOW,
    );
  await endSession(house.log.appender, sessionId, 'signed-out', NOW);
  return sessionId;
}

const queue = () =>
  house.rows<{ clientId: string; attempts: number; nextAt: Date }>(
    'SELECT client_id AS "clientId", attempts, next_at AS "nextAt" FROM bridge.back_channel_logout ORDER BY client_id',
  );

describe('the end of a session', () => {
  it.each([200, 204])('is told to every application once, where it answers %d', async (status) => {
    const sessionId = await endedSession('core', 'portal');
    const all = receiver(() => status);
    expect(await all.deliver()).toBe(2);
    expect(await all.deliver()).toBe(0);
    expect(all.asked.map((one) => [one.clientId, one.sessionId])).toEqual([
      ['core', sessionId],
      ['portal', sessionId],
    ]);
    const sid = `core&${sessionId.slice(0, 4)}`;
    expect(all.posts[0]).toEqual({
      uri: 'https://core.example/logout',
      body: `logout_token=${encodeURIComponent(`token.of+${sid}`)}`,
    });
    expect(await queue()).toEqual([]);
  });

  it('is not told before its time', async () => {
    await endedSession('core');
    const early = receiver();
    early.now = justBefore(NOW);
    expect(await early.deliver()).toBe(0);
    expect(early.posts).toEqual([]);
  });

  it('is told to nobody where the application is not registered any more', async () => {
    await endedSession('core');
    const gone = receiver(
      () => 200,
      async () => null,
    );
    const from = await house.size();
    expect(await gone.deliver()).toBe(0);
    expect(gone.posts).toEqual([]);
    expect(await queue()).toEqual([]);
    expect(await house.told(from)).toEqual([]);
  });

  it('is told by one of two instances that look at the same time', async () => {
    const sessions = [];
    for (let n = 0; n < 10; n += 1) sessions.push(await endedSession('core', 'portal'));
    const all = receiver(async () => 200);
    const counts = await Promise.all(
      [house.log, house.other, house.log, house.other].map((log) => all.deliver(log)),
    );
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(20);
    expect(new Set(all.asked.map((one) => `${one.clientId} ${one.sessionId}`)).size).toBe(20);
    expect(all.posts).toHaveLength(20);
  });

  it('is told by another instance where the first died in the middle, but not before its lease is over', async () => {
    await endedSession('core');
    // An instance that never comes back from its post.
    const dead = receiver(() => new Promise<number>(() => undefined));
    void dead.deliver(house.other);
    while (dead.posts.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const next = receiver();
    next.now = justBefore(later(60));
    expect(await next.deliver()).toBe(0);
    next.now = later(60);
    expect(await next.deliver()).toBe(1);
  });
});

describe('an application that does not take it', () => {
  it.each([400, 500, 302, 201, 0])(
    'with %d is tried again, after a longer wait each time',
    async (status) => {
      await endedSession('core');
      const failing = receiver(() => status);
      expect(await failing.deliver()).toBe(0);
      expect(await queue()).toEqual([{ clientId: 'core', attempts: 1, nextAt: later(5) }]);
      failing.now = justBefore(later(5));
      await failing.deliver();
      expect(failing.posts).toHaveLength(1);
      failing.now = later(5);
      await failing.deliver();
      expect(await queue()).toEqual([{ clientId: 'core', attempts: 2, nextAt: later(20) }]);
      const mended = receiver();
      mended.now = later(20);
      expect(await mended.deliver()).toBe(1);
      expect(await queue()).toEqual([]);
    },
  );

  it('is given up after ten tries within six hours, with one entry that says so', async () => {
    const sessionId = await endedSession('core');
    const from = await house.size();
    const failing = receiver(() => 503);
    const waits: number[] = [];
    for (;;) {
      await failing.deliver();
      const [row] = await queue();
      if (row === undefined) break;
      waits.push((row.nextAt.getTime() - failing.now.getTime()) / 1000);
      failing.now = row.nextAt;
    }
    expect(failing.posts).toHaveLength(10);
    expect(waits[0]).toBe(5);
    for (const [n, wait] of waits.slice(1).entries())
      expect(wait).toBeGreaterThanOrEqual(2 * (waits[n] ?? Number.POSITIVE_INFINITY));
    expect(failing.now.getTime() - NOW.getTime()).toBeLessThan(6 * 3_600_000);
    expect((await house.told(from)).map(({ kind, data, sealed }) => [kind, data, sealed])).toEqual([
      ['logout.undelivered', { attempts: 10, client: 'core', session: sessionId }, {}],
    ]);
  });

  it('is given up after six hours, however seldom it was tried', async () => {
    await endedSession('core');
    const from = await house.size();
    const failing = receiver(() => 503);
    failing.now = later(6 * 3600);
    await failing.deliver();
    expect(await queue()).toEqual([]);
    expect((await house.told(from)).map(({ kind, data }) => [kind, data.attempts])).toEqual([
      ['logout.undelivered', 1],
    ]);
  });

  it('is given up by one of two instances, with one entry', async () => {
    await endedSession('core');
    await house.rows('UPDATE bridge.back_channel_logout SET attempts = 10');
    const from = await house.size();
    const failing = receiver(() => 503);
    await Promise.all([house.log, house.other].map((log) => failing.deliver(log)));
    expect(failing.posts).toEqual([]);
    expect((await house.told(from)).map(({ kind }) => kind)).toEqual(['logout.undelivered']);
    expect(await queue()).toEqual([]);
  });

  it('keeps nobody else waiting: a silent one is asked once a run, the others get theirs', async () => {
    for (let n = 0; n < 4; n += 1) await endedSession('core', 'portal');
    const mixed = receiver((clientId) => {
      if (clientId === 'core') throw new Error('no answer');
      return 204;
    });
    expect(await mixed.deliver()).toBe(4);
    expect(mixed.asked.filter((one) => one.clientId === 'core')).toHaveLength(1);
    expect((await queue()).map((row) => [row.clientId, row.attempts]).sort()).toEqual([
      ['core', 0],
      ['core', 0],
      ['core', 0],
      ['core', 1],
    ]);
  });

  it('stays in the queue where no token can be made for it now', async () => {
    await endedSession('core');
    const keyless = receiver(
      () => 200,
      async () => {
        throw new Error('no key signs now');
      },
    );
    expect(await keyless.deliver()).toBe(0);
    expect(keyless.posts).toEqual([]);
    expect(await queue()).toEqual([{ clientId: 'core', attempts: 1, nextAt: later(5) }]);
  });
});

describe('one run', () => {
  it('is a bounded piece of work', async () => {
    await house.rows(
      `INSERT INTO bridge.back_channel_logout (session_id, client_id, sid, queued_at, next_at)
        SELECT gen_random_uuid(), 'core', $1, $2, $2 FROM generate_series(1, 510)`,
      [randomUUID(), NOW],
    );
    const all = receiver();
    expect(await all.deliver()).toBe(500);
    expect(await all.deliver()).toBe(10);
  });
});
