import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callingPersons } from '../../../src/house/mersis/calling-persons.js';
import { type Maintenance, NO_MAINTENANCE } from '../../../src/maintenance/known-windows.js';
import type { CallTools } from '../../../src/mersis/calls/ask-for-person.js';
import type { RegistryAttempt } from '../../../src/mersis/calls/attempt.js';
import { createCallLane } from '../../../src/mersis/calls/call-lane.js';
import { beginPause } from '../../../src/mersis/poll/pause.js';
import type { TakenResult } from '../../../src/mersis/poll/take-in-port.js';
import type { MersisReply } from '../../../src/mersis/port.js';
import { type RefreshTools, refreshCooperative } from '../../../src/mersis/refresh.js';
import { verifyRegistry } from '../../../src/mersis/verify-registry.js';
import { ACR_ONE_STEP, hashToken } from '../../../src/sign-in/access-tokens.js';
import { failureOf, readEntries, requireSoundLog } from '../../audit/support/log.js';
import { digitsOf, masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import {
  found,
  HOUR,
  MINUTE,
  no,
  openPollHouse,
  type PollHouse,
  SETTINGS,
  START,
} from '../../mersis/poll/support/poll-house.js';
import { signInForTest, type TestSignIn } from '../../support/sign-in.js';

const CERTIFICATE = Buffer.alloc(32, 9);
const NATURAL = `${digitsOf(7)}00015`;

let house: PollHouse;
/** What was refused by credentials. */
let alarms: number;
beforeEach(async () => {
  house = await openPollHouse();
  alarms = 0;
});
afterEach(async () => {
  await requireSoundLog(house.test.db);
  await house.close();
});

let maintenance: Maintenance = NO_MAINTENANCE;

function tools(
  changes: Partial<{ limit: number; pauseS: number; dailyBudget: number }> = {},
): RefreshTools & CallTools {
  const { test, log, clock } = house;
  const openLog = { appender: log.appender, masterKeys, tagger };
  const now = () => clock.now;
  return {
    db: test.db,
    log: log.appender,
    calls: createCallLane({
      instance: 'bridge-1',
      limits: { perPersonPerHour: changes.limit ?? 20, refreshPauseS: changes.pauseS ?? 10 },
      dailyBudget: changes.dailyBudget ?? 1000,
      tagger,
      readPersons: callingPersons(openLog, '2025-07-31'),
      maintenance,
    }),
    source: {
      read: async (question) => {
        const number = 'mersisNo' in question ? question.mersisNo : question.vkn;
        house.sent.push(number);
        return house.answer('mersisNo' in question ? number : no(1));
      },
    },
    instance: 'bridge-1',
    now,
    requireSound: () => undefined,
    onRefused: () => {
      alarms += 1;
    },
    takeIn: async (readings) =>
      Promise.all(
        readings.map(async (reading) => ({
          mersisNo: reading.mersisNo,
          result: await house.result(reading),
        })),
      ),
    book: { db: test.db, settings: SETTINGS, now, random: () => 0 },
    onUnbooked: (error) => {
      throw error;
    },
  };
}

const tokenOf = async (n = 1, changes: Partial<TestSignIn> = {}) =>
  (
    await signInForTest(
      { log: house.log.appender, masterKeys, tagger, db: house.test.db },
      { person: personOf(n), now: house.clock.now, ...changes },
    )
  ).accessToken;

const attempt = (
  token: string | null,
  question: RegistryAttempt['question'] = { ok: true, value: { mersisNo: no(1) } },
  operation: RegistryAttempt['operation'] = 'refresh',
): RegistryAttempt => ({
  operation,
  call: {
    client: 'core',
    certificateSha256: CERTIFICATE,
    tokenHash: token === null ? null : hashToken(token),
    requestId: 'r-1',
    receivedAt: house.clock.now,
  },
  question,
});

/** Entries about calls, in order. */
const calls = async () =>
  (await house.told()).filter(({ kind }) => kind.startsWith('mersis.') || kind === 'call.refused');

describe('an immediate reading', () => {
  it('is written down, asked, taken in, written down and answered, in that order', async () => {
    const token = await tokenOf();
    const order: string[] = [];
    house.answer = async (mersisNo) => {
      order.push(...(await calls()).map(({ kind }) => kind), 'read');
      return found(mersisNo, START);
    };
    house.result = async ({ runId }): Promise<TakenResult> => {
      expect(runId).toBeNull();
      order.push('take-in');
      return 'changed';
    };
    const refreshed = await refreshCooperative(attempt(token), tools());
    expect(refreshed).toEqual({ mersisNo: no(1), result: 'changed', readAt: START });
    expect(order).toEqual(['mersis.asked', 'read', 'take-in']);
    const [asked, answered] = await calls();
    expect(asked).toMatchObject({
      kind: 'mersis.asked',
      data: {
        client: 'core',
        cooperative: no(1),
        instance: 'bridge-1',
        operation: 'refresh',
        requestId: 'r-1',
        vkn: null,
      },
    });
    expect(Object.keys(asked?.sealed ?? {})).toEqual(['actor.number']);
    expect(answered).toMatchObject({
      kind: 'mersis.answered',
      data: {
        ask: (asked?.data as { ask?: string } | undefined)?.ask,
        operation: 'refresh',
        result: 'changed',
      },
    });
    // Polled from now on.
    expect(await house.rows()).toMatchObject([{ mersisNo: no(1), readAt: START, failures: 0 }]);
  });

  it.each([
    ['unchanged', 'unchanged'],
    ['held', 'held'],
    ['refused', 'refused'],
    ['run-stopped', 'held'],
  ] as const)('that is %s is told as %s', async (result, told) => {
    house.result = () => result;
    expect(await refreshCooperative(attempt(await tokenOf()), tools())).toMatchObject({ result: told });
    expect((await calls()).at(-1)).toMatchObject({ kind: 'mersis.answered', data: { result: told } });
  });

  it('of a number that the registry does not know is NOT_FOUND, and takes nothing away', async () => {
    house.answer = () => ({ kind: 'not-found', asOf: START });
    house.result = () => {
      throw new Error('taken in');
    };
    expect(await failureOf(refreshCooperative(attempt(await tokenOf()), tools()))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await calls()).at(-1)?.data).toMatchObject({ result: 'not-found' });
    expect(await house.rows()).toEqual([]);
  });

  it.each<[MersisReply, string]>([
    [{ kind: 'fault', fault: { kind: 'unavailable', cause: 'timeout' } }, 'timeout'],
    [{ kind: 'fault', fault: { kind: 'refused' } }, 'refused'],
    [{ kind: 'fault', fault: { kind: 'invalid', problem: 'duplicate-seat' } }, 'invalid'],
  ])(
    'without an answer to rely on (%j) is MERSIS_UNAVAILABLE, durable before it is said',
    async (reply, reason) => {
      house.answer = () => reply;
      const failure = await failureOf(refreshCooperative(attempt(await tokenOf()), tools()));
      expect(failure).toMatchObject({ code: 'MERSIS_UNAVAILABLE', detail: { reason } });
      expect((await calls()).at(-1)).toMatchObject({
        kind: 'mersis.answered',
        data: { result: 'unavailable' },
      });
      expect((await house.told('mersis.refused')).map(({ data }) => data)).toEqual(
        reason === 'invalid' ? [{ cooperative: no(1), problem: 'duplicate-seat', run: null }] : [],
      );
      expect(alarms).toBe(reason === 'refused' ? 1 : 0);
    },
  );

  it('whose first entry cannot be written asks nothing', async () => {
    const token = await tokenOf();
    await house.log.appender.close();
    expect(await failureOf(refreshCooperative(attempt(token), tools()))).toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
    });
    expect(house.sent).toEqual([]);
  });

  it('whose last entry cannot be written is not answered', async () => {
    const token = await tokenOf();
    house.result = async (): Promise<TakenResult> => {
      await house.log.appender.close();
      return 'changed';
    };
    expect(await failureOf(refreshCooperative(attempt(token), tools()))).toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
    });
  });
});

