import { BridgeError } from '../errors/bridge-error.js';

/** Whether new questions may be asked at all, as far as the log is concerned. */
export interface LogGate {
  /** Throws `AUDIT_UNAVAILABLE` while something stands in the way; nothing is asked or written then. */
  requireSound(): void;
  /** The same as a question: what can wait is not written onto a log that somebody has to put right. */
  isSound(): boolean;
}

/** What may stand in the way: a short word while it does, null otherwise. Asked at every call: it must be quick. */
export type LogObstacle = () => string | null;

/** A gate that is open while none of `obstacles` names itself. */
export function createLogGate(obstacles: readonly LogObstacle[]): LogGate {
  return {
    isSound: () => obstacles.every((obstacle) => obstacle() === null),
    requireSound: () => {
      for (const obstacle of obstacles) {
        const what = obstacle();
        if (what !== null)
          throw new BridgeError('AUDIT_UNAVAILABLE', 'the log is not in a state to rely on', {
            fields: { what },
          });
      }
    },
  };
}
