import { describe, expect, it } from '@jest/globals';
import { createLogGate } from '../../src/audit/log-gate.js';

describe('the gate before new questions', () => {
  it('is open where nothing stands in the way, and with no obstacles at all', () => {
    expect(() => createLogGate([]).requireSound()).not.toThrow();
    expect(() => createLogGate([() => null, () => null]).requireSound()).not.toThrow();
  });

  it('is closed while any obstacle names itself, and open again afterwards', () => {
    let what: string | null = 'timestamps';
    const gate = createLogGate([() => null, () => what]);
    expect(() => gate.requireSound()).toThrow(
      expect.objectContaining({ code: 'AUDIT_UNAVAILABLE', fields: { what: 'timestamps' } }),
    );
    what = null;
    expect(() => gate.requireSound()).not.toThrow();
  });
});
