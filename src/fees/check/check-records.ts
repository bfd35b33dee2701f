import { readDetachedParts } from '../../audit/check/entries-at.js';
import type { LineCheck } from '../../audit/check/line-check.js';
import { toldRows } from '../../audit/check/told-rows.js';
import type { Transaction } from '../../storage/database.js';
import { RECORD_TABLES } from './record-tables.js';

const NAME = 'fee-records';

/**
 * What officers recorded about the fee against the log: proposals and their ends, lifted stops, notices, payments, imports with the sums of
 * their figures, decided differences, requests about agreements. Every row has its entry and every entry its row. The terms of a proposal
 * are held by their hash. Differences of imports are, too. Not compared: tags of persons, who stand
 * sealed in the entries; who proposed, `proposals/check-proposers` holds.
 */
export async function checkRecords(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const tables = RECORD_TABLES.map((table) => toldRows(NAME, table, detached));
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) for (const table of tables) table.remember(entry);
    },
    finish: async () => {
      let count = 0;
      for (const table of tables) count += await table.hold(tx);
      return `${count} records of the fee are what the log says`;
    },
  };
}
