import { readDetachedParts } from '../audit/check/entries-at.js';
import type { LineCheck } from '../audit/check/line-check.js';
import { type ToldTable, toldRows } from '../audit/check/told-rows.js';
import type { Transaction } from '../storage/database.js';

const NAME = 'maintenance-windows';
const instant = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const TABLE: ToldTable = {
  what: 'a maintenance window',
  made: {
    'maintenance.opened': ({ data }) => {
      const { from = null, reason = null, system = null, to = null, window } = data;
      return { key: String(window), facts: { from, reason, system, to } };
    },
  },
  ended: {
    'maintenance.closed': ({ data: { system = null, window } }) => ({
      key: String(window),
      facts: { system },
    }),
  },
  rows: `SELECT window_id::text AS key, opened_leaf AS leaf, closed_leaf AS ended, jsonb_build_object('from', ${instant('starts_at')},
      'reason', reason, 'system', system, 'to', ${instant('ends_at')}) AS facts FROM bridge.maintenance_window`,
};

/** The windows against the log: none stands there, or stands closed, that no administrator opened or closed. */
export async function checkWindows(tx: Transaction): Promise<LineCheck> {
  const rows = toldRows(NAME, TABLE, await readDetachedParts(tx));
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const entry of entries) rows.remember(entry);
    },
    finish: async () => `${await rows.hold(tx)} maintenance windows are what the log says`,
  };
}
