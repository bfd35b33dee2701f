import { dayText } from '../../pages/formatting.js';
import type { Text } from '../frame/parts.js';

/** What the table of rights says of seats beside numbers of articles; the rest of a rule is the same in both languages. */
const PHRASES: readonly (readonly [en: string, tr: string])[] = [
  ['a denetçi reads (our reading)', 'denetçi görüntüler (yorumumuz)'],
  [
    'in liquidation the registered liquidators act in the board’s place (our reading)',
    'tasfiyede kurulun yerine tescilli tasfiye memurları işlem yapar (yorumumuz)',
  ],
  [
    'under a trustee (kayyım) the trustee acts in the board’s place (our reading)',
    'kayyım varken kurulun yerine kayyım işlem yapar (yorumumuz)',
  ],
  [
    'an old board may still bring about the assembly that elects the next one: setting afterTerm (our reading)',
    'süresi biten kurul, yenisini seçecek genel kurulu toplayabilir: afterTerm ayarı (yorumumuz)',
  ],
  ['by decision of the board', 'kurul kararıyla'],
];

/** A rule of the table of rights in words. */
export function ruleText(rule: string): Text {
  const tr = PHRASES.reduce((text, [en, words]) => text.replace(en, words), rule);
  return { tr, en: rule };
}

const GAZETTE = /^(\d{4}-\d{2}-\d{2}) (\d+\/\d+)$/;

/** Day and number of a gazette as it was read; anything else as it stands. */
export function gazetteText(gazette: string): Text {
  const [, day, number] = GAZETTE.exec(gazette) ?? [];
  if (day === undefined || number === undefined) return gazette;
  const { en, tr } = dayText(day);
  return { tr: `${tr}, ${number}`, en: `${en}, ${number}` };
}

const REPRESENTATIONS: Readonly<Record<string, Text>> = {
  MUNFERIDEN: { tr: 'münferiden (tek imza)', en: 'alone (one signature)' },
  MUSTEREKEN: { tr: 'müştereken (birlikte imza)', en: 'jointly' },
  HIZMETEYETKILI: { tr: 'hizmete yetkili', en: 'for certain services' },
};

/** How somebody signs, by the registry's word; a word that is not known as it stands. */
export function representationText(word: string): Text {
  return Object.hasOwn(REPRESENTATIONS, word) ? (REPRESENTATIONS[word] ?? word) : word;
}
