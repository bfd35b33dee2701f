import { z } from 'zod';
import type { Application, Sent, Verdict } from '../../appointments/call.js';
import { clearLine } from '../clear-line.js';
import type { readJsonBody } from '../read-body.js';

const name = (max: number) => z.string().max(max);
const vkn = z.string().regex(/^[0-9]{10}$/);
const day = z.iso.date();

/** The body of `POST /v1/appointments` (CONTRACT §4). Forms only: values are judged later, in their turn. */
export const applicationSchema = z.strictObject({
  cooperative: z
    .string()
    .regex(/^0[0-9]{15}$/)
    .describe('MERSİS number; a natural person’s is personal data and refused.'),
  vkn: vkn.describe('VKN of the cooperative; held against MERSİS, corrected by the directorate (m.15(1)).'),
  decision: z
    .strictObject({
      // ASCII digits only.
      no: clearLine(z.string().regex(/^[\p{L}0-9][\p{L}0-9 ./_-]{0,63}$/u)).describe('Its number.'),
      date: day.describe('Its day, not in the future.'),
      documentSha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .describe('SHA-256 of its document, lower-case hex.'),
    })
    .describe('The board’s decision.'),
  from: day.describe('First day; not before the decision.'),
  to: day.optional().describe('The day on which it is over; open where absent.'),
  subject: z
    .strictObject({
      kimlikNo: name(32).describe('T.C. kimlik no or YKN, eleven digits.'),
      ad: name(400).describe('All given names, as registered.'),
      soyad: name(400).describe('Surname as registered; empty only for a person recorded without one.'),
      dogumTarihi: name(32).describe(
        '`YYYY-MM-DD`; `1950-00-00` and `1950-06-00` where parts are not known.',
      ),
    })
    .describe('The person who is to be appointed; checked against MERNİS with purpose `yetkili-atama`.'),
});

/** The body of `POST /v1/appointments/{id}/decision`. */
export const verdictSchema = z.strictObject({
  decision: z.enum(['accept', 'refuse']),
  // One line of ordinary characters: no controls, no lone surrogates.
  reason: clearLine(z.string().regex(/^[^\p{C}\p{Z}][^\p{C}]{0,499}$/u))
    .optional()
    .describe('Why, in the directorate’s words; stands in the log in clear.'),
  correctedVkn: vkn.optional().describe('Where the one in the application was wrong.'),
});

type Body = Awaited<ReturnType<typeof readJsonBody>>;

/** The application, or the path of what is wrong; never what was sent. */
export function sentApplication(body: Body): Sent<Application> {
  return sent(body, applicationSchema, ({ to, ...application }) => ({ ...application, to: to ?? null }));
}

/** The same of a directorate's decision. */
export function sentVerdict(body: Body): Sent<Verdict> {
  return sent(body, verdictSchema, ({ decision, reason, correctedVkn }) => ({
    decision,
    reason: reason ?? null,
    correctedVkn: correctedVkn ?? null,
  }));
}

function sent<T, V>(body: Body, schema: z.ZodType<T>, toValue: (data: T) => V): Sent<V> {
  if (!body.ok) return body;
  const result = schema.safeParse(body.json);
  if (result.success) return { ok: true, value: toValue(result.data) };
  return { ok: false, code: 'REQUEST_INVALID', reason: reasonOf(result.error.issues[0]) };
}

function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  // Only names of ours are echoed: an unknown member's name is the caller's text and could be anything.
  if (issue?.code === 'unrecognized_keys') return 'body: unknown member';
  const path = issue?.path.filter((part) => typeof part === 'string').join('.') ?? '';
  return `body${path && `.${path}`}`;
}
