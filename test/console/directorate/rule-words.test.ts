import { expect, it } from '@jest/globals';
import { RIGHTS } from '../../../src/authority/rights/rights.js';
import { gazetteText, representationText, ruleText } from '../../../src/console/directorate/rule-words.js';

const SEATS = ['board', 'board-after-term', 'liquidator', 'trustee', 'denetci', 'appointee', 'member'];

it('says every rule of a seat in Turkish, and as it stands in English', () => {
  const rules = RIGHTS.filter(({ role }) => SEATS.includes(role)).map(({ rule }) => rule);
  expect(rules.length).toBeGreaterThan(SEATS.length);
  for (const rule of rules) {
    const text = ruleText(rule);
    expect(text).toMatchObject({
      en: rule,
      tr: expect.not.stringMatching(/\b(our|reading|the|by|reads|may)\b/),
    });
  }
});

it('says a gazette’s day as a day, and leaves what is none as it came', () => {
  expect(gazetteText('2025-04-07 10801/851')).toMatchObject({ tr: '07.04.2025, 10801/851' });
  expect(gazetteText('<b>2025-04-07 1/2')).toBe('<b>2025-04-07 1/2');
});

it('says how somebody signs in words, and leaves a word that it does not know', () => {
  expect(representationText('MUNFERIDEN')).toMatchObject({ tr: 'münferiden (tek imza)' });
  expect(representationText('MUSTEREKEN')).toMatchObject({ tr: 'müştereken (birlikte imza)' });
  expect(representationText('HIZMETEYETKILI')).toMatchObject({ tr: 'hizmete yetkili' });
  for (const word of ['DIGER', 'toString', '<b>']) expect(representationText(word)).toBe(word);
});
