/** An entry that may belong to a story, as the search table leads to it. */
export interface LogRow {
  readonly leaf_index: bigint;
  readonly kind: string;
  readonly line: string;
}

/** Gives `LogRow`s; `s` is the search table. */
export const SELECT_ROWS =
  'SELECT s.leaf_index, s.kind, e.line FROM bridge.log_search s JOIN bridge.entry e USING (leaf_index)';
