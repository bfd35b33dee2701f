import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Effect, EffectApplier } from '../../audit/lane.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { Queryable } from '../../storage/database.js';

/** Whom a proposed grant is about, and who proposed it: `role.decided` names both when it is approved. */
export interface GrantPersons {
  readonly person: KimlikNo;
  readonly proposer: KimlikNo;
  readonly session: { readonly acr: string; readonly authTime: string; readonly session: string };
}

/** The persons of a new proposal, sealed. */
export interface GrantSealed extends Effect {
  readonly kind: 'role-proposal-made';
  readonly id: string;
  readonly box: Buffer;
  readonly masterKeyId: string;
  readonly expiresAt: Date;
}

/** A proposal has ended: nobody needs its persons any more. */
export interface GrantUnsealed extends Effect {
  readonly kind: 'role-proposal-ended';
  readonly id: string;
}

const text = z.string().min(1).max(100);
const contentSchema = z.strictObject({
  person: text,
  proposer: text,
  salt: text,
  session: z.strictObject({ acr: text, authTime: text, session: text }),
});
const FIND = 'SELECT box, master_key_id FROM bridge.role_proposal WHERE proposal_id = $1';

/** Persons as they are kept. `sha256` (lower-case hex) stands in the terms, whose hash stands in the log: it names nobody, since a salt is sealed too. */
export interface SealedPersons {
  readonly box: Buffer;
  readonly sha256: string;
}

const SALT_BYTES = 32;

/** Seals the persons: the box opens in the place of its proposal alone, and another master key may wrap it anew. */
export function sealPersons(
  masterKeys: MasterKeys,
  id: string,
  { person, proposer, session }: GrantPersons,
): SealedPersons {
  const salt = randomBytes(SALT_BYTES).toString('hex');
  const content = { person: person.reveal(), proposer: proposer.reveal(), salt, session };
  const bytes = Buffer.from(JSON.stringify(content));
  return { box: masterKeys.wrap(bytes, grantPersonsPlace(id)), sha256: sha256Of(bytes) };
}

function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * The persons of a proposal whose terms name them by `sha256`; null where they are gone, are others, or do not open. Errors: those of
 * `Queryable`.
 */
export async function openPersons(
  db: Queryable,
  masterKeys: MasterKeys,
  id: string,
  sha256: string,
): Promise<GrantPersons | null> {
  const { rows } = await db.query<{ box: Buffer; master_key_id: string }>({ text: FIND, values: [id] });
  const [row] = rows;
  if (row === undefined) return null;
  try {
    const content = masterKeys.unwrap(row.box, grantPersonsPlace(id), row.master_key_id);
    return sha256Of(content) === sha256 ? personsOf(content) : null;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}

function personsOf(content: Buffer): GrantPersons | null {
  const parsed = contentSchema.safeParse(JSON.parse(content.toString('utf8')));
  if (!parsed.success) return null;
  const { data } = parsed;
  const [person, proposer] = [KimlikNo.parse(data.person), KimlikNo.parse(data.proposer)];
  return person.ok && proposer.ok
    ? { person: person.value, proposer: proposer.value, session: data.session }
    : null;
}

/** Where the persons of a proposal are sealed. */
export function grantPersonsPlace(id: string): string {
  return `role-proposal\n${id}`;
}

const MAKE =
  'INSERT INTO bridge.role_proposal (proposal_id, box, master_key_id, expires_at) VALUES ($1, $2, $3, $4)';
const END = 'DELETE FROM bridge.role_proposal WHERE proposal_id = ANY($1::uuid[])';
const PURGE = 'DELETE FROM bridge.role_proposal WHERE expires_at <= $1';

const madeApplier: EffectApplier<GrantSealed> = {
  kind: 'role-proposal-made',
  apply: async (tx, placed) => {
    // One item stands alone in an exclusive batch.
    for (const { effect } of placed) {
      const { box, expiresAt, id, masterKeyId } = effect;
      await tx.query({ text: MAKE, values: [id, box, masterKeyId, expiresAt] });
    }
  },
};

const endedApplier: EffectApplier<GrantUnsealed> = {
  kind: 'role-proposal-ended',
  apply: async (tx, placed) => {
    await tx.query({ text: END, values: [placed.map(({ effect }) => effect.id)] });
  },
};

/** For whoever proposes and decides grants; behind `PROPOSAL_APPLIERS`, whose rows these refer to. */
export const ROLE_PROPOSAL_APPLIERS = [madeApplier, endedApplier] as readonly EffectApplier[];

/** Removes the persons of proposals whose time is over: nobody can decide those any more. Errors: those of `Queryable`. */
export async function purgeSealedGrants(db: Queryable, now: Date): Promise<void> {
  await db.query({ text: PURGE, values: [now] });
}
