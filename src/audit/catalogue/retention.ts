import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const year = z.int().min(2000).max(2999);
const day = z.iso.date();
const instance = member.instance;
const actor = member.actor;
const hold = member.uuid.describe('the hold');
const proposal = member.uuid.describe('the proposal');
const reason = z.string().min(1).max(500).describe('reason that the officer gave; nothing personal');
const legalGround = z.string().max(500).describe('legal ground of the term, from the settings');
const yearFrom = year.describe('first year, Europe/Istanbul');
const yearTo = year.describe('last year');
const count = z.int().min(0);

/** The decision that a destruction inside the term rests on: of a court, or of the Board (Kurul). */
export const decisionSchema = z.strictObject({
  authority: z.enum(['court', 'board']),
  date: day,
  number: z.string().min(1).max(100),
});

/** The paper that a legal hold rests on. */
export const documentSchema = z.strictObject({
  authority: z.string().min(1).max(200),
  date: day,
  number: z.string().min(1).max(100),
});

/** What two officers decide together. */
export const proposalWhat = z.enum(['destroy', 'lift-hold', 'shorter-term']);

const what = proposalWhat.describe('what two officers decide together');
const term = z
  .strictObject({ from: z.int().min(1), to: z.int().min(1) })
  .describe('the term in years: as it was in force, and as the settings have it now');
const decision = decisionSchema.describe('authority, date and number of the decision');
const side = z.enum(['actor', 'subject', 'both']).describe('as who asked, as who was asked about, or both');

/** By whom it was proposed, beside who confirmed it. */
const PROPOSER = { 'proposer.number': { side: 'actor', indexed: true } } as const;
const SUBJECT = { 'subject.number': { side: 'subject', indexed: true } } as const;

export const RETENTION_KINDS = {
  'retention.run': {
    when: 'the periodic look for terms that have ended was made, also where nothing was due',
    data: z.strictObject({
      configuredYears: z.int().min(1).describe('term in the settings'),
      destroyed: count.describe('keys destroyed by this run'),
      due: count.describe('keys whose term had ended: destroyed, held and kept together'),
      held: count.describe('keys that a legal hold keeps'),
      instance,
      kept: count.describe('keys kept because they seal who destroyed, for three years'),
      lastDueYear: z.int().describe('last year whose data had fallen due'),
      legalGround,
      searchRows: count.describe('search rows that went with the keys'),
      years: z.int().min(1).describe('term that the run went by'),
    }),
    sealed: {},
  },
  'retention.proposed': {
    when: 'an officer proposed what a second one must confirm',
    data: z.strictObject({
      actor,
      decision: decision.nullable(),
      expiresAt: member.instant.describe('void from then on'),
      hold: hold.nullable(),
      instance,
      proposal,
      reason,
      side: side.nullable(),
      term: term.nullable(),
      what,
      yearFrom: yearFrom.nullable(),
      yearTo: yearTo.nullable(),
    }),
    sealed: { ...ACTOR, ...SUBJECT },
  },
  'retention.confirmed': {
    when: 'a second officer confirmed a shorter term',
    data: z.strictObject({ actor, instance, proposal, term, what }),
    sealed: { ...ACTOR, ...PROPOSER },
  },
  'retention.refused': {
    when: 'a destruction, the lifting of a hold or a shorter term was refused, or its proposal ended without it',
    data: z.strictObject({
      actor: actor.nullable(),
      code: z
        .enum(['refused', 'expired', 'legal-hold', 'same-person', 'no-confirmation'])
        .describe('why: an officer refused, time ran out, a hold stands, proposer and confirmer are one'),
      ended: z.boolean().describe('whether the proposal ended with it'),
      instance,
      proposal: proposal.nullable(),
      reason: reason.nullable(),
      term: term.nullable(),
      what,
    }),
    sealed: { ...ACTOR, ...SUBJECT },
  },
  'retention.destroyed': {
    when: 'keys of persons were destroyed, and with them what they sealed and the search rows',
    data: z.strictObject({
      actor: actor.nullable(),
      decision: decision.nullable(),
      instance,
      keptForRecords: count.describe('keys of the decision that stay, because they seal who destroyed'),
      keys: z.array(member.uuid).max(1000).describe('ids of the destroyed keys, in order'),
      legalGround,
      proposal: proposal.nullable(),
      rule: z
        .enum(['term', 'decision', 'replay'])
        .describe('end of the term, a decision, or again after a backup brought keys back'),
      searchRows: count.describe('search rows that went with the keys'),
      side,
      yearFrom,
      yearTo,
      years: z.int().min(1).nullable().describe('the term, where it was the rule'),
    }),
    sealed: { ...ACTOR, ...PROPOSER },
  },
  'hold.placed': {
    when: 'an officer placed a legal hold: nothing of this person and these years is destroyed',
    data: z.strictObject({
      actor,
      document: documentSchema.describe('authority, date and number of the paper'),
      hold,
      instance,
      reason,
      yearFrom,
      yearTo,
    }),
    sealed: { ...ACTOR, ...SUBJECT },
  },
  'hold.lifted': {
    when: 'a second officer confirmed that a legal hold ends',
    data: z.strictObject({ actor, hold, instance, proposal, reason }),
    sealed: { ...ACTOR, ...PROPOSER },
  },
  'keys.rewrapped': {
    when: 'rows were wrapped anew by the active master key; one for each batch',
    data: z.strictObject({
      actor,
      count: count.describe('rows wrapped anew'),
      damaged: count.describe('rows that did not open and were left'),
      from: z.record(z.string().max(64), count).describe('rows by the id of the key that had wrapped them'),
      instance,
      table: z
        .enum([
          'person_key',
          'sign_in_session',
          'retention_proposal',
          'step_up_device',
          'sign_in_key',
          'oidc_record',
          'authority_person',
          'appointment',
          'upstream_state',
          'role_proposal',
          'console_look',
          'console_job',
        ])
        .describe('where they stand'),
      to: z.string().max(64).describe('id of the active master key'),
    }),
    sealed: ACTOR,
  },
  'erasure.answered': {
    when: 'a person’s wish for erasure inside the term was answered with the legal ground; nothing was destroyed',
    data: z.strictObject({
      actor,
      dueBy: day.describe('day by which the answer is due: thirty days'),
      firstDestruction: day.nullable().describe('day on which the oldest kept year falls due'),
      instance,
      legalGround,
      receivedOn: day.describe('day of the request'),
      requestNo: z.string().min(1).max(100).describe('number of the request'),
      years: z.array(year).max(200).describe('years of which data are kept'),
    }),
    sealed: { ...ACTOR, ...SUBJECT },
  },
} as const satisfies Record<string, KindRow>;
