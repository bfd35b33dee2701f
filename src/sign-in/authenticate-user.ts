import { Refusal } from '../errors/refusal.js';
import { ACR_ONE_STEP, ACR_STEP_UP, ACR_TWO_STEP, type SignedIn } from './access-tokens.js';

const STRONG_ENOUGH: readonly string[] = [ACR_TWO_STEP, ACR_STEP_UP];

/**
 * The one rule of who may be served as a person. No identity number is asked about without a named person who signed in with two steps; an unknown strength counts as none.
 * Before `twoStepFrom` a person who was let in with one step acts too; on that day (Europe/Istanbul) and after nobody does; null: nobody
 * ever. Throws `TOKEN_INVALID`, `TWO_STEP_REQUIRED`.
 */
export function authenticateUser(
  signedIn: SignedIn | null,
  twoStepFrom: string | null,
  today: string,
): SignedIn {
  if (signedIn === null) throw new Refusal('TOKEN_INVALID');
  if (STRONG_ENOUGH.includes(signedIn.acr)) return signedIn;
  const isAnnounced = twoStepFrom !== null && today < twoStepFrom;
  if (signedIn.acr === ACR_ONE_STEP && isAnnounced) return signedIn;
  throw new Refusal('TWO_STEP_REQUIRED');
}
