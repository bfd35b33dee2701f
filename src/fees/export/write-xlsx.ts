import { type WorkbookLimits, writeWorkbook } from '../../documents/xlsx/write-workbook.js';
import { statementFacts } from './facts.js';
import type { StatementSource } from './port.js';
import { statementTables } from './tables.js';

/** A statement as a workbook: a sheet for each of its tables. */
export function writeXlsx(source: StatementSource, limits?: WorkbookLimits): AsyncGenerator<Buffer> {
  return writeWorkbook({ facts: statementFacts(source), tables: statementTables(source) }, limits);
}