describe('a call that is refused', () => {
  const refused = async (made: RegistryAttempt, with_ = tools()) => {
    const failure = await failureOf(refreshCooperative(made, with_));
    const last = (await calls()).at(-1);
    expect(house.sent).toEqual([]);
    return { failure, last };
  };

  it('has no token, or one of nobody', async () => {
    for (const [token, fault] of [
      [null, null],
      ['x'.repeat(43), 'token-unknown'],
    ] as const) {
      const { failure, last } = await refused(attempt(token));
      expect(failure).toMatchObject({ code: 'TOKEN_INVALID' });
      expect(last).toMatchObject({
        kind: 'call.refused',
        data: { actor: null, code: 'TOKEN_INVALID', tokenFault: fault, cooperative: no(1), client: 'core' },
        sealed: {},
      });
    }
  });

  it('shows a token of another certificate or of another client', async () => {
    const token = await tokenOf();
    const made = attempt(token);
    const other = { ...made, call: { ...made.call, certificateSha256: Buffer.alloc(32, 1) } };
    expect((await refused(other)).last?.data).toMatchObject({ tokenFault: 'certificate-of-other-client' });
    const stolen = { ...made, call: { ...made.call, client: 'stranger' } };
    expect((await refused(stolen)).last?.data).toMatchObject({
      code: 'TOKEN_INVALID',
      tokenFault: 'token-of-other-client',
    });
  });

  it('comes from a sign-in of one step', async () => {
    const { failure, last } = await refused(attempt(await tokenOf(1, { acr: ACR_ONE_STEP })));
    expect(failure).toMatchObject({ code: 'TWO_STEP_REQUIRED' });
    expect(last).toMatchObject({ data: { code: 'TWO_STEP_REQUIRED', actor: { acr: ACR_ONE_STEP } } });
    expect(Object.keys(last?.sealed ?? {})).toEqual(['actor.number']);
  });

  it('is wrong in itself, which is said only to whoever is signed in', async () => {
    const wrong = { ok: false, code: 'REQUEST_INVALID', reason: 'natural-person' } as const;
    expect((await refused(attempt(null, wrong))).failure).toMatchObject({ code: 'TOKEN_INVALID' });
    const { failure, last } = await refused(attempt(await tokenOf(), wrong));
    expect(failure).toMatchObject({ code: 'REQUEST_INVALID', detail: { reason: 'natural-person' } });
    expect(last?.data).toMatchObject({ cooperative: null, reason: 'natural-person' });
  });

  it('names a natural person all the same: nothing is asked, nothing of it is written', async () => {
    const made = attempt(await tokenOf(), { ok: true, value: { mersisNo: NATURAL } });
    expect(await failureOf(refreshCooperative(made, tools()))).toBeInstanceOf(RangeError);
    const lines = (await readEntries(house.test.db)).map(({ line }) => line).join('\n');
    expect([house.sent, lines.includes(digitsOf(7))]).toEqual([[], false]);
  });

  it('comes while MERSİS does not let us in', async () => {
    await beginPause(house.test.db, 'refused', START);
    const { failure, last } = await refused(attempt(await tokenOf()));
    expect(failure).toMatchObject({
      code: 'MERSIS_UNAVAILABLE',
      detail: { reason: 'paused', retryAfterS: 60 },
    });
    expect(last?.data).toMatchObject({ code: 'MERSIS_UNAVAILABLE', reason: 'paused' });
  });

  it('comes while MERSİS is under maintenance, and spends nothing', async () => {
    const endsAt = new Date(START.getTime() + 90_000);
    const window = {
      ...{ window: '0b9c2a34-3a0e-4c43-9f5c-2c9ed7a2b001', system: 'mersis' as const, reason: 'bakım' },
      ...{ startsAt: START, endsAt, closedAt: null, openedLeaf: 1n, closedLeaf: null },
    };
    maintenance = { currentWindow: (system) => (system === 'mersis' ? window : null) };
    try {
      const once = tools({ limit: 1 });
      const token = await tokenOf();
      for (const operation of ['refresh', 'registry-verification'] as const) {
        const { failure, last } = await refused(attempt(token, undefined, operation), once);
        expect(failure).toMatchObject({ code: 'MAINTENANCE', detail: { reason: 'mersis', retryAfterS: 90 } });
        expect(last?.data).toMatchObject({ code: 'MAINTENANCE', reason: 'mersis' });
      }
      maintenance = NO_MAINTENANCE;
      await refreshCooperative(attempt(token), tools({ limit: 1 }));
      expect(house.sent).toHaveLength(1);
    } finally {
      maintenance = NO_MAINTENANCE;
    }
  });

  it('is one more than the day allows', async () => {
    const { failure } = await refused(attempt(await tokenOf()), tools({ dailyBudget: 0 }));
    expect(failure).toMatchObject({ code: 'RATE_LIMITED', detail: { reason: 'daily-budget' } });
  });
});

