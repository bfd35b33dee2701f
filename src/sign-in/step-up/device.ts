import type { MasterKeys } from '../../audit/master-keys.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';
import type { Counted } from './judge-code.js';
import { isSecret } from './totp.js';

/**
 * A row of `step_up_device`. `box` null: nothing is set up yet, only begun. `masterKeyId` is that of `box`; `pendingBox` carries
 * its own, so that a new secret can wait beside an old one that is under another key.
 */
export interface DeviceRow {
  readonly tag: Buffer;
  readonly box: Buffer | null;
  readonly pendingBox: Buffer | null;
  readonly pendingUntil: Date | null;
  readonly masterKeyId: string;
  readonly enrolledAt: Date | null;
  readonly counted: Counted;
}

interface StoredDevice {
  person_tag: Buffer;
  box: Buffer | null;
  pending_box: Buffer | null;
  pending_until: Date | null;
  master_key_id: string;
  enrolled_at: Date | null;
  last_step: bigint;
  failures: number;
  locked_until: Date | null;
}

const READ = `SELECT person_tag, box, pending_box, pending_until, master_key_id, enrolled_at, last_step, failures, locked_until
  FROM bridge.step_up_device WHERE person_tag = ANY($1::bytea[]) ORDER BY person_tag`;

/** The devices of these persons, by hex of their tag. */
export function readDevices(q: Queryable, tags: readonly Buffer[]): Promise<Map<string, DeviceRow>> {
  return devicesBy(q, READ, tags);
}

/** The same, locked in key order to the end of the transaction: two codes at once are judged one after the other. */
export function lockDevices(tx: Queryable, tags: readonly Buffer[]): Promise<Map<string, DeviceRow>> {
  return devicesBy(tx, `${READ} FOR UPDATE`, tags);
}

async function devicesBy(q: Queryable, text: string, tags: readonly Buffer[]) {
  const { rows } = await q.query<StoredDevice>({ text, values: [tags] });
  return new Map(
    rows.map((row): [string, DeviceRow] => [
      row.person_tag.toString('hex'),
      {
        tag: row.person_tag,
        box: row.box,
        pendingBox: row.pending_box,
        pendingUntil: row.pending_until,
        masterKeyId: row.master_key_id,
        enrolledAt: row.enrolled_at,
        counted: {
          lastStep: Number(row.last_step),
          failures: row.failures,
          lockedUntil: row.locked_until,
        },
      },
    ]),
  );
}

/** Where a person's secret is sealed: moved to another person it does not open. */
export function devicePlace(tag: Buffer): string {
  return `totp\n${tag.toString('hex')}`;
}

/** Where a secret waits for its first code: only the session that was shown it can make it count. */
function pendingPlace(tag: Buffer, sessionId: string): string {
  return `totp-pending\n${tag.toString('hex')}\n${sessionId}`;
}

/** The secret of a device; null where none is set up, or where it cannot be opened. */
export function secretOf(device: DeviceRow | undefined, masterKeys: MasterKeys): string | null {
  if (device === undefined || device.box === null) return null;
  return openSecret(masterKeys, device.box, devicePlace(device.tag), device.masterKeyId);
}

/**
 * Null where the box does not open, or holds no secret: its master key was taken away, or somebody changed the row. Then
 * nothing counts as set up; an exception would fail everybody's batch with it.
 */
function openSecret(masterKeys: MasterKeys, box: Buffer, place: string, masterKeyId: string): string | null {
  try {
    const secret = masterKeys.unwrap(box, place, masterKeyId).toString('utf8');
    return isSecret(secret) ? secret : null;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}

/** The secret that `sessionId` was shown for `device`; null where it was another session, or the box does not open. */
export function pendingSecretOf(
  { tag, pendingBox }: DeviceRow,
  masterKeys: MasterKeys,
  sessionId: string,
): string | null {
  if (pendingBox === null) return null;
  const end = 1 + (pendingBox[0] ?? 0);
  const keyId = pendingBox.subarray(1, end).toString('utf8');
  return openSecret(masterKeys, pendingBox.subarray(end), pendingPlace(tag, sessionId), keyId);
}

/** A secret that waits for its first code: length and text of the master key's id, then the box. */
export function sealPending(masterKeys: MasterKeys, secret: string, tag: Buffer, sessionId: string): Buffer {
  const keyId = Buffer.from(masterKeys.activeId, 'utf8');
  const box = sealSecret(masterKeys, secret, pendingPlace(tag, sessionId));
  return Buffer.concat([Buffer.from([keyId.length]), keyId, box]);
}

// A row that somebody changed may hold no id at all: it is told like one of another key.
const WAITING = `SELECT key_id AS "keyId", count(*) AS count FROM (
    SELECT CASE WHEN octet_length(pending_box) = 0 THEN ''
      ELSE encode(substring(pending_box FROM 2 FOR get_byte(pending_box, 0)), 'escape') END AS key_id
    FROM bridge.step_up_device WHERE pending_box IS NOT NULL AND pending_until > $2) AS waiting
  WHERE key_id <> $1 GROUP BY key_id ORDER BY key_id`;

/**
 * How many secrets still wait at `now` for their first code under other master keys than `activeId`. They are not wrapped anew:
 * their place names a session, which their row does not, and after minutes they count no more.
 */
export async function waitingUnderOtherKeys(
  q: Queryable,
  activeId: string,
  now: Date,
): Promise<readonly { readonly keyId: string; readonly count: number }[]> {
  const { rows } = await q.query<{ keyId: string; count: bigint }>({
    text: WAITING,
    values: [activeId, now],
  });
  return rows.map(({ keyId, count }) => ({ keyId, count: Number(count) }));
}

/** `secret` as it is kept. */
export function sealSecret(masterKeys: MasterKeys, secret: string, place: string): Buffer {
  return masterKeys.wrap(Buffer.from(secret, 'utf8'), place);
}
