import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '../../src/errors/refusal.js';
import { purgeEnded } from '../../src/verification/close-expired.js';
import {
  type Call,
  equalRecord,
  type House,
  type Instance,
  noRecord,
  openHouse,
  someone,
} from './support/house.js';
import { CLIENT, digitsOf } from './support/parts.js';

const DAY_MS = 86_400_000;
/** 12:00:30 in Istanbul. */
const NOON = new Date('2026-05-04T09:00:30.000Z');

let house: House;
let bridge: Instance;
let other: Instance;
let people = 0;

beforeAll(async () => {
  house = await openHouse();
  bridge = house.instance();
  other = house.instance();
});

afterAll(() => house.close());

beforeEach(() => {
  house.now = NOON;
  house.kps.answer = noRecord;
  house.kps.asked.length = 0;
});

async function boardMember(): Promise<Call> {
  people += 1;
  const who = someone(people);
  await house.addSeat(who);
  return { token: (await house.signIn(who)).token };
}

/** The call about another person. */
const about = (call: Call, n: number): Call => ({
  ...call,
  question: { subject: { kimlikNo: digitsOf(String(500_000_000 + n)) } },
});

async function askTimes(times: number, call: Call, one: Instance = bridge): Promise<string[]> {
  const ends: string[] = [];
  for (let i = 0; i < times; i += 1) ends.push(await one.ask(call));
  return ends;
}

async function refusalOf(call: Call): Promise<Refusal> {
  const error = await bridge.verify(call).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof Refusal)) throw new Error('not refused');
  return error;
}

describe('the limit of guesses', () => {
  it('three non-matches about one person are answered, the fourth question is not asked', async () => {
    const call = await boardMember();
    expect(await askTimes(3, call)).toEqual(['not-found', 'not-found', 'not-found']);
    expect(await bridge.ask(call)).toBe('RATE_LIMITED non-matches');
    expect(house.kps.asked).toHaveLength(3);
  });

  it('a match within the limit does not count, and neither does what told the person nothing', async () => {
    const call = await boardMember();
    const replies: (typeof house.kps.answer)[] = [
      equalRecord,
      () => ({ kind: 'refused', reason: 'provider-error', answered: true, messageIds: [] }),
      () => ({ kind: 'not-sent', reason: 'breaker-open', messageIds: [] }),
      () => ({ kind: 'unknown', reason: 'timeout', messageIds: [] }),
    ];
    for (let round = 0; round < 2; round += 1) {
      for (const reply of replies) {
        house.kps.answer = reply;
        expect(await bridge.ask(call)).not.toMatch(/RATE_LIMITED/);
      }
    }
    house.kps.answer = noRecord;
    expect(await askTimes(4, call)).toEqual([
      'not-found',
      'not-found',
      'not-found',
      'RATE_LIMITED non-matches',
    ]);
  });

  it('mismatches and missing records count together', async () => {
    const call = await boardMember();
    const mismatch: typeof equalRecord = (question) => {
      const reply = equalRecord(question);
      return reply.kind === 'record' ? { ...reply, record: { ...reply.record, soyad: 'BAŞKA' } } : reply;
    };
    house.kps.answer = mismatch;
    expect(await askTimes(2, call)).toEqual(['mismatch', 'mismatch']);
    house.kps.answer = noRecord;
    expect(await askTimes(2, call)).toEqual(['not-found', 'RATE_LIMITED non-matches']);
  });

  it('once reached stops the right guess too: it must not be told from a wrong one', async () => {
    const call = await boardMember();
    await askTimes(3, call);
    house.kps.answer = equalRecord;
    expect(await bridge.ask(call)).toBe('RATE_LIMITED non-matches');
  });

  it('is not passed by guesses at the same time, in one instance or in two', async () => {
    const call = await boardMember();
    const ends = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? bridge : other).ask(call)),
    );
    expect(ends.filter((end) => end === 'not-found')).toHaveLength(3);
    expect(ends.filter((end) => end === 'RATE_LIMITED non-matches')).toHaveLength(9);
    expect(house.kps.asked).toHaveLength(3);
  });

  it('is for one user and one person: others are asked about, and others may ask', async () => {
    const one = await boardMember();
    const two = await boardMember();
    await askTimes(3, one);
    expect(await bridge.ask(about(one, 1))).toBe('not-found');
    expect(await bridge.ask(two)).toBe('not-found');
  });

  it('cannot be got round by another client, another session or another key', async () => {
    people += 1;
    const who = someone(people);
    await house.addSeat(who);
    const { token } = await house.signIn(who);
    await askTimes(3, { token });
    const again = await house.signIn(who);
    expect(await bridge.ask({ token: again.token, key: 'new' })).toBe('RATE_LIMITED non-matches');
  });

  it('begins anew at midnight in Istanbul, and says until when it holds', async () => {
    const call = await boardMember();
    house.now = new Date('2026-05-04T20:59:59.000Z');
    await askTimes(3, call);
    expect((await refusalOf(call)).detail).toEqual({ reason: 'non-matches', retryAfterS: 1 });
    house.pass(1000);
    expect(await bridge.ask(call)).toBe('not-found');
  });

  it('a guess that ends after midnight is given back to the day on which it was taken', async () => {
    const call = await boardMember();
    house.now = new Date('2026-05-04T20:59:59.000Z');
    await askTimes(2, call);
    house.kps.answer = (question) => {
      house.pass(2000);
      return equalRecord(question);
    };
    expect(await bridge.ask(call)).toBe('match');
    house.kps.answer = noRecord;
    expect(await askTimes(4, call)).toEqual([
      'not-found',
      'not-found',
      'not-found',
      'RATE_LIMITED non-matches',
    ]);
  });

  it('a query whose process died gives its guess back when it is closed', async () => {
    const call = await boardMember();
    let die: (error: Error) => void = () => undefined;
    house.kps.answer = () =>
      new Promise((_resolve, reject) => {
        die = reject;
      });
    const lost = bridge.ask(call);
    while (house.kps.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    house.pass(15_001);
    expect(await other.closeExpired()).toBe(1);
    house.kps.answer = noRecord;
    expect(await askTimes(4, call, other)).toEqual([
      'not-found',
      'not-found',
      'not-found',
      'RATE_LIMITED non-matches',
    ]);
    die(new Error('gone'));
    expect(await lost).toMatch(/^KPS_OUTCOME_UNKNOWN/);
  });
});

