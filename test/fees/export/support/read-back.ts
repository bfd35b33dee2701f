import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';

/** All bytes of a file's writer. */
export async function bytesOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const held: Buffer[] = [];
  for await (const piece of pieces) held.push(piece);
  return Buffer.concat(held);
}

export type CsvRecord = Readonly<Record<string, string>>;

/** A CSV as another program reads it. */
export async function readCsv(pieces: AsyncIterable<Buffer>): Promise<readonly CsvRecord[]> {
  return parse(await bytesOf(pieces), { bom: true, columns: true, delimiter: ';' });
}

/** Records of one table, without its total. */
export const csvRows = (records: readonly CsvRecord[], table: string) =>
  records.filter((one) => one.bölüm === table && one.kayıt === 'satır');

export const csvTotal = (records: readonly CsvRecord[], table: string) => {
  const [total] = records.filter((one) => one.bölüm === table && one.kayıt === 'toplam');
  if (total === undefined) throw new Error(`no total of ${table}`);
  return total;
};

export const sumBy = (records: readonly CsvRecord[], field: string) =>
  records.reduce((sum, one) => sum + BigInt(one[field] ?? ''), 0n);

export type SheetRows = readonly (readonly unknown[])[];

/** Rows of each sheet, by its name, as another program reads them. */
export async function readSheets(pieces: AsyncIterable<Buffer>): Promise<ReadonlyMap<string, SheetRows>> {
  const book = await readXlsx(new Uint8Array(await bytesOf(pieces)));
  return new Map(book.sheets.map(({ name, rows }) => [name, rows]));
}
