import { FoundDifference } from '../../audit/check/difference.js';
import { isDetached, readDetachedParts } from '../../audit/check/entries-at.js';
import type { LineCheck } from '../../audit/check/line-check.js';
import type { Transaction } from '../../storage/database.js';
import { type FreezesTold, nothingFrozen, rememberFreeze } from './freezes.js';
import { readFreezes } from './read-freezes.js';

const NAME = 'fee-freezes';

/**
 * From where to where a quarter took no lines, which decides in what quarter a line is billed: as the entries of its closing and reopening say,
 * neither longer nor shorter, and no other. What was told in detached ranges is not at hand.
 */
export async function checkFreezes(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const told: FreezesTold = nothingFrozen();
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) rememberFreeze(entry, told);
    },
    finish: async () => {
      const left = new Map(told.all.map((one) => [one.frozen, one]));
      const rows = await readFreezes(tx);
      for (const row of rows) {
        const said = left.get(row.frozen);
        left.delete(row.frozen);
        if (said === undefined && isDetached(detached, row.frozen)) continue;
        if (said?.quarter !== row.quarter)
          throw new FoundDifference(NAME, `${row.quarter} is frozen where no entry says so`, row.frozen);
        const isAway = said.reopened === null && row.reopened !== null && isDetached(detached, row.reopened);
        if (said.reopened !== row.reopened && !isAway)
          throw new FoundDifference(
            NAME,
            `${row.quarter} was not reopened as the log says`,
            said.reopened ?? said.frozen,
          );
      }
      for (const { frozen, quarter } of left.values())
        throw new FoundDifference(NAME, `a freeze of ${quarter} is gone`, frozen);
      return `${rows.length} freezes of quarters are what the log says`;
    },
  };
}
