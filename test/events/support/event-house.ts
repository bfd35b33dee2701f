import { randomUUID } from 'node:crypto';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { type AuthorityEvent, raiseVersion } from '../../../src/authority/recording/events.js';
import { authorityPersonPlace } from '../../../src/authority/recording/person-place.js';
import { openPersons } from '../../../src/authority/recording/persons.js';
import type { FeedEvent } from '../../../src/events/feed.js';
import type { TellingTools } from '../../../src/events/telling.js';
import { WEBHOOK_APPLIERS } from '../../../src/events/webhooks/appliers.js';
import type { Transaction } from '../../../src/storage/database.js';
import { type OpenLog, openLog, readEntries } from '../../audit/support/log.js';
import { digitsOf, masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

export { digitsOf, masterKeys, personOf, tagger };

export const MERSIS = '0000000000000017';
export const NOW = new Date('2026-05-04T09:00:00.000Z');
export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
export const DAY_S = 86_400;

export const tagOf = (n: number): Buffer => tagger.tag('authority', personOf(n));

export const telling: TellingTools = {
  tagger,
  openPersons: (db, tags) => openPersons(db, masterKeys, tags),
};

/** A grant as the writer of events makes it. */
export function eventOf(n: number, basis: string, kind: AuthorityEvent['kind'] = 'granted'): AuthorityEvent {
  const data = { role: 'board', ministry: 'ticaret', il: '06', from: '2026-01-01', to: null };
  const reason = kind === 'lost' ? 'gone' : null;
  return {
    kind,
    tag: tagOf(n).toString('hex'),
    mersisNo: MERSIS,
    basis,
    data: { ...data, registeredOn: '2026-01-02', reason },
  };
}

export const feedEvent = (changes: Partial<FeedEvent> = {}): FeedEvent => ({
  position: 7n,
  at: NOW,
  kind: 'granted',
  tag: tagOf(1),
  mersisNo: MERSIS,
  basis: '11111111-1111-4111-8111-111111111111',
  data: { ...eventOf(1, '').data },
  leaf: 12n,
  ...changes,
});

/** A database with a cooperative, the log over it as two instances have it, and the writer of events. */
export interface EventHouse {
  readonly test: TestDatabase;
  readonly log: OpenLog;
  readonly other: OpenLog;
  rows<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
  write(tx: Transaction, events: readonly AuthorityEvent[], at?: Date): Promise<void>;
  /** So many grants to invented persons. */
  grantMany(count: number, at?: Date): Promise<void>;
  /** A seat that the feed has told of; its id. */
  seat(n: number, isTold: boolean): Promise<string>;
  sealNumber(n: number): Promise<void>;
  /** The log's entries, each held against the catalogue. */
  told(): Promise<ReturnType<typeof checkLine>[]>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

const COOPERATIVE = `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
  VALUES ($1, 'KOOPERATİF', 'x', '1163', 'birim', '06', 'ticaret', 'faal', $2)`;
const SEAT = `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, registered_on, told, leaf_index)
  VALUES ($1, $2, $3, 'board', '2026-01-01', '2026-01-02', $4, 5)`;

export async function openEventHouse(): Promise<EventHouse> {
  const test = await createTestDatabase({ migrations: true });
  const appliers = new Map(WEBHOOK_APPLIERS.map((one) => [one.kind, one]));
  const [log, other] = [
    openLog(test.appUrl, { deps: { appliers } }),
    openLog(test.appUrl, { deps: { appliers } }),
  ];
  const { db } = test;
  const rows = async <R extends object>(text: string, values: readonly unknown[] = []) =>
    (await db.query<R>({ text, values })).rows;
  await rows(COOPERATIVE, [MERSIS, NOW]);
  const write: EventHouse['write'] = async (tx, events, at = NOW) => {
    await raiseVersion(
      tx,
      events.map((event) => ({ event, leaf: 3n, at })),
      { roles: false },
    );
  };
  return {
    test,
    log,
    other,
    rows,
    write,
    grantMany: (count, at) =>
      db.transaction((tx) =>
        write(
          tx,
          Array.from({ length: count }, (_, n) => eventOf(n, randomUUID())),
          at,
        ),
      ),
    seat: async (n, isTold) => {
      const id = randomUUID();
      await rows(SEAT, [id, tagOf(n), MERSIS, isTold]);
      return id;
    },
    sealNumber: async (n) => {
      const box = masterKeys.wrap(Buffer.from(digitsOf(n)), authorityPersonPlace(tagOf(n)));
      await rows('INSERT INTO bridge.authority_person VALUES ($1, $2, $3)', [
        tagOf(n),
        box,
        masterKeys.activeId,
      ]);
    },
    told: async () => (await readEntries(db)).map(({ line }) => checkLine(line)),
    reset: async () => {
      for (const table of [
        'webhook_delivery',
        'webhook_receiver',
        'authority_event',
        'authority_seat',
        'authority_role',
      ])
        await rows(`DELETE FROM bridge.${table}`);
      await rows('UPDATE bridge.authority_head SET last_event = 0, first_event = 1');
    },
    close: async () => {
      await log.close();
      await other.close();
      await test.drop();
    },
  };
}
