import { randomBytes } from 'node:crypto';
import type { PersonTagger } from '../../audit/person-tags.js';

/** Letters and digits that are not mistaken for each other on paper (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 3;
const GROUP = 5;
const CODE = new RegExp(`^[${ALPHABET}]{${GROUPS * GROUP}}$`);
const COUNT = 10;
/** A code with blanks and dashes is shorter; nothing longer is looked at. */
const MAX_TYPED = 40;

/** Ten new codes of 75 bits, as `XXXXX-XXXXX-XXXXX`. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: COUNT }, () => {
    // 32 letters divide 256 evenly: each is as likely as every other.
    const letters = [...randomBytes(GROUPS * GROUP)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
    return [0, 1, 2].map((group) => letters.slice(group * GROUP, (group + 1) * GROUP)).join('-');
  });
}

/** A code as it was typed, in its one form; null where it has not the form of one. Turkish keyboards are thought of. */
export function plainRecoveryCode(typed: string): string | null {
  if (typed.length > MAX_TYPED) return null;
  const plain = typed
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IİL]/g, '1');
  return CODE.test(plain) ? plain : null;
}

/** What is kept of a code: a keyed hash, bound to its person. `plain` as `plainRecoveryCode` gives it. */
export function hashRecoveryCode(tagger: PersonTagger, tag: Buffer, plain: string): Buffer {
  return tagger.digest('step-up.recovery-code', [tag.toString('hex'), plain]);
}
