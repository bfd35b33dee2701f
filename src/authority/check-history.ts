import type { LineCheck } from '../audit/check/line-check.js';
import type { Transaction } from '../storage/database.js';
import { holdRecords } from './check-cooperatives.js';
import type { HolderKeys } from './check-holders.js';
import { holdRoles, rememberRole, type ToldRoles } from './check-roles.js';
import { nothingTold, rememberRecord } from './told-records.js';

const NAME = 'authority-history';

/**
 * Who may act, as the tables have it, against the log: each cooperative is what its last entry says, each seat what its own last entry
 * says and of the person whose number is sealed there, each kept version what the log said then; each role was granted, to the person
 * who holds it, as persons decided where they did, and not revoked. Persons whose key is destroyed, or not at hand, are only counted.
 * Not compared: name and time of reading, which decide nothing. Where ranges are detached, what was told there is not at hand, and what
 * has no entry is only counted.
 */
export async function checkHistory(tx: Transaction, keys: HolderKeys): Promise<LineCheck> {
  const { rows } = await tx.query<{ any: boolean }>({
    text: 'SELECT EXISTS (SELECT 1 FROM bridge.log_detached) AS any',
  });
  const isWhole = rows[0]?.any !== true;
  const records = nothingTold();
  const roles: ToldRoles = new Map();
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) {
        rememberRecord(entry, records);
        rememberRole(entry, roles);
      }
    },
    finish: async () => {
      const seen = await holdRecords({ tx, check: NAME, keys, told: records, isWhole });
      const held = await holdRoles(tx, NAME, keys, roles, isWhole);
      const unknown = seen.unknown + held.unknown;
      const rest = unknown === 0 ? '' : `; ${unknown} told of in detached ranges only, if at all`;
      const closed = told(held.closed, 'roles') + told(seen.closed, 'seats');
      const { cooperatives, seats, versions } = seen;
      return `${cooperatives} cooperatives with ${seats} seats in ${versions} versions, and ${held.count} roles, are what the log says${rest}${closed}`;
    },
  };
}

function told(closed: number, what: string): string {
  return closed === 0
    ? ''
    : `; holders of ${closed} ${what} not compared: their keys are destroyed or not at hand`;
}
