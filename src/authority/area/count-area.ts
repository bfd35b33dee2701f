import type { Queryable } from '../../storage/database.js';
import { type Area, insideSql, insideValues } from './area.js';
import { NOBODY_ACTS } from './nobody-acts.js';

/** How many cooperatives these areas have, and in how many of them nobody acts. */
export interface AreaCounts {
  readonly cooperatives: number;
  readonly nobodyActs: number;
}

const ALL = `SELECT count(*)::int AS n FROM bridge.authority_cooperative c WHERE ${insideSql(1)}`;
const BEREFT = `SELECT count(*)::int AS n FROM bridge.authority_cooperative c WHERE ${insideSql(2)} AND ${NOBODY_ACTS}`;

/** Counts over the areas; `today`: the day in Europe/Istanbul. Errors: those of `Queryable`. */
export async function countArea(db: Queryable, areas: readonly Area[], today: string): Promise<AreaCounts> {
  const values = insideValues(areas);
  const all = await db.query<{ n: number }>({ text: ALL, values });
  const bereft = await db.query<{ n: number }>({ text: BEREFT, values: [today, ...values] });
  return { cooperatives: all.rows[0]?.n ?? 0, nobodyActs: bereft.rows[0]?.n ?? 0 };
}
