import type { Queryable } from '../../storage/database.js';
import type { Ministry } from '../facts.js';
import type { Area } from './area.js';
import { NOBODY_ACTS } from './nobody-acts.js';

/** A cooperative in a list. */
export interface ListedCooperative {
  readonly mersisNo: string;
  readonly unvan: string;
  readonly tur: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  readonly durum: string;
  readonly suspended: boolean;
  readonly readAt: Date;
}

/** What is looked for; null: any. `beginning` of the name, compared by letters alone; `tur` likewise, whole. */
export interface CooperativeFilter {
  readonly beginning: string | null;
  readonly mersisNo: string | null;
  readonly tur: string | null;
  readonly durum: string | null;
  readonly il: string | null;
  /** Those in which nobody may act, though they work or are in liquidation. */
  readonly nobodyActs: boolean;
}

/** Where the last page ended; it is found by the number, so that no name stands in an address. */
export interface CooperativePage {
  readonly cooperatives: readonly ListedCooperative[];
  /** The number of the last one, where there are more. */
  readonly next: string | null;
}

const COOPERATIVES_SHOWN = 50;
/** Somebody looks after a ministry, or a few iller. */
const MAX_AREAS = 100;
const KEY = 'bridge.name_key(c.unvan) COLLATE "C"';
/** Above every letter. */
const LAST = '\u{10ffff}';

/**
 * Cooperatives of these areas by name, then number; behind the one whose number is `after`. `today`: the day in Europe/Istanbul. Each area
 * is read by its own index, and no more of it than one page. Errors: those of `Queryable`.
 */
export async function listCooperatives(
  db: Queryable,
  areas: readonly Area[],
  filter: CooperativeFilter,
  { after, today }: { readonly after: string | null; readonly today: string },
): Promise<CooperativePage> {
  const wanted = within(areas, filter.il).slice(0, MAX_AREAS);
  if (wanted.length === 0) return { cooperatives: [], next: null };
  const values: unknown[] = [today];
  const place = (value: unknown) => `$${values.push(value)}`;
  const conditions = conditionsOf(filter, after, place);
  const arms = wanted.map(({ il, ministry }) => {
    const where = [`c.ilgili_bakanlik = ${place(ministry)}`, ...(il === null ? [] : [`c.il = ${place(il)}`])];
    return `(SELECT c.mersis_no, c.unvan, c.tur, c.il, c.ilgili_bakanlik, c.durum, c.suspended_by, c.read_at, ${KEY} AS key
      FROM bridge.authority_cooperative c WHERE ${[...where, ...conditions].join(' AND ')}
      ORDER BY ${KEY}, c.mersis_no LIMIT ${COOPERATIVES_SHOWN + 1})`;
  });
  // The first condition names the day, whether or not one of the others does.
  const text = `SELECT mersis_no AS "mersisNo", unvan, tur, il, ilgili_bakanlik AS "ilgiliBakanlik", durum,
      suspended_by IS NOT NULL AS suspended, read_at AS "readAt"
    FROM (${arms.join(' UNION ALL ')}) AS found WHERE $1::date IS NOT NULL ORDER BY key COLLATE "C", mersis_no LIMIT ${COOPERATIVES_SHOWN + 1}`;
  const { rows } = await db.query<ListedCooperative>({ text, values });
  const cooperatives = rows.slice(0, COOPERATIVES_SHOWN);
  const next = rows.length > COOPERATIVES_SHOWN ? (cooperatives.at(-1)?.mersisNo ?? null) : null;
  return { cooperatives, next };
}

function conditionsOf(
  { beginning, durum, mersisNo, nobodyActs, tur }: CooperativeFilter,
  after: string | null,
  place: (value: unknown) => string,
): readonly string[] {
  const found: string[] = [];
  if (mersisNo !== null) found.push(`c.mersis_no = ${place(mersisNo)}`);
  if (durum !== null) found.push(`c.durum = ${place(durum)}`);
  if (tur !== null) found.push(`bridge.name_key(c.tur) = bridge.name_key(${place(tur)})`);
  if (nobodyActs) found.push(NOBODY_ACTS);
  if (beginning !== null) {
    const key = `bridge.name_key(${place(beginning)})`;
    found.push(`${KEY} >= ${key}`, `${KEY} < ${key} || ${place(LAST)}`);
  }
  if (after !== null) {
    const number = place(after);
    const of = `(SELECT bridge.name_key(a.unvan) FROM bridge.authority_cooperative a WHERE a.mersis_no = ${number})`;
    found.push(`(${KEY}, c.mersis_no) > (${of}, ${number})`);
  }
  return found;
}

/** The areas as far as they lie in this il. */
function within(areas: readonly Area[], il: string | null): readonly Area[] {
  if (il === null) return areas;
  return areas.flatMap((area) => (area.il === null || area.il === il ? [{ ...area, il }] : []));
}
