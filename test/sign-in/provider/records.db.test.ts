import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdapterPayload } from 'oidc-provider';
import { createMasterKeys } from '../../../src/audit/master-keys.js';
import { hashToken } from '../../../src/sign-in/access-tokens.js';
import { endSession } from '../../../src/sign-in/end-session.js';
import { createAdapter } from '../../../src/sign-in/provider/adapter.js';
import { createOidcRecords } from '../../../src/sign-in/provider/records.js';
import { purgeSignIn } from '../../../src/sign-in/purge-sign-in.js';
import { readSession } from '../../../src/sign-in/read-session.js';
import { later, masterKeys, NOW, openSessionHouse, type SessionHouse } from '../support/session-house.js';

let house: SessionHouse;
let now = NOW;
beforeAll(async () => {
  house = await openSessionHouse();
});
afterAll(() => house?.close());

const secret = () => randomBytes(24).toString('base64url');
const records = (keys = masterKeys) => createOidcRecords(house.test.db, keys);
const adapter = (model: string) =>
  createAdapter(model, {
    db: house.test.db,
    records: records(),
    isLiving: async (id) => (await readSession(house.test.db, masterKeys, id, now)) !== null,
    now: () => now,
  });
const THUMBPRINT = randomBytes(32).toString('base64url');
const tokenPayload = (sessionId: string, more: object = {}): AdapterPayload => ({
  kind: 'AccessToken',
  accountId: sessionId,
  clientId: 'core',
  grantId: secret(),
  'x5t#S256': THUMBPRINT,
  ...more,
});
const apiToken = async (token: string) =>
  (
    await house.rows<{
      session_id: string;
      certificate_sha256: Buffer;
      step_up_until: Date | null;
      expires_at: Date;
    }>('SELECT * FROM bridge.access_token WHERE token_hash = $1', [hashToken(token)])
  )[0];
/** Whether the API still takes it by its time; its row stays a while, for the log to tell what it was. */
const isInTime = async (token: string) => ((await apiToken(token))?.expires_at ?? NOW) > NOW;

