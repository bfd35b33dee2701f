import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endSession } from '../../src/sign-in/end-session.js';
import { joinSession } from '../../src/sign-in/join-session.js';
import { purgeSignIn } from '../../src/sign-in/purge-sign-in.js';
import { keepState } from '../../src/sign-in/upstream-state.js';
import {
  justBefore,
  later,
  masterKeys,
  NOW,
  openSessionHouse,
  type SessionHouse,
} from './support/session-house.js';

const DAY_S = 86_400;

let house: SessionHouse;

beforeAll(async () => {
  house = await openSessionHouse();
});
afterAll(async () => house.close());

const purge = (now: Date) => purgeSignIn(house.test.db, now);
const count = async (table: string, where = 'true', values: unknown[] = []) =>
  (await house.rows(`SELECT 1 FROM bridge.${table} WHERE ${where}`, values)).length;

const record = (expiresAt: Date, sessionId: string | null = null) =>
  house.rows(
    `INSERT INTO bridge.oidc_record (model, id_hash, box, master_key_id, session_id, expires_at)
      VALUES ('Session', $1, '\\x00', 'm1', $2, $3)`,
    [randomBytes(32), sessionId, expiresAt],
  );

describe('what is of no use any more', () => {
  it('goes thirty days after the end of a session, with all that hangs on it; living ones stay', async () => {
    const [ended, living] = [await house.signIn(), await house.signIn({ lifetimeS: 90 * DAY_S })];
    await joinSession(house.log.appender, { sessionId: ended.sessionId, clientId: 'core', sid: 's' }, NOW);
    await endSession(house.log.appender, ended.sessionId, 'signed-out', NOW);
    const mine = [ended.sessionId];
    await purge(justBefore(later(30 * DAY_S)));
    expect(await count('sign_in_session', 'session_id = $1', mine)).toBe(1);
    await purge(later(30 * DAY_S));
    for (const table of ['sign_in_session', 'session_client', 'access_token'])
      expect(await count(table, 'session_id = $1', mine)).toBe(0);
    expect(await count('sign_in_session', 'session_id = $1', [living.sessionId])).toBe(1);
  });

  it('goes a day after the end of an access token', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 90 * DAY_S, tokenLifetimeS: 600 });
    await purge(justBefore(later(600 + DAY_S)));
    expect(await count('access_token', 'session_id = $1', [sessionId])).toBe(1);
    await purge(later(600 + DAY_S));
    expect(await count('access_token', 'session_id = $1', [sessionId])).toBe(0);
  });

  it('goes at the end of a round trip, of a record of the provider and of a key', async () => {
    const trip = { state: 's', browser: 'b', interaction: 'i', fresh: false };
    const kept = { codeVerifier: null, nonce: null };
    await keepState(house.test.db, masterKeys, { ...trip, kept }, NOW, 60_000);
    await record(later(60));
    await house.rows(
      `INSERT INTO bridge.sign_in_key (kid, public_jwk, box, master_key_id, created_at, signs_from, signs_until, gone_at)
        VALUES ('k', '{}', '\\x00', 'm1', $1, $1, $1, $2)`,
      [NOW, later(60)],
    );
    await purge(justBefore(later(60)));
    for (const table of ['upstream_state', 'oidc_record', 'sign_in_key']) expect(await count(table)).toBe(1);
    await purge(later(60));
    for (const table of ['upstream_state', 'oidc_record', 'sign_in_key']) expect(await count(table)).toBe(0);
  });

  it('goes where the provider wrote it while its session ended; that of a living session stays', async () => {
    const [ended, living] = [await house.signIn(), await house.signIn()];
    await endSession(house.log.appender, ended.sessionId, 'signed-out', NOW);
    for (const { sessionId } of [ended, living]) await record(later(3600), sessionId);
    await purge(later(1));
    expect(await house.rows('SELECT session_id FROM bridge.oidc_record')).toEqual([
      { session_id: living.sessionId },
    ]);
  });

  it('goes in bounded pieces, shared by whoever does it at the same time', async () => {
    await house.rows(
      `INSERT INTO bridge.oidc_record (model, id_hash, box, master_key_id, expires_at)
        SELECT 'Many', sha256(n::text::bytea), '\\x00', 'm1', $1 FROM generate_series(1, 2500) AS n`,
      [NOW],
    );
    await Promise.all([purge(NOW), purge(NOW), purge(NOW)]);
    await purge(NOW);
    expect(await count('oidc_record', "model = 'Many'")).toBe(0);
  });
});
