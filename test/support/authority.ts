import { randomUUID } from 'node:crypto';
import type { Appender } from '../../src/audit/appender.js';
import type { Lane } from '../../src/audit/lane.js';
import type { MasterKeys } from '../../src/audit/master-keys.js';
import type { PersonTagger } from '../../src/audit/person-tags.js';
import { mergeReading } from '../../src/authority/merge-reading.js';
import type { RecordPorts } from '../../src/authority/recording/port.js';
import type { CooperativeReading, SeatReading } from '../../src/authority/recording/reading.js';
import { lockRecords } from '../../src/authority/recording/records.js';
import { renewRecords } from '../../src/authority/recording/renew-records.js';
import { hasChanged, settleChanges } from '../../src/authority/recording/settle-changes.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { recordPortsOf } from '../../src/house/authority/record-ports.js';
import type { KimlikNo } from '../../src/person/kimlik-no.js';
import type { Database } from '../../src/storage/database.js';

/** Ports as the house joins them: sessions end for real. */
export const portsOf = (log: {
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
}): RecordPorts => recordPortsOf({ authority: { appointees: POLICY } as never }, log);

const POLICY = { atATime: 1, endWithBoard: true, legacyDecisionAfter: '2022-10-26' };

/** A seat of a board that is in force, unless `changes` say something else. */
export const seatReading = (
  tagger: PersonTagger,
  person: KimlikNo,
  changes: Partial<SeatReading> = {},
): SeatReading => ({
  role: 'board',
  person,
  tag: tagger.tag('authority', person).toString('hex'),
  startsOn: '2025-01-01',
  endsOn: null,
  registeredOn: '2025-01-05',
  state: 'tescil-edildi',
  representation: null,
  gazette: null,
  actsFor: null,
  ...changes,
});

/** A working primary cooperative of Ankara under the Ministry of Trade, unless `changes` say something else. */
export const cooperativeReading = (
  mersisNo: string,
  changes: Partial<CooperativeReading> = {},
): CooperativeReading => ({
  mersisNo,
  vkn: mersisNo.slice(1, 11),
  unvan: 'S.S. ÖRNEK KOOPERATİFİ',
  tur: 'Tüketim',
  kanun: '1163',
  seviye: 'birim',
  il: 'Ankara',
  ilgiliBakanlik: 'ticaret',
  durum: 'faal',
  durumSince: '2020-01-01',
  successor: null,
  seats: [],
  ...changes,
});

/**
 * Takes readings in as they are, without the guard: what a test starts from. All in one transaction. Returns the numbers of the
 * cooperatives that have changed.
 */
export async function recordReadings(
  log: Appender,
  db: Database,
  ports: RecordPorts,
  readings: readonly CooperativeReading[],
  readAt: Date,
  asOf: Date = readAt,
): Promise<readonly string[]> {
  const lane: Lane<readonly CooperativeReading[], readonly string[]> = {
    name: '5-test-reading',
    patienceMs: 30_000,
    exclusive: true,
    settle: async (tx, [item = []], now) => {
      const held = await lockRecords(
        tx,
        item.map(({ mersisNo }) => mersisNo),
      );
      const changes = item.map((reading) => {
        const before = held.get(reading.mersisNo) ?? null;
        const after = mergeReading(before?.record ?? null, reading, istanbulDay(now), randomUUID);
        const persons = new Map(reading.seats.map(({ tag, person }) => [tag, person]));
        return { before, after, source: 'mersis' as const, asOf, readAt, persons, lead: [] };
      });
      const changed = changes
        .filter(({ before, after }) => before === null || hasChanged(before.record, after))
        .map(({ after }) => after.mersisNo);
      return [{ ...(await settleChanges(tx, changes, ports, now)), answer: () => changed }];
    },
  };
  const changed = await log.submit(lane, readings);
  const same = readings.filter(({ mersisNo }) => !changed.includes(mersisNo));
  await renewRecords(
    db,
    same.map((one) => ({ ...one, readAt, asOf })),
  );
  return changed;
}
