import type { Step } from './poller.js';

/** The right to poll: one of all instances and commands has it. */
export interface Leadership {
  /** True while it is surely still ours. */
  holds(): Promise<boolean>;
  /** Gives it up. Never rejects. */
  release(): Promise<void>;
}

/** How one becomes the leader. Whoever dies lets go at once. */
export interface LeaderLock {
  /** Null where another one leads. Errors: `DATABASE_UNAVAILABLE`. */
  tryTake(): Promise<Leadership | null>;
}

/** What the turns of one instance go through. */
export interface LeadTools {
  readonly lock: LeaderLock;
  step(): Promise<Step>;
  /** Told when this instance begins or ceases to lead; where beginning fails, it does not lead. */
  readonly onLead?: (leads: boolean) => Promise<void>;
}

/** One instance's part in polling. */
export interface Lead {
  /**
   * Polls as long as there is something at once and this instance leads, `steps` at the most. Errors: those of `step` and of the lock;
   * leadership goes with them.
   */
  turn(steps?: number): Promise<Step | 'follower'>;
  leads(): boolean;
  /** Lets another one lead. Never rejects. */
  close(): Promise<void>;
}

/** Takes the lead where it is free, keeps it between turns, and gives it up with the first failure. */
export function createLead({ lock, onLead, step }: LeadTools): Lead {
  let leadership: Leadership | null = null;
  const drop = async (): Promise<void> => {
    const dropped = leadership;
    leadership = null;
    if (dropped === null) return;
    await onLead?.(false);
    await dropped.release();
  };
  const isLeading = async (): Promise<boolean> => {
    if (leadership !== null && (await leadership.holds())) return true;
    await drop();
    leadership = await lock.tryTake();
    if (leadership !== null) await onLead?.(true);
    return leadership !== null;
  };
  return {
    turn: async (steps = Number.POSITIVE_INFINITY) => {
      try {
        for (let done = 1; ; done += 1) {
          if (!(await isLeading())) return 'follower';
          const ended = await step();
          if (ended !== 'working' || done >= steps) return ended;
        }
      } catch (error) {
        await drop();
        throw error;
      }
    },
    leads: () => leadership !== null,
    close: drop,
  };
}
