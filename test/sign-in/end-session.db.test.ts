import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../src/audit/lane.js';
import { ACR_TWO_STEP, hashToken, readAccessTokens } from '../../src/sign-in/access-tokens.js';
import {
  type EndReason,
  endSession,
  endSessionApplier,
  endSessionBy,
  type OrderedEnd,
} from '../../src/sign-in/end-session.js';
import { joinSession } from '../../src/sign-in/join-session.js';
import { numberOf } from '../../src/sign-in/open-session.js';
import { readSession } from '../../src/sign-in/read-session.js';
import { openLog } from '../audit/support/log.js';
import { person } from '../verification/support/parts.js';
import {
  later,
  masterKeys,
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

const join = (sessionId: string, clientId: string, log = house.log) =>
  joinSession(log.appender, { sessionId, clientId, sid: `sid-of-${clientId}` }, NOW);
const end = (sessionId: string, reason: EndReason = 'signed-out') =>
  endSession(house.log.appender, sessionId, reason, later(5));

/** What the OpenID provider keeps of a session. */
async function keepRecords(sessionId: string | null): Promise<void> {
  for (const model of ['Grant', 'RefreshToken', 'AuthorizationCode', 'Session'])
    await house.rows(
      `INSERT INTO bridge.oidc_record (model, id_hash, box, master_key_id, session_id, expires_at)
        VALUES ($1, $2, '\\x00', 'm1', $3, $4)`,
      [model, createHash('sha256').update(randomBytes(8)).digest(), sessionId, later(3600)],
    );
}

/** Whatever of a session still works, as another connection sees it now. */
async function alive({ sessionId, accessToken }: { sessionId: string; accessToken: string }) {
  const shown = {
    tokenHash: hashToken(accessToken),
    clientId: 'core',
    certificateSha256: Buffer.alloc(32, 9),
  };
  const count = async (table: string) =>
    (await house.rows(`SELECT 1 FROM bridge.${table} WHERE session_id = $1`, [sessionId])).length;
  return {
    token:
      (await house.test.db.transaction((tx) => readAccessTokens(tx, masterKeys, [shown], NOW)))[0] !== null,
    browser: (await readSession(house.test.db, masterKeys, sessionId, NOW)) !== null,
    records: await count('oidc_record'),
    queued: await count('back_channel_logout'),
  };
}

describe('a session that is used for an application', () => {
  it('has an entry for each application, and one only', async () => {
    const { sessionId } = await house.signIn();
    const from = await house.size();
    expect(await join(sessionId, 'core')).toBe(true);
    expect(await join(sessionId, 'portal')).toBe(true);
    expect(await join(sessionId, 'core')).toBe(false);
    expect((await house.told(from)).map(({ kind, data, sealed }) => [kind, data, sealed])).toEqual([
      ['session.joined', { client: 'core', session: sessionId }, {}],
      ['session.joined', { client: 'portal', session: sessionId }, {}],
    ]);
    expect(
      await house.rows('SELECT client_id, sid, joined_at FROM bridge.session_client WHERE session_id = $1', [
        sessionId,
      ]),
    ).toEqual([
      { client_id: 'core', sid: 'sid-of-core', joined_at: NOW },
      { client_id: 'portal', sid: 'sid-of-portal', joined_at: NOW },
    ]);
  });

  it('is joined once by one of two instances at once', async () => {
    const { sessionId } = await house.signIn();
    const from = await house.size();
    const logs = [house.log, house.other];
    const joined = await house.heldUp(2, () => Promise.all(logs.map((log) => join(sessionId, 'core', log))));
    expect(joined.filter((one) => one)).toHaveLength(1);
    expect(await house.told(from)).toHaveLength(1);
  });

  it('and ends while it is being joined: the application is told of the end, or has not joined', async () => {
    const { sessionId } = await house.signIn();
    const [joined, ended] = await house.heldUp(2, () =>
      Promise.all([join(sessionId, 'core'), endSession(house.other.appender, sessionId, 'signed-out', NOW)]),
    );
    expect(ended).toBe(true);
    const text = 'SELECT client_id FROM bridge.back_channel_logout WHERE session_id = $1';
    expect(await house.rows(text, [sessionId])).toEqual(joined ? [{ client_id: 'core' }] : []);
  });

  it('is not joined once it has passed its idle limit, though nobody has ended it yet', async () => {
    const { sessionId } = await house.signIn({ idleS: 60 });
    const joining = { sessionId, clientId: 'core', sid: 's' };
    expect(await joinSession(house.log.appender, joining, later(60))).toBe(false);
    expect(await joinSession(house.log.appender, joining, later(59))).toBe(true);
  });

  it('is joined neither after its end nor where it is unknown', async () => {
    const { sessionId } = await house.signIn();
    await end(sessionId);
    const from = await house.size();
    for (const id of [sessionId, randomUUID(), 'none']) expect(await join(id, 'core')).toBe(false);
    expect(await house.told(from)).toEqual([]);
  });
});

describe('the end of a session', () => {
  it('takes tokens, browser and the provider’s records away and queues the telling, all in one COMMIT', async () => {
    const [mine, other] = [await house.signIn(), await house.signIn()];
    for (const { sessionId } of [mine, other]) {
      await join(sessionId, 'core');
      await join(sessionId, 'portal');
      await keepRecords(sessionId);
    }
    await keepRecords(null);
    const living = { token: true, browser: true, records: 4, queued: 0 };
    const ended = await house.heldUp(
      1,
      () => end(mine.sessionId),
      async () => expect(await alive(mine)).toEqual(living),
    );
    expect(ended).toBe(true);
    expect(await alive(mine)).toEqual({ token: false, browser: false, records: 0, queued: 2 });
    expect(await alive(other)).toEqual(living);
    expect(await house.rows('SELECT 1 FROM bridge.oidc_record WHERE session_id IS NULL')).toHaveLength(4);
    expect(
      await house.rows(
        `SELECT client_id, sid, queued_at, next_at, attempts FROM bridge.back_channel_logout
          WHERE session_id = $1 ORDER BY client_id`,
        [mine.sessionId],
      ),
    ).toEqual(
      ['core', 'portal'].map((client) => ({
        client_id: client,
        sid: `sid-of-${client}`,
        queued_at: later(5),
        next_at: later(5),
        attempts: 0,
      })),
    );
  });

  it('that fails after its rows were written has changed nothing', async () => {
    const one = await house.signIn();
    await join(one.sessionId, 'core');
    await keepRecords(one.sessionId);
    const failing: EffectApplier = {
      kind: 'session-ended',
      apply: async (tx, placed) => {
        await (endSessionApplier as EffectApplier).apply(tx, placed);
        throw new Error('at the last moment');
      },
    };
    const log = openLog(house.test.appUrl, { deps: { appliers: new Map([[failing.kind, failing]]) } });
    await expect(endSession(log.appender, one.sessionId, 'signed-out', NOW)).rejects.toThrow();
    await log.close();
    expect(await alive(one)).toEqual({ token: true, browser: true, records: 4, queued: 0 });
  });

  it('happens once, however many order it at once', async () => {
    const { sessionId } = await house.signIn();
    await join(sessionId, 'core');
    const from = await house.size();
    const logs = [house.log, house.other, house.log, house.other];
    const ended = await Promise.all(
      logs.map((log) => endSession(log.appender, sessionId, 'signed-out', later(5))),
    );
    expect(ended.filter((one) => one)).toHaveLength(1);
    expect(await house.told(from)).toHaveLength(1);
    expect(
      await house.rows('SELECT 1 FROM bridge.back_channel_logout WHERE session_id = $1', [sessionId]),
    ).toHaveLength(1);
  });

  it('of no id of ours is none', async () => {
    for (const id of ['', 'x', randomUUID(), randomUUID().toUpperCase()]) expect(await end(id)).toBe(false);
  });
});

describe('an end that somebody orders', () => {
  const orderOf = (sessionId: string, changes: Partial<OrderedEnd> = {}): OrderedEnd => ({
    sessionId,
    actor: { acr: ACR_TWO_STEP, authTime: NOW.toISOString(), session: randomUUID() },
    number: numberOf(WHO),
    reason: null,
    by: 'person',
    ...changes,
  });
  const order = (one: OrderedEnd) => endSessionBy(house.log.appender, one, later(7));

  it('tells who ordered it and why, before the end itself', async () => {
    const { sessionId } = await house.signIn();
    const from = await house.size();
    const one = orderOf(sessionId, { by: 'administrator', reason: 'ekran açık kalmış' });
    expect(await order(one)).toBe(true);
    expect(await order(one)).toBe(false);
    const [ordered, ended, ...more] = await house.told(from);
    expect(ordered).toMatchObject({
      kind: 'session.end-ordered',
      data: { actor: one.actor, reason: 'ekran açık kalmış', session: sessionId },
      eventAt: later(7).toISOString(),
    });
    expect(Object.keys(ordered?.sealed ?? {})).toEqual(['actor.number']);
    expect(ended).toMatchObject({
      kind: 'session.ended',
      data: { reason: 'ended-by-administrator', session: sessionId },
    });
    expect(more).toEqual([]);
  });

  it('by a person ends own sessions only, whatever id the form brings', async () => {
    const mine = await house.signIn();
    const theirs = await house.signIn({ person: person('200000009') });
    const onlyOf = tagger.tag('authority', WHO);
    const from = await house.size();
    expect(await order(orderOf(theirs.sessionId, { onlyOf }))).toBe(false);
    expect(await house.told(from)).toEqual([]);
    expect((await alive(theirs)).browser).toBe(true);
    expect(await order(orderOf(mine.sessionId, { onlyOf }))).toBe(true);
    expect((await house.told(from)).map(({ kind, data }) => [kind, data.reason])).toEqual([
      ['session.end-ordered', null],
      ['session.ended', 'ended-by-person'],
    ]);
  });

  it('of a session that is over or unknown leaves no entry', async () => {
    const { sessionId } = await house.signIn();
    await end(sessionId);
    const from = await house.size();
    for (const id of [sessionId, randomUUID(), 'x']) expect(await order(orderOf(id))).toBe(false);
    expect(await house.told(from)).toEqual([]);
  });
});
