import { describe, expect, it } from '@jest/globals';
import { ACTIONS } from '../../../src/authority/rights/actions.js';
import { REASON_TEXTS } from '../../../src/authority/rights/reasons.js';
import { RIGHTS } from '../../../src/authority/rights/rights.js';

describe('the table of rights', () => {
  it('has each role and action once, and each right a rule', () => {
    const keys = RIGHTS.map(({ role, action }) => `${role} ${action}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { rule } of RIGHTS) expect(rule).toMatch(/m\.\d|our reading|esasları/);
  });

  it('leaves no action without somebody who has it, and names none that is not in the list', () => {
    const named = new Set<string>(RIGHTS.map(({ action }) => action));
    expect([...named].sort()).toEqual([...ACTIONS.keys()].sort());
  });

  it('asks two steps everywhere, and a further one for the suspension of a cooperative', () => {
    expect(RIGHTS.every(({ conditions }) => conditions.twoStep)).toBe(true);
    const further = RIGHTS.filter(({ conditions }) => conditions.stepUp);
    expect(further.map(({ role, action }) => [role, action])).toEqual([
      ['directorate', 'cooperative.suspend'],
      ['ministry-central', 'cooperative.suspend'],
    ]);
  });

  it('lets each registered member act alone, whatever the signature rule', () => {
    expect(RIGHTS.every(({ conditions }) => conditions.representation === 'any')).toBe(true);
  });

  it('gives rights over a cooperative to no officer of the house', () => {
    const house = RIGHTS.filter(({ conditions }) => conditions.through === 'command-line');
    expect(house.map(({ role, action }) => [role, action])).toEqual([
      ['administrator', 'authority.read'],
      ['security-officer', 'authority.read'],
      ['log-inspector', 'authority.read'],
    ]);
  });

  it('shows addresses to nobody but a directorate, in its own il', () => {
    const rows = RIGHTS.filter(({ action }) => action === 'address.read');
    expect(rows.map(({ role, conditions }) => [role, conditions.il])).toEqual([['directorate', 'own']]);
  });

  it('has texts in both languages for every action and every reason', () => {
    for (const { tr, en } of [...ACTIONS.values(), ...Object.values(REASON_TEXTS)])
      expect([tr, en]).not.toContain('');
  });
});
