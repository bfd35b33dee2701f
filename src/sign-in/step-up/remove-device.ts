import type { Appender } from '../../audit/appender.js';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { PersonalValue } from '../../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import { lockDevices } from './device.js';

/** Whose second step is taken away, by whom (as `actor` and `actor.number` of the entry), and why. */
export interface Removal {
  readonly actor: DataOf<'step-up.removed'>['actor'];
  readonly actorNumber: PersonalValue;
  readonly person: KimlikNo;
  /** The person's, in the domain `authority`. */
  readonly tag: Buffer;
  /** 1 to 500 characters; stands in the log in clear. */
  readonly reason: string;
  /** Whether whoever orders it may still do so, asked in the transaction of the entry. */
  stillActs?(tx: Transaction, now: Date): Promise<boolean>;
}

/** The row of a device, its recovery codes, and whatever was stepped up with them. */
export interface RemovedDevice extends Effect {
  readonly kind: 'step-up-removed';
  readonly tag: Buffer;
}

interface Removing {
  readonly removal: Removal;
  readonly now: Date;
}

type Verdict = 'removed' | 'none' | 'not-allowed';

const PATIENCE_MS = 30_000;

// Tokens and sessions of the person, each in key order; from COMMIT on none of them counts as stepped up.
const LOCK_SESSIONS = `SELECT session_id FROM bridge.sign_in_session WHERE person_tag = $1 AND ended_at IS NULL
  ORDER BY session_id FOR NO KEY UPDATE`;

/** Exclusive: from its COMMIT on nothing is decided on a step-up of this device. */
const removeLane: Lane<Removing, Verdict> = {
  name: '4-step-up-remove',
  patienceMs: PATIENCE_MS,
  exclusive: true,
  settle: async (tx, items) => {
    const settled: Settled<Verdict>[] = [];
    for (const item of items) settled.push(await settleOne(tx, item));
    return settled;
  },
};

async function settleOne(tx: Transaction, { removal, now }: Removing): Promise<Settled<Verdict>> {
  const { actor, actorNumber, person, tag, reason, stillActs } = removal;
  if (stillActs !== undefined && !(await stillActs(tx, now))) return nothing('not-allowed');
  const device = (await lockDevices(tx, [tag])).get(tag.toString('hex'));
  if (device === undefined || device.box === null) return nothing('none');
  await tx.query({ text: LOCK_SESSIONS, values: [tag] });
  const removed: RemovedDevice = { kind: 'step-up-removed', tag };
  const subject: PersonalValue = {
    field: 'subject.number',
    side: 'subject',
    person,
    text: person.reveal(),
    indexed: true,
  };
  const entry = draftOf('step-up.removed', now, { actor, reason }, [actorNumber, subject]);
  return { entries: [entry], effects: [removed], answer: () => 'removed' };
}

function nothing(verdict: Verdict): Settled<Verdict> {
  return { entries: [], effects: [], answer: () => verdict };
}

/**
 * Takes a person's second step away, as after the loss of the telephone; whatever was stepped up with it is so no longer. False
 * where none is set up. `log` needs `STEP_UP_APPLIERS`. Errors: `TOKEN_INVALID` where `stillActs` says no; those of `Appender`.
 */
export async function removeDevice(log: Appender, removal: Removal, now: Date): Promise<boolean> {
  const verdict = await log.submit(removeLane, { removal, now });
  if (verdict === 'not-allowed')
    throw new BridgeError('TOKEN_INVALID', 'the session or the role of the person who acts has ended');
  return verdict === 'removed';
}

const CLEAR_SESSIONS = `UPDATE bridge.sign_in_session SET step_up_until = NULL
  WHERE person_tag = ANY($1::bytea[]) AND ended_at IS NULL AND step_up_until IS NOT NULL`;
const CLEAR_TOKENS = `UPDATE bridge.access_token AS t SET step_up_until = NULL FROM bridge.sign_in_session s
  WHERE s.session_id = t.session_id AND s.person_tag = ANY($1::bytea[]) AND t.step_up_until IS NOT NULL`;
const DELETE = 'DELETE FROM bridge.step_up_device WHERE person_tag = ANY($1::bytea[])';

/** Deletes devices with their recovery codes, and what was stepped up with them. */
export const removedApplier: EffectApplier<RemovedDevice> = {
  kind: 'step-up-removed',
  apply: async (tx, placed) => {
    const values = [placed.map(({ effect }) => effect.tag)];
    for (const text of [CLEAR_SESSIONS, CLEAR_TOKENS, DELETE]) await tx.query({ text, values });
  },
};
