import { basisWord, classWord } from '../../../fees/export/words.js';
import { formatTl } from '../../../fees/kurus.js';
import { entryLinks, fact, type Step } from './cells.js';
import type { FeeOfQuery } from './ports.js';

/** What the query cost. `tariff`: entries that its price rests on. */
export function feeStep(fee: FeeOfQuery | null, hasEnded: boolean, tariff: readonly bigint[]): Step {
  const title = { tr: 'Ne kadara mal oldu?', en: 'What did it cost?' };
  if (fee === null)
    return {
      title,
      state: hasEnded ? 'failed' : 'todo',
      body: [
        hasEnded
          ? { tr: 'Ücret satırı bulunamadı.', en: 'Its fee line was not found.' }
          : { tr: 'Ücret satırı sonuçla birlikte yazılır.', en: 'The fee line is written with the outcome.' },
      ],
    };
  const { account, amountKurus, basis, correction, feeClass, quarter, unitPriceKurus, units } = fee;
  return {
    title,
    state: 'done',
    facts: [
      fact({ tr: 'Tutar', en: 'Amount' }, formatTl(amountKurus)),
      fact({ tr: 'Ücret birimi', en: 'Units' }, String(units)),
      fact(
        { tr: 'Birim fiyat', en: 'Price of one' },
        { lines: [formatTl(unitPriceKurus), basisWord(basis)] },
      ),
      fact({ tr: 'Hesap', en: 'Account' }, account),
      fact({ tr: 'Ücret sınıfı', en: 'Fee class' }, classWord(feeClass)),
      fact({ tr: 'Çeyrek', en: 'Quarter' }, quarter),
      ...(correction === null
        ? []
        : [
            fact(
              { tr: 'Mutabakatla düzeltme', en: 'Correction by reconciliation' },
              { lines: [formatTl(correction.amountKurus), correction.quarter] },
            ),
          ]),
    ],
    body: entryLinks(tariff),
  };
}
