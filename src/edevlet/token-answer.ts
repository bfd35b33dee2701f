import { z } from 'zod';
import type { Answered } from './exchange.js';
import { answerInvalid } from './failures.js';
import { jsonOf } from './json-answer.js';

/** VSCHAR (RFC 6749 A.12), and no longer than any opaque token has reason to be. */
const token = z.string().regex(/^[\x20-\x7e]{1,4096}$/);
const success = z.object({ access_token: token, token_type: z.string().max(40).nullish() });
const failure = z.object({
  error: z.string().min(1),
  error_description: z.string().nullish().catch(null),
});
const noError = z.object({ error: z.literal('').nullish() });

/**
 * e-Devlet's answer to the token request as RFC 6749 §5 wants it (facts/e-devlet.md §7): a missing `token_type` is `bearer`, an error
 * under HTTP 200 comes under 400. Nothing else of the answer goes on: what openid-client does not know of it cannot trip it.
 * Errors: `UPSTREAM_ANSWER_INVALID`.
 */
export function normalisedTokenAnswer(answer: Answered): Response {
  const json = jsonOf(answer);
  const said = failure.safeParse(json);
  if (said.success) return Response.json(said.data, { status: 400 });
  const given = success.safeParse(json);
  if (!given.success || answer.status !== 200 || !noError.safeParse(json).success) {
    throw answerInvalid('schema', { status: answer.status });
  }
  const { access_token, token_type } = given.data;
  return Response.json({ access_token, token_type: token_type || 'bearer' });
}
