import { turkishDay } from '../../calendar/turkish-day.js';
import type { Words } from '../words.js';
import { type Cell, isBlank, MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, type TableLine } from './cell.js';
import { type Columns, detailOf, findColumns, fold, type NamedColumns } from './columns.js';
import { EMPTY_FILE, type Faults, noFaults } from './faults.js';
import type { Days, Fault, Figure, Figures } from './figures.js';
import { looksSeparated, readCsv, type Separator } from './read-csv.js';
import { isSumLine, type ReadLine, readLine } from './read-line.js';
import { isWorkbook, readXlsx } from './read-xlsx.js';

const BEHIND_SUM: Words = { en: 'stands behind the line of the sum', tr: 'toplam satırından sonra geliyor' };
const NO_FIGURE: Words = { en: 'the file holds a header and no figure', tr: 'dosyada başlık var, sayı yok' };
const UNKNOWN_SERVICE: Words = {
  en: 'service is not known: map its name with --service "name=KPS service"',
  tr: 'hizmet bilinmiyor: dosyadaki adının hangi hizmet olduğunu yazın',
};

/**
 * How a file is read. `columns`, `separator`, `sheet`: where what is found by itself does not do. `services`: the name of the KPS service
 * by each name that the file may have for it.
 */
export interface ReadingWish {
  readonly days: Days;
  readonly columns: NamedColumns;
  readonly separator: Separator | null;
  readonly sheet: string | null;
  readonly services: ReadonlyMap<string, string>;
}

/** The figures, or what is wrong: the first faults, and how many more there are. */
export type ReadFigures =
  | { readonly ok: true; readonly figures: Figures }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly more: number };

/**
 * Reads a file of the Interior Ministry's figures (CSV in UTF-8, or XLSX): all of it, or nothing and why. Faults say line and field in our
 * own words and never what stands there. Money and counts never pass through a float.
 */
export async function readFigures(bytes: Buffer, wish: ReadingWish): Promise<ReadFigures> {
  const faults = noFaults();
  const figures = await read(bytes, wish, faults);
  if (figures !== null && faults.count === 0) return { ok: true, figures };
  return { ok: false, faults: faults.shown, more: faults.count - faults.shown.length };
}

async function read(bytes: Buffer, wish: ReadingWish, faults: Faults): Promise<Figures | null> {
  if (bytes.length > MAX_BYTES) {
    faults.add(null, {
      en: `the file is longer than ${MAX_BYTES} bytes: nothing is taken in`,
      tr: `dosya ${MAX_BYTES} bayttan uzun: hiçbir şey alınmadı`,
    });
    return null;
  }
  const lines = isWorkbook(bytes)
    ? await readXlsx(bytes, wish.sheet, faults)
    : readCsv(bytes, wish.separator, faults);
  if (lines === null) return null;
  const [header, ...rest] = lines;
  if (header === undefined) {
    faults.add(null, EMPTY_FILE);
    return null;
  }
  if (rest.length > MAX_ROWS)
    faults.add(rest[MAX_ROWS]?.line ?? null, {
      en: `more than ${MAX_ROWS} lines`,
      tr: `${MAX_ROWS} satırdan fazla`,
    });
  const { columns, problems } = findColumns(header.cells.map(nameOf), wish.columns);
  for (const problem of problems) faults.add(header.line, problem);
  if (faults.count > 0) return null;
  return readLines(rest, header.cells.length, columns, wish, faults);
}

function nameOf(cell: Cell): string {
  return cell.kind === 'text' ? cell.text : '';
}

function readLines(
  lines: readonly TableLine[],
  width: number,
  columns: Columns,
  wish: ReadingWish,
  faults: Faults,
): Figures | null {
  const services = new Map([...wish.services].map(([name, service]) => [fold(name), service]));
  const figures: Figure[] = [];
  const seen = new Map<string, number>();
  let sum: ReadLine | null = null;
  let sumAt: number | null = null;
  for (const line of lines) {
    if (sumAt !== null) faults.add(line.line, BEHIND_SUM);
    if (!hasForm(line, width, faults)) continue;
    const isSum = isSumLine(line);
    const read = readLine(line, columns, isSum, (words) => faults.add(line.line, words));
    if (isSum) {
      sumAt ??= line.line;
      sum = read;
    } else if (read !== null) {
      const figure = placed(read, wish.days, services, seen, faults);
      if (figure !== null) figures.push(figure);
    }
  }
  if (figures.length === 0 && faults.count === 0) faults.add(null, NO_FIGURE);
  if (sum !== null && faults.count === 0) checkSum(figures, sum, faults);
  return { detail: detailOf(columns), figures };
}

