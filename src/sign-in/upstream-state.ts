import type { MasterKeys } from '../audit/master-keys.js';
import type { KeptSecrets } from '../edevlet/port.js';
import { isBridgeError } from '../errors/bridge-error.js';
import type { Queryable } from '../storage/database.js';
import { hashToken } from './access-tokens.js';

/** A round trip to the upstream by the two secrets that its return must bring: the `state`, and the browser's cookie. */
export interface Trip {
  readonly state: string;
  readonly browser: string;
}

/** What a return goes on with. */
export interface TakenState {
  /** The provider's interaction (its `uid`) that the sign-in is for. */
  readonly interaction: string;
  readonly kept: KeptSecrets;
  /** Whether the person was asked to prove themselves anew. */
  readonly fresh: boolean;
}

/** Tabs that one browser has open at e-Devlet; the oldest trip makes room. Its cookie can be sent as often as anybody likes. */
const MAX_OPEN = 20;

const KEEP = `WITH room AS (
    DELETE FROM bridge.upstream_state WHERE state_hash IN (
      SELECT state_hash FROM bridge.upstream_state WHERE browser_hash = $2
      ORDER BY (used_at IS NULL) DESC, created_at DESC, state_hash OFFSET $7 FOR UPDATE SKIP LOCKED))
  INSERT INTO bridge.upstream_state (state_hash, browser_hash, box, master_key_id, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)`;

/**
 * Keeps what the return of a round trip needs, for `ttlMs`. Of both secrets only hashes reach the table; the content is sealed in the
 * place of the state. Errors: those of `Queryable`.
 */
export async function keepState(
  db: Queryable,
  masterKeys: MasterKeys,
  trip: Trip & TakenState,
  now: Date,
  ttlMs: number,
): Promise<void> {
  const { state, browser, interaction, kept, fresh } = trip;
  const hash = hashToken(state);
  const content: TakenState = { interaction, kept, fresh };
  const box = masterKeys.wrap(Buffer.from(JSON.stringify(content), 'utf8'), upstreamStatePlace(hash));
  const expiresAt = new Date(now.getTime() + ttlMs);
  const values = [hash, hashToken(browser), box, masterKeys.activeId, now, expiresAt, MAX_OPEN - 1];
  await db.query({ text: KEEP, values });
}

interface StateRow {
  state_hash: Buffer;
  box: Buffer;
  master_key_id: string;
}

const TAKE = `UPDATE bridge.upstream_state SET used_at = $3
  WHERE state_hash = $1 AND browser_hash = $2 AND used_at IS NULL AND expires_at > $3
  RETURNING state_hash, box, master_key_id`;

/**
 * Uses a state up and gives what was kept for it: to the browser that began the trip, once, and in time. Null otherwise; whoever shows
 * a state from another browser takes nothing from its owner. Errors: those of `Queryable`.
 */
export async function takeState(
  db: Queryable,
  masterKeys: MasterKeys,
  { state, browser }: Trip,
  now: Date,
): Promise<TakenState | null> {
  const values = [hashToken(state), hashToken(browser), now];
  const { rows } = await db.query<StateRow>({ text: TAKE, values });
  return rows[0] === undefined ? null : opened(rows[0], masterKeys);
}

// Of two returns at once one finds it used.
const TAKE_NEWEST = `UPDATE bridge.upstream_state SET used_at = $2 WHERE used_at IS NULL AND state_hash = (
    SELECT state_hash FROM bridge.upstream_state WHERE browser_hash = $1 AND used_at IS NULL AND expires_at > $2
    ORDER BY created_at DESC, state_hash LIMIT 1 FOR UPDATE)
  RETURNING state_hash, box, master_key_id`;

/**
 * For an error return that names no state: the newest open trip of this browser, used up like any other. It can only be gone back
 * from: without its state no code is taken. Errors: those of `Queryable`.
 */
export async function stateOfBrowser(
  db: Queryable,
  masterKeys: MasterKeys,
  browser: string,
  now: Date,
): Promise<TakenState | null> {
  const values = [hashToken(browser), now];
  const { rows } = await db.query<StateRow>({ text: TAKE_NEWEST, values });
  return rows[0] === undefined ? null : opened(rows[0], masterKeys);
}

/** Null where it does not open: its master key was taken away, or somebody changed the row. The state is used up all the same. */
function opened(row: StateRow, masterKeys: MasterKeys): TakenState | null {
  try {
    const json = masterKeys
      .unwrap(row.box, upstreamStatePlace(row.state_hash), row.master_key_id)
      .toString('utf8');
    return JSON.parse(json) as TakenState;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}

/** Where what a round trip needs is sealed. */
export function upstreamStatePlace(stateHash: Buffer): string {
  return `upstream-state\n${stateHash.toString('hex')}`;
}
