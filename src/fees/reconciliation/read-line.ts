import type { Kurus } from '../kurus.js';
import { kurus } from '../kurus.js';
import {
  type Parsed,
  parseCount,
  parseCountNumber,
  parseDay,
  parseLira,
  parseLiraNumber,
} from './amounts.js';
import type { Cell, TableLine } from './cell.js';
import { type Columns, type Field, fold } from './columns.js';

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
  problem: (message: string) => void,
): ReadLine | null {
  let sound = true;
  const read = <T>(field: Field, parse: (cell: Cell) => Parsed<T>): T | null => {
    const place = columns[field];
    if (place === undefined) return null;
    const parsed = parse(cells[place] ?? { kind: 'empty' });
    if (parsed.ok) return parsed.value;
    sound = false;
    problem(`${field} ${parsed.problem}`);
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

function dayOf(cell: Cell): Parsed<string> {
  if (cell.kind === 'day') return { ok: true, value: cell.day };
  if (cell.kind === 'number') return no('is a number: give the cells of the column the form of a date');
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

function notText(cell: Cell): { readonly ok: false; readonly problem: string } {
  if (cell.kind === 'empty') return no('is missing');
  if (cell.kind !== 'other') return no(`is a ${cell.kind}`);
  if (cell.what === 'formula') return no('is a formula: save the file with values alone');
  return no(cell.what === 'error' ? 'is an error of the workbook' : `is a ${cell.what}`);
}

function no(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
