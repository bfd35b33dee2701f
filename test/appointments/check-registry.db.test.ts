import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { createCheckRegistry } from '../../src/house/appointments/check-registry.js';
import { budgetApplier } from '../../src/mersis/poll/budget.js';
import type { MersisQuestion, MersisReply, MersisSource } from '../../src/mersis/port.js';
import { type OpenLog, openLog, requireSoundLog } from '../audit/support/log.js';
import { digitsOf } from '../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { OFFICER } from './officer.js';
import { callOf, MERSIS, NOW, VKN } from './support.js';

let test: TestDatabase;
let log: OpenLog;
let reply: MersisReply;
/** How many entries there were when MERSİS was asked. */
let asked: { question: MersisQuestion; entries: number }[];
beforeEach(async () => {
  test = await createTestDatabase({ migrations: true });
  const appliers = new Map([[budgetApplier.kind, budgetApplier as EffectApplier]]);
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
const check = (dailyBudget = 10) => {
  const source: MersisSource = {
    read: async (question) => {
      asked.push({ question, entries: (await entries()).length });
      return reply;
    },
    close: async () => undefined,
  };
  const tools = { log: log.appender, instance: 'bridge-1', source, dailyBudget, now: () => NOW };
  const registry = createCheckRegistry(tools);
  return registry({ mersisNo: MERSIS, vkn: VKN }, { user: OFFICER, call: callOf('t'.repeat(43)) });
};

describe('MERSİS about number and VKN', () => {
  it.each<[string, string, () => MersisReply]>([
    ['match', 'match', () => found(VKN)],
    ['vkn-differs', 'mismatch', () => found('9999999999')],
    ['not-found', 'not-found', () => ({ kind: 'not-found', asOf: NOW })],
    ['unavailable', 'unavailable', () => ({ kind: 'fault', fault: { kind: 'refused' } })],
    [
      'unavailable',
      'unavailable',
      () => ({ kind: 'fault', fault: { kind: 'invalid', problem: 'other-cooperative' } }),
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

  it('is not asked beyond the day’s budget, which every question counts against', async () => {
    reply = found(VKN);
    expect([await check(2), await check(2), await check(2)]).toEqual(['match', 'match', 'unavailable']);
    expect(asked).toHaveLength(2);
    const { rows } = await test.db.query({ text: 'SELECT used FROM bridge.mersis_budget' });
    expect(rows).toEqual([{ used: 2 }]);
  });
});
