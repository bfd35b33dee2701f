import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { cut } from './plain-text.js';

/** A4 in points, and what stays white. */
const MARGIN = 36;
const FOOT = 24;

/** Where something can be drawn, top left at 0/0, points. */
interface Area {
  readonly left: number;
  readonly width: number;
  readonly bottom: number;
}

interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
  readonly align?: 'left' | 'right';
}

/** A document page by page. What is drawn leaves with `taken`, so that no more than a page is held. */
export interface Paper {
  readonly doc: PDFKit.PDFDocument;
  readonly area: Area;
  /** Where the next thing begins. */
  y: number;
  pages: number;
  /** True where `height` still fits on this page. */
  fits(height: number): boolean;
  newPage(layout: 'portrait' | 'landscape'): void;
  /** One line in a box; what is too long ends in `…`. */
  line(text: string, x: number, y: number, width: number, style: TextStyle): void;
  /** The lines that `text` takes in a box of `width`: between words where it can be, `most` of them at the most, the last ending in `…` then. */
  wrapped(
    text: string,
    width: number,
    style: Pick<TextStyle, 'size' | 'bold'>,
    most: number,
  ): readonly string[];
  /** Bytes that are ready. */
  taken(): Generator<Buffer>;
}

// By the package's name: where packages lie is the machine's matter. Both have ğ ı İ ş; what is used of them is embedded.
const require = createRequire(import.meta.url);
const PLAIN = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf');

/** An empty A4 document. `title`: ours; `foot` stands beside each page's number. */
export function openPaper(title: string, foot: string, madeAt: Date): Paper {
  const doc = new PDFDocument({
    autoFirstPage: false,
    size: 'A4',
    margin: MARGIN,
    lang: 'tr-TR',
    displayTitle: true,
    pdfVersion: '1.7',
    fontLayoutCache: true,
    info: { Title: title, CreationDate: madeAt, Producer: 'koopbis-bridge', Creator: 'koopbis-bridge' },
  } as PDFKit.PDFDocumentOptions);
  doc.registerFont('plain', readFileSync(PLAIN));
  doc.registerFont('bold', readFileSync(BOLD));
  const widthOf = createWidths(doc);
  const paper: Paper = {
    doc,
    area: { left: MARGIN, width: 0, bottom: 0 },
    y: 0,
    pages: 0,
    fits: (height) => paper.y + height <= paper.area.bottom,
    newPage: (layout) => {
      doc.addPage({ size: 'A4', layout, margin: MARGIN });
      paper.pages += 1;
      const { height, width } = doc.page;
      Object.assign(paper, {
        area: { left: MARGIN, width: width - 2 * MARGIN, bottom: height - MARGIN - FOOT },
        y: MARGIN,
      });
      const at = height - MARGIN - 8;
      paper.line(foot, MARGIN, at, width - 2 * MARGIN - 80, { size: 7 });
      paper.line(`Sayfa ${paper.pages}`, width - MARGIN - 80, at, 80, { size: 7, align: 'right' });
    },
    line: (text, x, y, width, { align = 'left', bold = false, size }) => {
      const name = bold ? 'bold' : 'plain';
      const shown = fitting(text, width / size, (char) => widthOf(name, char));
      const indent = align === 'left' ? 0 : width - size * total(shown, (char) => widthOf(name, char));
      doc.font(name, size).text(shown, x + indent, y, { lineBreak: false });
    },
    wrapped: (text, width, { bold = false, size }, most) => {
      const name = bold ? 'bold' : 'plain';
      return brokenUp(text, width / size, most, (char) => widthOf(name, char));
    },
    taken: function* () {
      for (let piece = doc.read(); piece !== null; piece = doc.read()) yield piece as Buffer;
    },
  };
  return paper;
}

/** Widths of single characters at size 1, asked for once: laying out a text twice would take twice as long. */
function createWidths(doc: PDFKit.PDFDocument): (name: string, char: string) => number {
  const known = new Map<string, number>();
  return (name, char) => {
    const key = name + char;
    const found = known.get(key);
    if (found !== undefined) return found;
    const width = doc.font(name, 1000).widthOfString(char) / 1000;
    // Names from outside may hold any character: the table is begun anew before it grows large.
    if (known.size > 5_000) known.clear();
    known.set(key, width);
    return width;
  };
}

function total(text: string, widthOf: (char: string) => number): number {
  let sum = 0;
  for (const char of text) sum += widthOf(char);
  return sum;
}

function fitting(text: string, width: number, widthOf: (char: string) => number): string {
  let sum = 0;
  let length = 0;
  const dots = widthOf('…');
  let last = 0;
  for (const char of text) {
    sum += widthOf(char);
    if (sum > width) return cut(text, last + 1);
    length += char.length;
    if (sum + dots <= width) last = length;
  }
  return text;
}

function brokenUp(
  text: string,
  width: number,
  most: number,
  widthOf: (char: string) => number,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ').flatMap((word) => pieces(word, width, widthOf));
  for (const [i, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || total(longer, widthOf) <= width) {
      line = longer;
      continue;
    }
    if (lines.length === most - 1) {
      // What is left goes on the last line, which is cut where it is drawn.
      lines.push(fitting([line, ...words.slice(i)].join(' '), width, widthOf));
      return lines;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

/** A word that is longer than a line, in pieces that are not. */
function pieces(word: string, width: number, widthOf: (char: string) => number): readonly string[] {
  const found: string[] = [];
  let piece = '';
  let sum = 0;
  for (const char of word) {
    sum += widthOf(char);
    if (sum > width && piece !== '') {
      found.push(piece);
      piece = '';
      sum = widthOf(char);
    }
    piece += char;
  }
  return [...found, piece];
}
