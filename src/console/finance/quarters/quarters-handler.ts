import { isQuarter } from '../../../calendar/istanbul-day.js';
import { addKurus, NOTHING } from '../../../fees/kurus.js';
import type { ListedQuarter } from '../../../fees/quarter/list-quarters.js';
import { paidKurus, type QuarterNotice } from '../../../fees/quarter/read-notices.js';
import { dayText } from '../../../pages/formatting.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { Cell, Page, TablePart } from '../../frame/parts.js';
import { behindAnswer } from '../quarter-call.js';
import {
  countCell,
  FEES_BACK,
  HOME,
  moneyCell,
  quarterPath,
  quarterText,
  stateCell,
} from '../quarter-words.js';
import type { QuarterPorts } from '../quarters-port.js';

/** Two years: of each that is not closed the lines' sums are added up. */
const SHOWN = 8;
const PATH = `${HOME}/ceyrekler`;
const TITLE = { tr: 'Çeyrekler', en: 'Quarters' };

/** `quarters`: the history, the newest first. */
export function createQuartersHandler(ports: QuarterPorts): (call: ConsoleCall) => Promise<Answer> {
  return async ({ at, query }) => {
    const before = query.get('once');
    if (before !== null && !isQuarter(before)) throw new ConsoleRefusal('NOT_FOUND');
    const behind = await ports.behind();
    if (behind !== null)
      return behindAnswer(TITLE, behind, before === null ? PATH : `${PATH}?once=${before}`);
    const { next, rows } = await ports.list(before, SHOWN, at);
    return { kind: 'page', page: quartersPage(rows, next, before) };
  };
}

function quartersPage(rows: readonly ListedQuarter[], next: string | null, before: string | null): Page {
  return {
    title: TITLE,
    help: {
      tr: 'Her çeyreğin durumunu, bizim saydığımızı, İçişleri Bakanlığının bildirdiğini ve ödeneni yan yana gösterir. Bir çeyreği açmak için adına basın.',
      en: 'Shows the state of each quarter, what we counted, what the Interior Ministry asked for and what was paid, side by side. Choose a quarter to open it.',
    },
    back: FEES_BACK,
    parts: [
      table(rows),
      {
        part: 'pager',
        shown: { tr: `${rows.length} çeyrek gösteriliyor`, en: `${rows.length} quarters shown` },
        first: before === null ? null : PATH,
        next: next === null ? null : `${PATH}?once=${next}`,
      },
    ],
  };
}

function table(rows: readonly ListedQuarter[]): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Çeyrekler, yeniden eskiye', en: 'Quarters, the newest first' },
    columns: [
      { label: { tr: 'Çeyrek', en: 'Quarter' } },
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'Son ödeme günü', en: 'Due' } },
      { label: { tr: 'Sorgu', en: 'Queries' }, numeric: true },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
      { label: { tr: 'Bildirilen', en: 'Asked for' }, numeric: true },
      { label: { tr: 'Ödenen', en: 'Paid' }, numeric: true },
      { label: { tr: 'Cetvel SHA-256', en: 'Statement SHA-256' } },
    ],
    rows: rows.map((row) => [
      { href: quarterPath(row.quarter), text: quarterText(row.quarter) },
      row.total === null
        ? {
            mark: 'problem',
            text: {
              tr: 'Cetvel değiştirilmiş: kayıtla tutmuyor',
              en: 'The statement was changed: it is not the one in the log',
            },
          }
        : stateCell(row.state),
      dueCell(row),
      row.total === null ? '' : countCell(row.total.queries),
      row.total === null ? '' : moneyCell(row.total.amountKurus),
      askedCell(row.notices),
      row.payments.length === 0 ? '' : moneyCell(paidKurus(row.payments)),
      row.statementSha256 === null ? '' : { code: row.statementSha256 },
    ]),
    empty: { tr: 'Henüz çeyrek yok.', en: 'No quarter yet.' },
  };
}

function dueCell({ due, payBy }: ListedQuarter): Cell {
  if (due === payBy) return dayText(due);
  const working = dayText(payBy);
  return {
    lines: [dayText(due), { tr: `izleyen iş günü ${working.tr}`, en: `next working day ${working.en}` }],
  };
}

/** Of each account the last notice holds. */
function askedCell(notices: readonly QuarterNotice[]): Cell {
  const holding = new Map(notices.map((one) => [one.account, one.amountKurus]));
  return holding.size === 0
    ? { tr: 'bildirim yok', en: 'no notice' }
    : moneyCell(addKurus(NOTHING, ...holding.values()));
}
