import { createHash } from 'node:crypto';
import type { MasterKeys } from '../audit/master-keys.js';
import { isBridgeError } from '../errors/bridge-error.js';
import { KimlikNo } from '../person/kimlik-no.js';
import type { Transaction } from '../storage/database.js';

/** `urn:koopbis:acr:…` of a session; no session is worth anything below the first (CONTRACT §5). */
export const ACR_TWO_STEP = 'urn:koopbis:acr:two-step';
export const ACR_STEP_UP = 'urn:koopbis:acr:step-up';

/** A token as it was presented: by which client, over which certificate (RFC 8705 §3). */
export interface PresentedToken {
  readonly tokenHash: Buffer;
  readonly clientId: string;
  readonly certificateSha256: Buffer;
}

/** A sign-in from before the rule of two steps was in force, or from its announcement period. */
export const ACR_ONE_STEP = 'urn:koopbis:acr:one-step';

/**
 * Who signed in, and how. `tag` is the person's tag in the domain `authority`; `acr` is that of this token now: a step-up
 * that has decayed is none.
 */
export interface SignedIn {
  readonly sessionId: string;
  readonly person: KimlikNo;
  readonly tag: Buffer;
  readonly acr: string;
  readonly authTime: Date;
}

/** What is kept of an access token: SHA-256 of its text. 256 random bits need no salt. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

export interface TokenRow {
  token_hash: Buffer;
  client_id: string;
  certificate_sha256: Buffer;
  session_id: string;
  person_tag: Buffer;
  person_box: Buffer;
  master_key_id: string;
  acr: string;
  auth_time: Date;
}

/** What of a token and its session must be read to know who is signed in at $2. */
export const SELECT_SIGNED_IN = `SELECT t.token_hash, t.client_id, t.certificate_sha256, s.session_id, s.person_tag, s.person_box,
    s.master_key_id, CASE WHEN s.acr = '${ACR_TWO_STEP}' AND t.step_up_until > $2 THEN '${ACR_STEP_UP}' ELSE s.acr END AS acr,
    s.auth_time
  FROM bridge.access_token t JOIN bridge.sign_in_session s USING (session_id)`;

/** Of those tokens and sessions that are in force at $2. */
export const IN_FORCE =
  't.expires_at > $2 AND s.expires_at > $2 AND s.idle_until > $2 AND s.ended_at IS NULL';

const SELECT = `${SELECT_SIGNED_IN} WHERE t.token_hash = ANY($1::bytea[]) AND ${IN_FORCE}`;

/**
 * Reads the tokens of a whole batch at once. `null` for a token that is unknown, expired, ended, or bound to another
 * client or another certificate: a stolen token is worth nothing without the key that it is bound to.
 */
export async function readAccessTokens(
  tx: Transaction,
  masterKeys: MasterKeys,
  presented: readonly PresentedToken[],
  now: Date,
): Promise<readonly (SignedIn | null)[]> {
  if (presented.length === 0) return [];
  const hashes = presented.map((token) => token.tokenHash);
  const { rows } = await tx.query<TokenRow>({ name: 'access-tokens', text: SELECT, values: [hashes, now] });
  const byHash = new Map(rows.map((row) => [row.token_hash.toString('hex'), row]));
  return presented.map((token) => {
    const row = byHash.get(token.tokenHash.toString('hex'));
    if (row === undefined || row.client_id !== token.clientId) return null;
    if (!row.certificate_sha256.equals(token.certificateSha256)) return null;
    return signedInOf(row, masterKeys);
  });
}

/** Why a token was not accepted: for the log alone. Whoever shows it learns nothing of this. */
export type TokenFault =
  | 'token-unknown'
  | 'token-of-other-client'
  | 'certificate-of-other-client'
  | 'session-ended'
  | 'token-expired';

interface ExplainedRow {
  token_hash: Buffer;
  client_id: string;
  certificate_sha256: Buffer;
  session_over: boolean;
  token_over: boolean;
}

const EXPLAIN = `SELECT t.token_hash, t.client_id, t.certificate_sha256, t.expires_at <= $2 AS token_over,
    s.ended_at IS NOT NULL OR s.expires_at <= $2 OR s.idle_until <= $2 AS session_over
  FROM bridge.access_token t JOIN bridge.sign_in_session s USING (session_id) WHERE t.token_hash = ANY($1::bytea[])`;

/**
 * Why tokens that `readAccessTokens` did not accept were not, for a whole batch at once. That one is in the wrong hands comes
 * first: it is as true of a token that is over. `token-unknown`: never given, or deleted since. `token-expired`: also one that went
 * with its grant. Null where nothing is
 * wrong with the token itself (the number of its person does not open). Errors: those of `Transaction`.
 */
export async function explainRefusedTokens(
  tx: Transaction,
  presented: readonly PresentedToken[],
  now: Date,
): Promise<readonly (TokenFault | null)[]> {
  if (presented.length === 0) return [];
  const values = [presented.map((token) => token.tokenHash), now];
  const { rows } = await tx.query<ExplainedRow>({ name: 'access-tokens-refused', text: EXPLAIN, values });
  const byHash = new Map(rows.map((row) => [row.token_hash.toString('hex'), row]));
  return presented.map((token) => faultOf(byHash.get(token.tokenHash.toString('hex')), token));
}

function faultOf(row: ExplainedRow | undefined, shown: PresentedToken): TokenFault | null {
  if (row === undefined) return 'token-unknown';
  if (row.client_id !== shown.clientId) return 'token-of-other-client';
  if (!row.certificate_sha256.equals(shown.certificateSha256)) return 'certificate-of-other-client';
  if (row.session_over) return 'session-ended';
  return row.token_over ? 'token-expired' : null;
}

/** Who a session's row is about; null where its number does not open. */
export function signedInOf(row: TokenRow, masterKeys: MasterKeys): SignedIn | null {
  const person = openPerson(row, masterKeys);
  if (person === null) return null;
  return {
    sessionId: row.session_id,
    person,
    tag: row.person_tag,
    acr: row.acr,
    authTime: row.auth_time,
  };
}

/**
 * Null where the box does not open: its master key was taken away, or somebody changed the row. Then nobody is signed in;
 * an exception would fail everybody's batch with it, each time that the token is shown.
 */
function openPerson(row: TokenRow, masterKeys: MasterKeys): KimlikNo | null {
  try {
    const digits = masterKeys.unwrap(row.person_box, sessionPlace(row.session_id), row.master_key_id);
    const person = KimlikNo.parse(digits.toString('utf8'));
    return person.ok ? person.value : null;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}

/** Where the number of a session's person is sealed: moved to another session it does not open. */
export function sessionPlace(sessionId: string): string {
  return `session\n${sessionId}`;
}

/** Where the names of a session's person are sealed. */
export function profilePlace(sessionId: string): string {
  return `profile\n${sessionId}`;
}
