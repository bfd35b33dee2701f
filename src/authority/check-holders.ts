import { FoundDifference } from '../audit/check/difference.js';
import type { MasterKeys } from '../audit/master-keys.js';
import { type FoundKey, readKeysById } from '../audit/person-keys.js';
import type { PersonTagger } from '../audit/person-tags.js';
import { openValue, type SealedValue } from '../audit/seal.js';
import { isBridgeError } from '../errors/bridge-error.js';
import { KimlikNo } from '../person/kimlik-no.js';
import type { Transaction } from '../storage/database.js';

/** What opens the number in a grant, and makes of it the tag that the table holds: under the active key or an older one. */
export interface HolderKeys {
  readonly masterKeys: MasterKeys;
  readonly taggers: readonly PersonTagger[];
}

/** An entry that names whose a role is, with the number sealed there. `field`: where; absent: the one of the subject. */
export interface ToldHolder {
  readonly leaf: bigint;
  readonly entryId: string;
  readonly number: SealedValue | undefined;
  readonly field?: string;
}

/** A role in force: whose it is by the table, and every entry that says so. */
export interface HeldRole {
  readonly roleId: string;
  readonly tag: Buffer;
  readonly holders: readonly ToldHolder[];
}

const FIELD = 'subject.number';

/** The sealed number of the person whom an entry about a role names. */
export function holderOf(sealed: Readonly<Record<string, SealedValue>>): SealedValue | undefined {
  return sealed[FIELD];
}

/**
 * Each role belongs to the person whom its grant names, and whom the decision names where there is one. Numbers are opened one after
 * the other and kept nowhere. Returns how many roles could not be compared because a key is destroyed or its master key not at hand.
 * Throws `FoundDifference`.
 */
export async function requireHolders(
  tx: Transaction,
  check: string,
  { masterKeys, taggers }: HolderKeys,
  roles: readonly HeldRole[],
  what: 'role' | 'seat' | 'appointment' | 'proposal' = 'role',
): Promise<number> {
  const wanted = roles.flatMap(({ holders }) => holders.flatMap(({ number }) => number?.key ?? []));
  const keys = await readKeysById(tx, masterKeys, wanted);
  const isTag = (person: KimlikNo, tag: Buffer) =>
    taggers.some((tagger) => tagger.tag('authority', person).equals(tag));
  let closed = 0;
  for (const { roleId, tag, holders } of roles) {
    const persons = holders.map(({ leaf, entryId, number, field = FIELD }) => {
      if (number === undefined)
        throw new FoundDifference(check, `the entry of ${what} ${roleId} names nobody`, leaf);
      const person = open(number, keys.get(number.key) ?? 'destroyed', entryId, field);
      if (person === 'unreadable')
        throw new FoundDifference(check, `the holder in the entry of ${what} ${roleId} cannot be read`, leaf);
      if (person !== 'destroyed' && !isTag(person, tag))
        throw new FoundDifference(
          check,
          `${what} ${roleId} is held by another person than the log says`,
          leaf,
        );
      return person;
    });
    if (persons.includes('destroyed')) closed += 1;
  }
  return closed;
}

function open(
  holder: SealedValue,
  key: FoundKey,
  entryId: string,
  field: string,
): KimlikNo | 'destroyed' | 'unreadable' {
  if (typeof key === 'string') return key;
  try {
    const parsed = KimlikNo.parse(openValue(holder, key, entryId, field));
    return parsed.ok ? parsed.value : 'unreadable';
  } catch (error) {
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return 'unreadable';
    throw error;
  }
}
