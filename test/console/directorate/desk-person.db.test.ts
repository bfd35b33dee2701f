import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import type { ConsolePerson } from '../../../src/console/frame/call.js';
import { RECORDING_APPLIERS } from '../../../src/house/authority/record-ports.js';
import { CONSOLE_CLIENT, deskPersons } from '../../../src/house/console/desk-person.js';
import { MERSIS_APPLIERS } from '../../../src/house/mersis/poll-parts.js';
import { type OpenLog, openLog } from '../../../src/house/open-log.js';
import { NO_MAINTENANCE } from '../../../src/maintenance/known-windows.js';
import type { RegistryAttempt } from '../../../src/mersis/calls/attempt.js';
import { createCallLane } from '../../../src/mersis/calls/call-lane.js';
import { refreshCooperative } from '../../../src/mersis/refresh.js';
import { readEntries } from '../../audit/support/log.js';
import { digitsOf } from '../../audit/support/parts.js';
import { ConsoleDesk } from '../support/console-desk.js';

const NO = '0123456789000015';
const DIRECTORATE = [{ role: 'directorate', ministry: 'ticaret', il: 'Ankara' }];

let desk: ConsoleDesk;
let log: OpenLog;
let person: ConsolePerson;
let asked = 0;
beforeAll(async () => {
  desk = await ConsoleDesk.open();
  const appliers = [...MERSIS_APPLIERS, ...RECORDING_APPLIERS] as readonly EffectApplier[];
  log = openLog(desk.config, desk.test.db, appliers);
  person = await desk.person(4, DIRECTORATE);
});
afterAll(async () => {
  await log.appender.close();
  await desk.close();
});
beforeEach(() => {
  asked = 0;
});

/** An immediate reading by this officer, of a registry that does not know the number. */
function refresh({ officer }: ConsolePerson, { limit = 20, pauseS = 0 } = {}) {
  const now = () => new Date();
  const calls = createCallLane({
    instance: 'bridge-1',
    limits: { perPersonPerHour: limit, refreshPauseS: pauseS },
    dailyBudget: 1000,
    tagger: log.tagger,
    readPersons: deskPersons({ ...officer, role: 'directorate' }),
    maintenance: NO_MAINTENANCE,
  });
  const attempt: RegistryAttempt = {
    operation: 'refresh',
    call: {
      ...{ client: CONSOLE_CLIENT, certificateSha256: Buffer.alloc(0), tokenHash: null },
      ...{ requestId: 'r-1', receivedAt: now() },
    },
    question: { ok: true, value: { mersisNo: NO } },
  };
  return refreshCooperative(attempt, {
    ...{ db: desk.test.db, log: log.appender, calls, instance: 'bridge-1', now },
    source: {
      read: async () => {
        asked += 1;
        return { kind: 'not-found', asOf: now() };
      },
    },
    requireSound: () => undefined,
    onRefused: () => undefined,
    takeIn: async () => [],
    book: { db: desk.test.db, settings: {} as never, now, random: Math.random },
    onUnbooked: () => undefined,
  });
}

const newest = async (count: number) =>
  (await readEntries(desk.test.db)).slice(-count).map(({ line }) => checkLine(line));

describe('a reading that somebody at the console asks for', () => {
  it('is written down under the person of the session, by the console, before MERSİS is asked', async () => {
    await expect(refresh(person)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [question, answer] = await newest(2);
    expect(question).toMatchObject({
      kind: 'mersis.asked',
      data: { client: 'konsol', cooperative: NO, actor: { session: person.session.sessionId } },
    });
    expect(Object.keys(question?.sealed ?? {})).toEqual(['actor.number']);
    expect(answer?.kind).toBe('mersis.answered');
    expect(asked).toBe(1);
  });

  it('spends the same counters as the person’s calls of the API', async () => {
    const other = await desk.person(5, DIRECTORATE);
    await expect(refresh(other, { limit: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(refresh(other, { limit: 1 })).rejects.toMatchObject({
      ...{ code: 'RATE_LIMITED', detail: { reason: 'person-hour' } },
    });
    await expect(refresh(person, { pauseS: 60 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(refresh(person, { pauseS: 60 })).rejects.toMatchObject({ detail: { reason: 'just-read' } });
    expect(asked).toBe(2);
  });

  it.each([
    ['the session has ended', 'UPDATE bridge.sign_in_session SET ended_at = now() WHERE session_id = $1'],
    [
      'the role was taken away',
      `DELETE FROM bridge.authority_role WHERE person_tag =
         (SELECT person_tag FROM bridge.sign_in_session WHERE session_id = $1)`,
    ],
  ])('is refused, asks nothing and names nobody where %s meanwhile', async (name, sql) => {
    const n = name.includes('role') ? 8 : 9;
    const gone = await desk.person(n, DIRECTORATE);
    await desk.sql(sql, [gone.session.sessionId]);
    await expect(refresh(gone)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    const [refused] = await newest(1);
    expect(refused).toMatchObject({ kind: 'call.refused', data: { actor: null, client: 'konsol' } });
    expect(JSON.stringify(refused)).not.toContain(digitsOf(n));
    expect(asked).toBe(0);
  });
});
