import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import { BridgeError } from '../../src/errors/bridge-error.js';
import { createCheckRegistry } from '../../src/house/appointments/check-registry.js';
import { NO_MAINTENANCE } from '../../src/maintenance/known-windows.js';
import { CALL_APPLIERS } from '../../src/mersis/calls/appliers.js';
import { createCallLane } from '../../src/mersis/calls/call-lane.js';
import type { MersisQuestion, MersisReply } from '../../src/mersis/port.js';
import { type OpenLog, openLog, requireSoundLog } from '../audit/support/log.js';
import { digitsOf, tagger } from '../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { OFFICER } from './officer.js';
import { callOf, endOf, MERSIS, NOW, VKN } from './support.js';

let test: TestDatabase;
let log: OpenLog;
let reply: MersisReply;
/** How many entries there were when MERSİS was asked. */
let asked: { question: MersisQuestion; entries: number }[];
beforeEach(async () => {
  test = await createTestDatabase({ migrations: true });
  const appliers = new Map(CALL_APPLIERS.map((one) => [one.kind, one]));
  log = openLog(test.appUrl, { deps: { appliers, now: () => NOW } });
  asked = [];
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const entries = async () => (await requireSoundLog(test.db)).map(({ line }) => checkLine(line));
const found = (vkn: string): MersisReply => ({
  kind: 'found',
  asOf: NOW,
  record: {
    ...{ mersisNo: MERSIS, vkn, unvan: 'Örnek', tur: 't', seviye: 's', kanun: '1163', il: 'Ankara' },
    ...{ durum: 'faal', durumSince: '2020-01-01', successor: null, duties: [] },
  },
});
const check = async ({ dailyBudget = 10, perPersonPerHour = 10, sound = true } = {}) => {
  const calls = createCallLane({
    instance: 'bridge-1',
    limits: { perPersonPerHour, refreshPauseS: 0 },
    dailyBudget,
    tagger,
    maintenance: NO_MAINTENANCE,
    readPersons: async (_tx, shown) =>
      shown.map(() => ({ person: { ...OFFICER, twoStep: true }, tokenFault: null })),
  });
  const registry = createCheckRegistry({
    db: test.db,
    log: log.appender,
    calls,
    source: {
      read: async (question) => {
        asked.push({ question, entries: (await entries()).length });
        return reply;
      },
    },
    instance: 'bridge-1',
    now: () => NOW,
    requireSound: () => {
      if (!sound) throw new BridgeError('AUDIT_UNAVAILABLE', 'closed');
    },
    onRefused: () => undefined,
  });
  return endOf(registry({ mersisNo: MERSIS, vkn: VKN }, callOf('t'.repeat(43))));
};

describe('MERSİS about number and VKN', () => {
  it.each<[string, string, () => MersisReply]>([
    ['match', 'match', () => found(VKN)],
    ['vkn-differs', 'mismatch', () => found('9999999999')],
    ['not-found', 'not-found', () => ({ kind: 'not-found', asOf: NOW })],
    ['MERSIS_UNAVAILABLE refused', 'unavailable', () => ({ kind: 'fault', fault: { kind: 'refused' } })],
    [
      'MERSIS_UNAVAILABLE timeout',
      'unavailable',
      () => ({ kind: 'fault', fault: { kind: 'unavailable', cause: 'timeout' } }),
    ],
  ])(
    'is asked once, behind its entry, and answers %s in front of the next one (%s)',
    async (result, word, answer) => {
      reply = answer();
      expect(await check()).toBe(result);
      expect(asked).toEqual([{ question: { mersisNo: MERSIS }, entries: 1 }]);
      const [first, second] = await entries();
      expect(first).toMatchObject({
        kind: 'mersis.asked',
        data: {
          operation: 'appointment-apply',
          cooperative: MERSIS,
          vkn: null,
          client: 'core',
          requestId: 'r-1',
        },
      });
      expect(Object.keys(first?.sealed ?? {})).toEqual(['actor.number']);
      expect(second).toMatchObject({
        kind: 'mersis.answered',
        data: { ask: first?.data.ask, operation: 'appointment-apply', result: word },
        sealed: {},
      });
      expect(JSON.stringify([first, second])).not.toContain(digitsOf(70));
    },
  );

  it('is not asked more often than one person may have it asked, nor beyond the day’s budget', async () => {
    reply = found(VKN);
    const often = { perPersonPerHour: 1 };
    expect([await check(often), await check(often)]).toEqual(['match', 'RATE_LIMITED person-hour']);
    expect(await check({ dailyBudget: 1 })).toBe('RATE_LIMITED daily-budget');
    expect(asked).toHaveLength(1);
    expect((await entries()).slice(-2)).toMatchObject(
      ['person-hour', 'daily-budget'].map((reason) => ({
        kind: 'call.refused',
        data: { operation: 'appointment-apply', code: 'RATE_LIMITED', reason, cooperative: MERSIS },
      })),
    );
  });

  it('is not asked while the log cannot be relied on', async () => {
    expect(await check({ sound: false })).toBe('AUDIT_UNAVAILABLE');
    expect(asked).toEqual([]);
  });
});
