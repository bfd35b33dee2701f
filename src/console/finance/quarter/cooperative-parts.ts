import type { CooperativeRow } from '../../../fees/export/port.js';
import type { CooperativePlace, NamesPage } from '../../../fees/statement/read-names-page.js';
import type { Part } from '../../frame/parts.js';
import { classText, countCell, moneyCell, quarterPath } from '../quarter-words.js';
import { SUM_COLUMNS, sumCells } from './cut-tables.js';

/** As much as a screen takes. */
export const COOPERATIVES_SHOWN = 50;

/** Account and class have no comma (settings), nor has a MERSİS number. */
const PLACE = /^([A-Za-z0-9._-]{1,64}),(outside|paying),(\d{1,16})$/;

/** Where the page goes on, as the address has it; null: it is no such place. */
export function placeOf(text: string): CooperativePlace | null {
  const [, account, feeClass, cooperative] = PLACE.exec(text) ?? [];
  if (account === undefined || cooperative === undefined) return null;
  return { account, cooperative, feeClass: feeClass === 'outside' ? 'outside' : 'paying' };
}

/** The sums of a page of cooperatives. */
export function cooperativeParts(
  quarter: string,
  account: string | null,
  { isLast, rows, whole }: NamesPage<CooperativeRow>,
): readonly Part[] {
  const last = rows.at(-1);
  const path = `${quarterPath(quarter)}?kirilim=cooperative${account === null ? '' : `&hesap=${encodeURIComponent(account)}`}`;
  const sum = (pick: (one: CooperativeRow) => number | bigint) =>
    rows.reduce((before, one) => before + BigInt(pick(one)), 0n);
  return [
    {
      part: 'table',
      caption: { tr: 'Kooperatif kırılımı', en: 'By cooperative' },
      columns: [
        { label: { tr: 'Hesap', en: 'Account' } },
        { label: { tr: 'Ücret sınıfı', en: 'Fee class' } },
        { label: { tr: 'MERSİS numarası', en: 'MERSİS number' } },
        ...SUM_COLUMNS,
      ],
      rows: rows.map((one) => [one.account, classText(one.feeClass), one.cooperative, ...sumCells(one)]),
      foot: [
        { tr: 'Bu sayfa', en: 'This page' },
        '',
        '',
        countCell(sum(({ lines }) => lines)),
        countCell(sum(({ queries }) => queries)),
        countCell(sum(({ units }) => units)),
        moneyCell(sum(({ amountKurus }) => amountKurus)),
      ],
      empty: { tr: 'Bu çeyrekte satır yok.', en: 'No line in this quarter.' },
    },
    {
      part: 'pager',
      shown: {
        tr: `${countCell(rows.length)} satır gösteriliyor. Çeyreğin tamamı: ${countCell(whole.lines)} sorgu satırı, ${moneyCell(whole.amountKurus)}.`,
        en: `${countCell(rows.length)} rows shown. The whole quarter: ${countCell(whole.lines)} lines, ${moneyCell(whole.amountKurus)}.`,
      },
      next:
        isLast || last === undefined
          ? null
          : `${path}&sonra=${last.account},${last.feeClass},${last.cooperative}#cetvel`,
    },
  ];
}
