import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import type { PersonTagger } from '../../audit/person-tags.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import { numberOf } from '../open-session.js';
import { type DeviceRow, devicePlace, lockDevices, sealSecret, secretOf } from './device.js';
import { isSecret } from './totp.js';

/** A device that somebody holds already: its secret, base32. */
export interface HeldDevice {
  readonly person: KimlikNo;
  readonly secret: string;
}

/** Devices that are set up as they were brought in. Their persons have no recovery codes. */
export interface BroughtInDevices extends Effect {
  readonly kind: 'step-up-brought-in';
  readonly devices: readonly { readonly tag: Buffer; readonly box: Buffer }[];
  readonly masterKeyId: string;
  readonly enrolledAt: Date;
}

interface BringIn {
  readonly devices: readonly (HeldDevice & { readonly tag: Buffer })[];
  readonly masterKeys: MasterKeys;
  readonly now: Date;
}

/** Devices of one transaction: each is an entry and a key of a person. */
const CHUNK = 200;
const PATIENCE_MS = 30_000;

/** Exclusive: no code is judged beside it. */
const bringInLane: Lane<BringIn, undefined> = {
  name: '4-step-up-bring-in',
  patienceMs: PATIENCE_MS,
  exclusive: true,
  settle: async (tx, items) => {
    const settled: Settled<undefined>[] = [];
    for (const item of items) {
      const tags = item.devices.map(({ tag }) => tag);
      settled.push(settleChunk(item, await lockDevices(tx, tags)));
    }
    return settled;
  },
};

function settleChunk(
  { devices, masterKeys, now }: BringIn,
  there: ReadonlyMap<string, DeviceRow>,
): Settled<undefined> {
  const before = (tag: Buffer) => there.get(tag.toString('hex'));
  const fresh = devices.filter(({ tag }) => secretOf(before(tag), masterKeys) === null);
  const entries = fresh.map(({ person, tag }) => {
    const replaced = (before(tag)?.enrolledAt ?? null) !== null;
    return draftOf('step-up.enrolled', now, { replaced, session: null }, [numberOf(person)]);
  });
  const effect: BroughtInDevices = {
    kind: 'step-up-brought-in',
    devices: fresh.map(({ tag, secret }) => ({ tag, box: sealSecret(masterKeys, secret, devicePlace(tag)) })),
    masterKeyId: masterKeys.activeId,
    enrolledAt: now,
  };
  return { entries, effects: entries.length === 0 ? [] : [effect], answer: () => undefined };
}

/**
 * Sets up devices that persons hold already, as in the sandbox, for those who have none; one entry each. Done again it changes
 * nothing. `log` needs `STEP_UP_APPLIERS`. Errors: `CONFIG_INVALID` where a secret is none (nothing has been brought in then), and
 * those of `Appender` (whole chunks have been).
 */
export async function bringInDevices(
  log: Appender,
  keys: { readonly masterKeys: MasterKeys; readonly tagger: PersonTagger },
  devices: readonly HeldDevice[],
  now: Date,
): Promise<void> {
  if (devices.some(({ secret }) => !isSecret(secret)))
    throw new BridgeError('CONFIG_INVALID', 'a secret is not base32 of 16 to 64 bytes');
  const byTag = new Map(
    devices.map((device) => {
      const tag = keys.tagger.tag('authority', device.person);
      return [tag.toString('hex'), { ...device, tag }];
    }),
  );
  const all = [...byTag.values()];
  for (let from = 0; from < all.length; from += CHUNK) {
    const chunk = all.slice(from, from + CHUNK);
    await log.submit(bringInLane, { devices: chunk, masterKeys: keys.masterKeys, now });
  }
}

const PUT = `INSERT INTO bridge.step_up_device AS d (person_tag, box, master_key_id, enrolled_at)
  SELECT n.tag, n.box, $3, $4 FROM unnest($1::bytea[], $2::bytea[]) AS n(tag, box)
  ON CONFLICT (person_tag) DO UPDATE SET box = excluded.box, master_key_id = excluded.master_key_id,
    enrolled_at = excluded.enrolled_at, pending_box = NULL, pending_until = NULL, last_step = 0, failures = 0,
    locked_until = NULL`;
const DROP_CODES = 'DELETE FROM bridge.step_up_recovery_code WHERE person_tag = ANY($1::bytea[])';

/** Writes the devices of a chunk; those of before do not open, or were only begun. */
export const broughtInApplier: EffectApplier<BroughtInDevices> = {
  kind: 'step-up-brought-in',
  apply: async (tx, placed) => {
    for (const { effect } of placed) {
      const tags = effect.devices.map(({ tag }) => tag);
      const boxes = effect.devices.map(({ box }) => box);
      await tx.query({ text: DROP_CODES, values: [tags] });
      await tx.query({ text: PUT, values: [tags, boxes, effect.masterKeyId, effect.enrolledAt] });
    }
  },
};
