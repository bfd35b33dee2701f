import type { IncomingMessage } from 'node:http';
import type { RegistryAttempt, ShownCall } from '../../mersis/calls/attempt.js';
import { mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import { hashToken } from '../../sign-in/access-tokens.js';
import type { Caller } from '../post-verification.js';
import { readJsonBody } from '../read-body.js';
import { bearerToken, checkHeaders } from '../request-headers.js';
import { checkVerificationBody, isRefreshBody, type RegistryVerificationBody } from './registry-schema.js';

type Question = RegistryAttempt['question'];

const VKN = /^[0-9]{10}$/;
/** A refresh has nothing to say in its body. */
const MAX_REFRESH_BODY = 1_024;

/** Who calls, with which token. */
export function shownCall(request: IncomingMessage, caller: Caller, receivedAt: Date): ShownCall {
  const token = bearerToken(request.headers);
  return {
    client: caller.client.id,
    certificateSha256: caller.certificateSha256,
    tokenHash: token === null ? null : hashToken(token),
    requestId: caller.requestId,
    receivedAt,
  };
}

/** What a refresh asks: the number of its path, which goes nowhere else where it is no legal person's. */
export async function refreshQuestion(request: IncomingMessage, mersisNo: string): Promise<Question> {
  const headers = checkHeaders(request.headers);
  const body = hasBody(request) ? await readJsonBody(request, MAX_REFRESH_BODY) : null;
  if (!headers.ok) return { ok: false, code: 'REQUEST_INVALID', reason: headers.reason };
  if (body !== null && !body.ok) return body;
  if (body !== null && !isRefreshBody(body.json))
    return { ok: false, code: 'REQUEST_INVALID', reason: 'body: must be empty' };
  const problem = numberProblem(mersisNo);
  return problem === null
    ? { ok: true, value: { mersisNo } }
    : { ok: false, code: 'REQUEST_INVALID', reason: problem };
}

/** What a check against the registry asks, and the name that is compared: empty where the call is refused anyway. */
export async function verificationQuestion(
  request: IncomingMessage,
  maxBodyBytes: number,
): Promise<{ readonly question: Question; readonly unvan: string }> {
  const headers = checkHeaders(request.headers);
  const body = await readJsonBody(request, maxBodyBytes);
  const refuse = (reason: string): { question: Question; unvan: string } => ({
    question: { ok: false, code: 'REQUEST_INVALID', reason },
    unvan: '',
  });
  if (!headers.ok) return refuse(headers.reason);
  if (!body.ok) return { question: body, unvan: '' };
  const checked = checkVerificationBody(body.json);
  if (!checked.ok) return refuse(checked.reason);
  return { question: questionOf(checked.value), unvan: checked.value.unvan };
}

function questionOf({ mersisNo, vkn }: RegistryVerificationBody): Question {
  const invalid = (reason: string): Question => ({ ok: false, code: 'IDENTITY_NUMBER_INVALID', reason });
  if (mersisNo === undefined) {
    // Its check digit is no reason to refuse it: the registry's word counts.
    return vkn !== undefined && VKN.test(vkn) ? { ok: true, value: { vkn } } : invalid('vkn');
  }
  const problem = numberProblem(mersisNo);
  return problem === null ? { ok: true, value: { mersisNo } } : invalid(problem);
}

/** A natural person's MERSİS number holds that person's own (facts/mersis-koopbis.md §1): it is never asked about here. */
function numberProblem(text: string): 'mersisNo' | 'natural-person' | null {
  const parsed = parseMersisNo(text);
  if (!parsed.ok) return 'mersisNo';
  return mersisHolder(parsed.value) === 'natural-person' ? 'natural-person' : null;
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
