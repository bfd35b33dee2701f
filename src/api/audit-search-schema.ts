import { z } from 'zod';
import type { SearchRequest } from '../audit/search/attempt.js';
import { clearLine } from './clear-line.js';

/** One line of ordinary characters: no controls, no lone surrogates. */
const line = (max: number) =>
  clearLine(z.string().regex(new RegExp(`^[^\\p{C}\\p{Z}][^\\p{C}]{0,${max - 1}}$`, 'u')));
const code = (form: RegExp) => clearLine(z.string().regex(form));
const person = z.string().max(32);
const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const MAX_KINDS = 20;
const MAX_PAGE = 100;
const USUAL_PAGE = 50;

const basisSchema = z
  .strictObject({
    authority: line(200).describe('Whose decision or letter it rests on.'),
    documentNo: line(100).describe('Number of the document.'),
    date: z.iso.date().describe('Its day, not in the future.'),
  })
  .describe('By what authority the log is searched; stands in the entry of the search.');

const criteriaSchema = z
  .strictObject({
    person: person.optional().describe('Identity number of the person asked about.'),
    actor: person.optional().describe('Identity number of the user who acted.'),
    cooperative: z
      .string()
      .regex(/^0[0-9]{15}$/)
      .optional()
      .describe('MERSİS number.'),
    from: instant
      .optional()
      .describe('Written at this instant or later; a bare date means 00:00 in Europe/Istanbul.'),
    to: instant.optional().describe('Written before this instant.'),
    purpose: code(/^[a-z][a-z-]{0,39}$/).optional(),
    outcome: z
      .enum(['match', 'deceased', 'inactive', 'mismatch', 'not-found', 'refused', 'unknown'])
      .optional()
      .describe('Outcome of the query, or the state of one without an outcome.'),
    screen: code(/^[A-Za-z0-9._/-]{1,32}$/).optional(),
    service: code(/^[A-Za-z0-9._-]{1,64}$/).optional(),
    reference: line(64).optional().describe('File or decision number, exactly as it was given.'),
    query: z.uuid().optional(),
    session: z.uuid().optional(),
    kinds: z
      .array(code(/^[a-z-]{1,32}\.[a-z-]{1,32}$/))
      .max(MAX_KINDS)
      .optional()
      .describe('Kinds of entry; any of them.'),
    code: code(/^[A-Z_]{1,40}$/)
      .optional()
      .describe('Problem code.'),
  })
  .describe('All must hold; none: every entry.');

/** The body of `POST /v1/audit/searches` (CONTRACT §4). Forms only: values are judged later, in their turn. */
export const searchSchema = z.strictObject({
  basis: basisSchema,
  criteria: criteriaSchema,
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('`next` of the page before, with the same criteria, within a day.'),
  pageSize: z
    .int()
    .min(1)
    .max(MAX_PAGE)
    .optional()
    .describe(`Entries on a page; ${USUAL_PAGE} where it is not said.`),
  reveal: z
    .boolean()
    .optional()
    .describe('Opens sealed values whose keys still exist; needs a token with step-up.'),
});

/** The search, or the path of what is wrong (`reasons`: of everything that is); never what was sent. */
export function checkSearch(
  json: unknown,
): { ok: true; value: SearchRequest } | { ok: false; reason: string; reasons: readonly string[] } {
  const result = searchSchema.safeParse(json);
  if (!result.success) {
    const reasons = result.error.issues.map(reasonOf);
    return { ok: false, reason: reasons[0] ?? 'body', reasons };
  }
  const { basis, criteria, cursor, pageSize, reveal } = result.data;
  const { kinds = [], query, session, ...texts } = criteria;
  const asked = (name: Exclude<keyof typeof texts, undefined>) => texts[name] ?? null;
  return {
    ok: true,
    value: {
      basis,
      criteria: {
        person: asked('person'),
        actor: asked('actor'),
        cooperative: asked('cooperative'),
        from: asked('from'),
        to: asked('to'),
        purpose: asked('purpose'),
        outcome: texts.outcome ?? null,
        screen: asked('screen'),
        service: asked('service'),
        reference: asked('reference'),
        // As PostgreSQL writes them: a cursor is bound to the search, not to its spelling.
        query: query?.toLowerCase() ?? null,
        session: session?.toLowerCase() ?? null,
        kinds,
        code: asked('code'),
      },
      cursor: cursor ?? null,
      pageSize: pageSize ?? USUAL_PAGE,
      reveal: reveal ?? false,
    },
  };
}

function reasonOf(issue: z.core.$ZodIssue): string {
  // Only names of ours are echoed: an unknown member's name is the caller's text and could be anything.
  if (issue.code === 'unrecognized_keys') return 'body: unknown member';
  const path = issue.path.filter((part) => typeof part === 'string').join('.');
  return `body${path && `.${path}`}`;
}
