import { openPaper, type Paper } from '../../../documents/paper.js';
import { plainText } from '../../../documents/plain-text.js';
import { statementFacts } from '../facts.js';
import type { StatementSource } from '../port.js';
import { statementTables } from '../tables.js';
import { drawChart } from './draw-chart.js';
import { drawTable } from './draw-table.js';

/** Rows of users, cooperatives and queries together: nobody reads more of them on paper. */
const MOST_DETAILS = 10_000;
const TITLE = 'KPS katılma payı cetveli';
const NAME_WIDTH = 110;

/** How long a document may become; a test asks for a short one. */
export interface PdfLimits {
  readonly details: number;
}

/** A document for people: facts, a chart, the tables. Bounded: of details that are too many it says how many stand in CSV and XLSX alone. */
export async function* writePdf(
  source: StatementSource,
  { details }: PdfLimits = { details: MOST_DETAILS },
): AsyncGenerator<Buffer> {
  const { period } = source.document;
  const paper = openPaper(TITLE, footOf(source), source.head.madeAt);
  paper.newPage('portrait');
  paper.line(
    `${TITLE} · ${period.quarter ?? `${period.from} – ${period.to}`}`,
    paper.area.left,
    paper.y,
    paper.area.width,
    {
      size: 15,
      bold: true,
    },
  );
  paper.y += 28;
  drawFacts(paper, source);
  drawChart(paper, source.document);
  const budget = { left: details };
  for (const table of statementTables(source)) {
    yield* drawTable(paper, table, budget);
    yield* paper.taken();
  }
  paper.line(`${paper.pages} sayfa. Cetvelin sonu.`, paper.area.left, paper.y, paper.area.width, { size: 7 });
  paper.doc.end();
  yield* paper.taken();
}

function footOf({ document, head }: StatementSource): string {
  const { from, quarter, to } = document.period;
  const hash = head.statementSha256;
  return `${TITLE} · ${quarter ?? `${from} – ${to}`}${hash === null ? '' : ` · SHA-256 ${hash}`}`;
}

function drawFacts(paper: Paper, source: StatementSource): void {
  const style = { size: 8.5 };
  for (const [name, value] of statementFacts(source)) {
    const { left, width } = paper.area;
    const text = plainText(value);
    const height =
      paper.doc.font('plain', style.size).heightOfString(text, { width: width - NAME_WIDTH }) + 3;
    if (!paper.fits(height)) paper.newPage('portrait');
    paper.line(plainText(name), left, paper.y, NAME_WIDTH - 4, { ...style, bold: true });
    paper.doc.font('plain', style.size).text(text, left + NAME_WIDTH, paper.y, { width: width - NAME_WIDTH });
    paper.y += height;
  }
  paper.y += 10;
}
