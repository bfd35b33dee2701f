import type { LineCheck } from '../audit/check/line-check.js';
import type { Transaction } from '../storage/database.js';
import { holdRecords } from './check-cooperatives.js';
import { holdEvents, openGrounds } from './check-events.js';
import type { HolderKeys } from './check-holders.js';
import { holdPersons } from './check-persons.js';
import { holdRoles, rememberRole, type ToldRoles } from './check-roles.js';
import { rememberGround } from './told-events.js';
import { nothingTold, rememberRecord } from './told-records.js';

const NAME = 'authority-history';

/**
 * Who may act, as the tables have it, against the log: each cooperative is what its last entry says, each seat what its own last entry
 * says and of the person whose number is sealed there, each kept version what the log said then; each role was granted, to the person
 * who holds it, as persons decided where they did, and not revoked; each event of the feed is what its entry brought, none missing; each
 * number that is kept is the one of its tag. Persons whose key is destroyed, or not at hand, are only counted. Not compared: name and
 * kind, which decide nothing; the time of reading must only have come. Where ranges are detached, what was told there is not at hand,
 * and what has no entry is only counted.
 */
export async function checkHistory(tx: Transaction, keys: HolderKeys): Promise<LineCheck> {
  const { rows } = await tx.query<{ any: boolean }>({
    text: 'SELECT EXISTS (SELECT 1 FROM bridge.log_detached) AS any',
  });
  const isWhole = rows[0]?.any !== true;
  const records = nothingTold();
  const roles: ToldRoles = new Map();
  const grounds = await openGrounds(tx);
  let lastAt = new Date(0);
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) {
        rememberRecord(entry, records);
        rememberRole(entry, roles);
        rememberGround(entry, grounds);
        lastAt = new Date(entry.at);
      }
    },
    finish: async () => {
      const now = await latest(tx, lastAt);
      const seen = await holdRecords({ tx, check: NAME, keys, told: records, isWhole, now });
      const held = await holdRoles(tx, NAME, keys, roles, isWhole);
      const events = await holdEvents(tx, NAME, keys, grounds, isWhole);
      const persons = await holdPersons(tx, NAME, keys);
      const unknown = seen.unknown + held.unknown + events.unknown;
      const rest = unknown === 0 ? '' : `; ${unknown} told of in detached ranges only, if at all`;
      const closed =
        told(held.closed, 'roles') + told(seen.closed, 'seats') + told(events.closed, 'lost roles');
      const sealed =
        persons.closed === 0 ? '' : `; ${persons.closed} numbers not opened: no master key at hand`;
      const silent = events.silent === 0 ? '' : `; ${events.silent} granted by events that are purged`;
      const { cooperatives, seats, versions } = seen;
      return `${cooperatives} cooperatives with ${seats} seats in ${versions} versions, and ${held.count} roles, with ${events.count} events, are what the log says${rest}${silent}${closed}${sealed}`;
    },
  };
}

/** Now, by the database's clock or the log's last entry: whichever is later. */
async function latest(tx: Transaction, lastAt: Date): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>({ text: 'SELECT transaction_timestamp() AS now' });
  return new Date(Math.max(lastAt.getTime(), rows[0]?.now.getTime() ?? 0));
}

function told(closed: number, what: string): string {
  return closed === 0
    ? ''
    : `; holders of ${closed} ${what} not compared: their keys are destroyed or not at hand`;
}
