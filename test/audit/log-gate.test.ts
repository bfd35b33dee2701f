import { describe, expect, it } from '@jest/globals';
import { createLogGate } from '../../src/audit/log-gate.js';
import { isBridgeError } from '../../src/errors/bridge-error.js';

describe('the gate before the log', () => {
  it('is closed while any obstacle names itself, to questions and to what can wait alike, and opens again', () => {
    let second: string | null = null;
    const gate = createLogGate([() => null, () => second]);
    expect(gate.isSound()).toBe(true);
    expect(() => gate.requireSound()).not.toThrow();
    second = 'audit-log';
    expect(gate.isSound()).toBe(false);
    try {
      gate.requireSound();
      throw new Error('the gate was open');
    } catch (error) {
      expect(isBridgeError(error, 'AUDIT_UNAVAILABLE') && error.fields).toEqual({ what: 'audit-log' });
    }
    second = null;
    expect(gate.isSound()).toBe(true);
  });
});
