import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { createMasterKeys } from '../../../src/audit/master-keys.js';
import {
  inSigningOrder,
  makeDueKey,
  readKeys,
  signInKeyApplier,
} from '../../../src/sign-in/provider/keys.js';
import { failureOf, type OpenLog, openLog, readEntries } from '../../audit/support/log.js';
import { masterKeys } from '../../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const DAY_MS = 86_400_000;
const TIMES = { lifetimeMs: 90 * DAY_MS, staysMs: 2 * DAY_MS };
const START = new Date('2026-01-01T00:00:00.000Z');
const onDay = (day: number) => new Date(START.getTime() + day * DAY_MS);

let test: TestDatabase;
let log: OpenLog;
let other: OpenLog;
beforeAll(async () => {
  test = await createTestDatabase({ migrations: true });
  const deps = { appliers: new Map([[signInKeyApplier.kind, signInKeyApplier as EffectApplier]]) };
  log = openLog(test.appUrl, { deps });
  other = openLog(test.appUrl, { deps });
});
afterAll(async () => {
  await log?.close();
  await other?.close();
  await test?.drop();
});
afterEach(() => test.db.query({ text: 'DELETE FROM bridge.sign_in_key' }));

const make = (now: Date, by = log) => makeDueKey(by.appender, test.db, masterKeys, TIMES, now);
const keys = (now: Date) => readKeys(test.db, masterKeys, now);
const told = async () =>
  (await readEntries(test.db))
    .map(({ line }) => checkLine(line))
    .filter(({ kind }) => kind === 'sign-in.key-changed');

describe('the keys of the OpenID provider', () => {
  it('begin with one that signs at once, in an entry that names none before', async () => {
    const from = (await told()).length;
    const kid = await make(START);
    const [key, ...more] = await keys(START);
    expect(more).toEqual([]);
    expect(key).toMatchObject({
      jwk: { kid, alg: 'RS256', use: 'sig', kty: 'RSA' },
      signsFrom: START,
      signsUntil: onDay(90),
    });
    expect(Buffer.from(key?.jwk.n ?? '', 'base64url')).toHaveLength(384);
    expect((await told()).slice(from).map(({ data }) => data)).toEqual([
      { before: null, kid, signsFrom: START.toISOString(), signsUntil: onDay(90).toISOString() },
    ]);
  });

  it('are made once, whichever instances start at the same moment', async () => {
    const from = (await told()).length;
    const made = await Promise.all([make(START), make(START, other), make(START), make(START, other)]);
    expect(made.filter((kid) => kid !== null)).toHaveLength(1);
    expect(await keys(START)).toHaveLength(1);
    expect((await told()).slice(from)).toHaveLength(1);
  });

  it('are made anew a day before the end, published then, and signing only when the one before does no more', async () => {
    const first = await make(START);
    expect(await make(new Date(onDay(89).getTime() - 1))).toBeNull();
    const second = await make(onDay(89));
    expect(second).not.toBeNull();
    expect(await make(onDay(89))).toBeNull();
    const published = await keys(onDay(89));
    expect(published.map(({ jwk }) => jwk.kid)).toEqual([first, second]);
    expect(published[1]).toMatchObject({ signsFrom: onDay(90), signsUntil: onDay(180) });
    const signing = (now: Date) => inSigningOrder(published, now).map(({ jwk }) => jwk.kid);
    expect(signing(new Date(onDay(90).getTime() - 1))).toEqual([first, second]);
    expect(signing(onDay(90))).toEqual([second, first]);
    expect((await told()).at(-1)?.data).toMatchObject({ before: first, kid: second });
  });

  it('stay published for a time after they sign no more, and then are gone', async () => {
    const first = await make(START);
    const second = await make(onDay(89));
    const kids = async (now: Date) => (await keys(now)).map(({ jwk }) => jwk.kid);
    expect(await kids(new Date(onDay(92).getTime() - 1))).toEqual([first, second]);
    expect(await kids(onDay(92))).toEqual([second]);
  });

  it('go on at once after a long standstill, with no time that nobody signs for', async () => {
    await make(START);
    const kid = await make(onDay(400));
    const [key] = inSigningOrder(await keys(onDay(400)), onDay(400));
    expect(key).toMatchObject({ jwk: { kid }, signsFrom: onDay(400) });
  });

  it('never stand in the table with their private part', async () => {
    await make(START);
    const [key] = await keys(START);
    const { rows } = await test.db.query<Record<string, unknown>>({
      text: 'SELECT * FROM bridge.sign_in_key',
    });
    const text = rows
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
      .join('\n');
    const { d = '-', p = '-', q = '-' } = key?.jwk ?? {};
    expect(d.length).toBeGreaterThan(300);
    for (const part of [d, p, q]) expect(text).not.toContain(part);
    expect(rows[0]?.public_jwk).not.toHaveProperty('d');
    expect(rows[0]?.public_jwk).toMatchObject({ n: key?.jwk.n, e: key?.jwk.e, kid: key?.jwk.kid });
  });

  it('cannot be read where their master key was taken away or their row was changed, and it is said so', async () => {
    await make(START);
    const others = createMasterKeys([{ id: 'other', key: randomBytes(32) }]);
    expect(await failureOf(readKeys(test.db, others, START))).toMatchObject({ code: 'KEY_DESTROYED' });
    await test.db.query({ text: "UPDATE bridge.sign_in_key SET kid = 'another'" });
    expect(await failureOf(keys(START))).toMatchObject({ code: 'SEALED_VALUE_INVALID' });
  });
});
