import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../audit/lane.js';
import type { ActingOfficer, DeedPorts } from '../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../proposals/verdict.js';
import type { Transaction } from '../storage/database.js';
import { isWindowId } from './list-windows.js';
import { type MaintainedSystem, stateOf } from './window.js';

/** Which window an administrator ends, or takes back before it has begun. */
export interface CloseWish {
  readonly window: string;
  readonly officer: ActingOfficer;
}

/** What was closed. */
export interface ClosedWindow {
  readonly window: string;
  readonly system: MaintainedSystem;
  readonly leafIndex: bigint;
}

interface ClosedEffect extends Effect {
  readonly kind: 'maintenance-closed';
  readonly window: string;
  readonly closedAt: Date;
}

interface Row {
  readonly system: MaintainedSystem;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly closedAt: Date | null;
}

const LOCK = `SELECT system, starts_at AS "startsAt", ends_at AS "endsAt", closed_at AS "closedAt"
  FROM bridge.maintenance_window WHERE window_id = $1 FOR UPDATE`;

/**
 * Ends a window that is current or ahead. `log` needs `MAINTENANCE_APPLIERS`. Refused: `TOKEN_INVALID`, `NOT_FOUND`, `STATE_CONFLICT` (closed,
 * or over by itself). Errors: those of `Appender`.
 */
export function closeWindow(
  log: Appender,
  ports: DeedPorts,
  wish: CloseWish,
): Promise<Verdict<ClosedWindow>> {
  const lane = deedLane<CloseWish, ClosedWindow>('5-maintenance-close', (tx, item, now) =>
    settleClose(tx, item, ports, now),
  );
  return log.submit(lane, wish);
}

async function settleClose(
  tx: Transaction,
  { officer, window }: CloseWish,
  ports: DeedPorts,
  now: Date,
): Promise<Settled<Verdict<ClosedWindow>>> {
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const { rows } = isWindowId(window) ? await tx.query<Row>({ text: LOCK, values: [window] }) : { rows: [] };
  const [row] = rows;
  if (row === undefined) return refused('NOT_FOUND', 'there is no such window');
  const state = stateOf(row, now);
  if (state === 'closed' || state === 'over')
    return refused('STATE_CONFLICT', 'the window is closed or over already');
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = ports;
  const { system } = row;
  const data = { actor, instance, osUser, system, window };
  const effect: ClosedEffect = { kind: 'maintenance-closed', window, closedAt: now };
  return done([draftOf('maintenance.closed', now, data, personal)], [effect], ([receipt]) => {
    return { window, system, leafIndex: receipt?.leafIndex ?? -1n };
  });
}

const UPDATE =
  'UPDATE bridge.maintenance_window SET closed_at = $2, closed_leaf = $3 WHERE window_id = $1 AND closed_at IS NULL';

/** Ends windows; one a batch at the most. */
export const closedApplier: EffectApplier<ClosedEffect> = {
  kind: 'maintenance-closed',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed)
      await tx.query({ text: UPDATE, values: [effect.window, effect.closedAt, receipt.leafIndex] });
  },
};
