import type { JsonObject } from '../audit/canonical-json.js';
import type { Effect, EffectApplier } from '../audit/lane.js';
import type { ProposalDecision, ProposalWhat } from './proposal.js';

/** A new proposal. `entryId`: its `proposal.made`. */
export interface ProposalMade extends Effect {
  readonly kind: 'deed-proposal-made';
  readonly entryId: string;
  readonly id: string;
  readonly what: ProposalWhat;
  readonly subject: string;
  readonly terms: JsonObject;
  readonly proposerTag: Buffer;
  readonly proposedAt: Date;
  readonly expiresAt: Date;
}

/** The end of a proposal. `entryId`: its `proposal.ended`. */
export interface ProposalEnded extends Effect {
  readonly kind: 'deed-proposal-ended';
  readonly entryId: string;
  readonly id: string;
  readonly decision: ProposalDecision;
}

const END = `UPDATE bridge.proposal SET decision = e.decision, ended_leaf = e.leaf
  FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS e(id, decision, leaf) WHERE proposal_id = e.id`;
const MAKE = `INSERT INTO bridge.proposal (proposal_id, what, subject, terms, proposer_tag, proposed_at, proposed_leaf, expires_at)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::bytea[], $6::timestamptz[], $7::bigint[], $8::timestamptz[])`;

const endedApplier: EffectApplier<ProposalEnded> = {
  kind: 'deed-proposal-ended',
  apply: async (tx, placed) => {
    await tx.query({
      text: END,
      values: [
        placed.map(({ effect }) => effect.id),
        placed.map(({ effect }) => effect.decision),
        placed.map(({ effect, leafOf }) => leafOf(effect.entryId)),
      ],
    });
  },
};

const madeApplier: EffectApplier<ProposalMade> = {
  kind: 'deed-proposal-made',
  apply: async (tx, placed) => {
    const column = (pick: (one: ProposalMade) => unknown) => placed.map(({ effect }) => pick(effect));
    await tx.query({
      text: MAKE,
      values: [
        column(({ id }) => id),
        column(({ what }) => what),
        column(({ subject }) => subject),
        column(({ terms }) => JSON.stringify(terms)),
        column(({ proposerTag }) => proposerTag),
        column(({ proposedAt }) => proposedAt),
        placed.map(({ effect, leafOf }) => leafOf(effect.entryId)),
        column(({ expiresAt }) => expiresAt),
      ],
    });
  },
};

/**
 * For whoever's lane proposes or decides. Effects are applied in order of their kinds: an old proposal ends before the next one about its
 * subject begins, and both stand before what refers to them (`fee-…`).
 */
export const PROPOSAL_APPLIERS = [endedApplier, madeApplier] as readonly EffectApplier[];