describe('the quotas of users and clients', () => {
  it('of a user’s minute begins anew with the next, and says when', async () => {
    const strict = house.instance({ queriesPerUserPerMinute: 2 });
    house.kps.answer = equalRecord;
    const call = await boardMember();
    expect(await askTimes(3, call, strict)).toEqual(['match', 'match', 'RATE_LIMITED user-minute']);
    const refused = strict.verify(call);
    await expect(refused).rejects.toMatchObject({ detail: { retryAfterS: 30 } });
    house.pass(30_000);
    expect(await strict.ask(call)).toBe('match');
  });

  it('of a user’s day begins anew with the next', async () => {
    const strict = house.instance({ queriesPerUserPerDay: 1 });
    house.kps.answer = equalRecord;
    const call = await boardMember();
    expect(await askTimes(2, call, strict)).toEqual(['match', 'RATE_LIMITED user-day']);
    house.pass(DAY_MS / 2);
    expect(await strict.ask(call)).toBe('match');
  });

  it('of a client is one for all its users', async () => {
    house.now = new Date('2026-05-06T09:00:00.000Z');
    house.kps.answer = equalRecord;
    const client = { ...CLIENT, requestsPerMinute: 3 };
    const calls = [await boardMember(), await boardMember()];
    const ends = await Promise.all(
      [0, 1, 0, 1, 0].map((i) => bridge.ask({ ...calls[i], token: calls[i]?.token ?? null, client })),
    );
    expect(ends.filter((end) => end === 'match')).toHaveLength(3);
    expect(ends.filter((end) => end === 'RATE_LIMITED client-minute')).toHaveLength(2);
  });

  it('a refused query uses up none of the other quotas', async () => {
    const strict = house.instance({ queriesPerUserPerMinute: 5 });
    const call = await boardMember();
    await askTimes(3, call, strict);
    expect(await askTimes(5, call, strict)).toEqual(Array(5).fill('RATE_LIMITED non-matches'));
    expect(await askTimes(3, about(call, 2), strict)).toEqual([
      'not-found',
      'not-found',
      'RATE_LIMITED user-minute',
    ]);
  });

  it('refusals by earlier rules use up nothing', async () => {
    const strict = house.instance({ queriesPerUserPerMinute: 1 });
    house.kps.answer = equalRecord;
    const call = await boardMember();
    for (let i = 0; i < 3; i += 1) {
      expect(await strict.ask({ ...call, question: { purpose: 'resen-kontrol' } })).toBe(
        'PURPOSE_NOT_ALLOWED role',
      );
    }
    expect(await strict.ask(call)).toBe('match');
  });
});

describe('the purge', () => {
  it('deletes ended windows whatever their number, and leaves those of today and yesterday', async () => {
    await house.rows(`INSERT INTO bridge.quota_use SELECT sha256(n::text::bytea), '2026-05-01', 1
      FROM generate_series(1, 12000) n RETURNING 1`);
    await house.rows(
      `INSERT INTO bridge.quota_use VALUES (sha256('a'), '2026-05-03T21:00Z', 1), (sha256('b'), '2026-05-02T21:00Z', 1) RETURNING 1`,
    );
    const before = await house.rows("SELECT 1 FROM bridge.quota_use WHERE window_start > '2026-05-02'");
    await purgeEnded(house.test.db, NOON);
    const old = await house.rows("SELECT 1 FROM bridge.quota_use WHERE window_start < '2026-05-02'");
    expect(old).toEqual([]);
    expect(await house.rows('SELECT 1 FROM bridge.quota_use')).toHaveLength(before.length);
  });
});
