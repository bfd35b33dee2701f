import { type Area, insideSql, insideValues } from '../../authority/area/area.js';
import type { Ministry } from '../../authority/facts.js';
import type { Queryable } from '../../storage/database.js';
import type { DisagreementMatter } from '../ports.js';
import type { Settlement } from './disagreement-rows.js';

/** A contradiction and the cooperative of it. `leaf`: of `authority.disagreed`. */
export interface ListedDisagreement {
  readonly leaf: bigint;
  readonly appointment: string;
  readonly mersisNo: string;
  readonly unvan: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  readonly matter: DisagreementMatter;
  readonly toldAt: Date;
  readonly decision: Settlement | null;
  readonly settledAt: Date | null;
  readonly settledLeaf: bigint | null;
}

const DISAGREEMENTS_SHOWN = 50;
/** Beyond it a start page says "more than". */
const MAX_COUNTED = 1_000;

const COLUMNS = `d.told_leaf AS leaf, d.appointment_id AS appointment, d.mersis_no AS "mersisNo", c.unvan, c.il,
    c.ilgili_bakanlik AS "ilgiliBakanlik", d.matter, d.told_at AS "toldAt", d.decision, d.settled_at AS "settledAt",
    d.settled_leaf AS "settledLeaf"`;
const FROM = 'bridge.appointment_disagreement d JOIN bridge.authority_cooperative c USING (mersis_no)';
const OPEN = `SELECT ${COLUMNS} FROM ${FROM}
  WHERE d.decision IS NULL AND ${insideSql(1)} AND ($3::bigint IS NULL OR d.told_leaf > $3)
  ORDER BY d.told_leaf LIMIT ${DISAGREEMENTS_SHOWN + 1}`;
const ONE = `SELECT ${COLUMNS} FROM ${FROM} WHERE d.told_leaf = $1`;
const COUNT = `SELECT count(*)::int AS n FROM (
    SELECT 1 FROM ${FROM} WHERE d.decision IS NULL AND ${insideSql(1)} LIMIT ${MAX_COUNTED + 1}) AS waiting`;

/** Those of these areas that nobody has settled, the oldest first, behind the leaf `after`. Errors: those of `Queryable`. */
export async function listDisagreements(
  db: Queryable,
  areas: readonly Area[],
  after: bigint | null,
): Promise<{ readonly disagreements: readonly ListedDisagreement[]; readonly next: bigint | null }> {
  const values = [...insideValues(areas), after];
  const { rows } = await db.query<ListedDisagreement>({ text: OPEN, values });
  const disagreements = rows.slice(0, DISAGREEMENTS_SHOWN);
  const next = rows.length > DISAGREEMENTS_SHOWN ? (disagreements.at(-1)?.leaf ?? null) : null;
  return { disagreements, next };
}

/** One, settled or not; null where there is none. Errors: those of `Queryable`. */
export async function readDisagreement(db: Queryable, leaf: bigint): Promise<ListedDisagreement | null> {
  const { rows } = await db.query<ListedDisagreement>({ text: ONE, values: [leaf] });
  return rows[0] ?? null;
}

/** How many nobody has settled; a thousand and one stands for more. Errors: those of `Queryable`. */
export async function countDisagreements(db: Queryable, areas: readonly Area[]): Promise<number> {
  const { rows } = await db.query<{ n: number }>({ text: COUNT, values: insideValues(areas) });
  return rows[0]?.n ?? 0;
}
