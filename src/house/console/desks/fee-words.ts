import type { ShownChange } from '../../../console/decisions/port.js';
import { EVERY_SERVICE } from '../../../console/finance/reconciliation/words.js';
import { basisWord, stateWord } from '../../../fees/export/words.js';
import { formatTl } from '../../../fees/kurus.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { ProposedChange } from '../../../proposals/propose.js';

type Shown = BothLanguages | string;

interface Words {
  readonly field: BothLanguages;
  /** A value as the log has it, in words; absent: as it stands there. */
  readonly value?: (value: string) => Shown;
  /** What nothing stands for, once it is in force. */
  readonly nothing?: BothLanguages;
}

/** What changes in the fee book, by the names of `proposal.made`. */
const WORDS: Readonly<Record<string, Words>> = {
  from: { field: { tr: 'Yürürlük günü', en: 'In force from' }, value: dayText },
  row: { field: { tr: 'Tarife satırı', en: 'Row of the tariff' } },
  amountKurus: { field: { tr: 'Birim fiyat', en: 'Price of one' }, value: tlText },
  basis: {
    field: { tr: 'Neye göre', en: 'Counted by' },
    value: (basis) => ({ tr: basisWord(basis), en: basis }),
  },
  service: { field: { tr: 'Hizmet', en: 'Service' }, nothing: EVERY_SERVICE },
  gazette: { field: { tr: 'Resmî Gazete', en: 'Official Gazette' } },
  inputs: {
    field: { tr: 'Bir sorgunun fiyatı', en: 'Price of one query' },
    value: (text) => ({ tr: text.replace(' input data: ', ' girdi verisi: '), en: text }),
  },
  stop: {
    field: { tr: 'Durdurma eşiği', en: 'Stop' },
    value: (text) => (text === 'no stop' ? { tr: 'durdurma yok', en: text } : stopText(text)),
  },
  budget: {
    field: { tr: 'Çeyrek bütçesi', en: 'Budget of the quarter' },
    value: (text) => ({ tr: text.replace(/ queries$/, ' sorgu'), en: text }),
  },
  state: {
    field: { tr: 'Çeyreğin durumu', en: 'State of the quarter' },
    value: (state) => ({ tr: stateWord(state), en: state }),
  },
  statementSha256: {
    field: { tr: 'Dondurulan cetvelin SHA-256 özeti', en: 'SHA-256 of the frozen statement' },
  },
  queries: { field: { tr: 'Sorgu', en: 'Queries' } },
  units: { field: { tr: 'Ücrete esas birim', en: 'Units' } },
  amount: { field: { tr: 'Tutar', en: 'Amount' } },
};

/** What will change in the fee book, in words. */
export function feeChanges(changes: readonly ProposedChange[]): readonly ShownChange[] {
  return changes.map(({ after, before, field }) => {
    const words = Object.hasOwn(WORDS, field) ? WORDS[field] : undefined;
    if (words === undefined) return { field, before, after };
    const { field: name, nothing = null, value = (text: string): Shown => text } = words;
    return {
      field: name,
      before: before === null ? null : value(before),
      after: after === null ? nothing : value(after),
    };
  });
}

function tlText(kurus: string): string {
  return /^\d{1,15}$/.test(kurus) ? formatTl(BigInt(kurus)) : kurus;
}

/** `90 %` as each language writes it. */
function stopText(text: string): Shown {
  const [, percent] = /^(\d+) %$/.exec(text) ?? [];
  return percent === undefined ? text : { tr: `%${percent}`, en: `${percent}%` };
}
