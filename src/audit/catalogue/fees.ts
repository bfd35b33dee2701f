import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const text = (max: number) => z.string().max(max);
const count = z.int().min(0);
const signed = z.int();
const kurus = z.int().min(0);
const account = text(64).describe('account');
const quarter = z
  .string()
  .regex(/^\d{4}-Q[1-4]$/)
  .describe('the quarter');
const day = z.iso.date();
const osUser = text(255).nullable().describe('operating-system user; null where it came otherwise');
const proposal = member.uuid.describe('the proposal that was approved');
const feeClass = z.enum(['outside', 'paying']).describe('fee class');
const statementSha256 = member.sha256.describe('SHA-256 of the statement’s bytes, as they are kept');
const byOfficer = { actor: member.actor, instance: member.instance, osUser };

const sum = z.strictObject({
  account,
  amountKurus: signed.describe('what it costs, corrections included'),
  feeClass,
  queries: count.describe('sent to KPS, unknown ones included'),
  units: signed.describe('counted as charged, corrections included'),
});

const serviceInputs = z.strictObject({
  inputs: z.int().min(1).describe('how many input data it takes'),
  service: text(64).describe('the service'),
  version: text(20).describe('its version'),
});

/** The fee book: tariff, quarters, the Interior Ministry’s figures, budgets, agreements. */
export const FEE_KINDS = {
  'fees.tariff-switched': {
    when: 'when a second person approves that a row of the tariff is in force from a coming day on',
    data: z.strictObject({
      ...byOfficer,
      amountKurus: kurus.describe('for one unit'),
      basis: z.enum(['per-query', 'per-input-datum', 'per-returned-record']).describe('what one unit is'),
      from: day.describe('first day in force (Europe/Istanbul)'),
      gazette: text(100).describe('Official Gazette number'),
      inputs: z
        .array(serviceInputs)
        .max(100)
        .describe('what prices by input datum rest on, whatever the settings say later; else empty'),
      proposal,
      row: text(40).describe('the row'),
      service: text(64).nullable().describe('the service that it is for; null: every one'),
    }),
    sealed: ACTOR,
  },
  'fees.quarter-frozen': {
    when: 'when a quarter takes no more lines and its statement is made; a second person has to approve it',
    data: z.strictObject({
      ...byOfficer,
      accounts: z.array(sum).max(200).describe('what the statement says of each account and class'),
      logSize: count.describe('every line with a smaller leaf is in it, no other'),
      proposal: member.uuid.describe('what the second person decides'),
      quarter,
      statementSha256,
    }),
    sealed: ACTOR,
  },
  'fees.quarter-reopened': {
    when: 'when a frozen quarter is not approved: it collects again, and its statement is made anew',
    data: z.strictObject({
      actor: member.actor.nullable().describe('who refused or withdrew it; null where the proposal expired'),
      instance: member.instance,
      osUser,
      proposal: member.uuid.describe('the proposal that ended'),
      quarter,
      statementSha256,
    }),
    sealed: ACTOR,
  },
  'fees.quarter-approved': {
    when: 'when a second person approves the statement of a frozen quarter',
    data: z.strictObject({ ...byOfficer, proposal, quarter, statementSha256 }),
    sealed: ACTOR,
  },
  'fees.quarter-sealed': {
    when: 'when an approved quarter is sealed: nothing of it changes any more',
    data: z.strictObject({ ...byOfficer, quarter, statementSha256 }),
    sealed: ACTOR,
  },
  'fees.notice-recorded': {
    when: 'when the Interior Ministry’s notice about a quarter is recorded; the last one of an account and quarter holds',
    data: z.strictObject({
      ...byOfficer,
      account,
      amountKurus: kurus.describe('what it asks for'),
      dated: day.describe('its date'),
      notice: member.uuid.describe('the notice'),
      number: text(100).describe('its number'),
      quarter,
      queries: count.describe('what it counts'),
    }),
    sealed: ACTOR,
  },
  'fees.payment-recorded': {
    when: 'when a payment of a notice is recorded; the last one of a reference holds',
    data: z.strictObject({
      ...byOfficer,
      amountKurus: kurus.describe('what was paid; 0 takes the one that it replaces back'),
      notice: member.uuid.describe('the notice'),
      paidOn: day.describe('on which day'),
      payment: member.uuid.describe('the payment'),
      reference: text(100).describe('number of the order or receipt'),
      replaces: member.uuid
        .nullable()
        .describe(
          'the payment that it corrects, recorded under the same reference; null where it is the first',
        ),
    }),
    sealed: ACTOR,
  },
  'fees.figures-imported': {
    when: 'when the Interior Ministry’s figures are taken in from a file, whole, and held against the book',
    data: z.strictObject({
      ...byOfficer,
      account,
      amountKurus: kurus.nullable().describe('their amount; null where the file has none'),
      detail: z.enum(['total', 'day', 'service', 'day-service']).describe('what a line of the file is about'),
      differences: count.describe('how many were found'),
      differencesSha256: member.sha256.describe(
        'SHA-256 of the canonical JSON (RFC 8785) of the list of them, in order of `place` (from 0): `{amountKurus, behind, class, day, place, queries, service}` each, theirs minus ours; only those are decided',
      ),
      fileSha256: member.sha256.describe('of the file'),
      from: day.describe('first day'),
      import: member.uuid.describe('the import'),
      lines: count.describe('of the file'),
      queries: count.describe('their count'),
      to: day.describe('last day'),
    }),
    sealed: ACTOR,
  },
  'fees.difference-decided': {
    when: 'when an officer decides what becomes of a difference between their figures and the book',
    data: z.strictObject({
      ...byOfficer,
      amountKurus: signed.describe('theirs minus ours'),
      class: z
        .enum([
          'only-with-us',
          'only-with-them',
          'unknown-outcome',
          'tariff-differs',
          'day-boundary',
          'rounding',
        ])
        .describe('named kind of the difference'),
      decision: z
        .enum(['accept-theirs', 'object', 'settle', 'explained'])
        .describe(
          '`accept-theirs`: their count is paid; `object`: they are asked to correct it; `settle`: unknown outcomes follow their count; `explained`: nothing to be done',
        ),
      difference: member.uuid.describe('the difference'),
      import: member.uuid.describe('the import'),
      note: text(500).describe('why'),
      queries: signed.describe('theirs minus ours'),
      settled: count.describe('unknown outcomes settled with it'),
    }),
    sealed: ACTOR,
  },
  'fees.unknown-settled': {
    when: 'when a decision settles an unknown outcome: their count says whether it was counted; a line that names the old one corrects the book where it was not',
    data: z.strictObject({
      account,
      amountKurus: signed.describe('what the new line changes'),
      counted: z.boolean().describe('whether they counted it'),
      difference: member.uuid.describe('the difference whose decision it was'),
      feeClass,
      instance: member.instance,
      by: z
        .enum(['late-outcome', 'all', 'count'])
        .describe(
          'how it is known: an answer that came late, all of that day and service alike, or by number alone, earliest first',
        ),
      ofDay: day.describe('on which the query was sent (Europe/Istanbul)'),
      ofQuarter: quarter.describe('the quarter that the query was sent in'),
      outcome: member.leaf.describe('leaf of the entry that closed it as unknown'),
      quarter: quarter.describe('the quarter that the new line is billed in'),
      query: member.uuid.describe('the query'),
      unitPriceKurus: kurus.describe('price of the old line'),
      units: signed.describe('0, or -1'),
    }),
    sealed: {},
  },
  'fees.stop-lifted': {
    when: 'when a second person approves that the stop of a budget is lifted for the rest of a quarter',
    data: z.strictObject({
      ...byOfficer,
      account,
      proposal,
      quarter,
      toPercent: count.nullable().describe('of the budget; null: altogether'),
    }),
    sealed: ACTOR,
  },
  'fees.agreement-requested': {
    when: 'when it is recorded that something was asked of NVİ about an agreement',
    data: z.strictObject({
      ...byOfficer,
      account,
      documentNo: text(100).describe('number of the letter'),
      kind: z
        .enum(['service', 'static-ip', 'administrative-user', 'technical-user', 'renewal'])
        .describe('what was asked for; `service`: a further one (ek servis talebi)'),
      request: member.uuid.describe('the request'),
      requestedOn: day.describe('date of the letter'),
      wanted: text(200).describe('the service, or a word about it; never a person'),
    }),
    sealed: ACTOR,
  },
  'fees.agreement-answered': {
    when: 'when NVİ’s answer to such a request is recorded',
    data: z.strictObject({
      ...byOfficer,
      decidedOn: day.describe('date of the answer'),
      decision: z.enum(['granted', 'refused']).describe('the answer'),
      request: member.uuid.describe('the request'),
    }),
    sealed: ACTOR,
  },
  'fees.read': {
    when: 'before a statement or the use of a period is shown or written to a file for a person',
    data: z.strictObject({
      ...byOfficer,
      account: account.nullable().describe('null: all of them'),
      client: text(64).nullable().describe('the registered service that called; null on the command line'),
      detail: z
        .enum(['totals', 'users', 'cooperatives', 'lines', 'usage', 'entries'])
        .describe('how far down it goes'),
      format: z.enum(['json', 'text', 'csv', 'xlsx', 'pdf']).describe('in what form'),
      from: day.describe('first day'),
      reason: text(500).nullable().describe('why numbers are revealed; null where they are not'),
      requestId: text(64).nullable().describe('`X-Request-Id`, or one of ours; null on the command line'),
      revealed: z.boolean().describe('whether numbers of users stand in it'),
      to: day.describe('the day after the last one'),
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
