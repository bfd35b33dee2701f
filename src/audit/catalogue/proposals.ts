import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const text = (max: number) => z.string().max(max);
const proposal = member.uuid.describe('the proposal');
const what = z
  .enum(['fees.tariff', 'fees.stop', 'fees.quarter', 'mersis.release', 'roles.decide'])
  .describe(
    'whose decision it is; the subject is a row of the tariff, an account and quarter, a quarter, a run of readings, a role and the proposal’s own id',
  );
const osUser = text(255).nullable().describe('operating-system user; null where it came otherwise');

const change = z.strictObject({
  after: text(400).nullable().describe('what it will be; null: nothing'),
  before: text(400).nullable().describe('what it is now; null: nothing'),
  field: text(60).describe('what changes'),
});

/** What one officer proposes and another decides. */
export const PROPOSAL_KINDS = {
  'proposal.made': {
    when: 'when an officer proposes what a second one must decide; nothing is changed by it',
    data: z.strictObject({
      actor: member.actor,
      // As many input data as settings can have, and what else changes in a row of the tariff.
      changes: z.array(change).max(120).describe('what will change'),
      expiresAt: member.instant.describe('after it nobody can approve it'),
      instance: member.instance,
      osUser,
      proposal,
      reason: text(500).nullable().describe('why; null where none was given'),
      subject: text(200).describe('about what'),
      termsSha256: member.sha256.describe(
        'SHA-256 of the canonical JSON (RFC 8785) of the terms, which stand beside the log: only those are approved',
      ),
      what,
    }),
    sealed: ACTOR,
  },
  'proposal.ended': {
    when: 'when a proposal is approved or refused by another officer, withdrawn by its own, or has expired',
    data: z.strictObject({
      actor: member.actor.nullable().describe('who decided; null where it expired'),
      decision: z.enum(['approved', 'refused', 'withdrawn', 'expired']).describe('how it ended'),
      instance: member.instance,
      osUser,
      proposal,
      reason: text(500).nullable().describe('why; null where none was given'),
      subject: text(200).describe('about what'),
      what,
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
