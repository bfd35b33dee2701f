import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../../audit/canonical-json.js';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import type { Transaction } from '../../storage/database.js';
import { kurusNumber } from '../kurus.js';
import type { Difference } from './classify.js';

/**
 * SQL for the differences of import `i`, as their hash is made of them. Their ids and decisions are not in it: an id names a row of this list,
 * and a decision has an entry of its own.
 */
export const DIFFERENCE_LIST = `(SELECT coalesce(jsonb_agg(jsonb_build_object('place', l.place, 'class', l.class, 'day', l.day,
    'service', l.service, 'queries', l.queries, 'amountKurus', l.amount_kurus, 'behind', l.behind) ORDER BY l.place), '[]')
  FROM bridge.fee_difference l WHERE l.import_id = i.import_id)`;

/** SHA-256 of the canonical JSON of an import's differences in their order, lower-case hex. */
export function differencesSha256(differences: readonly Difference[]): string {
  return sha256(
    differences.map(({ amountKurus, behind, class: kind, day, queries, service }, place) => {
      return { amountKurus: kurusNumber(amountKurus), behind, class: kind, day, place, queries, service };
    }),
  );
}

/** The same of `DIFFERENCE_LIST`, whose rows anybody may have written: null where no bridge wrote such ones. */
export function heldDifferencesSha256(list: Json): string | null {
  try {
    return sha256(list);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function sha256(list: Json): string {
  return createHash('sha256').update(canonicalJson(list)).digest('hex');
}

interface Held {
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly list: Json;
  readonly line: string | null;
}

const HELD = `SELECT i.account_id AS account, i.from_day AS "from", i.to_day AS "to", ${DIFFERENCE_LIST} AS list,
    (SELECT line FROM bridge.entry e WHERE e.leaf_index = i.leaf) AS line
  FROM bridge.fee_import i WHERE i.import_id = $1`;

/**
 * Whether an import's differences, its account and its days are what its `fees.figures-imported` recorded. The rows can be written by whoever
 * holds the application's role, the log only added to: who decides must decide what was found. False also where the entry is not at hand.
 */
export async function isImportAsRecorded(tx: Transaction, importId: string): Promise<boolean> {
  const { rows } = await tx.query<Held>({ text: HELD, values: [importId] });
  const [held] = rows;
  if (held === undefined || held.line === null) return false;
  const { data, kind } = JSON.parse(held.line) as { kind: string; data: DataOf<'fees.figures-imported'> };
  return (
    kind === 'fees.figures-imported' &&
    data.import === importId &&
    data.account === held.account &&
    data.from === held.from &&
    data.to === held.to &&
    data.differencesSha256 === heldDifferencesSha256(held.list)
  );
}
