import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { ACR_TWO_STEP } from '../../src/sign-in/access-tokens.js';
import { endSession } from '../../src/sign-in/end-session.js';
import { joinSession } from '../../src/sign-in/join-session.js';
import { listLivingSessions } from '../../src/sign-in/list-sessions.js';
import { listSessions, readSession, touchSession } from '../../src/sign-in/read-session.js';
import { markTold, wasTold } from '../../src/sign-in/told.js';
import { person } from '../verification/support/parts.js';
import {
  justBefore,
  later,
  masterKeys,
  NAMES,
  NOW,
  openSessionHouse,
  type SessionHouse,
  tagger,
  WHO,
} from './support/session-house.js';

let house: SessionHouse;

beforeAll(async () => {
  house = await openSessionHouse();
});
afterAll(async () => house.close());

const read = (sessionId: string, now = NOW, keys = masterKeys) =>
  readSession(house.test.db, keys, sessionId, now);
const touch = (sessionId: string, now: Date, idleS: number) =>
  touchSession(house.test.db, sessionId, now, idleS);
const idleUntil = async (sessionId: string) =>
  (
    await house.rows<{ at: Date }>(
      'SELECT idle_until AS at FROM bridge.sign_in_session WHERE session_id = $1',
      [sessionId],
    )
  )[0]?.at;

describe('a living session', () => {
  it('says whose it is, how strong, and how long', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 3600, idleS: 600 });
    const session = await read(sessionId);
    expect(session).toMatchObject({
      sessionId,
      names: NAMES,
      acr: ACR_TWO_STEP,
      authTime: NOW,
      openedAt: NOW,
      idleUntil: later(600),
      expiresAt: later(3600),
      stepUpUntil: null,
    });
    expect(session?.person.equals(WHO)).toBe(true);
    expect(session?.tag.equals(tagger.tag('authority', WHO))).toBe(true);
    expect((await read((await house.signIn({ names: null })).sessionId))?.names).toBeNull();
  });

  it('is over at the exact instant of its idle limit, and of its absolute one', async () => {
    const idle = await house.signIn({ lifetimeS: 3600, idleS: 600 });
    const absolute = await house.signIn({ lifetimeS: 300, idleS: 600 });
    expect(await read(idle.sessionId, justBefore(later(600)))).not.toBeNull();
    expect(await read(idle.sessionId, later(600))).toBeNull();
    expect(await read(absolute.sessionId, justBefore(later(300)))).not.toBeNull();
    expect(await read(absolute.sessionId, later(300))).toBeNull();
  });

  it('is none where it is unknown, ended, or no id of ours', async () => {
    const { sessionId } = await house.signIn();
    await endSession(house.log.appender, sessionId, 'signed-out', NOW);
    const strange = ['', 'x', `${randomUUID()} `, randomUUID().toUpperCase(), `{${randomUUID()}}`];
    for (const id of [sessionId, randomUUID(), ...strange]) expect(await read(id)).toBeNull();
  });

  it('whose number was moved to another session, or whose master key is gone, signs nobody in', async () => {
    const [mine, theirs] = [await house.signIn(), await house.signIn({ person: person('200000002') })];
    const move = (column: string, from: string, to: string) =>
      house.rows(
        `UPDATE bridge.sign_in_session SET ${column} = (SELECT ${column} FROM bridge.sign_in_session WHERE session_id = $1)
          WHERE session_id = $2`,
        [from, to],
      );
    await move('person_box', theirs.sessionId, mine.sessionId);
    expect(await read(mine.sessionId)).toBeNull();
    const named = await house.signIn();
    await move('profile_box', theirs.sessionId, named.sessionId);
    expect(await read(named.sessionId)).toMatchObject({ sessionId: named.sessionId, names: null });
    const crossed = await house.signIn();
    await house.rows('UPDATE bridge.sign_in_session SET person_box = profile_box WHERE session_id = $1', [
      crossed.sessionId,
    ]);
    expect(await read(crossed.sessionId)).toBeNull();
    const without = createMasterKeys([{ id: 'new', key: randomBytes(32) }]);
    expect(await read(theirs.sessionId, NOW, without)).toBeNull();
  });
});

