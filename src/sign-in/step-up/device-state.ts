import type { Effect, EffectApplier } from '../../audit/lane.js';
import type { Transaction } from '../../storage/database.js';
import { type DeviceRow, lockDevices } from './device.js';

/** A locked device and its recovery codes, as the codes of a batch change them one after the other. */
export interface DeviceState {
  readonly device: DeviceRow;
  /** Hex of each recovery code's hash, with when it was used. */
  readonly recovery: ReadonlyMap<string, Date | null>;
  /** True where these codes take the place of all that stand in the table. */
  readonly recoveryReplaced: boolean;
}

/** The whole row and its codes as they are from now on. Of several for one person in a batch the last one holds. */
export interface ChangedDevice extends Effect, DeviceState {
  readonly kind: 'step-up-device';
}

interface CodeRow {
  person_tag: Buffer;
  code_hash: Buffer;
  used_at: Date | null;
}

// No lock of their own: whoever changes them holds the device's row.
const CODES = `SELECT person_tag, code_hash, used_at FROM bridge.step_up_recovery_code
  WHERE person_tag = ANY($1::bytea[])`;

/** Locks the devices of these persons in key order; by hex of their tag. */
export async function readDeviceStates(
  tx: Transaction,
  tags: readonly Buffer[],
): Promise<Map<string, DeviceState>> {
  const devices = await lockDevices(tx, tags);
  const { rows } = await tx.query<CodeRow>({ text: CODES, values: [tags] });
  const recovery = new Map<string, Map<string, Date | null>>();
  for (const { person_tag, code_hash, used_at } of rows) {
    const tag = person_tag.toString('hex');
    const codes = recovery.get(tag) ?? new Map<string, Date | null>();
    recovery.set(tag, codes.set(code_hash.toString('hex'), used_at));
  }
  return new Map(
    [...devices].map(([tag, device]) => [
      tag,
      { device, recovery: recovery.get(tag) ?? new Map(), recoveryReplaced: false },
    ]),
  );
}

const UPDATE = `UPDATE bridge.step_up_device AS d SET box = n.box, pending_box = n.pending_box,
    pending_until = n.pending_until, master_key_id = n.master_key_id, enrolled_at = n.enrolled_at, last_step = n.last_step,
    failures = n.failures, locked_until = n.locked_until
  FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::bigint[],
    $8::int[], $9::timestamptz[])
    AS n(person_tag, box, pending_box, pending_until, master_key_id, enrolled_at, last_step, failures, locked_until)
  WHERE d.person_tag = n.person_tag`;
const DROP_CODES = 'DELETE FROM bridge.step_up_recovery_code WHERE person_tag = ANY($1::bytea[])';
const PUT_CODES = `INSERT INTO bridge.step_up_recovery_code AS c (person_tag, code_hash, used_at)
  SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::timestamptz[])
  ON CONFLICT (person_tag, code_hash) DO UPDATE SET used_at = excluded.used_at WHERE c.used_at IS NULL`;

/** Writes the devices of a batch, which their lane has locked, and their recovery codes. */
export const deviceApplier: EffectApplier<ChangedDevice> = {
  kind: 'step-up-device',
  apply: async (tx, placed) => {
    const last = new Map(placed.map(({ effect }) => [effect.device.tag.toString('hex'), effect]));
    const all = [...last.values()];
    const devices = all.map(({ device }) => device);
    await tx.query({
      text: UPDATE,
      values: [
        devices.map((one) => one.tag),
        devices.map((one) => one.box),
        devices.map((one) => one.pendingBox),
        devices.map((one) => one.pendingUntil),
        devices.map((one) => one.masterKeyId),
        devices.map((one) => one.enrolledAt),
        devices.map((one) => one.counted.lastStep),
        devices.map((one) => one.counted.failures),
        devices.map((one) => one.counted.lockedUntil),
      ],
    });
    const replaced = all.filter((one) => one.recoveryReplaced).map(({ device }) => device.tag);
    if (replaced.length > 0) await tx.query({ text: DROP_CODES, values: [replaced] });
    const codes = all.flatMap(({ device, recovery, recoveryReplaced }) =>
      [...recovery]
        .filter(([, usedAt]) => recoveryReplaced || usedAt !== null)
        .map(([hash, usedAt]) => ({ tag: device.tag, hash, usedAt })),
    );
    if (codes.length === 0) return;
    await tx.query({
      text: PUT_CODES,
      values: [
        codes.map(({ tag }) => tag),
        codes.map(({ hash }) => Buffer.from(hash, 'hex')),
        codes.map(({ usedAt }) => usedAt),
      ],
    });
  },
};
