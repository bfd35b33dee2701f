import { randomBytes } from 'node:crypto';
import type { PersonalValue, Side } from '../../../src/audit/entry.js';
import { createMasterKeys } from '../../../src/audit/master-keys.js';
import { createPersonTagger } from '../../../src/audit/person-tags.js';
import { KimlikNo, kimlikCheckDigits } from '../../../src/person/kimlik-no.js';

/** The digits of an invented citizen: `n` from 0. */
export function digitsOf(n: number): string {
  const nine = String(400_000_000 + n);
  return nine + kimlikCheckDigits(nine);
}

/** That citizen. */
export function personOf(n: number): KimlikNo {
  const parsed = KimlikNo.parse(digitsOf(n));
  if (!parsed.ok) throw new Error('not a number');
  return parsed.value;
}

export const masterKeys = createMasterKeys([{ id: 'm1', key: randomBytes(32) }]);
export const tagger = createPersonTagger({ id: 1, key: randomBytes(32) });

/** A personal value about the citizen `n`: their number. */
export function numberOf(side: Side, n: number, field = `${side}.number`): PersonalValue {
  return { field, side, person: personOf(n), text: digitsOf(n), indexed: true };
}
