import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Column, Fact, Cell as FileCell, Row, Table } from '../../documents/table.js';
import { MEDIA_TYPES, TABLE_FORMATS, type TableFormat, tableFile } from '../../documents/table-file.js';
import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Answer, ConsoleCall } from './call.js';
import { ConsoleRefusal } from './console-problem.js';
import type { Cell, Part } from './parts.js';

/** The form in which a table is to leave, as the address says (`:format`). Throws `ConsoleRefusal` (`NOT_FOUND`). */
export function formatOf({ params }: Pick<ConsoleCall, 'params'>): TableFormat {
  const format = TABLE_FORMATS.find((one) => one === params.format);
  if (format === undefined) throw new ConsoleRefusal('NOT_FOUND');
  return format;
}

/** A table of a page as a file. `name` stands in the file's name and tells nothing of anybody; `facts` stand above it where there is room. */
export function tableAnswer(
  { at }: Pick<ConsoleCall, 'at'>,
  { facts, name, table }: { readonly name: string; readonly table: Table; readonly facts: readonly Fact[] },
  format: TableFormat,
): Answer {
  const all: readonly Fact[] = [...facts, ['Hazırlandı', momentText(at).tr]];
  return {
    kind: 'file',
    name: `${name}-${istanbulDay(at)}.${format}`,
    mediaType: MEDIA_TYPES[format],
    body: tableFile(table, all, format),
  };
}

/** Columns of a page's table as those of a file; what no column of the page says in a word is named by its Turkish label. */
export function textColumns(labels: readonly { readonly label: Cell }[]): readonly Column[] {
  return labels.map(({ label }) => {
    const title = cellWords(label);
    return { key: title, title, kind: 'text' };
  });
}

/** Cells of a page as those of a file. */
export function textRow(cells: readonly Cell[]): Row {
  return cells.map((cell): FileCell => cellWords(cell));
}

/** What a cell of a page says, in Turkish, on one line. What is pressed says nothing. */
export function cellWords(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if ('tr' in cell) return cell.tr;
  if ('lines' in cell) return cell.lines.map(cellWords).join('; ');
  if ('code' in cell) return cell.code;
  return 'text' in cell ? cellWords(cell.text) : '';
}

/** Links to the files of what a page lists. `address`: where each lies. */
export function fileLinks(what: BothLanguages, address: (format: TableFormat) => string): Part {
  return {
    part: 'links',
    label: { tr: 'Dosya olarak al', en: 'Take away as a file' },
    links: TABLE_FORMATS.map((format) => ({
      href: address(format),
      text: { tr: `${what.tr}: ${format.toUpperCase()}`, en: `${what.en}: ${format.toUpperCase()}` },
    })),
  };
}
