import { timingSafeEqual } from 'node:crypto';
import { verifySync } from 'otplib';
import type { Person } from '../population/population.js';

/** Why a sign-in is refused. Closed. */
export type SignInRefusal =
  | 'password-refused'
  | 'record-not-open'
  | 'two-step-required'
  | 'code-refused'
  | 'step-up-refused'
  | 'step-up-unavailable';

/** What the person typed. Codes are six digits (RFC 6238). */
export interface SignInAttempt {
  readonly password: string;
  readonly code: string | null;
  readonly stepUpCode: string | null;
}

/** Seconds a code may be off: one step on each side, as e-Devlet-like services allow for clocks. */
const TOLERANCE_S = 30;

/**
 * e-Devlet's part and the step-up of the small issuer: password, then second step. A person without two-step at
 * e-Devlet is refused whatever else is right: nothing of ours replaces it. Returns the session's strength.
 */
export function checkSignIn(
  person: Person | undefined,
  attempt: SignInAttempt,
  epochS: number,
): { readonly ok: true; readonly stepUp: boolean } | { readonly ok: false; readonly reason: SignInRefusal } {
  // An unknown number and a wrong password give the same answer, or numbers could be tried out here.
  if (person === undefined || !sameText(person.password, attempt.password))
    return { ok: false, reason: 'password-refused' };
  if (person.durum !== 'açık') return { ok: false, reason: 'record-not-open' };
  if (person.edevletTotp === null) return { ok: false, reason: 'two-step-required' };
  if (!holds(person.edevletTotp, attempt.code, epochS)) return { ok: false, reason: 'code-refused' };
  if (attempt.stepUpCode === null) return { ok: true, stepUp: false };
  if (person.stepUpTotp === null) return { ok: false, reason: 'step-up-unavailable' };
  if (!holds(person.stepUpTotp, attempt.stepUpCode, epochS)) return { ok: false, reason: 'step-up-refused' };
  return { ok: true, stepUp: true };
}

function holds(secret: string, code: string | null, epochS: number): boolean {
  if (code === null || !/^[0-9]{6}$/.test(code)) return false;
  return verifySync({ secret, token: code, epoch: epochS, epochTolerance: TOLERANCE_S }).valid;
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
