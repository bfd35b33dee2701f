import type { StatementFormat } from '../../src/fees/export/port.js';

/** What one process writes. `url` holds a password: it goes over IPC, never on a command line. */
export interface ExportWish {
  readonly url: string;
  readonly format: StatementFormat;
  /** Lines of the book, one row each. */
  readonly rows: number;
  readonly file: string;
}

/** One file, and what it took in its own process. */
export interface Exported {
  readonly rows: number;
  readonly ms: number;
  readonly bytes: number;
  /** Highest resident memory of the process, from its start on. */
  readonly peakRssBytes: number;
}

export type FromExport =
  | ({ readonly type: 'exported' } & Exported)
  | { readonly type: 'failed'; readonly message: string };
