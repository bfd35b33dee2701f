import type { DataOf } from '../../../audit/catalogue/catalogue.js';
import { lastCheckpoint } from '../../../audit/checkpoint/store.js';
import { foldDays } from '../../../audit/day/fold-days.js';
import { readDays } from '../../../audit/day/read-days.js';
import { indexEntries } from '../../../audit/search/index-entries.js';
import { countOpenSignals } from '../../../audit/signals/list-signals.js';
import { readTimestampState } from '../../../audit/timestamp/state.js';
import { COUNTED_KINDS } from '../../../console/security/start/counted.js';
import type { LogState, StartPorts } from '../../../console/security/start/ports.js';
import type { Queryable } from '../../../storage/database.js';
import type { RoomParts } from '../parts.js';

/** Entries that a page counts by itself: some tens of milliseconds. */
const STEP = 5_000n;

/** What the start page of security needs, over the log. */
export function createStartPorts({ config, db, gate }: RoomParts): StartPorts {
  const { origin, timestamps } = config.audit;
  return {
    days: async (from, to) => {
      // One bounded step of each: what the chores left a moment ago. Whoever is far behind waits for the chores, not for this page.
      await indexEntries(db);
      const { head, size } = await foldDays(db, { maxWindows: 1, window: STEP });
      return { days: await readDays(db, { from, to, kinds: COUNTED_KINDS }), behind: head - size };
    },
    openSignals: () => countOpenSignals(db),
    logState: async (now) => {
      const checkpoint = await lastCheckpoint(db, origin);
      const stamps = await readTimestampState(
        db,
        {
          origin,
          authorities: timestamps.authorities.length,
          everyMinutes: timestamps.everyMinutes,
          budgetHours: timestamps.budgetHours,
        },
        now,
      );
      const { coveredSize, kind, lastGenTime } = stamps;
      return {
        last: await readLast(db),
        checkpoint,
        stamp: { kind, lastAt: lastGenTime, coveredSize },
        checked: await readChecked(db),
        isSound: gate.isSound(),
      };
    },
  };
}

async function readLast(q: Queryable): Promise<LogState['last']> {
  const { rows } = await q.query<{ size: bigint; at: Date }>({
    text: 'SELECT size, last_at AS at FROM bridge.log_head',
  });
  const [head] = rows;
  return head === undefined || head.size === 0n ? null : { leaf: head.size - 1n, at: head.at };
}

const CHECKED = `SELECT e.leaf_index AS leaf, e.at, e.line FROM bridge.log_search s JOIN bridge.entry e USING (leaf_index)
  WHERE s.kind = 'log.checked' ORDER BY s.leaf_index DESC LIMIT 1`;

async function readChecked(q: Queryable): Promise<LogState['checked']> {
  const { rows } = await q.query<{ leaf: bigint; at: Date; line: string }>({ text: CHECKED });
  const [row] = rows;
  if (row === undefined) return null;
  const { data } = JSON.parse(row.line) as { data: DataOf<'log.checked'> };
  return { leaf: row.leaf, at: row.at, ok: data.ok, size: data.size, check: data.check };
}
