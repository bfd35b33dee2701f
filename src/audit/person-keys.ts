import { randomBytes, randomUUID } from 'node:crypto';
import { isBridgeError } from '../errors/bridge-error.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import type { Queryable, Transaction } from '../storage/database.js';
import type { Side } from './entry.js';
import type { MasterKeys } from './master-keys.js';
import type { PersonTagger } from './person-tags.js';

/** The key of one person, one side and one year, unwrapped for the length of one batch and never longer. */
export interface PersonKey {
  readonly keyId: string;
  readonly key: Buffer;
}

/** Whose key is wanted. */
export interface WantedKey {
  readonly tag: Buffer;
  readonly side: Side;
}

/** The search tag of a person on one side; the same tag names the person's key. */
export function sideTag(tagger: PersonTagger, side: Side, person: KimlikNo): Buffer {
  return tagger.tag(side === 'actor' ? 'log.actor' : 'log.subject', person);
}

interface KeyRow {
  key_id: string;
  tag: Buffer;
  master_key_id: string;
  wrapped: Buffer;
}

const SELECT = `SELECT key_id, tag, master_key_id, wrapped FROM bridge.person_key WHERE tag = ANY($1::bytea[]) AND year = $2`;
const INSERT = `INSERT INTO bridge.person_key (key_id, tag, year, side, tag_key_id, master_key_id, wrapped)
  SELECT n.key_id, n.tag, $4, n.side, $5, $6, n.wrapped
  FROM unnest($1::uuid[], $2::bytea[], $3::text[], $7::bytea[]) AS n(key_id, tag, side, wrapped)
  ON CONFLICT (tag, year) DO NOTHING`;

/**
 * The keys of all persons of a batch, in one reading; missing ones are made at random and kept wrapped. Read afresh
 * for each batch: a destroyed key must not live on in a process's memory. Returns keys by hex of the tag.
 */
export async function loadPersonKeys(
  tx: Transaction,
  masterKeys: MasterKeys,
  tagger: PersonTagger,
  wanted: readonly WantedKey[],
  year: number,
): Promise<ReadonlyMap<string, PersonKey>> {
  const missing = new Map(wanted.map((want) => [want.tag.toString('hex'), want]));
  const found = new Map<string, PersonKey>();
  if (missing.size === 0) return found;
  const read = async () => {
    const tags = [...missing.values()].map((want) => want.tag);
    const { rows } = await tx.query<KeyRow>({ name: 'person-keys', text: SELECT, values: [tags, year] });
    for (const row of rows) {
      const name = row.tag.toString('hex');
      found.set(name, {
        keyId: row.key_id,
        key: masterKeys.unwrap(row.wrapped, personKeyPlace(row.key_id, row.tag, year), row.master_key_id),
      });
      missing.delete(name);
    }
  };
  await read();
  if (missing.size > 0) {
    // In order of tags: two instances that meet the same new persons must not wait for each other in a circle.
    const news = [...missing.values()].sort((a, b) => Buffer.compare(a.tag, b.tag));
    const ids = news.map(() => randomUUID());
    const wrapped = ids.map((id, i) =>
      masterKeys.wrap(randomBytes(32), personKeyPlace(id, (news[i] as WantedKey).tag, year)),
    );
    const values = [
      ids,
      news.map((n) => n.tag),
      news.map((n) => n.side),
      year,
      tagger.keyId,
      masterKeys.activeId,
      wrapped,
    ];
    await tx.query({ name: 'person-keys-new', text: INSERT, values });
    // Read again, also what we made ourselves: where another instance was first, its key stands and ours is forgotten.
    await read();
  }
  return found;
}

/** A person's key, or why there is none: `destroyed` (or its master key is not at hand), `unreadable` (its row was changed). */
export type FoundKey = Buffer | 'destroyed' | 'unreadable';

interface WrappedRow extends KeyRow {
  year: number;
}

/**
 * The keys with these ids, for opening what stands in entries; an id without a row is not in the answer. Read for the one
 * occasion and kept nowhere. Errors of `Queryable`.
 */
export async function readKeysById(
  q: Queryable,
  masterKeys: MasterKeys,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, FoundKey>> {
  const { rows } = await q.query<WrappedRow>({
    text: 'SELECT key_id, tag, year, master_key_id, wrapped FROM bridge.person_key WHERE key_id = ANY($1::uuid[])',
    values: [[...new Set(ids)]],
  });
  return new Map(rows.map((row) => [row.key_id, foundKey(row, masterKeys)]));
}

function foundKey(row: WrappedRow, masterKeys: MasterKeys): FoundKey {
  try {
    return masterKeys.unwrap(row.wrapped, personKeyPlace(row.key_id, row.tag, row.year), row.master_key_id);
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED')) return 'destroyed';
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return 'unreadable';
    throw error;
  }
}

/**
 * Where a person's key is wrapped: for this person, side (both in the tag) and year alone. Were only the id bound, whoever
 * can write to the table could exchange two persons' tags, and destroying one's key would destroy the other's data.
 */
export function personKeyPlace(keyId: string, tag: Buffer, year: number): string {
  return `person-key\n${keyId}\n${tag.toString('hex')}\n${year}`;
}
