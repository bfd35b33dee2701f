import type { Queryable } from '../../storage/database.js';
import type { Area } from './area.js';
import { NOBODY_ACTS } from './nobody-acts.js';

/** How many cooperatives these areas have, and in how many of them nobody acts. */
export interface AreaCounts {
  readonly cooperatives: number;
  readonly nobodyActs: number;
}

const OWN_IL = 'c.ilgili_bakanlik = $2 AND c.il = $3';
const WHOLE = 'c.ilgili_bakanlik = $2 AND $3::text IS NULL';
const counted = (area: string, condition: string) =>
  `SELECT count(*)::int AS n FROM bridge.authority_cooperative c WHERE ${area} AND ${condition}`;
const ANY = '$1::date IS NOT NULL';

/**
 * Counts over the areas, each by its own index; they do not overlap. `today`: the day in Europe/Istanbul. Errors: those of `Queryable`.
 */
export async function countArea(db: Queryable, areas: readonly Area[], today: string): Promise<AreaCounts> {
  const counts = { cooperatives: 0, nobodyActs: 0 };
  for (const { il, ministry } of areas) {
    const where = il === null ? WHOLE : OWN_IL;
    const values = [today, ministry, il];
    const all = await db.query<{ n: number }>({ text: counted(where, ANY), values });
    const bereft = await db.query<{ n: number }>({ text: counted(where, NOBODY_ACTS), values });
    counts.cooperatives += all.rows[0]?.n ?? 0;
    counts.nobodyActs += bereft.rows[0]?.n ?? 0;
  }
  return counts;
}
