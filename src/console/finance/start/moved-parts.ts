import type { Moved } from '../../../fees/ahead/usage.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Part } from '../../frame/parts.js';
import { countCell, moneyCell, quarterText } from '../quarter-words.js';
import type { UsageSums } from './usage-sums.js';

/** What is billed in another quarter than the one in which it was sent, in words and money; nothing where the two are the same. */
export function movedNotice(
  { billedElsewhere, sentElsewhere, total }: UsageSums,
  isQuarter: boolean,
): readonly Part[] {
  if (billedElsewhere.length + sentElsewhere.length === 0) return [];
  const amount = moneyCell(total.amountKurus);
  return [
    {
      part: 'notice',
      tone: 'calm',
      text: isQuarter
        ? {
            tr: `Tutar (${amount}), çeyreğin cetvelindeki tutardır. Gün gün tutarlardan farkı, başka bir çeyrekte borçlanan düzeltmeler ve geç sonuçlardır:`,
            en: `The cost (${amount}) is that of the quarter’s statement. It differs from the days by corrections and late outcomes that are billed in another quarter:`,
          }
        : {
            tr: `Tutar (${amount}), bu günlerde gönderilen sorgularındır. Bir kısmı başka bir çeyrekte borçlanır; çeyreklerin cetvellerinden farkı budur:`,
            en: `The cost (${amount}) is of what was sent on these days. Some of it is billed in another quarter; that is the difference from the quarters’ statements:`,
          },
      list: [...billedElsewhere, ...sentElsewhere].map(movedText),
    },
  ];
}

function movedText({ amountKurus, ofQuarter, quarter, units }: Moved): BothLanguages {
  const [sent, billed] = [quarterText(ofQuarter), quarterText(quarter)];
  const what = { tr: `${moneyCell(amountKurus)} (${countCell(units)} birim)`, en: '' };
  what.en = `${moneyCell(amountKurus)} (${countCell(units)} units)`;
  return {
    tr: `${what.tr}: ${sent.tr} günlerine ait düzeltme ya da geç sonuç, ${billed.tr} içinde borçlanır (${quarter})`,
    en: `${what.en}: correction or late outcome of days of ${sent.en}, billed in ${billed.en} (${quarter})`,
  };
}

/**
 * Rows beneath the days of a quarter, so that the table adds up to what is billed: what the days have and another quarter bills is taken off, what
 * is billed here of other days is added.
 */
export function movedRows({ billedElsewhere, sentElsewhere }: UsageSums): readonly (readonly Cell[])[] {
  return [
    ...billedElsewhere.map(({ amountKurus, quarter, queries, units }) => [
      { tr: `${quarter} çeyreğinde borçlanan`, en: `billed in ${quarter}` },
      countCell(-queries),
      countCell(-units),
      moneyCell(-amountKurus),
    ]),
    ...sentElsewhere.map(({ amountKurus, ofQuarter, queries, units }) => [
      { tr: `${ofQuarter} günlerinden, burada borçlanan`, en: `of days of ${ofQuarter}, billed here` },
      countCell(queries),
      countCell(units),
      moneyCell(amountKurus),
    ]),
  ];
}
