import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endSession } from '../../src/sign-in/end-session.js';
import { joinSession } from '../../src/sign-in/join-session.js';
import { recordRead } from '../../src/sign-in/notice/notice.js';
import { readSession } from '../../src/sign-in/read-session.js';
import { keepState } from '../../src/sign-in/upstream-state.js';
import {
  later,
  masterKeys,
  NAMES,
  NOW,
  openSessionHouse,
  type SessionHouse,
  WHO,
} from './support/session-house.js';

const TABLES = [
  'sign_in_session',
  'access_token',
  'session_client',
  'back_channel_logout',
  'upstream_state',
  'notice_read',
  'entry',
];

let house: SessionHouse;

beforeAll(async () => {
  house = await openSessionHouse();
});
afterAll(async () => house.close());

/** Everything that an administrator of the database can read: each row as text, binary columns in hex. */
async function dump(): Promise<string> {
  const rows = await Promise.all(TABLES.map((table) => house.rows(`SELECT t::text FROM bridge.${table} t`)));
  for (const one of rows) expect(one).not.toEqual([]);
  return JSON.stringify(rows).toLowerCase();
}

describe('the tables of sessions', () => {
  it('hold number, names, tokens and secrets of browsers nowhere in clear', async () => {
    const living = await house.signIn({ stepUp: true });
    const ended = await house.signIn();
    for (const { sessionId } of [living, ended])
      await joinSession(house.log.appender, { sessionId, clientId: 'core', sid: 's-1' }, NOW);
    await endSession(house.log.appender, ended.sessionId, 'signed-out', NOW);
    const session = await readSession(house.test.db, masterKeys, living.sessionId, NOW);
    if (session === null) throw new Error('no session');
    await recordRead(house.log.appender, session, '2026-1', later(1));
    const kept = { codeVerifier: 'the-verifier-of-a-trip', nonce: 'the-nonce-of-a-trip' };
    const trip = { state: 'the-state-of-a-trip', browser: 'the-cookie-of-a-browser', interaction: 'the-uid' };
    await keepState(house.test.db, masterKeys, { ...trip, kept, fresh: false }, NOW, 60_000);
    const all = await dump();
    const secrets = [
      WHO.reveal(),
      NAMES.ad,
      NAMES.soyad,
      living.accessToken,
      ended.accessToken,
      ...Object.values(trip),
      ...Object.values(kept),
    ];
    for (const secret of secrets) {
      expect(all).not.toContain(secret.toLowerCase());
      expect(all).not.toContain(Buffer.from(secret, 'utf8').toString('hex'));
      expect(all).not.toContain(Buffer.from(secret, 'utf8').toString('base64').toLowerCase());
    }
  });
});
