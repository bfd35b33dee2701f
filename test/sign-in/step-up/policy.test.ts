import { describe, expect, it } from '@jest/globals';
import { STEP_UP_OPERATIONS } from '../../../src/config/schema/sign-in.js';
import { needsStepUp, STEP_UP_POLICY, type StepUpOperation } from '../../../src/sign-in/step-up/policy.js';

const ALL = Object.keys(STEP_UP_POLICY) as StepUpOperation[];

describe('the policy of the second step', () => {
  it('is the list that the settings can choose from, and says of each operation what it is', () => {
    expect(ALL).toEqual([...STEP_UP_OPERATIONS]);
    for (const operation of ALL) expect(STEP_UP_POLICY[operation].length).toBeGreaterThan(20);
  });

  it('asks for it where the settings name the operation, and for no other', () => {
    for (const operation of ALL) {
      expect(needsStepUp({ operations: [operation] }, operation)).toBe(true);
      expect(needsStepUp({ operations: ALL.filter((one) => one !== operation) }, operation)).toBe(false);
    }
  });

  it('asks for it for everything where nothing is set', () => {
    expect(ALL.every((operation) => needsStepUp(undefined, operation))).toBe(true);
  });
});
