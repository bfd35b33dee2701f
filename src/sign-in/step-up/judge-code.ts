/** What is counted of a person's codes. `failures`: wrong ones in a row; `lastStep`: of the last code that was accepted. */
export interface Counted {
  readonly lastStep: number;
  readonly failures: number;
  readonly lockedUntil: Date | null;
}

/** What a code turns out to be once it is looked at. `step`: the newest time step (RFC 6238 §4) that it belongs to. */
export type Seen =
  | { readonly kind: 'totp'; readonly step: number }
  | { readonly kind: 'recovery-code'; readonly used: boolean }
  | { readonly kind: 'nothing' };

export interface CodeLimits {
  readonly maxFailures: number;
  readonly lockMinutes: number;
}

/** What became of a code, and what is counted from now on. */
export type Judgement = { readonly counted: Counted } & (
  | { readonly verdict: 'right'; readonly means: 'totp' | 'recovery-code' }
  | { readonly verdict: 'wrong-code' | 'replayed-code' | 'locked' }
);

/**
 * The rule for one code. While locked no code is looked at, or guessing would go on; a code of a step that was used, or of one
 * before it, is refused (RFC 6238 §5.2) but is no guess: whoever sends a form twice is not locked out. The `maxFailures`th wrong
 * one locks; once the lock has passed, counting begins anew. `look` must be pure.
 */
export function judgeCode(before: Counted, look: () => Seen, limits: CodeLimits, now: Date): Judgement {
  const { lockedUntil } = before;
  if (lockedUntil !== null && lockedUntil > now) return { verdict: 'locked', counted: before };
  const counted: Counted = lockedUntil === null ? before : { ...before, failures: 0, lockedUntil: null };
  const seen = look();
  if (seen.kind === 'nothing') return { verdict: 'wrong-code', counted: failed(counted, limits, now) };
  const replayed = seen.kind === 'totp' ? seen.step <= counted.lastStep : seen.used;
  if (replayed) return { verdict: 'replayed-code', counted };
  const lastStep = seen.kind === 'totp' ? seen.step : counted.lastStep;
  return { verdict: 'right', means: seen.kind, counted: { lastStep, failures: 0, lockedUntil: null } };
}

function failed(counted: Counted, { maxFailures, lockMinutes }: CodeLimits, now: Date): Counted {
  const failures = counted.failures + 1;
  const locks = failures >= maxFailures;
  return {
    ...counted,
    failures: locks ? maxFailures : failures,
    lockedUntil: locks ? new Date(now.getTime() + lockMinutes * 60_000) : null,
  };
}
