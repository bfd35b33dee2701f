import { clearLineFault } from '../person/clear-text.js';

/** A national system that can be spared for a while. Closed. */
export const MAINTAINED_SYSTEMS = ['kps', 'mersis'] as const;
export type MaintainedSystem = (typeof MAINTAINED_SYSTEMS)[number];

/** A time in which a national system is not asked. Half-open: at `endsAt` it is asked again. */
export interface MaintenanceWindow {
  readonly window: string;
  readonly system: MaintainedSystem;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Why, in the administrator's words. */
  readonly reason: string;
  /** When an administrator ended it, or took it back before it began. */
  readonly closedAt: Date | null;
  /** Leaf of `maintenance.opened`. */
  readonly openedLeaf: bigint;
  readonly closedLeaf: bigint | null;
}

/** `ahead`: announced; `current`: the system is not asked now; `over`: its time has passed; `closed`: ended by an administrator. */
export type WindowState = 'ahead' | 'current' | 'over' | 'closed';

/** What an administrator wants. `from` null: from now on. */
export interface WindowWish {
  readonly system: string;
  readonly from: Date | null;
  readonly to: Date;
  readonly reason: string;
}

/** What is wrong with a wish, field by field: a closed word each. */
export interface WindowFault {
  readonly field: 'system' | 'from' | 'to' | 'reason';
  readonly fault:
    | 'unknown-system'
    | 'in-the-past'
    | 'too-far-ahead'
    | 'not-after-begin'
    | 'too-long'
    | 'missing'
    | 'too-long-text'
    | 'control-characters'
    | 'identity-number';
}

const DAY_MS = 86_400_000;
/** A system that is away for longer is no maintenance: somebody has to look again, and say so again. */
export const MAX_WINDOW_DAYS = 30;
/** What lies further ahead is no plan yet. */
export const MAX_AHEAD_DAYS = 90;
/** A form takes its minutes to be filled in and sent: a begin so long ago means now. */
const LATE_MS = 15 * 60_000;
const MAX_REASON = 500;

/** The begin that a wish has at `now`: a window never says that a system was not asked before somebody said so. */
export function beginOf({ from }: Pick<WindowWish, 'from'>, now: Date): Date {
  return from === null || from < now ? now : from;
}

/** Everything that is wrong with a wish; what overlaps is asked inside the batch. Pure. */
export function windowFaults(wish: WindowWish, now: Date): readonly WindowFault[] {
  const faults: WindowFault[] = [];
  const { from, reason, system, to } = wish;
  if (!isMaintained(system)) faults.push({ field: 'system', fault: 'unknown-system' });
  const begin = beginOf(wish, now);
  if (from !== null && from.getTime() < now.getTime() - LATE_MS)
    faults.push({ field: 'from', fault: 'in-the-past' });
  else if (begin.getTime() > now.getTime() + MAX_AHEAD_DAYS * DAY_MS)
    faults.push({ field: 'from', fault: 'too-far-ahead' });
  if (to <= begin) faults.push({ field: 'to', fault: 'not-after-begin' });
  else if (to.getTime() - begin.getTime() > MAX_WINDOW_DAYS * DAY_MS)
    faults.push({ field: 'to', fault: 'too-long' });
  const fault = reasonFault(reason);
  if (fault !== null) faults.push({ field: 'reason', fault });
  return faults;
}

/** It stands in the log in clear. */
function reasonFault(reason: string): WindowFault['fault'] | null {
  if (reason.trim() === '') return 'missing';
  const fault = clearLineFault(reason, MAX_REASON);
  if (fault === 'too-long') return 'too-long-text';
  return fault === 'unseen' ? 'control-characters' : fault;
}

/** Whether `system` is one of the list. */
export function isMaintained(system: string): system is MaintainedSystem {
  return (MAINTAINED_SYSTEMS as readonly string[]).includes(system);
}

/** How a window stands at `at`. Pure. */
export function stateOf(
  { closedAt, endsAt, startsAt }: Pick<MaintenanceWindow, 'closedAt' | 'endsAt' | 'startsAt'>,
  at: Date,
): WindowState {
  if (closedAt !== null) return 'closed';
  if (endsAt <= at) return 'over';
  return startsAt <= at ? 'current' : 'ahead';
}
