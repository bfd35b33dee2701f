/**
 * A cell of a table. `number`: the decimal text of a number as a workbook holds it (`1234.56`); `text`: as somebody wrote it, blanks at
 * both ends gone; `day` `YYYY-MM-DD`. `other` is never taken for a figure.
 */
export type Cell =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'other'; readonly what: 'formula' | 'boolean' | 'error' };

/** A line of a table that is not blank; `line` as a person counts them. */
export interface TableLine {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** Bytes of a file: the figures of ten years by day and service are a hundredth of it. */
export const MAX_BYTES = 20_971_520;
/** Lines of a table. */
export const MAX_ROWS = 200_000;
/** Columns of a table, whatever we read of them. */
export const MAX_COLUMNS = 50;
/** Characters of a cell: names of services have 40. */
export const MAX_CELL = 200;

const EMPTY: Cell = { kind: 'empty' };

/** The cell of a text. */
export function textCell(text: string): Cell {
  const trimmed = text.trim();
  return trimmed === '' ? EMPTY : { kind: 'text', text: trimmed };
}

/** True where nothing stands in any of them. */
export function isBlank(cells: readonly Cell[]): boolean {
  return cells.every(({ kind }) => kind === 'empty');
}
