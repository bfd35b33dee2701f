import type { RowsRead } from './count-rows.js';

/** A list tells by one row more whether there is a next page. */
const LOOK_AHEAD = 1;
/** Any statement may bring so many beside what is shown: accounts, the tariff's switches, the keys of one person. */
const FEW = 10;
/** A row shown is made of so many at the most: an entry, its outcome or its proposal, the session of who acted. */
const PARTS_OF_ROW = 3;
/** And a page reads so many beside its lists: session, roles, place in the log, the entry that it writes, counts for its tiles. */
const BESIDE = 40;

const DAYS = 'sums of each day and account of this quarter and the one compared, of which forecasts are made';

const OUTCOMES = 'sums of each day and outcome, of which the picture of the time is made';

/** Pages that read more, and why; so many rows in one statement. */
const ALLOWED: Readonly<Record<string, { readonly rows: number; readonly why: string }>> = {
  agreements: { rows: 50, why: 'letters that the form of an answer offers to choose from' },
  security: {
    rows: 900,
    why: 'sums of each kind and code of thirty days, of which its picture and table of days are made',
  },
  'person.page': { rows: 400, why: OUTCOMES },
  'user.page': { rows: 400, why: OUTCOMES },
  fees: { rows: 400, why: DAYS },
  budgets: { rows: 400, why: DAYS },
  'reconciliation.preview': {
    rows: 732,
    why: 'sums of each day and service of a year at most: totals and classes hold all of them',
  },
};

/** What a page shows. `largest`: rows of its longest table. */
export interface ShownRows {
  readonly rows: number;
  readonly largest: number;
}

/** What is wrong with how much a page has read; null: nothing. `page` may name one of its ways (`page: way`). */
export function rowsFault(page: string, shown: ShownRows, { rows, statements }: RowsRead): string | null {
  const allowed = ALLOWED[page.split(':')[0] ?? page]?.rows ?? 0;
  const most = Math.max(shown.largest + LOOK_AHEAD, FEW, allowed);
  const greedy = statements.find((one) => one.rows > most);
  if (greedy !== undefined)
    return `${page} shows ${shown.largest} rows in its longest table and read ${greedy.rows} at once: ${short(greedy.text)}`;
  const all = PARTS_OF_ROW * shown.rows + 2 * allowed + BESIDE;
  return rows > all ? `${page} shows ${shown.rows} rows and read ${rows}, more than ${all}` : null;
}

/** The rule in words. */
export const ROWS_RULE = `rows: a statement brings at most the longest table shown + ${LOOK_AHEAD} (or ${FEW}), a page at most ${PARTS_OF_ROW} for each row shown + ${BESIDE}; ${Object.entries(
  ALLOWED,
)
  .map(([page, { rows, why }]) => `${page} ${rows} (${why})`)
  .join('; ')}`;

function short(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 200);
}
