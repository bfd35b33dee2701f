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

/** A role in force: whose it is by the table, and the entry that granted it with the number sealed there. */
export interface HeldRole {
  readonly roleId: string;
  readonly tag: Buffer;
  readonly leaf: bigint;
  readonly entryId: string;
  readonly holder: SealedValue | undefined;
}

const FIELD = 'subject.number';

/** The sealed number of the person whom an entry about a role names. */
export function holderOf(sealed: Readonly<Record<string, SealedValue>>): SealedValue | undefined {
  return sealed[FIELD];
}

/**
 * Each role belongs to the person whom its grant names. Numbers are opened one after the other and kept nowhere. Returns how
 * many could not be compared because the key is destroyed or its master key not at hand. Throws `FoundDifference`.
 */
export async function requireHolders(
  tx: Transaction,
  check: string,
  { masterKeys, taggers }: HolderKeys,
  roles: readonly HeldRole[],
): Promise<number> {
  const wanted = roles.flatMap(({ holder }) => (holder === undefined ? [] : [holder.key]));
  const keys = await readKeysById(tx, masterKeys, wanted);
  let closed = 0;
  for (const role of roles) {
    const { roleId, leaf, holder, tag } = role;
    if (holder === undefined)
      throw new FoundDifference(check, `the grant of role ${roleId} names nobody`, leaf);
    const person = open(holder, keys.get(holder.key) ?? 'destroyed', role.entryId);
    if (person === 'destroyed') closed += 1;
    else if (person === 'unreadable')
      throw new FoundDifference(check, `the holder in the grant of role ${roleId} cannot be read`, leaf);
    else if (!taggers.some((tagger) => tagger.tag('authority', person).equals(tag)))
      throw new FoundDifference(
        check,
        `role ${roleId} is held by another person than it was granted to`,
        leaf,
      );
  }
  return closed;
}

function open(holder: SealedValue, key: FoundKey, entryId: string): KimlikNo | 'destroyed' | 'unreadable' {
  if (typeof key === 'string') return key;
  try {
    const parsed = KimlikNo.parse(openValue(holder, key, entryId, FIELD));
    return parsed.ok ? parsed.value : 'unreadable';
  } catch (error) {
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return 'unreadable';
    throw error;
  }
}
