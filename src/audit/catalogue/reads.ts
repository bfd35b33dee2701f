import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const text = (max: number) => z.string().min(1).max(max);

/** By what authority the log is read: whose decision or letter, its number and day. */
export const basis = z
  .strictObject({ authority: text(200), date: z.iso.date(), documentNo: text(100) })
  .describe('who asked for it, by which document of which day');

const nullableText = (max: number) => text(max).nullable();

/** What was searched for; who was searched for is sealed, and here only that somebody was. */
const criteria = z
  .strictObject({
    actor: z.boolean(),
    code: nullableText(64),
    cooperative: nullableText(16),
    from: member.instant.nullable(),
    kinds: z.array(text(64)).max(20),
    outcome: nullableText(32),
    person: z.boolean(),
    purpose: nullableText(64),
    query: member.uuid.nullable(),
    reference: nullableText(64),
    screen: nullableText(32),
    service: nullableText(64),
    session: member.uuid.nullable(),
    to: member.instant.nullable(),
  })
  .describe('what was searched for; `person` and `actor` say only that somebody was, and who stands sealed');

const client = text(64).nullable().describe('the calling service; null on the command line');

export const READ_KINDS = {
  'log.searched': {
    when: 'a page of the log was found for an officer, before it is shown',
    data: z.strictObject({
      actor: member.actor,
      basis,
      client,
      criteria,
      instance: member.instance,
      lookedTo: member.leaf.describe('the leaf down to which was looked'),
      page: member.leaf
        .nullable()
        .describe('a further page: only leaves before this one; null for the first'),
      results: z.int().min(0).max(100).describe('entries shown'),
      revealed: z.boolean().describe('whether sealed values were asked to be opened'),
    }),
    sealed: {
      ...ACTOR,
      // Indexed: to look for a citizen's entries is itself a look-up about that citizen, and shows among them.
      'sought.person': { side: 'subject', indexed: true },
      // Not indexed: the search table cannot tell acting from being sought, and the officer's deed is not this user's.
      'sought.actor': { side: 'actor', indexed: false },
    },
  },
  'log.search-refused': {
    when: 'a search of the log was refused by a rule',
    data: z.strictObject({
      actor: member.actor
        .nullable()
        .describe('session in which the person acted; null where nobody was signed in'),
      basis: basis.nullable().describe('null where the form of the request was not sound'),
      client,
      code: text(40).describe('problem code'),
      criteria: criteria.nullable().describe('null where the form of the request was not sound'),
      instance: member.instance,
      reason: nullableText(100).describe('closed word of the rule that refused'),
      revealed: z.boolean().describe('whether sealed values were asked to be opened'),
    }),
    sealed: ACTOR,
  },
  'log.exported': {
    when: 'a period was written out as an export folder',
    data: z.strictObject({
      checkpointSize: member.leaf.describe('size of the tree under the export’s checkpoint'),
      count: member.leaf.describe('number of entries'),
      first: member.leaf.describe('first leaf'),
      from: text(40).nullable().describe('as it was asked for'),
      instance: member.instance,
      osUser: text(64).describe('the operating-system user'),
      to: text(40).nullable().describe('as it was asked for'),
    }),
    sealed: {},
  },
  'log.evidence': {
    when: 'the evidence folder of one query was made, before its sealed values are opened',
    data: z.strictObject({
      actor: member.actor,
      basis,
      entries: z.array(member.leaf).max(1000).describe('leaves of the folder’s entries'),
      instance: member.instance,
      query: member.uuid.describe('the query that the folder is about'),
      reason: text(500).describe('why the evidence was made, in the officer’s words'),
      revealed: z
        .array(z.strictObject({ field: text(64), leaf: member.leaf }))
        .max(1000)
        .describe('the sealed values that were opened'),
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
