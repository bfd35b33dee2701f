import { describe, expect, it } from '@jest/globals';
import { shownGround } from '../../src/audit/shown-ground.js';
import { purposesSchema } from '../../src/config/schema/purposes.js';

describe('a legal ground as people are shown it', () => {
  it('is the provision alone for every ground of the default settings', () => {
    const shown = purposesSchema.parse(undefined).map(({ legalGround }) => shownGround(legalGround));
    expect(shown).toEqual([
      'KOOPBİS Yönetmeliği m.9(3)',
      'KOOPBİS Yönetmeliği m.9(3)',
      'KOOPBİS Yönetmeliği m.15(1)',
      'KOOPBİS Yönetmeliği m.13 ve m.9(3)',
      'KOOPBİS Yönetmeliği m.11 ve 1163 m.87',
      '1163 m.90',
    ]);
  });

  it('stays as it was written where it has no such remark', () => {
    for (const ground of ['5651 m.3 (ek fıkra)', 'our reading', '(our reading: all of it)', 'm.9(3)'])
      expect(shownGround(ground)).toBe(ground);
  });
});
