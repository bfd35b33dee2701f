import Bottleneck from 'bottleneck';

/** One attempt after the other, at most so many a second. */
export interface Pace {
  /** Resolves when it is the caller's turn: true to go on, false where the house is being closed. */
  turn(): Promise<boolean>;
  /** Whoever waits goes on no more. Safe to call twice. */
  stop(): Promise<void>;
}

/** The pace of one instance. Attempts are only begun by it: one that takes long holds nobody else up. */
export function createPace(perSecond: number): Pace {
  const limiter = new Bottleneck({ minTime: 1000 / perSecond });
  let stopped: Promise<void> | undefined;
  return {
    turn: () => limiter.schedule(async () => true).catch(() => false),
    stop: () => {
      stopped ??= limiter.stop({ dropWaitingJobs: true });
      return stopped;
    },
  };
}
