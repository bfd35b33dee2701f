import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../../audit/lane.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import type { Queryable, Transaction } from '../../storage/database.js';

/** A key that signs ID tokens and logout tokens, private part included. Kept in memory only. */
export interface SigningKey {
  readonly jwk: JWK & { readonly kid: string };
  readonly signsFrom: Date;
  readonly signsUntil: Date;
}

/** The row of a new key. */
interface MadeKey extends Effect {
  readonly kind: 'sign-in-key';
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly box: Buffer;
  readonly masterKeyId: string;
  readonly madeAt: Date;
  readonly lifetimeMs: number;
  readonly staysMs: number;
}

/** The algorithm that every OpenID client knows (OpenID Connect Core §15.1); 3072 bits are good beyond 2030. */
const MODULUS_BITS = 3072;
const DAY_MS = 86_400_000;
/** A key is published this long before it signs, so that whoever keeps the key set for a while knows it. */
const AHEAD_MS = DAY_MS;
const PATIENCE_MS = 30_000;

interface Row {
  kid: string;
  box: Buffer;
  master_key_id: string;
  signs_from: Date;
  signs_until: Date;
}

const READ = `SELECT kid, box, master_key_id, signs_from, signs_until FROM bridge.sign_in_key WHERE gone_at > $1
  ORDER BY signs_from LIMIT 100`;

/** Every key that is published, those that sign no more included. Errors: those of `Queryable`, `KEY_DESTROYED`. */
export async function readKeys(
  db: Queryable,
  masterKeys: MasterKeys,
  now: Date,
): Promise<readonly SigningKey[]> {
  const { rows } = await db.query<Row>({ text: READ, values: [now] });
  return rows.map((row) => ({
    jwk: JSON.parse(masterKeys.unwrap(row.box, signingKeyPlace(row.kid), row.master_key_id).toString('utf8')),
    signsFrom: row.signs_from,
    signsUntil: row.signs_until,
  }));
}

/** The keys in the order that `oidc-provider` takes them: the one that signs now first. */
export function inSigningOrder(keys: readonly SigningKey[], now: Date): readonly SigningKey[] {
  const signing = keys.filter((key) => key.signsFrom <= now).at(-1);
  return signing === undefined ? keys : [signing, ...keys.filter((key) => key !== signing)];
}

// Only one instance makes a key: the second finds it, inside its transaction.
const LOCK = 'SELECT pg_advisory_xact_lock(7202, 10)';
const LAST = `SELECT kid, signs_until FROM bridge.sign_in_key ORDER BY signs_until DESC LIMIT 1`;

const keyLane: Lane<MadeKey, string | null> = {
  name: '4-sign-in-key',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items) => {
    await tx.query({ text: LOCK });
    const { rows } = await tx.query<{ kid: string; signs_until: Date }>({ text: LAST });
    const [last] = rows;
    return items.map((made, index) => {
      const isDue = last === undefined || last.signs_until.getTime() <= made.madeAt.getTime() + AHEAD_MS;
      if (index > 0 || !isDue) return { entries: [], effects: [], answer: () => null };
      const times = timesOf(made, last?.signs_until);
      const entry = draftOf('sign-in.key-changed', made.madeAt, {
        before: last?.kid ?? null,
        kid: made.kid,
        signsFrom: times.signsFrom.toISOString(),
        signsUntil: times.signsUntil.toISOString(),
      });
      return { entries: [entry], effects: [made], answer: () => made.kid };
    });
  },
};

function timesOf({ madeAt, lifetimeMs, staysMs }: MadeKey, before: Date | undefined) {
  const from = before === undefined || before < madeAt ? madeAt : before;
  const until = new Date(from.getTime() + lifetimeMs);
  return { signsFrom: from, signsUntil: until, goneAt: new Date(until.getTime() + staysMs) };
}

const INSERT = `INSERT INTO bridge.sign_in_key (kid, public_jwk, box, master_key_id, created_at, signs_from, signs_until, gone_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Writes a new key, in time with the last one. */
export const signInKeyApplier: EffectApplier<MadeKey> = {
  kind: 'sign-in-key',
  apply: async (tx: Transaction, placed) => {
    for (const { effect } of placed) {
      const { rows } = await tx.query<{ signs_until: Date }>({ text: LAST });
      const { signsFrom, signsUntil, goneAt } = timesOf(effect, rows[0]?.signs_until);
      const { kid, publicJwk, box, masterKeyId, madeAt } = effect;
      const values = [
        kid,
        JSON.stringify(publicJwk),
        box,
        masterKeyId,
        madeAt,
        signsFrom,
        signsUntil,
        goneAt,
      ];
      await tx.query({ text: INSERT, values });
    }
  },
};

/**
 * Makes the next key where the last one signs for less than a day more, or where there is none; an entry tells of it. A key
 * stays published for `staysMs` after it signs no more. Returns the new key's name, else null. `log` needs `signInKeyApplier`.
 */
export async function makeDueKey(
  log: Appender,
  db: Queryable,
  masterKeys: MasterKeys,
  times: { readonly lifetimeMs: number; readonly staysMs: number },
  now: Date,
): Promise<string | null> {
  const { rows } = await db.query<{ signs_until: Date }>({ text: LAST });
  const last = rows[0]?.signs_until;
  if (last !== undefined && last.getTime() > now.getTime() + AHEAD_MS) return null;
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  const kid = randomUUID();
  const jwk = { ...jwkOf(privateKey), kid, use: 'sig', alg: 'RS256' };
  return log.submit(keyLane, {
    kind: 'sign-in-key',
    kid,
    publicJwk: { ...jwkOf(publicKey), kid, use: 'sig', alg: 'RS256' },
    box: masterKeys.wrap(Buffer.from(JSON.stringify(jwk), 'utf8'), signingKeyPlace(kid)),
    masterKeyId: masterKeys.activeId,
    madeAt: now,
    ...times,
  });
}

function jwkOf(key: KeyObject): JWK {
  return key.export({ format: 'jwk' }) as JWK;
}

/** Where the private part of a signing key is sealed. */
export function signingKeyPlace(kid: string): string {
  return `sign-in-key\n${kid}`;
}
