import { z } from 'zod';

/** Any JSON object. What we do not know is let go by (Authorization API 1.0, "JSON Serialization"): unknown members are ignored. */
const anyObject = z.object({});
const entity = (what: string, type: string, id: string) =>
  z
    .object({
      type: z.string().describe(`\`${type}\`; of another type nothing is known.`),
      id: z.string().describe(id),
      properties: anyObject.optional(),
    })
    .describe(what);

/** One question: the 4-tuple of Authorization API 1.0. Forms only: a number that is none is a question whose answer is no. */
export const questionSchema = z.object({
  subject: entity('Who.', 'person', 'T.C. kimlik no or YKN.'),
  action: z
    .object({
      name: z.string().describe('One of the documented list (docs/rights.md).'),
      properties: anyObject.optional(),
    })
    .describe('What.'),
  resource: entity('Where.', 'cooperative', 'MERSİS number of the cooperative.'),
  context: z
    .object({
      member: z.unknown().describe('true where KOOPBİS knows the person as a member (ortak) there.'),
      acr: z.unknown().describe('`acr` of the person’s sign-in; without it nothing that needs step-up.'),
    })
    .partial()
    .optional()
    .describe('What the caller knows.'),
});
export type Question = z.infer<typeof questionSchema>;

export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
export type Semantic = (typeof SEMANTICS)[number];

/** Questions of one call: as many as a page of a list has lines; each is some 10 µs of a thread that all callers share. */
export const MAX_EVALUATIONS = 200;

/** A value of the wrong form is named by its place, never by what it holds. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** One call of `evaluations`: a single question, or several, of which each may be wrong for itself. */
export type Batch =
  | { readonly single: Question }
  | { readonly questions: readonly Checked<Question>[]; readonly semantic: Semantic };

/** The question, or the place of what is wrong. */
export function checkQuestion(json: unknown, place = 'body'): Checked<Question> {
  const result = questionSchema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  // Names in a path are those of the schema; unknown members are never looked at.
  return { ok: false, reason: [place, ...(result.error.issues[0]?.path ?? [])].join('.') };
}

/**
 * The body of `/access/v1/evaluations`. Top-level members are defaults, each of them as a whole; without questions it is one question
 * itself. What is wrong with one question is that question's own; what is wrong with the call is `ok: false`.
 */
export function checkBatch(json: unknown): Checked<Batch> {
  if (!isObject(json)) return { ok: false, reason: 'body' };
  const { evaluations = [], options = {} } = json;
  if (!Array.isArray(evaluations) || !evaluations.every(isObject))
    return { ok: false, reason: 'body.evaluations' };
  if (evaluations.length > MAX_EVALUATIONS)
    return { ok: false, reason: `body.evaluations: at most ${MAX_EVALUATIONS}` };
  if (!isObject(options)) return { ok: false, reason: 'body.options' };
  const semantic = SEMANTICS.find((known) => known === (options.evaluations_semantic ?? 'execute_all'));
  if (semantic === undefined) return { ok: false, reason: 'body.options.evaluations_semantic' };
  if (evaluations.length === 0) {
    const single = checkQuestion(json);
    return single.ok ? { ok: true, value: { single: single.value } } : single;
  }
  const wrong = MEMBERS.find((member) => Object.hasOwn(json, member) && !isObject(json[member]));
  if (wrong !== undefined) return { ok: false, reason: `body.${wrong}` };
  const questions = evaluations.map((one) => checkQuestion(withDefaults(one, json), 'evaluation'));
  return { ok: true, value: { questions, semantic } };
}

const MEMBERS = ['subject', 'action', 'resource', 'context'] as const;
type JsonObject = Readonly<Record<string, unknown>>;

function withDefaults(one: JsonObject, defaults: JsonObject): JsonObject {
  return Object.fromEntries(
    MEMBERS.flatMap((member) => {
      const from = Object.hasOwn(one, member) ? one : defaults;
      return Object.hasOwn(from, member) ? [[member, from[member]]] : [];
    }),
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
