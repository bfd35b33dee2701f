import type { PersonTagger } from '../../src/audit/person-tags.js';
import { PROVINCES } from '../../src/authority/roles/provinces.js';
import { KimlikNo, kimlikCheckDigits } from '../../src/person/kimlik-no.js';

/** How much who-may-act there is; seats are spread evenly over the cooperatives. */
export interface Size {
  readonly cooperatives: number;
  readonly seats: number;
}

/** Staff of each directorate, and of each ministry's centre. */
const DIRECTORATE_STAFF = 4;
const CENTRAL_STAFF = 10;
const MINISTRIES = ['ticaret', 'tarim', 'cevre'] as const;

export interface StaffMember {
  /** The person's number in the count of all persons. */
  readonly person: number;
  readonly role: 'directorate' | 'ministry-central';
  readonly ministry: (typeof MINISTRIES)[number];
  readonly il: string | null;
}

/** Staff; their persons come after those of the seats. */
export function staffOf({ seats }: Size): readonly StaffMember[] {
  const places = MINISTRIES.flatMap((ministry) => [
    ...PROVINCES.flatMap((il) =>
      Array.from({ length: DIRECTORATE_STAFF }, () => ({ role: 'directorate' as const, ministry, il })),
    ),
    ...Array.from({ length: CENTRAL_STAFF }, () => ({
      role: 'ministry-central' as const,
      ministry,
      il: null,
    })),
  ]);
  return places.map((place, i) => ({ ...place, person: seats + i }));
}

/** Who holds the `k`-th seat: one in ten holds another one too. */
export function holderOf(k: number): number {
  return k % 10 === 9 ? k - 7 : k;
}

/** The same as an SQL expression over `k`. */
export const HOLDER_SQL = 'CASE WHEN k % 10 = 9 THEN k - 7 ELSE k END';

/** The MERSİS number of the `i`-th cooperative: of a range that no population has. */
export function mersisNoOf(i: number): string {
  return `0${9_000_000_000 + i}00011`;
}

/** The same as an SQL expression. */
export const mersisNoSql = (i: string): string => `('0' || (9000000000 + ${i})::text || '00011')`;

/** The `n`-th invented person. */
export function personOf(n: number): KimlikNo {
  const nine = String(500_000_000 + n);
  const parsed = KimlikNo.parse(nine + kimlikCheckDigits(nine));
  if (!parsed.ok) throw new Error('not a number');
  return parsed.value;
}

export function tagOf(tagger: PersonTagger, n: number): Buffer {
  return tagger.tag('authority', personOf(n));
}
