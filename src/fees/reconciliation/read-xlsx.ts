import { readXlsx as readWorkbook } from 'hucre/xlsx';
import type { Words } from '../words.js';
import { type Cell, isBlank, type TableLine, textCell } from './cell.js';
import type { Faults } from './faults.js';
import { zipProblem } from './zip-limits.js';

type Workbook = Awaited<ReturnType<typeof readWorkbook>>;
type Sheet = Workbook['sheets'][number];

/** What Excel saves a workbook with a password as, and old `.xls` files. */
const OLE2 = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const UNREADABLE: Words = { en: 'the workbook cannot be read', tr: 'çalışma kitabı okunamıyor' };
const NO_SHEET: Words = {
  en: 'the workbook has no sheet of the name that --sheet gives',
  tr: 'çalışma kitabında yazdığınız adda bir sayfa yok',
};
const ZIP = Buffer.from([0x50, 0x4b, 0x03, 0x04]);

/** Whether a file is a workbook rather than text. */
export function isWorkbook(bytes: Buffer): boolean {
  return [OLE2, ZIP].some((magic) => bytes.subarray(0, magic.length).equals(magic));
}

/**
 * The lines of a sheet that are not blank; `sheet` null where the workbook has one alone. Numbers as their shortest decimal text. Null where
 * it cannot be read, with the fault.
 */
export async function readXlsx(
  bytes: Buffer,
  sheet: string | null,
  faults: Faults,
): Promise<readonly TableLine[] | null> {
  if (bytes.subarray(0, OLE2.length).equals(OLE2)) {
    faults.add(null, {
      en: 'an old or password-protected workbook: save it as .xlsx without a password, or as CSV',
      tr: 'eski ya da parolalı bir çalışma kitabı: parolasız .xlsx ya da CSV olarak kaydedin',
    });
    return null;
  }
  const problem = zipProblem(bytes);
  if (problem !== null) {
    faults.add(null, problem);
    return null;
  }
  let count = 0;
  const book = await readWorkbook(bytes, {
    sheets: ({ name }) => {
      count += 1;
      return sheet === null ? count === 1 : name === sheet;
    },
  }).catch(() => null); // What the reader says may quote a cell.
  const [found] = book?.sheets ?? [];
  const wrong = wrongSheet(book, found, sheet, count);
  if (wrong !== null || found === undefined) {
    faults.add(null, wrong ?? UNREADABLE);
    return null;
  }
  return found.rows
    .map((row, i) => ({
      line: i + 1,
      cells: row.map((value, j) => cellOf(value, found.cells?.get(`${i},${j}`))),
    }))
    .filter(({ cells }) => !isBlank(cells));
}

function wrongSheet(
  book: Workbook | null,
  found: Sheet | undefined,
  sheet: string | null,
  count: number,
): Words | null {
  if (book === null) return UNREADABLE;
  if (sheet === null && count > 1)
    return {
      en: `the workbook has ${count} sheets: name one with --sheet`,
      tr: `çalışma kitabında ${count} sayfa var: birinin adını yazın`,
    };
  return found === undefined ? NO_SHEET : null;
}

function cellOf(
  value: Sheet['rows'][number][number],
  detail: { readonly type?: string; readonly formula?: string } | undefined,
): Cell {
  // What a formula shows was computed by somebody's program from what we do not see.
  if (detail?.formula !== undefined) return { kind: 'other', what: 'formula' };
  if (detail?.type === 'error') return { kind: 'other', what: 'error' };
  if (value === null || value === undefined) return { kind: 'empty' };
  if (typeof value === 'boolean') return { kind: 'other', what: 'boolean' };
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  if (typeof value === 'string') return textCell(value);
  const isDay = !Number.isNaN(value.getTime());
  return isDay ? { kind: 'day', day: value.toISOString().slice(0, 10) } : { kind: 'other', what: 'error' };
}
