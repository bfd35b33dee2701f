import { plainText } from '../plain-text.js';
import { type Cell, type Column, type ColumnKind, liraDecimal, type Row } from '../table.js';
import { STYLE } from './workbook-parts.js';

const WIDTH: Readonly<Record<ColumnKind, number>> = {
  text: 22,
  count: 12,
  number: 12,
  money: 18,
  price: 12,
};
const LETTERS = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));

/** How a row looks. */
export type RowLook = 'row' | 'bold';

/** What stands before the rows; the first `frozen` of them stay in sight. */
export function sheetHead(columns: readonly Column[], frozen: number): string {
  const cols = columns
    .map(({ kind }, i) => `<col min="${i + 1}" max="${i + 1}" width="${WIDTH[kind]}" customWidth="1"/>`)
    .join('');
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${cols}</cols><sheetData>`;
}

export const SHEET_END = '</sheetData></worksheet>';

/** A row. A text is a string cell, never a formula; money a number put together from integers of kuruş, no float between. */
export function rowXml(place: number, row: Row, columns: readonly Column[], look: RowLook): string {
  let xml = `<row r="${place}">`;
  for (let i = 0; i < row.length; i += 1)
    xml += cellXml(`${LETTERS[i]}${place}`, row[i] ?? null, columns[i], look);
  return `${xml}</row>`;
}

function cellXml(ref: string, cell: Cell, column: Column | undefined, look: RowLook): string {
  if (cell === null) return '';
  if (typeof cell === 'string') {
    const text = escaped(plainText(column?.word?.(cell) ?? cell));
    const style = look === 'bold' ? ` s="${STYLE.boldText}"` : '';
    return `<c r="${ref}"${style} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
  }
  const isMoney = column?.kind === 'money' || column?.kind === 'price';
  const styles = isMoney
    ? ([STYLE.money, STYLE.boldMoney] as const)
    : ([STYLE.count, STYLE.boldCount] as const);
  return `<c r="${ref}" s="${styles[look === 'bold' ? 1 : 0]}"><v>${isMoney ? liraDecimal(BigInt(cell)) : cell}</v></c>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// `_x0041_` in a string is read as the character of that number (ECMA-376 §22.9.2.19): the underscore is escaped itself.
function escaped(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? '');
}
