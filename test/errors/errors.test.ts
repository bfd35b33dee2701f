import { describe, expect, it } from '@jest/globals';
import { BridgeError, isBridgeError } from '../../src/errors/bridge-error.js';
import { Refusal } from '../../src/errors/refusal.js';

describe('an error of the house', () => {
  it('keeps code, fields and cause, and has no cause where none was given', () => {
    const cause = new TypeError('x');
    const error = new BridgeError('ENTRY_INVALID', 'half an entry', {
      fields: { kind: 'query.intent' },
      cause,
    });
    expect(error).toMatchObject({
      name: 'BridgeError',
      code: 'ENTRY_INVALID',
      fields: { kind: 'query.intent' },
      cause,
    });
    expect(new BridgeError('ENTRY_INVALID', 'x').fields).toEqual({});
    expect('cause' in new BridgeError('ENTRY_INVALID', 'x')).toBe(false);
  });

  it('is told from others by its class and by its codes', () => {
    const error: unknown = new BridgeError('COMMIT_UNKNOWN', 'x');
    expect(isBridgeError(error)).toBe(true);
    expect(isBridgeError(error, 'AUDIT_UNAVAILABLE', 'COMMIT_UNKNOWN')).toBe(true);
    expect(isBridgeError(error, 'AUDIT_UNAVAILABLE')).toBe(false);
    expect(isBridgeError({ code: 'COMMIT_UNKNOWN', fields: {} }, 'COMMIT_UNKNOWN')).toBe(false);
    expect(isBridgeError(null)).toBe(false);
  });
});

describe('a refusal', () => {
  it('is an error of the house whose message is its code and nothing else', () => {
    const refusal = new Refusal('RATE_LIMITED', { reason: 'non-matches', retryAfterS: 9 });
    expect(isBridgeError(refusal, 'RATE_LIMITED')).toBe(true);
    expect(refusal.message).toBe('RATE_LIMITED');
    expect(refusal.detail).toEqual({ reason: 'non-matches', retryAfterS: 9 });
  });

  it('keeps the fault behind it out of what is told to callers', () => {
    const cause = new Error('secret');
    const refusal = new Refusal('KPS_OUTCOME_UNKNOWN', { queryId: 'q', cause });
    expect(refusal.cause).toBe(cause);
    expect(JSON.stringify(refusal.detail)).toBe('{"queryId":"q"}');
  });
});