describe('how often', () => {
  it('a person may ask is counted in each hour, over both calls; another person is not held back by it', async () => {
    const with_ = tools({ limit: 2, pauseS: 0 });
    const [one, other] = [await tokenOf(1, { tokenLifetimeS: 3600 }), await tokenOf(2)];
    house.later(20 * MINUTE);
    await refreshCooperative(attempt(one), with_);
    await verifyRegistry(attempt(one, undefined, 'registry-verification'), 'x', with_);
    const failure = await failureOf(refreshCooperative(attempt(one), with_));
    expect(failure).toMatchObject({
      code: 'RATE_LIMITED',
      detail: { reason: 'person-hour', retryAfterS: 2400 },
    });
    expect((await calls()).at(-1)).toMatchObject({ kind: 'call.refused', data: { reason: 'person-hour' } });
    house.clock.now = START;
    await refreshCooperative(attempt(other), with_);
    house.clock.now = new Date(START.getTime() + HOUR - MINUTE);
    expect(await failureOf(refreshCooperative(attempt(await tokenOf(1)), with_))).toMatchObject({
      code: 'RATE_LIMITED',
    });
    house.clock.now = new Date(START.getTime() + HOUR);
    await refreshCooperative(attempt(await tokenOf(1)), with_);
  });

  it('one cooperative may be read has a pause, whoever asks; another one has its own', async () => {
    const with_ = tools();
    await refreshCooperative(attempt(await tokenOf(1)), with_);
    house.later(4_000);
    const failure = await failureOf(refreshCooperative(attempt(await tokenOf(2)), with_));
    expect(failure).toMatchObject({ code: 'RATE_LIMITED', detail: { reason: 'just-read', retryAfterS: 6 } });
    await refreshCooperative(attempt(await tokenOf(2), { ok: true, value: { mersisNo: no(2) } }), with_);
    house.later(6_000);
    await refreshCooperative(attempt(await tokenOf(2)), with_);
    expect(house.sent).toEqual([no(1), no(2), no(1)]);
  });

  it('is counted right for calls that come at once', async () => {
    const with_ = tools({ limit: 3, pauseS: 0 });
    const token = await tokenOf();
    const ended = await Promise.all(
      Array.from({ length: 12 }, () => failureOf(refreshCooperative(attempt(token), with_))),
    );
    expect(ended.filter((failure) => failure === undefined)).toHaveLength(3);
    expect(house.sent).toHaveLength(3);
    expect(await house.told('mersis.asked')).toHaveLength(3);
    expect(await house.told('call.refused')).toHaveLength(9);
  });

  it('and what the day has left is one count with polling', async () => {
    await refreshCooperative(attempt(await tokenOf()), tools());
    const { rows } = await house.test.db.query({ text: 'SELECT day::text, used FROM bridge.mersis_budget' });
    expect(rows).toEqual([{ day: '2026-05-04', used: 1 }]);
  });
});

