import type { Kurus } from '../kurus.js';
import { kurus } from '../kurus.js';
import type { Words } from '../words.js';
import {
  type Parsed,
  parseCount,
  parseCountNumber,
  parseDay,
  parseLira,
  parseLiraNumber,
} from './amounts.js';
import type { Cell, TableLine } from './cell.js';
import { type Columns, FIELD_NAMES, type Field, fold } from './columns.js';

/** What a line says, its service still by the name that the file has. */
export interface ReadLine {
  readonly line: number;
  readonly day: string | null;
  readonly serviceName: string | null;
  readonly queries: number;
  readonly amountKurus: Kurus | null;
}

const SUM_WORDS: ReadonlySet<string> = new Set(['toplam', 'geneltoplam', 'total', 'grandtotal']);

/** Whether a line is the sum of the others: a cell says so. */
export function isSumLine({ cells }: TableLine): boolean {
  return cells.some((cell) => cell.kind === 'text' && SUM_WORDS.has(fold(cell.text)));
}

/** Reads the fields of a line; `problem` is called with each that is wrong, and the answer is null then. */
export function readLine(
  { cells, line }: TableLine,
  columns: Columns,
  isSum: boolean,
  problem: (words: Words) => void,
): ReadLine | null {
  let sound = true;
  const read = <T>(field: Field, parse: (cell: Cell) => Parsed<T>): T | null => {
    const place = columns[field];
    if (place === undefined) return null;
    const parsed = parse(cells[place] ?? { kind: 'empty' });
    if (parsed.ok) return parsed.value;
    sound = false;
    problem({ en: `${field} ${parsed.problem}`, tr: `${FIELD_NAMES[field]}: ${parsed.tr}` });
    return null;
  };
  const day = isSum ? null : read('day', dayOf);
  const serviceName = isSum ? null : read('service', serviceOf);
  const queries = read('queries', countOf);
  const lira = read('amount', liraOf);
  const whole = read('amountKurus', countOf);
  if (!sound || queries === null) return null;
  return { line, day, serviceName, queries, amountKurus: whole === null ? lira : kurus(whole) };
}

const KIND_NAMES = { day: 'gün yazılmış', number: 'sayı yazılmış', text: 'metin yazılmış' } as const;

function dayOf(cell: Cell): Parsed<string> {
  if (cell.kind === 'day') return { ok: true, value: cell.day };
  if (cell.kind === 'number')
    return no(
      'is a number: give the cells of the column the form of a date',
      'sayı olarak yazılmış: sütunun hücrelerine tarih biçimi verin',
    );
  return cell.kind === 'text' ? parseDay(cell.text) : notText(cell);
}

function serviceOf(cell: Cell): Parsed<string> {
  return cell.kind === 'text' ? { ok: true, value: cell.text } : notText(cell);
}

function countOf(cell: Cell): Parsed<number> {
  if (cell.kind === 'number') return parseCountNumber(cell.text);
  return cell.kind === 'text' ? parseCount(cell.text) : notText(cell);
}

function liraOf(cell: Cell): Parsed<Kurus> {
  if (cell.kind === 'number') return parseLiraNumber(cell.text);
  return cell.kind === 'text' ? parseLira(cell.text) : notText(cell);
}

function notText(cell: Cell): Extract<Parsed<never>, { readonly ok: false }> {
  if (cell.kind === 'empty') return no('is missing', 'boş');
  if (cell.kind !== 'other') return no(`is a ${cell.kind}`, KIND_NAMES[cell.kind]);
  if (cell.what === 'formula')
    return no('is a formula: save the file with values alone', 'formül: dosyayı yalnız değerlerle kaydedin');
  return cell.what === 'error'
    ? no('is an error of the workbook', 'çalışma kitabının bir hatası')
    : no(`is a ${cell.what}`, 'doğru/yanlış değeri');
}

function no(problem: string, tr: string): Extract<Parsed<never>, { readonly ok: false }> {
  return { ok: false, problem, tr };
}
