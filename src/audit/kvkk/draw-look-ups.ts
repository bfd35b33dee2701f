import type { Paper } from '../../documents/paper.js';
import { plainText } from '../../documents/plain-text.js';
import { shownGround } from '../shown-ground.js';
import { createMasks, type KvkkAnswer } from './answer.js';
import { countWord, momentWord } from './answer-texts.js';
import type { LookUp } from './look-up.js';
import { ministryWord, NO_RESULT, purposeWord, resultWord, roleWord } from './words.js';

/** One column: what it is called, its part of the width, what stands in it. */
interface Column {
  readonly title: string;
  readonly part: number;
  text(lookUp: LookUp): string;
}

const TITLE = 'Hakkınızda yapılan sorgular (en yeni önce)';
const SIZE = 7;
const LEADING = 9.5;
const GAP = 6;
/** Lines of one cell: a name of an institution that is longer is cut. */
const MOST_LINES = 4;

/** Draws the table page after page, its header on each; gives what is ready page by page. `grounds`: numbers of the legal grounds. */
export function* drawLookUps(
  paper: Paper,
  answer: KvkkAnswer,
  grounds: ReadonlyMap<string, number>,
): Generator<Buffer> {
  const columns = columnsOf(answer, grounds);
  const page = () => {
    paper.newPage('landscape');
    paper.line(TITLE, paper.area.left, paper.y, paper.area.width, { size: 10, bold: true });
    paper.y += 16;
    row(
      paper,
      columns,
      columns.map(({ title }) => [title]),
      true,
    );
    rule(paper);
  };
  page();
  for (const lookUp of answer.found.lookUps) {
    const cells = placed(paper, columns).map(({ column, width }) =>
      paper.wrapped(plainText(column.text(lookUp)), width, { size: SIZE }, MOST_LINES),
    );
    if (!paper.fits(heightOf(cells))) {
      yield* paper.taken();
      page();
    }
    row(paper, columns, cells, false);
  }
  yield* paper.taken();
}

function columnsOf({ known, names }: KvkkAnswer, grounds: ReadonlyMap<string, number>): readonly Column[] {
  const mask = createMasks();
  const staff: Column = {
    title: 'Görevli',
    part: 20,
    text: ({ role, session, userKey }) => {
      if (names === 'unit') return roleWord(role);
      return `${known.get(session) ?? `adı saklanmıyor ${mask(userKey)}`}, ${roleWord(role)}`;
    },
  };
  return [
    { title: 'Kayıt', part: 8, text: ({ leaf }) => countWord(leaf) },
    { title: 'Zaman', part: 14, text: ({ at }) => momentWord(at) },
    { title: 'Sorgulayan kurum', part: 22, text: ({ institution }) => institution },
    {
      title: 'Birim ya da kooperatif',
      part: 24,
      text: ({ cooperative, il, ministry }) =>
        `${ministryWord(ministry)} alanı, ${il}; kooperatif MERSİS no ${cooperative}`,
    },
    ...(names === 'none' ? [] : [staff]),
    { title: 'Amaç', part: 20, text: ({ purpose }) => purposeWord(purpose) },
    {
      title: 'Dayanak',
      part: 7,
      text: ({ legalGround }) => `[${grounds.get(shownGround(legalGround)) ?? '–'}]`,
    },
    { title: 'Sonuç', part: 13, text: ({ result }) => (result === null ? NO_RESULT : resultWord(result)) },
  ];
}

function placed(paper: Paper, columns: readonly Column[]) {
  const whole = columns.reduce((sum, { part }) => sum + part, 0);
  let x = paper.area.left;
  return columns.map((column) => {
    const own = (paper.area.width * column.part) / whole;
    const at = { column, x, width: own - GAP };
    x += own;
    return at;
  });
}

function heightOf(cells: readonly (readonly string[])[]): number {
  return Math.max(1, ...cells.map((lines) => lines.length)) * LEADING + 3;
}

function row(
  paper: Paper,
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  bold: boolean,
): void {
  for (const [i, { width, x }] of placed(paper, columns).entries())
    for (const [n, line] of (cells[i] ?? []).entries())
      paper.line(line, x, paper.y + n * LEADING, width, { size: SIZE, bold });
  paper.y += heightOf(cells);
}

function rule(paper: Paper): void {
  const { left, width } = paper.area;
  paper.doc
    .moveTo(left, paper.y - 2)
    .lineTo(left + width, paper.y - 2)
    .lineWidth(0.5)
    .stroke('#666666');
}
