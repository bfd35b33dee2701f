import type { Transaction } from '../storage/database.js';
import type { PresentedToken, SignedIn, TokenFault } from './access-tokens.js';

/** How tokens are read, joined with their keys by the house. Each reads set-wise inside the batch's transaction. */
export interface TokenReaders {
  readTokens(
    tx: Transaction,
    presented: readonly PresentedToken[],
    now: Date,
  ): Promise<readonly (SignedIn | null)[]>;
  explainTokens(
    tx: Transaction,
    refused: readonly PresentedToken[],
    now: Date,
  ): Promise<readonly (TokenFault | null)[]>;
}

/** Whom the token of one call signs in. `tokenFault`: for the entry, never for the caller; null where none was shown. */
export interface Shown {
  readonly signedIn: SignedIn | null;
  readonly tokenFault: TokenFault | null;
}

/** What a call shows of itself: its token's hash, null where none came; its client; the certificate that it came over. */
export interface ShowingCall {
  readonly tokenHash: Buffer | null;
  readonly certificateSha256: Buffer;
  readonly client: { readonly id: string };
}

/** The token of one call; see `readShownTokens`. */
export async function readShownToken(
  tx: Transaction,
  call: ShowingCall,
  tools: TokenReaders,
  now: Date,
): Promise<Shown> {
  const [shown = NOTHING] = await readShownTokens(tx, [call], tools, now);
  return shown;
}

const NOTHING: Shown = { signedIn: null, tokenFault: null };

/** The tokens of a batch, in the order of its calls. Why one is refused is asked only where one is: a good batch reads once. */
export async function readShownTokens(
  tx: Transaction,
  calls: readonly ShowingCall[],
  tools: TokenReaders,
  now: Date,
): Promise<readonly Shown[]> {
  const presented = calls.flatMap(({ tokenHash, client, certificateSha256 }, i) =>
    tokenHash === null ? [] : [{ i, token: { tokenHash, clientId: client.id, certificateSha256 } }],
  );
  const users = await tools.readTokens(
    tx,
    presented.map(({ token }) => token),
    now,
  );
  const refused = presented.filter((_, k) => (users[k] ?? null) === null);
  const faults =
    refused.length === 0
      ? []
      : await tools.explainTokens(
          tx,
          refused.map(({ token }) => token),
          now,
        );
  const userOf = new Map(presented.map(({ i }, k) => [i, users[k] ?? null]));
  const faultOf = new Map(refused.map(({ i }, k) => [i, faults[k] ?? null]));
  return calls.map((_, i) => ({ signedIn: userOf.get(i) ?? null, tokenFault: faultOf.get(i) ?? null }));
}
