import { Refusal } from '../errors/refusal.js';
import { ACR_STEP_UP, ACR_TWO_STEP, type SignedIn } from '../sign-in/access-tokens.js';

const STRONG_ENOUGH: readonly string[] = [ACR_TWO_STEP, ACR_STEP_UP];

/** No identity number is asked about without a named person who signed in with two steps; an unknown strength counts as none. */
export function authenticateUser(signedIn: SignedIn | null): SignedIn {
  if (signedIn === null) throw new Refusal('TOKEN_INVALID');
  if (!STRONG_ENOUGH.includes(signedIn.acr)) throw new Refusal('TWO_STEP_REQUIRED');
  return signedIn;
}
