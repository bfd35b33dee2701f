import { scaleBand, scaleLinear } from 'd3-scale';
import type { Paper } from '../../../documents/paper.js';
import { formatCount } from '../../kurus.js';
import type { StatementDocument } from '../../statement/statement-document.js';
import { dayWord } from '../words.js';
import { type Bar, chartBars } from './chart-bars.js';

const HEIGHT = 130;
/** Room for the numbers at the side, and for the days below. */
const SIDE = 44;
const BELOW = 14;
/** As many days as can be read beside each other. */
const LABELS = 10;
const LABEL_SIZE = 6.5;
const TITLES = { day: 'Güne göre sorgu', month: 'Aya göre sorgu' };

/** A chart of queries; on the next page where this one has no room. */
export function drawChart(paper: Paper, document: StatementDocument): void {
  const { bars, by } = chartBars(document);
  if (!paper.fits(HEIGHT + BELOW + 30)) paper.newPage('portrait');
  paper.line(TITLES[by], paper.area.left, paper.y, paper.area.width, { size: 10, bold: true });
  paper.y += 18;
  drawBars(paper, bars);
  paper.y += HEIGHT + BELOW + 12;
}

function drawBars(paper: Paper, bars: readonly Bar[]): void {
  const { doc, y: top } = paper;
  const left = paper.area.left + SIDE;
  const width = paper.area.width - SIDE;
  const most = bars.reduce((max, { queries }) => Math.max(max, queries), 1);
  const high = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([top + HEIGHT, top]);
  for (const tick of high.ticks(4).filter((one) => Number.isInteger(one))) {
    doc
      .moveTo(left, high(tick))
      .lineTo(left + width, high(tick))
      .lineWidth(0.3)
      .stroke('#bbbbbb');
    paper.line(formatCount(tick), paper.area.left, high(tick) - 4, SIDE - 5, { size: 6.5, align: 'right' });
  }
  const across = scaleBand()
    .domain(bars.map(({ key }) => key))
    .range([left, left + width])
    .padding(0.15);
  for (const { key, queries } of bars) {
    if (queries === 0) continue;
    doc
      .rect(across(key) ?? left, high(queries), across.bandwidth(), top + HEIGHT - high(queries))
      .fill('#1f4e79');
  }
  doc.fillColor('#000000');
  const step = Math.ceil(bars.length / LABELS);
  for (const [i, { key }] of bars.entries()) {
    if (i % step !== 0) continue;
    const [label, x] = [dayWord(key), across(key) ?? left];
    // The last one may have fewer bars than the others: beside the margin there is no room, before it stands its neighbour.
    const room = Math.min(step * across.step(), left + width - x);
    if (doc.font('plain', LABEL_SIZE).widthOfString(label) <= room)
      paper.line(label, x, top + HEIGHT + 4, room, { size: LABEL_SIZE });
  }
}