/** A line as long as the header: a comma of an amount that separates cells makes it longer. A workbook leaves empty cells out. */
function hasForm({ cells, line }: TableLine, width: number, faults: Faults): boolean {
  const isLong = cells.length > Math.max(width, 0) && !isBlank(cells.slice(width));
  const [only] = cells;
  // A workbook leaves empty cells out; a text with one cell alone was separated by something else.
  const isWhole = width > 1 && cells.length === 1 && only?.kind === 'text' && looksSeparated(only.text);
  if (isLong)
    faults.add(line, {
      en: `has ${cells.length} cells, the header has ${width}: is the separator right?`,
      tr: `${cells.length} hücre var, başlıkta ${width}: ayırıcı doğru mu?`,
    });
  else if (isWhole)
    faults.add(line, {
      en: `has 1 cell, the header has ${width}: it looks as if another separator stood in it`,
      tr: `1 hücre var, başlıkta ${width}: içinde başka bir ayırıcı var gibi`,
    });
  else if (cells.length > MAX_COLUMNS && !isBlank(cells.slice(MAX_COLUMNS)))
    faults.add(line, { en: `more than ${MAX_COLUMNS} columns`, tr: `${MAX_COLUMNS} sütundan fazla` });
  else if (cells.some((cell) => cell.kind === 'text' && cell.text.length > MAX_CELL))
    faults.add(line, {
      en: `a cell is longer than ${MAX_CELL} characters`,
      tr: `bir hücre ${MAX_CELL} karakterden uzun`,
    });
  else if (cells.some((cell) => cell.kind === 'text' && cell.text.includes('\n')))
    faults.add(line, { en: 'a cell holds a line break', tr: 'bir hücrede satır sonu var' });
  else return true;
  return false;
}

function placed(
  { amountKurus, day, line, queries, serviceName }: ReadLine,
  { from, to }: Days,
  services: ReadonlyMap<string, string>,
  seen: Map<string, number>,
  faults: Faults,
): Figure | null {
  const before = faults.count;
  if (day !== null && (day < from || day >= to))
    faults.add(line, {
      en: `day is outside the period that was asked for (from ${from}, before ${to})`,
      tr: `gün istenen dönemin dışında (${turkishDay(from)} ve sonrası, ${turkishDay(to)} öncesi)`,
    });
  const service = serviceName === null ? null : services.get(fold(serviceName));
  if (service === undefined) faults.add(line, UNKNOWN_SERVICE);
  const key = `${day} ${service}`;
  const earlier = seen.get(key);
  if (service !== undefined && earlier !== undefined)
    faults.add(line, {
      en: `is about the same as line ${earlier}`,
      tr: `${earlier}. satırla aynı şeyi söylüyor`,
    });
  else seen.set(key, line);
  if (faults.count > before || service === undefined) return null;
  return { line, day, service, queries, amountKurus };
}

/** The line of the sum is no figure: it shows whether the file is whole. */
function checkSum(figures: readonly Figure[], sum: ReadLine, faults: Faults): void {
  const queries = figures.reduce((total, one) => total + one.queries, 0);
  const amount = figures.reduce((total, one) => total + (one.amountKurus ?? 0n), 0n);
  if (queries !== sum.queries)
    faults.add(sum.line, {
      en: 'queries of this line are not the sum of the others',
      tr: 'bu satırdaki adet ötekilerin toplamı değil',
    });
  if (sum.amountKurus !== null && amount !== sum.amountKurus)
    faults.add(sum.line, {
      en: 'the amount of this line is not the sum of the others',
      tr: 'bu satırdaki tutar ötekilerin toplamı değil',
    });
}
