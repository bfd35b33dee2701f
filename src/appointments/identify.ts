import { Refusal } from '../errors/refusal.js';
import {
  ACR_ONE_STEP,
  ACR_STEP_UP,
  ACR_TWO_STEP,
  type SignedIn,
  type TokenFault,
} from '../sign-in/access-tokens.js';
import type { Transaction } from '../storage/database.js';
import type { Call } from './call.js';
import type { AppointmentTools } from './ports.js';

/** Whom the token of a call signs in. `tokenFault`: for the entry, never for the caller. */
export interface Shown {
  readonly signedIn: SignedIn | null;
  readonly tokenFault: TokenFault | null;
}

/** Reads the token of one call inside its transaction. */
export async function identify(
  tx: Transaction,
  { tokenHash, client, certificateSha256 }: Call,
  tools: Pick<AppointmentTools, 'readTokens' | 'explainTokens'>,
  now: Date,
): Promise<Shown> {
  if (tokenHash === null) return { signedIn: null, tokenFault: null };
  const presented = [{ tokenHash, clientId: client.id, certificateSha256 }];
  const [signedIn = null] = await tools.readTokens(tx, presented, now);
  if (signedIn !== null) return { signedIn, tokenFault: null };
  const [tokenFault = null] = await tools.explainTokens(tx, presented, now);
  return { signedIn: null, tokenFault };
}

/**
 * A named person, signed in with two steps; before `twoStepFrom` one step is enough, an unknown strength never is. Throws
 * `TOKEN_INVALID`, `TWO_STEP_REQUIRED`.
 */
export function requireUser(signedIn: SignedIn | null, twoStepFrom: string | null, today: string): SignedIn {
  if (signedIn === null) throw new Refusal('TOKEN_INVALID');
  if (signedIn.acr === ACR_TWO_STEP || signedIn.acr === ACR_STEP_UP) return signedIn;
  const isAnnounced = twoStepFrom !== null && today < twoStepFrom;
  if (signedIn.acr === ACR_ONE_STEP && isAnnounced) return signedIn;
  throw new Refusal('TWO_STEP_REQUIRED');
}
