import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import {
  ACR_ONE_STEP,
  ACR_STEP_UP,
  ACR_TWO_STEP,
  hashToken,
  type PresentedToken,
  readAccessTokens,
} from '../../src/sign-in/access-tokens.js';
import { endSession, endSessionApplier } from '../../src/sign-in/end-session.js';
import { issueToken } from '../../src/sign-in/issue-token.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import { type RefusedSession, refuseSession } from '../../src/sign-in/refuse-session.js';
import { type OpenLog, openLog, readEntries } from '../audit/support/log.js';
import { masterKeys, tagger } from '../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest, type TestSignIn, TWO_STEPS } from '../support/sign-in.js';
import { NOW, person } from '../verification/support/parts.js';

const CERTIFICATE = Buffer.alloc(32, 9);
const WHO = person('200000001');
const APPLIERS = [openSessionApplier, endSessionApplier] as readonly EffectApplier[];

let test: TestDatabase;
let log: OpenLog;

beforeAll(async () => {
  test = await createTestDatabase({ migrations: true });
  log = openLog(test.appUrl, { deps: { appliers: new Map(APPLIERS.map((one) => [one.kind, one])) } });
});

afterAll(async () => {
  await log.close();
  await test.drop();
});

const open = (changes: Partial<TestSignIn> = {}, keys = masterKeys) =>
  signInForTest(
    { log: log.appender, masterKeys: keys, tagger, db: test.db },
    { person: WHO, certificateSha256: CERTIFICATE, now: NOW, ...changes },
  );

const presented = (token: string, changes: Partial<PresentedToken> = {}): PresentedToken => ({
  tokenHash: hashToken(token),
  clientId: 'core',
  certificateSha256: CERTIFICATE,
  ...changes,
});

const read = (tokens: readonly PresentedToken[], now = NOW, keys = masterKeys) =>
  test.db.transaction((tx) => readAccessTokens(tx, keys, tokens, now));

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

describe('an access token', () => {
  it('tells who signed in, how and when', async () => {
    const { accessToken, sessionId } = await open();
    const [user] = await read([presented(accessToken)]);
    expect(user).toMatchObject({ sessionId, acr: ACR_TWO_STEP, authTime: NOW });
    expect(user?.person.equals(WHO)).toBe(true);
    expect(user?.tag.equals(tagger.tag('authority', WHO))).toBe(true);
  });

  it('of a stepped-up session says so until that has decayed, and alone among the tokens of its session', async () => {
    const { accessToken, sessionId } = await open({ stepUp: true });
    const plain = randomBytes(32).toString('base64url');
    const expiresAt = later(900);
    const issued = { token: plain, sessionId, clientId: 'core', certificateSha256: CERTIFICATE, expiresAt };
    expect(await issueToken(test.db, { ...issued, stepUpUntil: null })).toBe(true);
    const acrs = async (now: Date) =>
      (await read([presented(accessToken), presented(plain)], now)).map((user) => user?.acr);
    expect(await acrs(NOW)).toEqual([ACR_STEP_UP, ACR_TWO_STEP]);
    const decayed = 'UPDATE bridge.access_token SET step_up_until = $2 WHERE token_hash = $1';
    await test.db.query({ text: decayed, values: [hashToken(accessToken), later(10)] });
    expect(await acrs(new Date(later(10).getTime() - 1))).toEqual([ACR_STEP_UP, ACR_TWO_STEP]);
    expect(await acrs(later(10))).toEqual([ACR_TWO_STEP, ACR_TWO_STEP]);
  });

  it('of a sign-in with one step is no stronger for being stepped up', async () => {
    const { accessToken } = await open({ acr: ACR_ONE_STEP, stepUp: true });
    expect((await read([presented(accessToken)]))[0]?.acr).toBe(ACR_ONE_STEP);
  });

  it('is given for no session that has ended', async () => {
    const { sessionId } = await open();
    await endSession(log.appender, sessionId, 'signed-out', NOW);
    const issued = { token: 'x'.repeat(43), sessionId, clientId: 'core', certificateSha256: CERTIFICATE };
    expect(await issueToken(test.db, { ...issued, expiresAt: later(60), stepUpUntil: null })).toBe(false);
  });

  it('is nobody’s where it is unknown, or shown by another client, or over another certificate', async () => {
    const { accessToken } = await open();
    const shown = [
      presented('x'.repeat(43)),
      presented(accessToken, { clientId: 'other' }),
      presented(accessToken, { clientId: '' }),
      presented(accessToken, { certificateSha256: Buffer.alloc(32, 8) }),
      presented(accessToken, { certificateSha256: Buffer.alloc(0) }),
      presented(accessToken, { tokenHash: Buffer.alloc(0) }),
    ];
    expect(await read(shown)).toEqual(shown.map(() => null));
  });

  it('is read in the order in which tokens were shown, also where one is shown by many', async () => {
    const [a, b] = [await open(), await open()];
    const users = await read([a, b, a].map(({ accessToken }) => presented(accessToken)));
    expect(users.map((user) => user?.sessionId)).toEqual([a.sessionId, b.sessionId, a.sessionId]);
    expect(await read([])).toEqual([]);
  });

  it('ends at its own hour and at its session’s, to the millisecond', async () => {
    const short = presented((await open()).accessToken);
    const outlived = presented((await open({ lifetimeS: 300 })).accessToken);
    const justBefore = (at: Date) => new Date(at.getTime() - 1);
    expect((await read([short], justBefore(later(600))))[0]).not.toBeNull();
    expect(await read([short], later(600))).toEqual([null]);
    expect((await read([outlived], justBefore(later(300))))[0]).not.toBeNull();
    expect(await read([outlived], later(300))).toEqual([null]);
  });

  it('opens under an older master key as long as that is at hand, and is nobody’s afterwards', async () => {
    const oldKey = { id: 'old', key: Buffer.alloc(32, 1) };
    const newKey = { id: 'new', key: Buffer.alloc(32, 2) };
    const opened = await open({}, createMasterKeys([oldKey]));
    const token = [presented(opened.accessToken)];
    expect((await read(token, NOW, createMasterKeys([newKey, oldKey])))[0]?.sessionId).toBe(opened.sessionId);
    expect(await read(token, NOW, createMasterKeys([newKey]))).toEqual([null]);
    const impostor = { id: 'old', key: Buffer.alloc(32, 3) };
    expect(await read(token, NOW, createMasterKeys([newKey, impostor]))).toEqual([null]);
  });
});

