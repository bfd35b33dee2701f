import { FoundDifference } from '../audit/check/difference.js';
import { isBridgeError } from '../errors/bridge-error.js';
import { KimlikNo } from '../person/kimlik-no.js';
import type { Transaction } from '../storage/database.js';
import type { HolderKeys } from './check-holders.js';
import { authorityPersonPlace } from './recording/person-place.js';

/** A number that stands sealed beside a tag. */
export interface KeptNumber {
  readonly tag: Buffer;
  readonly box: Buffer;
  readonly masterKeyId: string;
  readonly place: string;
  /** What names it where it does not hold. */
  readonly name: string;
}

const PERSONS = `SELECT person_tag AS tag, person_box AS box, master_key_id AS "masterKeyId" FROM bridge.authority_person
  WHERE person_tag > $1 ORDER BY person_tag LIMIT 1000`;

/** Whoever is told the number behind a tag is told that of the tag. Returns how many there are. Throws `FoundDifference`. */
export async function holdPersons(
  tx: Transaction,
  check: string,
  keys: HolderKeys,
): Promise<{ readonly count: number; readonly closed: number }> {
  const counts = { count: 0, closed: 0 };
  for (let after: Buffer = Buffer.alloc(0); ; ) {
    const { rows } = await tx.query<Pick<KeptNumber, 'tag' | 'box' | 'masterKeyId'>>({
      text: PERSONS,
      values: [after],
    });
    const last = rows.at(-1);
    if (last === undefined) return counts;
    after = last.tag;
    counts.count += rows.length;
    const numbers = rows.map((row) => {
      const name = `the number behind the tag ${row.tag.toString('hex')}`;
      return { ...row, place: authorityPersonPlace(row.tag), name };
    });
    counts.closed += requireNumbers(check, keys, numbers);
  }
}

/** Each opens to the number whose tag it stands beside. Returns of how many the master key is not at hand. Throws `FoundDifference`. */
export function requireNumbers(check: string, keys: HolderKeys, numbers: readonly KeptNumber[]): number {
  let closed = 0;
  for (const one of numbers) {
    const person = open(one, keys);
    if (person === 'closed') closed += 1;
    else if (person === 'unreadable' || !isTagged(person, one.tag, keys))
      throw new FoundDifference(check, `${one.name} does not open, or is another one`);
  }
  return closed;
}

function isTagged(person: KimlikNo, tag: Buffer, { taggers }: HolderKeys): boolean {
  return taggers.some((tagger) => tagger.tag('authority', person).equals(tag));
}

function open(
  { box, place, masterKeyId }: KeptNumber,
  { masterKeys }: HolderKeys,
): KimlikNo | 'closed' | 'unreadable' {
  try {
    const parsed = KimlikNo.parse(masterKeys.unwrap(box, place, masterKeyId).toString('utf8'));
    return parsed.ok ? parsed.value : 'unreadable';
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED')) return 'closed';
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return 'unreadable';
    throw error;
  }
}
