import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

/** What every entry says about the call that it came with. */
const CALL = {
  client: z.string().max(64).describe('the registered service that called'),
  instance: member.instance,
  institution: z.string().max(200).describe('the institution that runs that service'),
  requestId: z.string().max(64).nullable().describe('`X-Request-Id`, or one of ours'),
  screen: z.string().max(32).nullable().describe('`X-Koopbis-Screen` (screen code, m.17)'),
} as const;

/** What a refused or repeated call was about; null where its form was not sound. */
const ABOUT = {
  cooperative: z.string().max(16).nullable().describe('MERSİS number; null where the form was not sound'),
  purpose: z.string().max(40).nullable().describe('purpose; null where the form was not sound'),
} as const;

/** The person who asks: the number, and the address where the client sent `X-Koopbis-User-Address`. */
const ASKER = { ...ACTOR, 'actor.address': { side: 'actor', indexed: false } } as const;

const feeClass = z.enum(['outside', 'paying']);
const kurus = z.int().min(0);
const query = member.uuid.describe('binds everything about one query');
const of = member.uuid.describe('the query that was repeated or read');

const fee = z.strictObject({
  account: z.string().max(64).describe('account that is billed'),
  amountKurus: kurus.describe('units × price'),
  feeClass: feeClass.describe('`outside` is billed zero'),
  quarter: z
    .string()
    .regex(/^\d{4}-Q[1-4]$/)
    .describe('of `sentAt`, Europe/Istanbul'),
  unitPriceKurus: kurus.describe('price of one unit'),
  units: z.int().min(0).max(1).describe('counted as charged'),
});

/** Members of every end of a query; `F` is what it says about the fee. */
const ending = <F extends z.ZodType, S extends z.ZodType>(feeMember: F, state: S) =>
  z.strictObject({
    code: z.string().max(40).nullable().describe('problem code'),
    fee: feeMember,
    hataKod: z.int().nullable().describe('KPS’s own number'),
    instance: member.instance,
    intent: member.leaf.describe('leaf of the intent'),
    messageIds: z.array(z.string().max(64)).max(8).describe('SOAP messages that were sent, in order'),
    outcome: z
      .enum(['match', 'deceased', 'inactive', 'mismatch', 'not-found'])
      .nullable()
      .describe('the answer; never what the register said'),
    query,
    reason: z.string().max(64).nullable().describe('closed word of what went wrong'),
    sent: z.boolean().describe('true where KPS was asked'),
    sentAt: member.instant.describe('when it was asked, or was going to be'),
    state,
  });

const answerState = z.enum(['answered', 'refused', 'unknown']).describe('how the query ended');

/** Identity checks: before, after, refused, repeated, read again. */
export const QUERY_KINDS = {
  'query.intent': {
    when: 'before a query leaves; without it nothing is sent',
    data: z.strictObject({
      ...CALL,
      account: z.string().max(64).describe('KPS account that it runs on'),
      actor: member.actor,
      authority: z
        .strictObject({
          basis: member.uuid.describe('the seat or role'),
          role: z.string().max(40).describe('in what capacity'),
          version: z
            .int()
            .min(0)
            .describe(
              'version of the cooperative’s authority (`authority.recorded`; before: `authority.changed`)',
            ),
        })
        .describe('what the right rests on'),
      cooperative: z.string().max(16).describe('MERSİS number'),
      criteria: z.int().min(1).describe('persons asked about: 1'),
      deadline: member.instant.describe('after it the query is closed as unknown'),
      feeClass: feeClass.describe('of the account'),
      il: z.string().max(40).describe('il of the cooperative'),
      legalGround: z.string().max(300).describe('provision that the purpose rests on'),
      messageId: member.uuid.describe('of the first SOAP message'),
      ministry: z.string().max(20).describe('competent ministry'),
      price: z
        .strictObject({
          basis: z.string().max(40).describe('what one unit is'),
          gazette: z.string().max(100).describe('Official Gazette number of the row'),
          unitPriceKurus: kurus.describe('price of one unit'),
        })
        .describe('row of the tariff in force'),
      purpose: z.string().max(40).describe('purpose of the closed list'),
      query,
      reference: z.string().max(64).nullable().describe('file or decision number'),
      retryOf: member.uuid.nullable().describe('the query that it repeats'),
      service: z.string().max(64).describe('KPS service'),
      serviceVersion: z.string().max(10).describe('its version'),
    }),
    sealed: { ...ASKER, 'subject.number': { side: 'subject', indexed: true } },
  },
  'query.outcome': {
    when: 'after KPS answered, refused, could not be asked or stayed silent; before the caller is answered',
    data: ending(fee.describe('line of the fee book'), answerState),
    sealed: {},
  },
  'query.late-outcome': {
    when: 'when an outcome comes after the query was closed as unknown',
    data: ending(z.null().describe('null: it changes no fee'), answerState),
    sealed: {},
  },
  'query.unknown': {
    when: 'when a deadline has passed without an outcome, whichever instance had asked',
    data: ending(
      fee.describe('line of the fee book; one unit'),
      z.literal('unknown').describe('always `unknown`'),
    ),
    sealed: {},
  },
  'query.refused': {
    when: 'when a rule refuses a call of a registered client, before anything is asked',
    data: z.strictObject({
      ...CALL,
      ...ABOUT,
      actor: member.actor.nullable(),
      code: z.string().max(40).describe('problem code'),
      reason: z.string().max(100).nullable().describe('closed word of the rule that refused'),
    }),
    sealed: ASKER,
  },
  'query.replayed': {
    when: 'when a call repeated with its idempotency key gets the recorded answer',
    data: z.strictObject({ ...CALL, ...ABOUT, actor: member.actor, of }),
    sealed: ASKER,
  },
  'query.read': {
    when: 'when the person who asked reads the recorded result again',
    data: z.strictObject({ ...CALL, actor: member.actor, of }),
    sealed: ASKER,
  },
} as const satisfies Record<string, KindRow>;
