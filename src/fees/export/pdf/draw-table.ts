import type { Paper } from '../../../documents/paper.js';
import { type Column, createAdder, type Row, TOTAL } from '../../../documents/table.js';
import { formatCount } from '../../kurus.js';
import { type StatementTable, shownCell } from '../../statement/cells.js';

/** How many rows of details a document may still take. */
export interface DetailBudget {
  left: number;
}

/** Parts of the width that a column asks for, by its key. */
const PARTS: Readonly<Record<string, number>> = {
  hesap: 8,
  kurum: 20,
  ücret_sınıfı: 11,
  anahtar: 30,
  gönderim: 18,
  uygulama: 9,
  hizmet: 12,
  sürüm: 9,
  amaç: 10,
  kooperatif: 15,
  il: 8,
  bakanlık: 8,
  birim: 10,
  sonuç: 11,
  satır: 6,
  sorgu: 6,
  kayıtlı_birim: 11,
  birim_adedi: 11,
  birim_fiyat: 7,
  kayıtlı_tutar: 12,
  tutar: 10,
  sorgu_no: 30,
  fark_no: 24,
};
const OTHER = 12;
/** From so many columns on: across, and small. */
const WIDE = 10;
const GAP = 4;
const MORE = 'satır daha var; tümü CSV ve XLSX biçimindeki cetveldedir';

/** Draws a table, page after page, its header on each, a total below it; gives what is ready page by page. Memory: one page. */
export async function* drawTable(
  paper: Paper,
  table: StatementTable,
  budget: DetailBudget,
): AsyncGenerator<Buffer> {
  const pen = createPen(paper, table);
  pen.begin();
  const shown = createAdder(table.columns);
  const whole = createAdder(table.columns);
  let hidden = 0;
  for await (const row of table.rows) {
    whole.add(row);
    if (table.isDetail && budget.left === 0) {
      hidden += 1;
      continue;
    }
    if (table.isDetail) budget.left -= 1;
    shown.add(row);
    if (pen.row(row, false)) yield* paper.taken();
  }
  if (hidden > 0) {
    pen.row(shown.total('GÖSTERİLEN'), true);
    pen.note(`${formatCount(hidden)} ${MORE}`);
  }
  pen.row(whole.total(TOTAL), true);
  paper.y += 14;
}

interface Pen {
  /** The title and the header; on a page of its own where this one has no room. */
  begin(): void;
  /** True where the row began a new page. */
  row(row: Row, bold: boolean): boolean;
  note(text: string): void;
}

function createPen(paper: Paper, { columns, title }: StatementTable): Pen {
  const wide = columns.length >= WIDE;
  const layout = wide ? 'landscape' : 'portrait';
  const size = wide ? 5.4 : 8;
  const height = size * 1.55;
  const header = (): void => {
    columnsAt().forEach(([{ kind, title: name }, x, width]) => {
      paper.line(name, x, paper.y, width, { size, bold: true, align: kind === 'text' ? 'left' : 'right' });
    });
    paper.y += height;
    ruler();
  };
  const ruler = (): void => {
    const { left, width } = paper.area;
    paper.doc
      .moveTo(left, paper.y - 1)
      .lineTo(left + width, paper.y - 1)
      .lineWidth(0.5)
      .stroke('#666666');
  };
  const columnsAt = () => placed(columns, paper.area.left, paper.area.width);
  const room = (wanted: number): boolean => {
    if (paper.fits(wanted)) return false;
    paper.newPage(layout);
    paper.line(`${title} (devam)`, paper.area.left, paper.y, paper.area.width, { size: 9, bold: true });
    paper.y += 14;
    header();
    return true;
  };
  return {
    begin: () => {
      const isAcross = paper.doc.page.width > paper.doc.page.height;
      if (isAcross !== wide || !paper.fits(14 + 4 * height)) paper.newPage(layout);
      paper.line(title, paper.area.left, paper.y, paper.area.width, { size: 10, bold: true });
      paper.y += 15;
      header();
    },
    row: (row, bold) => {
      const began = room(height);
      if (bold) ruler();
      columnsAt().forEach(([column, x, width], i) => {
        const text = shownCell(row[i] ?? null, column);
        if (text !== '')
          paper.line(text, x, paper.y, width, {
            size,
            bold,
            align: column.kind === 'text' ? 'left' : 'right',
          });
      });
      paper.y += height;
      return began;
    },
    note: (text) => {
      room(height);
      paper.line(text, paper.area.left, paper.y, paper.area.width, { size });
      paper.y += height;
    },
  };
}

function placed(
  columns: readonly Column[],
  left: number,
  width: number,
): readonly [Column, number, number][] {
  const parts = columns.map(({ key }) => PARTS[key] ?? OTHER);
  const whole = parts.reduce((sum, one) => sum + one, 0);
  let x = left;
  return columns.map((column, i) => {
    const own = (width * (parts[i] ?? OTHER)) / whole;
    const at: [Column, number, number] = [column, x, own - GAP];
    x += own;
    return at;
  });
}
