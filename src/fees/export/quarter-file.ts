import type { QuarterView } from '../quarter/read-quarter.js';
import type { StatementFile, StatementFormat } from './port.js';
import { statementFile } from './statement-file.js';

/** A quarter's totals as a file: users and lines stand in files that are asked for by themselves. */
export function quarterFile(view: QuarterView, format: StatementFormat, madeAt: Date): StatementFile {
  const { document, due, payBy, quarter, state, statementSha256 } = view;
  const head = { quarter, state, due, payBy, statementSha256, account: null, madeAt };
  return statementFile({ document, head }, format);
}
