import type { LineCheck } from '../audit/check/line-check.js';
import { type HolderKeys, requireHolders, type ToldHolder } from '../authority/check-holders.js';
import type { Transaction } from '../storage/database.js';

interface Row {
  readonly id: string;
  readonly tag: Buffer;
}

const NAME = 'proposers';
const FIELD = 'actor.number';
const ROWS = `SELECT proposal_id AS id, proposer_tag AS tag FROM bridge.proposal WHERE proposal_id > $1 ORDER BY proposal_id LIMIT 1000`;

/**
 * Who proposed, as the table has it by tag, against the number sealed in `proposal.made`: the tag decides who may approve, and who may withdraw.
 * Proposals whose proposer's key is destroyed, or not at hand, are only counted; what else a row says, and that it has its entry, the
 * check of the fee's records holds.
 */
export async function checkProposers(tx: Transaction, keys: HolderKeys): Promise<LineCheck> {
  const told = new Map<string, ToldHolder>();
  return {
    name: NAME,
    take: async ({ entries }) => {
      for (const { data, id, kind, leaf, sealed } of entries)
        if (kind === 'proposal.made')
          told.set(String(data.proposal), { leaf, entryId: id, number: sealed[FIELD], field: FIELD });
    },
    finish: async () => {
      const { closed, count } = await holdRows(tx, keys, told);
      const shut = closed === 0 ? '' : `; ${closed} not compared: their keys are destroyed or not at hand`;
      return `${count} proposals are of whom the log names${shut}`;
    },
  };
}

async function holdRows(tx: Transaction, keys: HolderKeys, told: ReadonlyMap<string, ToldHolder>) {
  const counts = { count: 0, closed: 0 };
  // Officers propose: thousands of rows, never millions.
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await tx.query<Row>({ text: ROWS, values: [after] });
    const last = rows.at(-1);
    if (last === undefined) return counts;
    after = last.id;
    const held = rows.flatMap(({ id, tag }) => {
      const holder = told.get(id);
      return holder === undefined ? [] : [{ roleId: id, tag, holders: [holder] }];
    });
    counts.count += held.length;
    counts.closed += await requireHolders(tx, NAME, keys, held, 'proposal');
  }
}