describe('a code', () => {
  it('that two calls use at the same moment is used up by one of them', async () => {
    const codes = adapter('AuthorizationCode');
    const id = secret();
    const { sessionId } = await house.signIn();
    await codes.upsert(id, { accountId: sessionId, clientId: 'core' }, 60);
    const uses = await Promise.allSettled([1, 2, 3, 4].map(() => codes.consume(id)));
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((uses.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason).toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('that was used says so when it is looked for', async () => {
    const codes = adapter('AuthorizationCode');
    const id = secret();
    const { sessionId } = await house.signIn();
    await codes.upsert(id, { accountId: sessionId, clientId: 'core' }, 60);
    expect(await codes.find(id)).toEqual({ accountId: sessionId, clientId: 'core' });
    await codes.consume(id);
    expect(await codes.find(id)).toMatchObject({ consumed: Math.floor(NOW.getTime() / 1000) });
  });

  it('that nobody knows can neither be found nor used', async () => {
    const codes = adapter('AuthorizationCode');
    expect(await codes.find(secret())).toBeUndefined();
    await expect(codes.consume(secret())).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('an access token', () => {
  it('is worth something at the API for its session, client and certificate, and goes with it', async () => {
    const tokens = adapter('AccessToken');
    const { sessionId } = await house.signIn();
    const [one, two, other] = [secret(), secret(), secret()];
    const grantId = secret();
    const until = later(300).getTime();
    await tokens.upsert(one, tokenPayload(sessionId, { grantId, extra: { stepUpUntil: until } }), 600);
    await tokens.upsert(two, tokenPayload(sessionId, { grantId }), 600);
    await tokens.upsert(other, tokenPayload(sessionId), 600);
    expect(await apiToken(one)).toMatchObject({
      session_id: sessionId,
      certificate_sha256: Buffer.from(THUMBPRINT, 'base64url'),
      step_up_until: new Date(until),
      expires_at: later(600),
    });
    expect((await apiToken(two))?.step_up_until).toBeNull();
    await tokens.revokeByGrantId(grantId);
    expect([await isInTime(one), await isInTime(two)]).toEqual([false, false]);
    expect(await tokens.find(one)).toBeUndefined();
    expect(await isInTime(other)).toBe(true);
    await tokens.destroy(other);
    expect([await apiToken(other), await tokens.find(other)]).toEqual([undefined, undefined]);
  });

  it('lives no longer than its session, whatever the provider says', async () => {
    const { sessionId } = await house.signIn({ lifetimeS: 60 });
    const id = secret();
    await adapter('AccessToken').upsert(id, tokenPayload(sessionId), 600);
    expect((await apiToken(id))?.expires_at).toEqual(later(60));
  });

  it('without a certificate’s thumbprint, or without a session, is worth nothing at the API', async () => {
    const tokens = adapter('AccessToken');
    const { sessionId } = await house.signIn();
    const bare = secret();
    const { 'x5t#S256': _print, ...unbound } = tokenPayload(sessionId);
    await tokens.upsert(bare, unbound, 600);
    expect(await apiToken(bare)).toBeUndefined();
  });

  it('of a session that has ended meanwhile is worth nothing', async () => {
    const { sessionId } = await house.signIn();
    await endSession(house.log.appender, sessionId, 'signed-out', NOW);
    const id = secret();
    await adapter('AccessToken').upsert(id, tokenPayload(sessionId), 600);
    expect(await apiToken(id)).toBeUndefined();
  });

  it('of a revoked grant goes, and records of other models with the same grant stay until they are revoked too', async () => {
    const { sessionId } = await house.signIn();
    const [id, refresh, grantId] = [secret(), secret(), secret()];
    await adapter('AccessToken').upsert(id, tokenPayload(sessionId, { grantId }), 600);
    await adapter('RefreshToken').upsert(refresh, { grantId, accountId: sessionId, clientId: 'core' }, 600);
    await adapter('RefreshToken').revokeByGrantId(grantId);
    expect(await isInTime(id)).toBe(true);
    await adapter('AccessToken').revokeByGrantId(grantId);
    expect(await isInTime(id)).toBe(false);
    // Also for an instance whose clock is slow.
    expect((await apiToken(id))?.expires_at).toEqual(later(-3600));
  });
});

describe('the end of a session', () => {
  it('takes codes, tokens and grants with it, and leaves what is not of it', async () => {
    const { sessionId } = await house.signIn();
    const other = (await house.signIn()).sessionId;
    const models = ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'Grant'];
    const [mine, theirs] = [secret(), secret()];
    for (const model of models) {
      await adapter(model).upsert(mine, tokenPayload(sessionId), 600);
      await adapter(model).upsert(theirs, tokenPayload(other), 600);
    }
    await endSession(house.log.appender, sessionId, 'signed-out', NOW);
    for (const model of models) {
      expect(await adapter(model).find(mine)).toBeUndefined();
      expect(await adapter(model).find(theirs)).toBeDefined();
    }
  });
});

describe('the browser’s record', () => {
  const aMinuteOn = async () => {
    now = later(61);
  };
  const browserOf = async (sessionId: string) => {
    const [id, uid] = [secret(), secret()];
    const payload = {
      uid,
      accountId: sessionId,
      loginTs: 1,
      acr: 'a',
      amr: ['mfa'],
      authorizations: { core: { sid: 's' } },
      state: { secret: 'form' },
    };
    await adapter('Session').upsert(id, payload as AdapterPayload, 3600);
    return { id, uid, payload };
  };

  it('is found by id and by uid while its session lives', async () => {
    const { sessionId } = await house.signIn();
    const { id, uid, payload } = await browserOf(sessionId);
    expect(await adapter('Session').find(id)).toEqual(payload);
    expect(await adapter('Session').findByUid(uid)).toEqual(payload);
  });

  it.each([
    [
      'has ended',
      {},
      async (id: string) => void (await endSession(house.log.appender, id, 'signed-out', NOW)),
    ],
    ['is idle', { idleS: 60, lifetimeS: 600 }, aMinuteOn],
    ['has expired', { lifetimeS: 60 }, aMinuteOn],
  ] as const)(
    'loses its account the moment that its session %s, and keeps its uid',
    async (_what, changes, end) => {
      const { sessionId } = await house.signIn(changes);
      const { id, uid } = await browserOf(sessionId);
      await end(sessionId);
      try {
        const left = { uid, state: { secret: 'form' } };
        expect(await adapter('Session').find(id)).toEqual(left);
        expect(await adapter('Session').findByUid(uid)).toEqual(left);
      } finally {
        now = NOW;
      }
    },
  );
});

describe('an assertion', () => {
  it('counts once, also where it is shown many times at the same moment', async () => {
    const id = secret();
    const seen = await Promise.allSettled(
      [1, 2, 3, 4, 5].map(() =>
        adapter('ReplayDetection').upsert(id, { iss: 'portal' } as AdapterPayload, 60),
      ),
    );
    expect(seen.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of seen)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ error: 'invalid_client' });
  });
});

describe('the table', () => {
  it('holds nothing in the clear: neither contents nor ids, uids or grants', async () => {
    const { sessionId } = await house.signIn();
    const [id, uid, grantId, inside] = [secret(), secret(), secret(), 'ÇİĞDEM-was-here'];
    await adapter('AccessToken').upsert(
      id,
      tokenPayload(sessionId, { uid, grantId, extra: { inside } }),
      600,
    );
    const rows = await house.rows<Record<string, unknown>>('SELECT * FROM bridge.oidc_record');
    const tokens = await house.rows<Record<string, unknown>>('SELECT * FROM bridge.access_token');
    const everything = [...rows, ...tokens]
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
      .join('\n');
    for (const one of [id, uid, grantId, inside, Buffer.from(inside).toString('latin1'), 'clientId'])
      expect(everything).not.toContain(one);
  });

  it('gives nothing for a box that was moved to another id or model, or of which a byte was changed', async () => {
    const [id, other] = [secret(), secret()];
    const grants = adapter('Grant');
    const setBox = (model: string, to: string, box: Buffer) =>
      house.rows('UPDATE bridge.oidc_record SET box = $3 WHERE model = $1 AND id_hash = $2', [
        model,
        hashToken(to),
        box,
      ]);
    await grants.upsert(id, { clientId: 'one' }, 600);
    await grants.upsert(other, { clientId: 'two' }, 600);
    await adapter('Interaction').upsert(id, { clientId: 'three' }, 600);
    const [row] = await house.rows<{ box: Buffer }>(
      "SELECT box FROM bridge.oidc_record WHERE model = 'Grant' AND id_hash = $1",
      [hashToken(id)],
    );
    const box = row?.box ?? Buffer.alloc(0);
    await setBox('Grant', other, box);
    await setBox('Interaction', id, box);
    expect(await grants.find(other)).toBeUndefined();
    expect(await adapter('Interaction').find(id)).toBeUndefined();
    expect(await grants.find(id)).toEqual({ clientId: 'one' });
    const changed = Buffer.from(box);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await setBox('Grant', id, changed);
    expect(await grants.find(id)).toBeUndefined();
  });

  it('gives nothing where the master key was taken away, and fails nobody', async () => {
    const id = secret();
    await adapter('Grant').upsert(id, { clientId: 'one' }, 600);
    const others = createMasterKeys([{ id: 'other', key: randomBytes(32) }]);
    expect(await records(others).find('Grant', 'id', id)).toBeUndefined();
  });

  it('keeps what has passed its time only until the next purge', async () => {
    const [gone, stays] = [secret(), secret()];
    await adapter('Interaction').upsert(gone, { clientId: 'one' }, 60);
    await adapter('Interaction').upsert(stays, { clientId: 'one' }, 86_400 * 3);
    await purgeSignIn(house.test.db, later(86_400 * 2));
    expect(await adapter('Interaction').find(gone)).toBeUndefined();
    expect(await adapter('Interaction').find(stays)).toBeDefined();
  });
});
