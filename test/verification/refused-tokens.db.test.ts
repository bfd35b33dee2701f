import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { problemOf } from '../../src/api/problem-document.js';
import { type Call, type House, type Instance, openHouse, someone } from './support/house.js';
import { CLIENT, NOW } from './support/parts.js';

let house: House;
let bridge: Instance;

beforeAll(async () => {
  house = await openHouse();
  bridge = house.instance();
});

afterAll(() => house.close());

beforeEach(() => {
  house.now = NOW;
});

const WHO = someone(9100);
const FAULTS: [string | null, () => Promise<Call>][] = [
  [null, async () => ({ token: null })],
  ['token-unknown', async () => ({ token: 'nobody'.repeat(8) })],
  [
    'token-of-other-client',
    async () => ({ token: (await house.signIn(WHO)).token, client: { ...CLIENT, id: 'other' } }),
  ],
  [
    'certificate-of-other-client',
    async () => ({ token: (await house.signIn(WHO)).token, certificate: Buffer.alloc(32, 7) }),
  ],
  [
    'session-ended',
    async () => {
      const { token, sessionId } = await house.signIn(WHO);
      await house.endSession(sessionId);
      return { token };
    },
  ],
  [
    'token-expired',
    async () => {
      const { token } = await house.signIn(WHO, { tokenLifetimeS: 60 });
      house.pass(60_000);
      return { token };
    },
  ],
];

/** What the caller may learn: the same of every token that does not hold. */
function expectSilent(refusal: unknown): void {
  expect(refusal).toMatchObject({ code: 'TOKEN_INVALID', detail: {} });
  expect((refusal as { detail: object }).detail).toEqual({});
  expect(JSON.parse(problemOf(refusal).body)).not.toHaveProperty('reason');
}

const about = async (from: number) =>
  (await house.entries()).slice(from).map(({ kind, data, sealed }) => ({ kind, data, sealed }));

describe('a token that does not hold', () => {
  it.each(FAULTS)(
    'stands in the entry of a query as %s, and its caller learns nothing of that',
    async (word, fault) => {
      const call = await fault();
      const from = (await house.entries()).length;
      expectSilent(await bridge.verify(call).catch((error: unknown) => error));
      expect(await about(from)).toEqual([
        {
          kind: 'query.refused',
          data: expect.objectContaining({ code: 'TOKEN_INVALID', reason: word, actor: null }),
          sealed: {},
        },
      ]);
    },
  );

  it.each(FAULTS)(
    'stands in the entry of a reading as %s, and its caller learns nothing of that',
    async (word, fault) => {
      const call = await fault();
      const from = (await house.entries()).length;
      const answer = await bridge.read(call, randomUUID());
      expectSilent(answer.kind === 'refused' ? answer.refusal : answer);
      expect(await about(from)).toEqual([
        {
          kind: 'query.refused',
          data: expect.objectContaining({ code: 'TOKEN_INVALID', reason: word, actor: null }),
          sealed: {},
        },
      ]);
    },
  );

  it('has its own word in a batch of many, and says nothing of calls whose token holds', async () => {
    const calls = [...(await Promise.all(FAULTS.slice(0, 4).map(([, fault]) => fault())))];
    const { token } = await house.signIn(WHO);
    const from = (await house.entries()).length;
    const ends = await Promise.all([...calls, { token }].map((call) => bridge.ask(call)));
    expect(ends).toEqual([...calls.map(() => 'TOKEN_INVALID'), 'NOT_AUTHORISED_FOR_COOPERATIVE no-seat']);
    const reasons = (await about(from)).map(({ data }) => data.reason);
    expect([...reasons].map(String).sort()).toEqual(
      [...FAULTS.slice(0, 4).map(([word]) => String(word)), 'no-seat'].sort(),
    );
    expect(bridge.failedBatches()).toBe(0);
  });
});
