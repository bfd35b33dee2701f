import { randomUUID } from 'node:crypto';
import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../audit/lane.js';
import type { ActingOfficer, DeedPorts } from '../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../proposals/verdict.js';
import type { Transaction } from '../storage/database.js';
import { beginOf, isMaintained, type MaintainedSystem, type WindowWish, windowFaults } from './window.js';

/** A wish, and the administrator who has it. */
export interface OpenWish extends WindowWish {
  readonly officer: ActingOfficer;
}

/** What was opened. */
export interface OpenedWindow {
  readonly window: string;
  readonly system: MaintainedSystem;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly leafIndex: bigint;
}

interface OpenedEffect extends Effect {
  readonly kind: 'maintenance-opened';
  readonly row: Omit<OpenedWindow, 'leafIndex'> & { readonly reason: string };
}

const OVERLAP = `SELECT 1 FROM bridge.maintenance_window
  WHERE system = $1 AND closed_at IS NULL AND starts_at < $3 AND ends_at > $2`;

/**
 * Announces or begins a time in which a system is not asked. `log` needs `MAINTENANCE_APPLIERS`. Refused: `TOKEN_INVALID`, `REQUEST_INVALID`
 * (the message names fields and what is wrong: those of `windowFaults`), `STATE_CONFLICT` (it overlaps one of the same system). Errors: those
 * of `Appender`.
 */
export function openWindow(log: Appender, ports: DeedPorts, wish: OpenWish): Promise<Verdict<OpenedWindow>> {
  const lane = deedLane<OpenWish, OpenedWindow>('5-maintenance-open', (tx, item, now) =>
    settleOpen(tx, item, ports, now),
  );
  return log.submit(lane, wish);
}

async function settleOpen(
  tx: Transaction,
  wish: OpenWish,
  ports: DeedPorts,
  now: Date,
): Promise<Settled<Verdict<OpenedWindow>>> {
  const { officer, reason, system, to: endsAt } = wish;
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const faults = windowFaults(wish, now);
  if (faults.length > 0 || !isMaintained(system))
    return refused('REQUEST_INVALID', faults.map(({ fault, field }) => `${field}: ${fault}`).join(', '));
  const startsAt = beginOf(wish, now);
  const { rows } = await tx.query({ text: OVERLAP, values: [system, startsAt, endsAt] });
  if (rows.length > 0)
    return refused('STATE_CONFLICT', 'a window of this system stands open in this time already');
  const row = { window: randomUUID(), system, startsAt, endsAt };
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = ports;
  const data = {
    ...{ actor, instance, osUser, reason, system, window: row.window },
    from: startsAt.toISOString(),
    to: endsAt.toISOString(),
  };
  const effect: OpenedEffect = { kind: 'maintenance-opened', row: { ...row, reason } };
  return done([draftOf('maintenance.opened', now, data, personal)], [effect], ([receipt]) => {
    return { ...row, leafIndex: receipt?.leafIndex ?? -1n };
  });
}

const INSERT = `INSERT INTO bridge.maintenance_window (window_id, system, starts_at, ends_at, reason, opened_leaf)
  VALUES ($1, $2, $3, $4, $5, $6)`;

/** Writes windows; one a batch at the most, for the lane is exclusive. */
export const openedApplier: EffectApplier<OpenedEffect> = {
  kind: 'maintenance-opened',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      const { endsAt, reason, startsAt, system, window } = effect.row;
      const values = [window, system, startsAt, endsAt, reason, receipt.leafIndex];
      await tx.query({ text: INSERT, values });
    }
  },
};
