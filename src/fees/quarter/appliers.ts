import type { Effect, EffectApplier } from '../../audit/lane.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Rows } from '../../storage/database.js';

/** A quarter whose statement is kept from now on. `entryId`: its `fees.quarter-frozen`, whose leaf divides what is in it from what is not. */
export interface FrozenQuarter extends Effect {
  readonly kind: 'fee-quarter-frozen';
  readonly entryId: string;
  readonly quarter: string;
  readonly statement: string;
  readonly statementHash: Buffer;
  readonly proposal: string;
}

/** A further step of a quarter, told by the entry of `entryId`. */
interface MovedQuarter extends Effect {
  readonly entryId: string;
  readonly quarter: string;
}
export interface ReopenedQuarter extends MovedQuarter {
  readonly kind: 'fee-quarter-reopened';
}
export interface ApprovedQuarter extends MovedQuarter {
  readonly kind: 'fee-quarter-approved';
}
export interface SealedQuarter extends MovedQuarter {
  readonly kind: 'fee-quarter-sealed';
}

// The lane is exclusive and stands alone in its batch, with the row locked: a row in another state is a mistake of ours, not a race.
const FREEZE = `INSERT INTO bridge.fee_quarter AS q (quarter, state, statement, statement_hash, frozen_leaf, proposal_id)
  VALUES ($1, 'frozen', $2, $3, $4, $5)
  ON CONFLICT (quarter) DO UPDATE SET state = excluded.state, statement = excluded.statement, statement_hash = excluded.statement_hash,
    frozen_leaf = excluded.frozen_leaf, proposal_id = excluded.proposal_id WHERE q.state = 'collecting'`;
const TAKE_NO_MORE = 'INSERT INTO bridge.fee_freeze (quarter, frozen_leaf) VALUES ($1, $2)';
const REOPEN = `UPDATE bridge.fee_quarter SET state = 'collecting', statement = NULL, statement_hash = NULL, frozen_leaf = NULL,
  proposal_id = NULL WHERE quarter = $1 AND state = 'frozen' AND frozen_leaf < $2`;
const TAKE_AGAIN =
  'UPDATE bridge.fee_freeze SET reopened_leaf = $2 WHERE quarter = $1 AND reopened_leaf IS NULL';
const APPROVE = `UPDATE bridge.fee_quarter SET state = 'approved', approved_leaf = $2 WHERE quarter = $1 AND state = 'frozen'`;
const SEAL = `UPDATE bridge.fee_quarter SET state = 'sealed', sealed_leaf = $2 WHERE quarter = $1 AND state = 'approved'`;

const frozenApplier: EffectApplier<FrozenQuarter> = {
  kind: 'fee-quarter-frozen',
  apply: async (tx, placed) => {
    for (const { effect, leafOf } of placed) {
      const { entryId, proposal, quarter, statement, statementHash } = effect;
      const leaf = leafOf(entryId);
      const values = [quarter, statement, statementHash, leaf, proposal];
      requireOne(await tx.query({ text: FREEZE, values }));
      await tx.query({ text: TAKE_NO_MORE, values: [quarter, leaf] });
    }
  },
};

const reopenedApplier = movedApplier<ReopenedQuarter>('fee-quarter-reopened', [REOPEN, TAKE_AGAIN]);
const approvedApplier = movedApplier<ApprovedQuarter>('fee-quarter-approved', [APPROVE]);
const sealedApplier = movedApplier<SealedQuarter>('fee-quarter-sealed', [SEAL]);

function movedApplier<E extends MovedQuarter>(
  kind: E['kind'],
  statements: readonly string[],
): EffectApplier<E> {
  return {
    kind,
    apply: async (tx, placed) => {
      for (const { effect, leafOf } of placed) {
        const values = [effect.quarter, leafOf(effect.entryId)];
        for (const text of statements) requireOne(await tx.query({ text, values }));
      }
    },
  };
}

function requireOne({ count }: Rows<object>): void {
  if (count !== 1) throw new BridgeError('LOG_INCONSISTENT', 'a quarter is not in the state of its entry');
}

/** For whoever closes quarters. Kinds stand behind those of proposals: a quarter refers to its own. */
export const QUARTER_APPLIERS = [
  frozenApplier,
  reopenedApplier,
  approvedApplier,
  sealedApplier,
] as readonly EffectApplier[];
