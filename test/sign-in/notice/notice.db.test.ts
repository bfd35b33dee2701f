import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endSession } from '../../../src/sign-in/end-session.js';
import type { BrowserSession } from '../../../src/sign-in/living-session.js';
import { hasRead, recordRead } from '../../../src/sign-in/notice/notice.js';
import { readSession } from '../../../src/sign-in/read-session.js';
import { person } from '../../verification/support/parts.js';
import { later, masterKeys, NOW, openSessionHouse, type SessionHouse } from '../support/session-house.js';

let house: SessionHouse;

beforeAll(async () => {
  house = await openSessionHouse();
});
afterAll(async () => house.close());

async function sessionOf(nine: string): Promise<BrowserSession> {
  const { sessionId } = await house.signIn({ person: person(nine) });
  const session = await readSession(house.test.db, masterKeys, sessionId, NOW);
  if (session === null) throw new Error('no session');
  return session;
}

const record = (session: BrowserSession, version: string, log = house.log) =>
  recordRead(log.appender, session, version, later(1));
const read = ({ tag }: BrowserSession, version: string) => hasRead(house.test.db, tag, version);

describe('the KVKK notice', () => {
  it('is read once for each person and version, with one entry that names the person only sealed', async () => {
    const [session, another, someone] = [
      await sessionOf('200000021'),
      await sessionOf('200000021'),
      await sessionOf('200000022'),
    ];
    const from = await house.size();
    expect(await read(session, '2026-1')).toBe(false);
    await record(session, '2026-1');
    await record(session, '2026-1');
    await record(another, '2026-1');
    expect(await read(another, '2026-1')).toBe(true);
    expect(await read(session, '2026-2')).toBe(false);
    expect(await read(someone, '2026-1')).toBe(false);
    await record(another, '2026-2');
    const told = await house.told(from);
    expect(told.map(({ kind, data, sealed }) => [kind, data, Object.keys(sealed)])).toEqual([
      ['notice.read', { session: session.sessionId, version: '2026-1' }, ['actor.number']],
      ['notice.read', { session: another.sessionId, version: '2026-2' }, ['actor.number']],
    ]);
    expect(JSON.stringify(told)).not.toContain(session.person.reveal());
  });

  it('that somebody says to have read in two browsers and on two instances at once has one entry', async () => {
    const [one, two] = [await sessionOf('200000023'), await sessionOf('200000023')];
    const from = await house.size();
    await house.heldUp(2, () => Promise.all([record(one, '2026-1'), record(two, '2026-1', house.other)]));
    expect(await house.told(from)).toHaveLength(1);
    expect(await read(one, '2026-1')).toBe(true);
  });

  it('is not read in a session that has ended: it is shown again', async () => {
    const session = await sessionOf('200000024');
    await endSession(house.log.appender, session.sessionId, 'signed-out', NOW);
    const from = await house.size();
    await record(session, '2026-1');
    expect(await house.told(from)).toEqual([]);
    expect(await read(session, '2026-1')).toBe(false);
  });

  it('is not read in a session that has passed its idle limit, though nobody has ended it yet', async () => {
    const { sessionId } = await house.signIn({ person: person('200000025'), idleS: 60 });
    const session = await readSession(house.test.db, masterKeys, sessionId, NOW);
    if (session === null) throw new Error('no session');
    const from = await house.size();
    await recordRead(house.log.appender, session, '2026-1', later(60));
    expect(await house.told(from)).toEqual([]);
    await recordRead(house.log.appender, session, '2026-1', later(59));
    expect(await house.told(from)).toHaveLength(1);
  });
});