describe('a check against the registry', () => {
  const verify = async (unvan: string, question: RegistryAttempt['question']) =>
    verifyRegistry(attempt(await tokenOf(), question, 'registry-verification'), unvan, tools());

  it('compares the name and answers with number, VKN and status of the registry', async () => {
    const whole = { durum: 'faal', mersisNo: no(1), vkn: no(1).slice(1, 11) };
    const byNumber = { ok: true, value: { mersisNo: no(1) } } as const;
    const byVkn = { ok: true, value: { vkn: no(1).slice(1, 11) } } as const;
    expect(await verify('s.s.  ışık konut yapı kooperatifi', byNumber)).toEqual({
      result: 'match',
      ...whole,
    });
    expect(await verify('S.S. Başka Kooperatif', byVkn)).toEqual({ result: 'mismatch', ...whole });
    house.answer = () => ({ kind: 'not-found', asOf: START });
    expect(await verify('S.S. Işık', byVkn)).toEqual({
      result: 'not-found',
      durum: null,
      mersisNo: null,
      vkn: null,
    });
    const told = (await calls()).map(({ kind, data }) => [kind, (data as { result?: string }).result]);
    expect(told).toEqual(
      ['match', 'mismatch', 'not-found'].flatMap((result) => [
        ['mersis.asked', undefined],
        ['mersis.answered', result],
      ]),
    );
    expect((await house.told('mersis.asked')).map(({ data }) => data)).toMatchObject([
      { cooperative: no(1), vkn: null, operation: 'registry-verification' },
      { cooperative: null, vkn: no(1).slice(1, 11) },
      { cooperative: null },
    ]);
  });

  it('takes nothing in and has nothing polled', async () => {
    house.result = () => {
      throw new Error('taken in');
    };
    await verify('S.S. Işık', { ok: true, value: { mersisNo: no(1) } });
    expect(await house.rows()).toEqual([]);
  });
});

it('no identity number stands in an entry in clear, whoever asks for what', async () => {
  const session = await tokenOf(1);
  await refreshCooperative(attempt(session), tools());
  await failureOf(refreshCooperative(attempt(session, { ok: false, code: 'REQUEST_INVALID' }), tools()));
  const text = (await readEntries(house.test.db)).map(({ line }) => line).join('\n');
  expect(text).not.toContain(digitsOf(1));
});