describe('a session', () => {
  it('that is ended takes all its tokens with it, and stays ended at the hour of the first end', async () => {
    const { accessToken, sessionId } = await open();
    const other = await open();
    expect(await endSession(log.appender, sessionId, 'signed-out', later(1))).toBe(true);
    expect(await endSession(log.appender, sessionId, 'signed-out', later(99))).toBe(false);
    expect(
      (await read([presented(accessToken), presented(other.accessToken)])).map((user) => user?.sessionId),
    ).toEqual([undefined, other.sessionId]);
    const text = 'SELECT ended_at FROM bridge.sign_in_session WHERE session_id = $1';
    expect((await test.db.query({ text, values: [sessionId] })).rows).toEqual([{ ended_at: later(1) }]);
  });

  it('is opened with its entries, or not at all', async () => {
    const count = async () =>
      (
        await test.db.query({
          text: 'SELECT 1 FROM bridge.sign_in_session UNION ALL SELECT 1 FROM bridge.entry',
        })
      ).count;
    const before = await count();
    // The column takes sixteen bytes.
    const shortTags = { ...tagger, tag: () => Buffer.alloc(3) };
    const broken = signInForTest(
      { log: log.appender, masterKeys, tagger: shortTags, db: test.db },
      { person: WHO, now: NOW },
    );
    await expect(broken).rejects.toThrow();
    expect(await count()).toBe(before);
  });

  it('keeps the person’s number only sealed, and the token only as its hash', async () => {
    const { accessToken } = await open();
    const tables = ['sign_in_session', 'access_token'];
    for (const table of tables) {
      const dump = JSON.stringify(
        (await test.db.query({ text: `SELECT t::text FROM bridge.${table} t` })).rows,
      );
      for (const secret of [WHO.reveal(), accessToken]) {
        expect(dump).not.toContain(secret);
        expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
      }
    }
  });
});

describe('the log', () => {
  const told = async (from: number) =>
    (await readEntries(test.db)).slice(from).map(({ line }) => checkLine(line));
  const size = async () => (await readEntries(test.db)).length;

  it('tells of a session’s beginning and of its one end, and names the person only sealed', async () => {
    const from = await size();
    const { sessionId } = await open({ stepUp: true });
    await endSession(log.appender, sessionId, 'signed-out', later(1));
    await endSession(log.appender, sessionId, 'signed-out', later(2));
    const [judged, opened, ended, ...more] = await told(from);
    expect(judged).toMatchObject({ kind: 'two-step.judged', data: TWO_STEPS });
    expect(Object.keys(judged?.sealed ?? {})).toEqual(['actor.number']);
    expect(opened).toMatchObject({
      kind: 'session.opened',
      data: {
        acr: ACR_TWO_STEP,
        authTime: NOW.toISOString(),
        client: 'core',
        expiresAt: later(3600).toISOString(),
        method: 'e-devlet',
        session: sessionId,
      },
      eventAt: NOW.toISOString(),
    });
    expect(Object.keys(opened?.sealed ?? {})).toEqual(['actor.number']);
    expect(ended).toMatchObject({
      kind: 'session.ended',
      data: { reason: 'signed-out', session: sessionId },
      sealed: {},
    });
    expect(more).toEqual([]);
    expect((await readEntries(test.db)).map(({ line }) => line).join('')).not.toContain(WHO.reveal());
  });

  it('says nothing of the end of a session that nobody opened', async () => {
    const from = await size();
    expect(await endSession(log.appender, randomUUID(), 'signed-out', NOW)).toBe(false);
    expect(await told(from)).toEqual([]);
  });

  it('tells who got no session, why, and through which application, also one that is not registered', async () => {
    const from = await size();
    const judged: RefusedSession['judged'] = {
      ...TWO_STEPS,
      judged: 'no-two-step-refused',
      level: '2',
      method: 'password',
      twoStep: 'no',
    };
    const refused = { person: WHO, method: 'e-devlet', reason: 'two-step-required', judged } as const;
    await refuseSession(log.appender, { ...refused, client: 'core' }, NOW);
    await refuseSession(log.appender, { ...refused, client: null }, NOW);
    expect((await told(from)).map(({ kind, data, sealed }) => [kind, data, Object.keys(sealed)])).toEqual(
      ['core', null].flatMap((client) => [
        ['two-step.judged', judged, ['actor.number']],
        ['session.refused', { client, method: 'e-devlet', reason: 'two-step-required' }, ['actor.number']],
      ]),
    );
  });
});
