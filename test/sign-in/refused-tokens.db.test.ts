import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EffectApplier } from '../../src/audit/lane.js';
import { explainRefusedTokens, hashToken, type PresentedToken } from '../../src/sign-in/access-tokens.js';
import { endSession, endSessionApplier } from '../../src/sign-in/end-session.js';
import { openSessionApplier } from '../../src/sign-in/open-session.js';
import type { Transaction } from '../../src/storage/database.js';
import { type OpenLog, openLog } from '../audit/support/log.js';
import { masterKeys, tagger } from '../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest, type TestSignIn } from '../support/sign-in.js';
import { NOW, person } from '../verification/support/parts.js';

const CERTIFICATE = Buffer.alloc(32, 9);
const OTHER_CERTIFICATE = Buffer.alloc(32, 8);
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

const open = (changes: Partial<TestSignIn> = {}) =>
  signInForTest(
    { log: log.appender, masterKeys, tagger, db: test.db },
    { person: person('200000001'), certificateSha256: CERTIFICATE, now: NOW, ...changes },
  );

const shown = (token: string, changes: Partial<PresentedToken> = {}): PresentedToken => ({
  tokenHash: hashToken(token),
  clientId: 'core',
  certificateSha256: CERTIFICATE,
  ...changes,
});

const explain = (tokens: readonly PresentedToken[], now = NOW) =>
  test.db.transaction((tx) => explainRefusedTokens(tx, tokens, now));

const later = (ms: number) => new Date(NOW.getTime() + ms);

/** Moves a time of a session, as the clock would reach it. */
const move = (sessionId: string, column: 'idle_until' | 'expires_at', to: Date) =>
  test.db.query({
    text: `UPDATE bridge.sign_in_session SET ${column} = $2 WHERE session_id = $1`,
    values: [sessionId, to],
  });

describe('why a token is refused', () => {
  it('is that nobody was given it', async () => {
    expect(await explain([shown('x'.repeat(43))])).toEqual(['token-unknown']);
    expect(await explain([shown('', { tokenHash: Buffer.alloc(0) })])).toEqual(['token-unknown']);
  });

  it('is its own hour, to the millisecond, while its session lives on', async () => {
    const { accessToken } = await open({ lifetimeS: 3600, tokenLifetimeS: 600 });
    expect(await explain([shown(accessToken)], later(599_999))).toEqual([null]);
    expect(await explain([shown(accessToken)], later(600_000))).toEqual(['token-expired']);
  });

  it('is its session, ended, idle or over, also where the token itself is over too', async () => {
    const [ended, idle, over] = [await open(), await open(), await open({ lifetimeS: 300 })];
    await endSession(log.appender, ended.sessionId, 'signed-out', NOW);
    await move(idle.sessionId, 'idle_until', later(1));
    const tokens = [ended, idle, over].map(({ accessToken }) => shown(accessToken));
    expect(await explain(tokens)).toEqual(['session-ended', null, null]);
    expect(await explain(tokens, later(1))).toEqual(['session-ended', 'session-ended', null]);
    expect(await explain(tokens, later(300_000))).toEqual(tokens.map(() => 'session-ended'));
    expect(await explain(tokens, later(86_400_000))).toEqual(tokens.map(() => 'session-ended'));
  });

  it('is the client or the certificate that showed it, also where it is over besides: it is in the wrong hands', async () => {
    const { accessToken, sessionId } = await open();
    const tokens = [
      shown(accessToken, { clientId: 'other' }),
      shown(accessToken, { clientId: 'other', certificateSha256: OTHER_CERTIFICATE }),
      shown(accessToken, { certificateSha256: OTHER_CERTIFICATE }),
      shown(accessToken, { certificateSha256: Buffer.alloc(0) }),
    ];
    const words = [
      'token-of-other-client',
      'token-of-other-client',
      'certificate-of-other-client',
      'certificate-of-other-client',
    ];
    expect(await explain(tokens)).toEqual(words);
    expect(await explain(tokens, later(86_400_000))).toEqual(words);
    await endSession(log.appender, sessionId, 'signed-out', NOW);
    expect(await explain(tokens)).toEqual(words);
  });

  it('is told for a whole batch in one query, in the order in which tokens were shown', async () => {
    const [one, two] = [await open(), await open()];
    await endSession(log.appender, two.sessionId, 'signed-out', NOW);
    const tokens = [
      shown(two.accessToken),
      shown('x'.repeat(43)),
      shown(one.accessToken, { clientId: 'other' }),
      shown(two.accessToken),
    ];
    let queries = 0;
    const words = await test.db.transaction((tx) => {
      const counting = {
        query: (sql: Parameters<Transaction['query']>[0]) => {
          queries += 1;
          return tx.query(sql);
        },
      };
      return explainRefusedTokens(counting as Transaction, tokens, NOW);
    });
    expect(words).toEqual(['session-ended', 'token-unknown', 'token-of-other-client', 'session-ended']);
    expect(queries).toBe(1);
    expect(await explain([])).toEqual([]);
  });
});
