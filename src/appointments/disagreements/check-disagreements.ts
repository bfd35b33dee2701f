import { readDetachedParts } from '../../audit/check/entries-at.js';
import type { LineCheck } from '../../audit/check/line-check.js';
import { type ToldTable, toldRows } from '../../audit/check/told-rows.js';
import type { Transaction } from '../../storage/database.js';

const NAME = 'disagreements';

const TABLE: ToldTable = {
  what: 'a disagreement',
  made: {
    'authority.disagreed': ({ data, leaf }) => {
      const { appointment = null, cooperative = null, matter = null } = data;
      return { key: String(leaf), facts: { appointment, cooperative, matter } };
    },
  },
  ended: {
    'disagreement.settled': ({ data }) => {
      const { appointment = null, cooperative = null, decision = null, disagreement } = data;
      return { key: String(disagreement), facts: { appointment, cooperative, decision } };
    },
  },
  rows: `SELECT told_leaf::text AS key, told_leaf AS leaf, settled_leaf AS ended, jsonb_build_object('appointment', appointment_id,
      'cooperative', mersis_no, 'decision', decision, 'matter', matter) AS facts FROM bridge.appointment_disagreement`,
};

/** What contradicts appointments, and what was decided about it, against the log: every row has its entries and every entry its row. */
export async function checkDisagreements(tx: Transaction): Promise<LineCheck> {
  const rows = toldRows(NAME, TABLE, await readDetachedParts(tx));
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) rows.remember(entry);
    },
    finish: async () => `${await rows.hold(tx)} disagreements are what the log says`,
  };
}
