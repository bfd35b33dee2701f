import { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { MasterKeys } from '../master-keys.js';
import { revealLines, type SealedLine } from '../search/reveal.js';

/** The user, or why the number is not to be had: key destroyed, or somebody changed what the log holds. */
export type OpenedUser = KimlikNo | 'destroyed' | 'unreadable';

const FIELD = 'actor.number';

/**
 * The users' numbers out of the entries `leaves`, in their order; a leaf that is not at hand is `destroyed` (its range was
 * detached). Call it inside a batch: no key is destroyed beside one.
 */
export async function openUsers(
  tx: Transaction,
  masterKeys: MasterKeys,
  leaves: readonly bigint[],
): Promise<readonly OpenedUser[]> {
  const { rows } = await tx.query<{ leaf_index: bigint; line: string }>({
    text: 'SELECT leaf_index, line FROM bridge.entry WHERE leaf_index = ANY($1::bigint[])',
    values: [[...new Set(leaves)]],
  });
  const lines = rows.map(({ line }) => JSON.parse(line) as SealedLine);
  const revealed = await revealLines(tx, masterKeys, lines.map(onlyNumber));
  const byLeaf = new Map(rows.map((row, i) => [row.leaf_index, revealed[i]?.[FIELD] ?? 'destroyed']));
  return leaves.map((leaf) => {
    const text = byLeaf.get(leaf) ?? 'destroyed';
    if (text === 'destroyed' || text === 'unreadable') return text;
    const parsed = KimlikNo.parse(text);
    return parsed.ok ? parsed.value : 'unreadable';
  });
}

/** Nobody else's value is opened: an intent holds the person asked about too. */
function onlyNumber({ id, sealed }: SealedLine): SealedLine {
  const value = sealed[FIELD];
  return { id, sealed: value === undefined ? {} : { [FIELD]: value } };
}
