import { stringify } from 'csv-stringify/sync';

/** Spreadsheets take a file for the machine's old code page without it. */
export const BOM = '\ufeff';
const FORM = { delimiter: ';', record_delimiter: '\r\n' };

/** Records of a CSV as spreadsheets of a Turkish machine read them: `;` between fields. What may be a formula is defused before. */
export function csvText(records: readonly (readonly string[])[]): string {
  return stringify([...records], FORM);
}
