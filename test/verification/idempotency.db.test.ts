import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { purgeEnded } from '../../src/verification/close-expired.js';
import { equalRecord, type House, type Instance, noRecord, openHouse, someone } from './support/house.js';
import { NOW } from './support/parts.js';

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
  house.now = NOW;
  house.kps.answer = equalRecord;
  house.kps.asked.length = 0;
});

async function boardMember() {
  people += 1;
  const who = someone(people);
  return { who, seatId: await house.addSeat(who), ...(await house.signIn(who)) };
}

const feeLines = async () => (await house.rows('SELECT 1 FROM bridge.fee_line')).length;

/** A promise to be kept by hand. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

describe('a repeated call', () => {
  it('gives the same id and receipt, has its own entry, is not asked again and costs nothing', async () => {
    const { token } = await boardMember();
    const key = randomUUID();
    const first = await bridge.verify({ token, key });
    const lines = await feeLines();
    const second = await other.verify({ token, key });
    expect(second.replayed).toBe(true);
    expect(second.recorded).toEqual(first.recorded);
    expect(house.kps.asked).toHaveLength(1);
    expect(await feeLines()).toBe(lines);
    expect((await house.entries()).at(-1)).toMatchObject({
      kind: 'query.replayed',
      data: { of: first.recorded.queryId },
    });
  });

  it('with another body is refused, whichever member differs, also while the first still runs', async () => {
    const { token } = await boardMember();
    const key = randomUUID();
    const work = gate();
    house.kps.answer = async (question) => {
      await work.passed;
      return equalRecord(question);
    };
    const first = bridge.ask({ token, key });
    while (house.kps.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const changed = { question: { subject: { soyad: 'Yıldız' } } };
    expect(await other.ask({ token, key, ...changed })).toBe('IDEMPOTENCY_KEY_REUSED');
    work.open();
    expect(await first).toBe('match');
    expect(await bridge.ask({ token, key, ...changed })).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await bridge.ask({ token, key, question: { reference: null } })).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(house.kps.asked).toHaveLength(1);
  });

  it('while the first still runs is told so; afterwards it gets the answer', async () => {
    const { token } = await boardMember();
    const key = randomUUID();
    const work = gate();
    house.kps.answer = async (question) => {
      await work.passed;
      return equalRecord(question);
    };
    const first = bridge.ask({ token, key });
    while (house.kps.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(await bridge.ask({ token, key })).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(await other.ask({ token, key })).toBe('IDEMPOTENCY_IN_PROGRESS');
    work.open();
    await first;
    expect(await other.ask({ token, key })).toBe('match replayed');
  });

  it('in the same batch as the first is not asked either', async () => {
    const { token } = await boardMember();
    const key = randomUUID();
    const ends = await Promise.all(Array.from({ length: 5 }, () => bridge.ask({ token, key })));
    expect(ends.filter((end) => end === 'match')).toHaveLength(1);
    expect(ends.filter((end) => end === 'IDEMPOTENCY_IN_PROGRESS')).toHaveLength(4);
    expect(house.kps.asked).toHaveLength(1);
  });

  it('at two instances at once is asked exactly once, and only that one uses up quota', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { token } = await boardMember();
      const key = randomUUID();
      house.kps.asked.length = 0;
      house.kps.answer = noRecord;
      await house.rows('DELETE FROM bridge.quota_use RETURNING 1');
      const calls = [bridge, other, bridge, other].map((one) => one.ask({ token, key }));
      const ends = await Promise.all(calls);
      expect(house.kps.asked).toHaveLength(1);
      expect(ends.filter((end) => end === 'not-found')).toHaveLength(1);
      for (const end of ends) {
        expect(['not-found', 'not-found replayed', 'IDEMPOTENCY_IN_PROGRESS']).toContain(end);
      }
      expect(bridge.failedBatches() + other.failedBatches()).toBe(0);
      const used = await house.rows<{ used: number }>('SELECT used FROM bridge.quota_use');
      expect(used.map((row) => row.used)).toEqual([1, 1, 1, 1]);
    }
  });

  it('has its rights checked again', async () => {
    const { token, seatId } = await boardMember();
    const key = randomUUID();
    expect(await bridge.ask({ token, key })).toBe('match');
    await house.removeSeat(seatId);
    expect(await bridge.ask({ token, key })).toBe('NOT_AUTHORISED_FOR_COOPERATIVE no-seat');
  });

  it('does not count against the quotas of whoever repeats', async () => {
    const strict = house.instance({ queriesPerUserPerMinute: 1, queriesPerUserPerDay: 1 });
    const { token } = await boardMember();
    const key = randomUUID();
    expect(await strict.ask({ token, key })).toBe('match');
    expect(await strict.ask({ token, key })).toBe('match replayed');
    expect(await strict.ask({ token })).toBe('RATE_LIMITED user-minute');
  });
});

describe('the scope of a key', () => {
  it('is one person and one client: the same key of another person is another key', async () => {
    const one = await boardMember();
    const two = await boardMember();
    const key = randomUUID();
    expect(await bridge.ask({ token: one.token, key })).toBe('match');
    expect(await bridge.ask({ token: two.token, key })).toBe('match');
    expect(house.kps.asked).toHaveLength(2);
  });

  it('is the person and not the session: after a new sign-in the answer is still there', async () => {
    const { token, who } = await boardMember();
    const key = randomUUID();
    await bridge.ask({ token, key });
    const again = await house.signIn(who);
    expect(await bridge.ask({ token: again.token, key })).toBe('match replayed');
  });
});

describe('what binds a key', () => {
  it('a query that was never sent frees it, and the next one is asked', async () => {
    const { token } = await boardMember();
    const key = randomUUID();
    house.kps.answer = () => ({ kind: 'not-sent', reason: 'connection-refused', messageIds: [] });
    expect(await bridge.ask({ token, key })).toBe('KPS_UNAVAILABLE connection-refused');
    house.kps.answer = equalRecord;
    const freed = { token, key, question: { reference: 'another body' } };
    expect(await other.ask(freed)).toBe('match');
    expect(await other.ask(freed)).toBe('match replayed');
  });

  it('a refusal before sending leaves it free', async () => {
    const { token } = await boardMember();
    const key = randomUUID();
    expect(await bridge.ask({ token, key, question: { subject: { kimlikNo: '1' } } })).toBe(
      'IDENTITY_NUMBER_INVALID format',
    );
    expect(await bridge.ask({ token, key })).toBe('match');
  });

  it.each([
    [
      'KPS_REFUSED',
      { kind: 'refused', reason: 'provider-error', answered: true },
      'KPS_REFUSED provider-error',
    ],
    ['KPS_OUTCOME_UNKNOWN', { kind: 'unknown', reason: 'timeout' }, 'KPS_OUTCOME_UNKNOWN timeout'],
  ] as const)(
    '%s keeps it: a repeat gets the same code and id, and is never asked again',
    async (code, reply, end) => {
      const { token } = await boardMember();
      const key = randomUUID();
      house.kps.answer = (question) => ({ ...reply, messageIds: [question.messageId] });
      expect(await bridge.ask({ token, key })).toBe(end);
      const first = (await house.entries()).at(-1)?.data.query;
      house.kps.answer = equalRecord;
      const again = bridge.verify({ token, key });
      await expect(again).rejects.toMatchObject({ code, detail: { queryId: first, replayed: true } });
      expect(house.kps.asked).toHaveLength(1);
    },
  );

  it('a query that is counted as unknown because its process died keeps it too', async () => {
    const { token } = await boardMember();
    const key = randomUUID();
    const never = gate();
    house.kps.answer = async (question) => {
      await never.passed;
      return equalRecord(question);
    };
    const first = bridge.ask({ token, key });
    while (house.kps.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    house.pass(15_001);
    expect(await other.closeExpired()).toBe(1);
    expect(await other.ask({ token, key })).toBe('KPS_OUTCOME_UNKNOWN replayed');
    never.open();
    expect(await first).toMatch(/^KPS_OUTCOME_UNKNOWN/);
    expect(await other.ask({ token, key })).toBe('KPS_OUTCOME_UNKNOWN replayed');
  });

  it('its hours: afterwards it is free again, whether or not the purge has been there', async () => {
    const { token } = await boardMember();
    const keys = [randomUUID(), randomUUID()] as const;
    for (const key of keys) await bridge.ask({ token, key });
    house.pass(24 * 3_600_000 - 1);
    expect(await bridge.ask({ token, key: keys[0] })).toBe('match replayed');
    house.pass(1);
    expect(await bridge.ask({ token, key: keys[0] })).toBe('match');
    await purgeEnded(house.test.db, house.now);
    const left = await house.rows<{ n: number }>('SELECT count(*)::int AS n FROM bridge.idempotency_key');
    expect(left[0]?.n).toBe(1);
    expect(await bridge.ask({ token, key: keys[1] })).toBe('match');
    expect(await bridge.ask({ token, key: keys[1] })).toBe('match replayed');
  });
});

describe('the table of keys', () => {
  it('holds neither keys nor bodies that could be read or tried out without the tag key', async () => {
    const { token } = await boardMember();
    const key = 'a-key-that-somebody-chose';
    await bridge.ask({ token, key });
    const dump = JSON.stringify(await house.rows('SELECT k::text FROM bridge.idempotency_key k'));
    expect(dump).not.toContain(Buffer.from(key).toString('hex'));
    expect(dump).not.toContain(key);
  });
});
