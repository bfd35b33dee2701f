import { generateSync } from 'otplib';

/** Time step of RFC 6238 as both secrets use it. */
const STEP_S = 30;
/** Each code that was used already is in one of three steps, and waiting brings one new step each. */
const MAX_TRIES = 6;

/** Clock of a walk, in milliseconds. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

/** The code of this moment (RFC 6238, six digits). */
export function codeNow(secret: string, clock: Clock): string {
  return generateSync({ secret, epoch: Math.floor(clock.now() / 1000) });
}

/**
 * Codes of the bridge's second step, which takes each only once: first of this moment, then of the next step, which counts
 * already, then of the one before; after that the next step is waited for. At most six, or the lock would come.
 */
export function freshCodes(secret: string, clock: Clock): () => Promise<string | null> {
  const tried = new Set<number>();
  return async () => {
    while (tried.size < MAX_TRIES) {
      const step = Math.floor(clock.now() / 1000 / STEP_S);
      const next = [step, step + 1, step - 1].find((one) => !tried.has(one));
      if (next !== undefined) {
        tried.add(next);
        return generateSync({ secret, epoch: next * STEP_S });
      }
      await clock.sleep((step + 1) * STEP_S * 1000 - clock.now() + 50);
    }
    return null;
  };
}
