import type { EntryDraft } from '../../audit/entry.js';
import type { Effect, EffectApplier } from '../../audit/lane.js';
import type { DisagreementMatter } from '../ports.js';

/** What a directorate can decide about a contradiction. Closed. */
export const SETTLEMENTS = ['appointment-stands', 'board-applies-anew', 'registry-to-be-corrected'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

/** A new contradiction, beside its entry. */
export interface ToldDisagreement extends Effect {
  readonly kind: 'appointment-disagreed';
  readonly entryId: string;
  readonly appointment: string;
  readonly mersisNo: string;
  readonly matter: DisagreementMatter;
  readonly toldAt: Date;
}

/** What was decided about one. `toldLeaf`: of its `authority.disagreed`. */
export interface SettledDisagreement extends Effect {
  readonly kind: 'appointment-disagreement-settled';
  readonly toldLeaf: bigint;
  readonly decision: Settlement;
  readonly settledAt: Date;
}

/** The effect that goes with an entry `authority.disagreed`. */
export function toldEffect(
  { eventAt, id }: Pick<EntryDraft, 'id' | 'eventAt'>,
  told: Pick<ToldDisagreement, 'appointment' | 'mersisNo' | 'matter'>,
): ToldDisagreement {
  return { kind: 'appointment-disagreed', entryId: id, toldAt: eventAt, ...told };
}

const TELL = `INSERT INTO bridge.appointment_disagreement (told_leaf, appointment_id, mersis_no, matter, told_at)
  SELECT "leaf", "appointment", "mersisNo", "matter", "toldAt"
  FROM json_to_recordset($1::json) AS x("leaf" bigint, "appointment" uuid, "mersisNo" text, "matter" text, "toldAt" timestamptz)
  ORDER BY "leaf"`;
const SETTLE = `UPDATE bridge.appointment_disagreement SET decision = $2, settled_at = $3, settled_leaf = $4
  WHERE told_leaf = $1 AND decision IS NULL`;

/** A reading of many cooperatives may bring several at once. */
export const toldApplier: EffectApplier<ToldDisagreement> = {
  kind: 'appointment-disagreed',
  apply: async (tx, placed) => {
    const rows = placed.map(({ effect: { appointment, entryId, matter, mersisNo, toldAt }, leafOf }) => {
      return { leaf: String(leafOf(entryId)), appointment, mersisNo, matter, toldAt };
    });
    await tx.query({ text: TELL, values: [JSON.stringify(rows)] });
  },
};

/** One a batch at the most: its lane is exclusive. */
export const settledApplier: EffectApplier<SettledDisagreement> = {
  kind: 'appointment-disagreement-settled',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      const { decision, settledAt, toldLeaf } = effect;
      await tx.query({ text: SETTLE, values: [toldLeaf, decision, settledAt, receipt.leafIndex] });
    }
  },
};