describe('the use of a session', () => {
  it('moves its idle limit on, at most once a minute', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 36_000, idleS: 1800 });
    await touch(sessionId, later(59.999), 1800);
    expect(await idleUntil(sessionId)).toEqual(later(1800));
    await touch(sessionId, later(60), 1800);
    expect(await idleUntil(sessionId)).toEqual(later(1860));
    await touch(sessionId, later(61), 1800);
    expect(await idleUntil(sessionId)).toEqual(later(1860));
  });

  it('never goes beyond the end of the session, and reaches it', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 1000, idleS: 600 });
    await touch(sessionId, later(390), 600);
    await touch(sessionId, later(399), 600);
    expect(await idleUntil(sessionId)).toEqual(later(990));
    await touch(sessionId, later(420), 600);
    expect(await idleUntil(sessionId)).toEqual(later(1000));
  });

  it('never moves the limit back, whatever the clock of an instance says', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 36_000, idleS: 1800 });
    await touch(sessionId, later(600), 1800);
    await touch(sessionId, later(-3600), 1800);
    expect(await idleUntil(sessionId)).toEqual(later(2400));
  });

  it('keeps one in use alive with the shortest limit there is, too', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 36_000, idleS: 60 });
    for (let second = 0; second < 600; second += 25) {
      expect(await read(sessionId, later(second))).not.toBeNull();
      await touch(sessionId, later(second), 60);
    }
  });

  it('revives none that is over or ended', async () => {
    const idle = await house.signIn({ lifetimeS: 3600, idleS: 600 });
    await touch(idle.sessionId, later(600), 600);
    expect(await idleUntil(idle.sessionId)).toEqual(later(600));
    const ended = await house.signIn({ lifetimeS: 3600, idleS: 600 });
    await endSession(house.log.appender, ended.sessionId, 'signed-out', later(1));
    await touch(ended.sessionId, later(300), 600);
    expect(await idleUntil(ended.sessionId)).toEqual(later(600));
    await touch('no id', later(300), 600);
  });
});

describe('the list of sessions', () => {
  it('has the living ones of one person, newest first, with the applications they were used for', async () => {
    const who = person('200000003');
    const tag = tagger.tag('authority', who);
    const first = await house.signIn({ person: who, lifetimeS: 3600, idleS: 600 });
    const second = await house.signIn({ person: who, now: later(10), lifetimeS: 3600 });
    const ended = await house.signIn({ person: who });
    await house.signIn();
    await endSession(house.log.appender, ended.sessionId, 'signed-out', NOW);
    for (const clientId of ['portal', 'core'])
      await joinSession(house.log.appender, { sessionId: first.sessionId, clientId, sid: 's' }, NOW);
    expect(await listSessions(house.test.db, tag, later(20))).toEqual([
      {
        sessionId: second.sessionId,
        openedAt: later(10),
        idleUntil: later(3610),
        expiresAt: later(3610),
        acr: ACR_TWO_STEP,
        clients: [],
      },
      {
        sessionId: first.sessionId,
        openedAt: NOW,
        idleUntil: later(600),
        expiresAt: later(3600),
        acr: ACR_TWO_STEP,
        clients: ['core', 'portal'],
      },
    ]);
    expect((await listSessions(house.test.db, tag, later(600))).map((one) => one.sessionId)).toEqual([
      second.sessionId,
    ]);
  });

  it('of everybody comes in pages without a gap', async () => {
    for (let n = 0; n < 5; n += 1) await house.signIn();
    const all = (await listLivingSessions(house.test.db, NOW, { after: null, limit: 1000 })).map(
      (one) => one.sessionId,
    );
    const paged: string[] = [];
    for (;;) {
      const page = await listLivingSessions(house.test.db, NOW, { after: paged.at(-1) ?? null, limit: 2 });
      if (page.length === 0) break;
      paged.push(...page.map((one) => one.sessionId));
    }
    expect(paged).toEqual(all);
    expect(paged.length).toBeGreaterThanOrEqual(5);
  });
});

describe('being told of having no authority', () => {
  it('happens once a session', async () => {
    const [one, two] = [await house.signIn(), await house.signIn()];
    expect(await wasTold(house.test.db, one.sessionId)).toBe(false);
    await markTold(house.test.db, one.sessionId, NOW);
    await markTold(house.test.db, one.sessionId, later(9));
    expect(await wasTold(house.test.db, one.sessionId)).toBe(true);
    expect(await wasTold(house.test.db, two.sessionId)).toBe(false);
  });
});
