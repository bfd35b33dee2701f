import { z } from 'zod';
import type { Question } from '../verification/question.js';
import { clearLine } from './clear-line.js';

const text = (max: number) => z.string().max(max);

/** The body of `POST /v1/identity/verifications` (CONTRACT §4). Forms only: values are judged later, in their turn. */
export const questionSchema = z.strictObject({
  purpose: z
    .string()
    .regex(/^[a-z][a-z-]{0,39}$/)
    .describe('One of the purposes in the settings, e.g. `ortak-kayit`.'),
  cooperative: z
    .string()
    .regex(/^0[0-9]{15}$/)
    .describe(
      'MERSİS number of the cooperative on whose behalf the person asks; a natural person’s is personal data and refused.',
    ),
  // ASCII digits only.
  reference: clearLine(z.string().regex(/^[\p{L}0-9][\p{L}0-9 ./_-]{0,63}$/u))
    .optional()
    .describe('File or decision number.'),
  retryOf: z.uuid().optional().describe('The query with unknown outcome that this one repeats.'),
  subject: z
    .strictObject({
      kimlikNo: text(32).describe('T.C. kimlik no or YKN, eleven digits.'),
      ad: text(400).describe('All given names, as registered.'),
      soyad: text(400).describe('Surname as registered; empty only for a person recorded without one.'),
      dogumTarihi: text(32).describe(
        '`YYYY-MM-DD`; `1950-00-00` and `1950-06-00` where parts are not known.',
      ),
    })
    .describe('The person asked about.'),
});

/** The question, or the path of what is wrong; never what was sent. */
export function checkQuestion(json: unknown): { ok: true; value: Question } | { ok: false; reason: string } {
  const result = questionSchema.safeParse(json);
  if (result.success) {
    const { data } = result;
    return { ok: true, value: { ...data, reference: data.reference ?? null, retryOf: data.retryOf ?? null } };
  }
  const issue = result.error.issues[0];
  // Only names of ours are echoed: an unknown member's name is the caller's text and could be anything.
  const path = issue?.path.filter((part) => typeof part === 'string').join('.') ?? '';
  return {
    ok: false,
    reason: issue?.code === 'unrecognized_keys' ? 'body: unknown member' : `body${path && `.${path}`}`,
  };
}
