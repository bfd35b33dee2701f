import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { problemOf } from '../../src/api/problem-document.js';
import { PROBLEMS } from '../../src/api/problem-texts.js';
import { BridgeError, type ErrorCode } from '../../src/errors/bridge-error.js';
import type { ProblemCode } from '../../src/errors/problem-code.js';
import { Refusal } from '../../src/errors/refusal.js';
import { digitsOf, SUBJECT } from '../verification/support/parts.js';

/** CONTRACT §4, by hand: the statuses that callers rely on. */
const STATUSES: Readonly<Record<ProblemCode, number>> = {
  REQUEST_INVALID: 400,
  TOKEN_INVALID: 401,
  CLIENT_CERTIFICATE_UNKNOWN: 403,
  SOURCE_ADDRESS_NOT_ALLOWED: 403,
  CLIENT_NOT_PERMITTED: 403,
  TWO_STEP_REQUIRED: 403,
  STEP_UP_REQUIRED: 403,
  ROLE_REQUIRED: 403,
  NOT_AUTHORISED_FOR_COOPERATIVE: 403,
  PURPOSE_NOT_ALLOWED: 403,
  SERVICE_NOT_IN_AGREEMENT: 403,
  OUTSIDE_OWN_AREA: 403,
  NOT_FOUND: 404,
  IDEMPOTENCY_IN_PROGRESS: 409,
  STATE_CONFLICT: 409,
  SECOND_PERSON_REQUIRED: 409,
  CURSOR_EXPIRED: 410,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  IDENTITY_NUMBER_INVALID: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMITED: 429,
  BUDGET_STOP: 429,
  INTERNAL: 500,
  KPS_REFUSED: 502,
  KPS_UNAVAILABLE: 503,
  MERSIS_UNAVAILABLE: 503,
  MAINTENANCE: 503,
  OVERLOADED: 503,
  AUDIT_UNAVAILABLE: 503,
  KPS_OUTCOME_UNKNOWN: 504,
};
const CODES = Object.keys(STATUSES) as ProblemCode[];

describe('the problem document', () => {
  it('there is a text for each code of the contract and for no other', () => {
    expect(Object.keys(PROBLEMS).sort()).toEqual([...CODES].sort());
  });

  it.each(CODES)('of %s has its status, both languages with Turkish as title, and a stable code', (code) => {
    const problem = problemOf(new Refusal(code));
    const body = JSON.parse(problem.body);
    expect(problem.status).toBe(STATUSES[code]);
    expect(problem.headers['Content-Type']).toBe('application/problem+json');
    expect(body).toEqual({
      type: `urn:koopbis:problem:${code}`,
      title: PROBLEMS[code].tr,
      status: STATUSES[code],
      code,
      text: { tr: PROBLEMS[code].tr, en: PROBLEMS[code].en },
    });
    expect(PROBLEMS[code].tr.length).toBeGreaterThan(10);
    expect(PROBLEMS[code].en).not.toBe(PROBLEMS[code].tr);
  });

  it.each(CODES)('of %s carries Retry-After where, and only where, coming again helps', (code) => {
    const wanted = STATUSES[code] === 429 || STATUSES[code] === 503;
    const { headers } = problemOf(new Refusal(code, { retryAfterS: 7 }));
    expect(headers['Retry-After']).toBe(wanted ? '7' : undefined);
    expect(problemOf(new Refusal(code)).headers['Retry-After'] !== undefined).toBe(wanted);
  });

  it('carries reason, id and the mark of a repeated answer where the refusal has them', () => {
    const problem = problemOf(
      new Refusal('KPS_OUTCOME_UNKNOWN', { reason: 'timeout', queryId: 'q', replayed: true }),
    );
    expect(JSON.parse(problem.body)).toMatchObject({ reason: 'timeout', id: 'q' });
    expect(problem.headers['Idempotency-Replayed']).toBe('true');
  });

  it('of a token that does not hold names the scheme (RFC 6750 §3)', () => {
    expect(problemOf(new Refusal('TOKEN_INVALID')).headers['WWW-Authenticate']).toBe(
      'Bearer error="invalid_token"',
    );
  });

  it.each<[ErrorCode, ProblemCode]>([
    ['AUDIT_UNAVAILABLE', 'AUDIT_UNAVAILABLE'],
    ['DATABASE_UNAVAILABLE', 'AUDIT_UNAVAILABLE'],
    ['COMMIT_UNKNOWN', 'AUDIT_UNAVAILABLE'],
    ['AUDIT_OVERLOADED', 'OVERLOADED'],
    ['ENTRY_INVALID', 'INTERNAL'],
    ['KEY_DESTROYED', 'INTERNAL'],
    ['CONFIG_INVALID', 'INTERNAL'],
  ])('an error %s of the house is %s outside', (inside, outside) => {
    expect(problemOf(new BridgeError(inside, 'x')).code).toBe(outside);
  });

  it('never says anything of an exception, whatever it is', () => {
    const secret = digitsOf(SUBJECT);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const thrown = [
          new Error(`${secret} ${text}`, { cause: new Error(secret) }),
          Object.assign(new Error(secret), {
            detail: { reason: secret, queryId: secret },
            code: 'NOT_FOUND',
            status: 200,
          }),
          new BridgeError('ENTRY_INVALID', secret, { fields: { reason: secret } }),
          new Refusal('KPS_OUTCOME_UNKNOWN', { cause: new Error(secret) }),
          secret,
          null,
          undefined,
          { code: 'MATCH', message: secret },
        ];
        for (const error of thrown) {
          const problem = problemOf(error);
          expect(JSON.stringify(problem)).not.toContain(secret);
          if (!(error instanceof Refusal)) expect(problem.code).toBe('INTERNAL');
        }
      }),
      { numRuns: 20 },
    );
  });
});
