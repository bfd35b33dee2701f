import { CsvError, parse } from 'csv-parse/sync';
import type { Words } from '../words.js';
import { isBlank, MAX_CELL, MAX_COLUMNS, MAX_ROWS, type TableLine, textCell } from './cell.js';
import { EMPTY_FILE, type Faults } from './faults.js';
import { readText } from './text.js';

/** What may stand between cells. */
export type Separator = ';' | ',' | '\t';

const SEPARATORS: readonly Separator[] = [';', '\t', ','];
const NAMES: Readonly<Record<Separator, Words>> = {
  ';': { en: '“;”', tr: '“;”' },
  ',': { en: '“,”', tr: '“,”' },
  '\t': { en: 'a tab', tr: 'sekme' },
};

const TOO_LONG: Words = { en: 'the line is too long', tr: 'satır çok uzun' };
const QUOTATION: Words = {
  en: 'a quotation mark is not closed, or stands inside a cell',
  tr: 'bir tırnak kapanmamış ya da hücrenin içinde duruyor',
};

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The lines of a CSV file that are not blank. `separator` null: the one that stands in the header most often. Null where the file cannot be
 * read as a table, with the faults.
 */
export function readCsv(
  bytes: Buffer,
  separator: Separator | null,
  faults: Faults,
): readonly TableLine[] | null {
  const text = readText(bytes, faults);
  if (text === null) return null;
  const rows = text.split('\n', MAX_ROWS * 2);
  const first = rows.findIndex((row) => row.trim() !== '');
  if (first === -1) {
    faults.add(null, EMPTY_FILE);
    return null;
  }
  const likely = likelySeparator(rows[first] ?? '');
  if (separator !== null && likely !== null && !(rows[first] ?? '').includes(separator)) {
    faults.add(first + 1, {
      en: `the separator is not ${NAMES[separator].en}: it looks like ${NAMES[likely].en}`,
      tr: `ayırıcı ${NAMES[separator].tr} değil: ${NAMES[likely].tr} gibi görünüyor`,
    });
    return null;
  }
  const foreign = likely === null ? foreignSeparator(rows[first] ?? '') : null;
  if (foreign !== null) {
    faults.add(first + 1, {
      en: `the separator: the header has no “;”, “,” or tab between its words, the file seems to be separated by “${foreign}”: save it with “;”`,
      tr: `ayırıcı: başlıkta “;”, “,” ya da sekme yok, dosya “${foreign}” ile ayrılmış görünüyor: “;” ile kaydedin`,
    });
    return null;
  }
  return parseText(text, separator ?? likely ?? ';', faults);
}

/** What separates cells elsewhere and is not taken here; null where none of it stands in the header. */
function foreignSeparator(header: string): string | null {
  const bare = header.replace(/"[^"]*"/g, '');
  return ['|', '¦', '^', '~'].find((one) => bare.includes(one)) ?? null;
}

/** Whether a line that is one cell looks as if another separator stood in it. */
export function looksSeparated(line: string): boolean {
  return likelySeparator(line) !== null || foreignSeparator(line) !== null;
}

/** The separator that stands in a header most often outside quotation marks; null where none does. */
function likelySeparator(header: string): Separator | null {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (one: Separator) => bare.split(one).length - 1;
  const [best] = [...SEPARATORS].sort((a, b) => count(b) - count(a));
  return best === undefined || count(best) === 0 ? null : best;
}

function parseText(text: string, separator: Separator, faults: Faults): readonly TableLine[] | null {
  const lines: TableLine[] = [];
  try {
    const parsed = parse(text, {
      delimiter: separator,
      record_delimiter: '\n',
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // A quotation mark that is never closed takes in no more than this.
      max_record_size: MAX_COLUMNS * (MAX_CELL + 1) * 2,
      // One line more than there may be, and the header.
      to: MAX_ROWS + 2,
    }) as unknown as readonly Parsed[];
    for (const { info, record } of parsed) {
      const cells = record.map(textCell);
      if (!isBlank(cells)) lines.push({ line: info.lines, cells });
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its message quotes the cell: it is not kept.
    const line = typeof error.lines === 'number' ? error.lines : null;
    const tooLong = error.code === 'CSV_MAX_RECORD_SIZE';
    faults.add(line, tooLong ? TOO_LONG : QUOTATION);
    return null;
  }
  return lines;
}
