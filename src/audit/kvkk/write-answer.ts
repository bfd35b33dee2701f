import { openPaper, type Paper } from '../../documents/paper.js';
import { plainText } from '../../documents/plain-text.js';
import { type KvkkAnswer, numberGrounds } from './answer.js';
import { answerFacts, closing, countWord, introduction } from './answer-texts.js';
import { drawLookUps } from './draw-look-ups.js';

const TITLE = 'Kişisel veri başvurusuna cevap';
const NAME_WIDTH = 150;
const SIZE = 9;
const LEADING = 12.5;
/** Lines of one paragraph: none of ours is near it; a sender or a request number of anybody's length is cut here. */
const MOST_LINES = 40;

/**
 * The answer to a person's request under 6698 m.11, in Turkish, as a PDF: whom it is from, the look-ups, what the law says next, and what
 * proves it. Page by page. The person's own number does not stand in it.
 */
export async function* writeAnswer(answer: KvkkAnswer): AsyncGenerator<Buffer> {
  const { found, madeAt, requestNo, sender } = answer;
  const paper = openPaper(TITLE, plainText(`${TITLE} · ${requestNo}`), madeAt);
  paper.newPage('portrait');
  paragraph(paper, sender, { size: 11, bold: true });
  paper.y += 6;
  paragraph(paper, `${TITLE} (6698 sayılı Kanun m.11, m.13)`, { size: 14, bold: true });
  paper.y += 8;
  for (const [name, value] of answerFacts(answer)) fact(paper, name, value);
  paper.y += 8;
  for (const text of introduction(answer)) paragraph(paper, text);
  yield* paper.taken();
  const grounds = numberGrounds(found.lookUps);
  if (found.lookUps.length > 0) {
    yield* drawLookUps(paper, answer, grounds);
    paper.newPage('portrait');
    const more = found.total - found.lookUps.length;
    if (more > 0)
      paragraph(
        paper,
        `Bu belgede en yeni ${countWord(found.lookUps.length)} sorgu gösterilmiştir; daha eski ${countWord(more)} sorgu daha vardır. Bunlar için dönem belirterek yeniden başvurabilirsiniz.`,
        { bold: true },
      );
    heading(paper, 'Sorguların hukuki dayanakları');
    for (const [ground, number] of grounds) paragraph(paper, `[${number}] ${ground}`);
  }
  for (const [title, texts] of closing(answer)) {
    heading(paper, title);
    for (const text of texts) paragraph(paper, text);
  }
  paper.y += 6;
  paragraph(paper, `${paper.pages} sayfa. Cevabın sonu.`, { size: 7 });
  paper.doc.end();
  yield* paper.taken();
}

interface Look {
  readonly size?: number;
  readonly bold?: boolean;
}

function paragraph(paper: Paper, text: string, { bold = false, size = SIZE }: Look = {}): void {
  const height = (LEADING * size) / SIZE;
  for (const line of paper.wrapped(plainText(text), paper.area.width, { size, bold }, MOST_LINES)) {
    if (!paper.fits(height)) paper.newPage('portrait');
    paper.line(line, paper.area.left, paper.y, paper.area.width, { size, bold });
    paper.y += height;
  }
  paper.y += 4;
}

function heading(paper: Paper, text: string): void {
  paper.y += 6;
  // Not alone at the foot of a page.
  if (!paper.fits(4 * LEADING)) paper.newPage('portrait');
  paragraph(paper, text, { size: 11, bold: true });
}

function fact(paper: Paper, name: string, value: string): void {
  const width = paper.area.width - NAME_WIDTH;
  const lines = paper.wrapped(plainText(value), width, { size: SIZE }, MOST_LINES);
  if (!paper.fits(lines.length * LEADING)) paper.newPage('portrait');
  paper.line(name, paper.area.left, paper.y, NAME_WIDTH - 6, { size: SIZE, bold: true });
  for (const line of lines) {
    paper.line(line, paper.area.left + NAME_WIDTH, paper.y, width, { size: SIZE });
    paper.y += LEADING;
  }
}
