import { describe, expect, it } from '@jest/globals';
import { judgeSuspension } from '../../src/appointments/suspension/judge-suspension.js';
import type { Suspension } from '../../src/authority/record.js';
import { TODAY } from './parts.js';

const OPEN: Suspension = { decisionNo: '1', decidedOn: '2026-04-01', from: '2026-04-10', to: null };
const CLOSED: Suspension = { ...OPEN, to: '2026-04-20' };
const judge = (
  suspensions: readonly Suspension[],
  decision: 'suspended' | 'lifted',
  changes: { decidedOn?: string; from?: string } = {},
) =>
  judgeSuspension(
    { suspensions },
    { decision, decisionNo: '2', decidedOn: '2026-05-01', from: '2026-05-02', ...changes },
    TODAY,
  );

describe('a ministry’s decision', () => {
  it('opens a suspension, and closes the one that is open', () => {
    expect(judge([CLOSED], 'suspended')).toEqual({
      suspensions: [CLOSED, { decisionNo: '2', decidedOn: '2026-05-01', from: '2026-05-02', to: null }],
    });
    expect(judge([CLOSED, OPEN], 'lifted')).toEqual({ suspensions: [CLOSED, { ...OPEN, to: '2026-05-02' }] });
  });

  it.each([
    ['already-suspended', [OPEN], 'suspended', {}],
    ['not-suspended', [CLOSED], 'lifted', {}],
    ['not-suspended', [], 'lifted', {}],
    ['from-before-suspension', [OPEN], 'lifted', { decidedOn: '2026-04-05', from: '2026-04-09' }],
    ['decided-in-future', [], 'suspended', { decidedOn: '2026-05-06', from: '2026-05-06' }],
    ['from-in-future', [], 'suspended', { from: '2026-05-06' }],
    ['from-before-decision', [], 'suspended', { from: '2026-04-30' }],
    ['too-many-suspensions', Array.from({ length: 200 }, () => CLOSED), 'suspended', {}],
  ] as const)('is refused as %s', (problem, suspensions, decision, changes) => {
    expect(judge(suspensions, decision, changes)).toEqual({ problem });
  });
});
