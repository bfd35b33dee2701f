import { describe, expect, it } from '@jest/globals';
import { agreementAllows, type KpsAgreement } from '../../src/kps/accounts.js';

const agreement: KpsAgreement = {
  services: ['BilesikKutukSorgulaKimlikNoServis'],
  validFrom: '2025-01-01',
  validUntil: '2025-12-31',
};
const COMBINED = 'BilesikKutukSorgulaKimlikNoServis';

describe('an agreement', () => {
  it.each([
    ['2024-12-31', false],
    ['2025-01-01', true],
    ['2025-12-31', true],
    ['2026-01-01', false],
  ])('on %s allows its service: %s', (day, allowed) => {
    expect(agreementAllows({ agreement }, COMBINED, day)).toBe(allowed);
  });

  it('allows no service that it does not name', () => {
    expect(agreementAllows({ agreement }, 'TumKutukDogrulaServis', '2025-06-01')).toBe(false);
  });

  it.each(['', '2025', '2025-6-1', '2025-06-01T00:00:00Z', 'bugün'])(
    'allows nothing on %j, which is no day',
    (day) => {
      expect(agreementAllows({ agreement }, COMBINED, day)).toBe(false);
    },
  );
});
