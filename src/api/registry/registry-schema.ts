import { z } from 'zod';

/** Longer than any registered trade name; PostgreSQL and the log never see it. */
const MAX_UNVAN = 500;
/** Sixteen digits and room for a mistake: the form is judged later, in its turn. */
const MAX_NUMBER = 32;

/** The body of `POST /v1/registry/verifications`. Forms of numbers are judged after the token, as CONTRACT §4 orders it. */
export const registryVerificationSchema = z.strictObject({
  mersisNo: z
    .string()
    .max(MAX_NUMBER)
    .optional()
    .describe('MERSİS number of a legal person, sixteen digits. Exactly one of mersisNo and vkn.'),
  vkn: z.string().max(MAX_NUMBER).optional().describe('VKN, ten digits. Exactly one of mersisNo and vkn.'),
  unvan: z
    .string()
    .min(1)
    .max(MAX_UNVAN)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u)
    .refine((text) => text.trim() !== '', { error: 'must hold a name' })
    .describe('Trade name; compared without regard to case (Turkish rules) and runs of blanks.'),
});

/** A refresh says everything in its path. */
const refreshSchema = z.strictObject({});

export type RegistryVerificationBody = z.infer<typeof registryVerificationSchema>;

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The body, or the path of what is wrong; never what was sent. */
export function checkVerificationBody(json: unknown): Checked<RegistryVerificationBody> {
  const result = registryVerificationSchema.safeParse(json);
  if (!result.success) return { ok: false, reason: reasonOf(result.error.issues[0]) };
  const { mersisNo, vkn } = result.data;
  if ((mersisNo === undefined) === (vkn === undefined))
    return { ok: false, reason: 'body: exactly one of mersisNo, vkn' };
  return { ok: true, value: result.data };
}

/** True for the body of a refresh. */
export function isRefreshBody(json: unknown): boolean {
  return refreshSchema.safeParse(json).success;
}

function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  // Only names of ours are echoed: an unknown member's name is the caller's text and could be anything.
  if (issue?.code === 'unrecognized_keys') return 'body: unknown member';
  const path = issue?.path.filter((part) => typeof part === 'string').join('.') ?? '';
  return `body${path && `.${path}`}`;
}
