import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { keepState, stateOfBrowser, type TakenState, takeState } from '../../src/sign-in/upstream-state.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { justBefore, later, masterKeys, NOW } from './support/session-house.js';

const TTL_MS = 900_000;
const KEPT: TakenState = {
  interaction: 'interaction-of-this-trip',
  kept: { codeVerifier: 'verifier-of-this-trip', nonce: 'nonce-of-this-trip' },
  fresh: true,
};

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase({ migrations: true });
});
afterAll(async () => test.drop());

const secret = () => randomBytes(32).toString('base64url');
const newTrip = () => ({ state: secret(), browser: secret() });
const sha256 = (text: string) => createHash('sha256').update(text).digest();

async function keep(trip = newTrip(), changes: Partial<TakenState> = {}, now = NOW, keys = masterKeys) {
  await keepState(test.db, keys, { ...trip, ...KEPT, ...changes }, now, TTL_MS);
  return trip;
}

const take = (trip: { state: string; browser: string }, now = NOW, keys = masterKeys) =>
  takeState(test.db, keys, trip, now);
const newest = (browser: string, now = NOW) => stateOfBrowser(test.db, masterKeys, browser, now);

describe('the state of a round trip', () => {
  it('gives what was kept to the browser that began it, and only once', async () => {
    const trip = await keep();
    expect(await take(trip)).toEqual(KEPT);
    expect(await take(trip)).toBeNull();
    expect(await newest(trip.browser)).toBeNull();
  });

  it('shown by another browser gives nothing, and stays good for its own', async () => {
    const trip = await keep();
    const other = await keep();
    expect(await take({ ...trip, browser: secret() })).toBeNull();
    expect(await take({ ...trip, browser: other.browser })).toBeNull();
    expect(await take({ ...trip, browser: '' })).toBeNull();
    expect(await take(trip)).toEqual(KEPT);
    expect(await take(other)).toEqual(KEPT);
  });

  it('that nobody began gives nothing, and uses nothing up', async () => {
    const trip = await keep();
    for (const state of [secret(), '', trip.state.slice(1), `${trip.state} `, 'x'.repeat(10_000)])
      expect(await take({ ...trip, state })).toBeNull();
    expect(await take(trip)).toEqual(KEPT);
  });

  it('is over at the exact instant of its end', async () => {
    const [inTime, late] = [await keep(), await keep()];
    expect(await take(inTime, justBefore(later(TTL_MS / 1000)))).toEqual(KEPT);
    expect(await take(late, later(TTL_MS / 1000))).toBeNull();
    expect(await newest(late.browser, later(TTL_MS / 1000))).toBeNull();
  });

  it('returned many times at once is taken by one', async () => {
    const trip = await keep();
    const taken = await Promise.all(Array.from({ length: 12 }, () => take(trip)));
    expect(taken.filter((one) => one !== null)).toEqual([KEPT]);
  });

  it('begun a second time with the same text is refused by the database', async () => {
    const trip = await keep();
    await expect(keep({ ...trip, browser: secret() })).rejects.toThrow();
    expect(await take(trip)).toEqual(KEPT);
  });

  it('keeps absent secrets absent', async () => {
    const bare = { kept: { codeVerifier: null, nonce: null }, fresh: false };
    expect(await take(await keep(newTrip(), bare))).toEqual({ ...KEPT, ...bare });
  });
});

describe('a return that names no state', () => {
  it('goes on with the newest open trip of its browser, and uses that one up', async () => {
    const { browser } = newTrip();
    const [old, young] = [secret(), secret()];
    await keep({ browser, state: young }, { interaction: 'young' }, later(2));
    await keep({ browser, state: old }, { interaction: 'old' }, later(1));
    expect((await newest(browser, later(3)))?.interaction).toBe('young');
    expect(await take({ browser, state: young }, later(3))).toBeNull();
    expect((await newest(browser, later(3)))?.interaction).toBe('old');
    expect(await newest(browser, later(3))).toBeNull();
  });

  it('of a browser that began nothing gives nothing', async () => {
    const trip = await keep();
    expect(await newest(secret())).toBeNull();
    expect(await newest('')).toBeNull();
    expect(await take(trip)).toEqual(KEPT);
  });

  it('many at once use one trip up only once', async () => {
    const trip = await keep();
    const taken = await Promise.all(Array.from({ length: 8 }, () => newest(trip.browser)));
    expect(taken.filter((one) => one !== null)).toEqual([KEPT]);
  });
});

describe('the rows of round trips', () => {
  it('are twenty for one browser at the most: the oldest makes room, other browsers keep theirs', async () => {
    const { browser } = newTrip();
    const other = await keep();
    const states = Array.from({ length: 25 }, secret);
    for (const [n, state] of states.entries()) await keep({ browser, state }, {}, later(n));
    const text = 'SELECT count(*)::int AS n FROM bridge.upstream_state WHERE browser_hash = $1';
    expect((await test.db.query({ text, values: [sha256(browser)] })).rows).toEqual([{ n: 20 }]);
    const taken = [];
    for (const state of states) taken.push(await take({ browser, state }, later(30)));
    expect(taken.map((one) => one !== null)).toEqual(states.map((_, n) => n >= 5));
    expect(await take(other)).toEqual(KEPT);
  });

  it('hold neither secret nor content in clear', async () => {
    const trip = await keep();
    const { rows } = await test.db.query<{ t: string }>({
      text: 'SELECT t::text FROM bridge.upstream_state t',
    });
    const dump = JSON.stringify(rows);
    expect(dump).toContain(sha256(trip.state).toString('hex'));
    const kept = Object.values(KEPT.kept).filter((one) => one !== null);
    for (const clear of [trip.state, trip.browser, KEPT.interaction, ...kept]) {
      expect(dump).not.toContain(clear);
      expect(dump).not.toContain(Buffer.from(clear).toString('hex'));
    }
  });

  it('moved to another state, or without their master key, give nothing', async () => {
    const [mine, theirs, lost] = [await keep(), await keep(), await keep()];
    const move = `UPDATE bridge.upstream_state SET box = (SELECT box FROM bridge.upstream_state WHERE state_hash = $2)
      WHERE state_hash = $1`;
    await test.db.query({ text: move, values: [sha256(mine.state), sha256(theirs.state)] });
    expect(await take(mine)).toBeNull();
    expect(await take(theirs)).toEqual(KEPT);
    expect(await take(lost, NOW, createMasterKeys([{ id: 'new', key: randomBytes(32) }]))).toBeNull();
  });
});
