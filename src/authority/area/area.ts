import type { Ministry, StaffRole } from '../facts.js';

/** Whose cooperatives somebody looks after: a ministry's, in one il or (`il` null) in all of them. */
export interface Area {
  readonly ministry: Ministry;
  readonly il: string | null;
}

/** Areas of a person's roles, each once; an il beside the whole of its ministry adds nothing. Other roles have none. Pure. */
export function areasOf(roles: readonly Pick<StaffRole, 'role' | 'ministry' | 'il'>[]): readonly Area[] {
  const whole = new Set(
    roles.flatMap(({ ministry, role }) =>
      role === 'ministry-central' && ministry !== null ? [ministry] : [],
    ),
  );
  const own = new Map<string, Area>();
  for (const { il, ministry, role } of roles)
    if (role === 'directorate' && ministry !== null && il !== null && !whole.has(ministry))
      own.set(`${ministry}/${il}`, { ministry, il });
  return [...[...whole].map((ministry) => ({ ministry, il: null })), ...own.values()];
}

/** Whether a cooperative lies in one of them. Pure. */
export function isInside(
  areas: readonly Area[],
  cooperative: { readonly ilgiliBakanlik: string; readonly il: string },
): boolean {
  return areas.some(
    ({ il, ministry }) => ministry === cooperative.ilgiliBakanlik && (il === null || il === cooperative.il),
  );
}

/**
 * The same as a condition of SQL on a cooperative `c`, for lists that are short by themselves. `first`, `first + 1`: places of its two values.
 */
export function insideSql(first: number): string {
  return `EXISTS (SELECT 1 FROM unnest($${first}::text[], $${first + 1}::text[]) AS area(ministry, il)
    WHERE area.ministry = c.ilgili_bakanlik AND (area.il IS NULL OR area.il = c.il))`;
}

/** The values of `insideSql`. */
export function insideValues(
  areas: readonly Area[],
): readonly [readonly string[], readonly (string | null)[]] {
  return [areas.map(({ ministry }) => ministry), areas.map(({ il }) => il)];
}
