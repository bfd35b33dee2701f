import { plainText } from '../../documents/plain-text.js';
import { type Cell, type Column, createAdder, type Row, type Table } from '../../documents/table.js';
import type { StatementSource } from '../../fees/export/port.js';
import { statementTables } from '../../fees/export/tables.js';
import { formatCount, formatTl } from '../../fees/kurus.js';
import { daysText } from './istanbul-text.js';

/** Columns and tables in the words of the command line; what is not here is shown by its own name. */
const WORDS: Readonly<Record<string, string>> = {
  özet: 'accounts',
  hizmet: 'service',
  sonuç: 'outcome',
  birim: 'unit',
  bakanlık: 'ministry',
  amaç: 'purpose',
  uygulama: 'client',
  ay: 'month',
  gün: 'day',
  birim_fiyat: 'unit price',
  düzeltmeler: 'corrections',
  kullanıcılar: 'users',
  kooperatifler: 'cooperatives',
  satırlar: 'lines',
  hesap: 'account',
  kurum: 'institution',
  ücret_sınıfı: 'class',
  satır: 'lines',
  sorgu: 'queries',
  birim_adedi: 'units',
  tutar: 'amount',
  kayıtlı_birim: 'units booked',
  kayıtlı_tutar: 'amount booked',
  düzeltme_birimi: 'units corrected',
  düzeltme_tutarı: 'corrections',
  kullanıcı: 'user',
  kooperatif: 'cooperative',
  gönderim: 'sent at',
  sürüm: 'version',
  sorgu_no: 'query',
  dönem: 'quarter',
  ait_dönem: 'of quarter',
  ait_gün: 'of day',
  sayıldı: 'counted',
  fark_no: 'difference',
};
const wordOf = (key: string) => WORDS[key] ?? key;

/** Rows beside each other in one width; more would have to be held. */
const AT_ONCE = 500;

/** A statement for people, piece by piece. Days are left to files: ninety rows hide the others. */
export async function* statementText(source: StatementSource): AsyncGenerator<string> {
  yield headText(source);
  for (const table of statementTables(source)) {
    if (table.key === 'gün') continue;
    yield `\n${table.key === 'özet' ? 'accounts' : table.isDetail ? wordOf(table.key) : `by ${wordOf(table.key)}`}`;
    yield* tableText(table);
  }
}

const CORRECTED = 'corrected  tables below "accounts" show what was booked; amount = booked + corrections';

function headText({ corrections, document, head }: StatementSource): string {
  const { accounts, period, total } = document;
  const { due, payBy, quarter, state, statementSha256 } = head;
  const facts = [
    `${quarter ?? 'days'} from ${daysText(period)}${state === null ? '' : `: ${state}`}`,
    `total      ${formatCount(total.queries)} queries, ${formatCount(total.units)} units, ${formatTl(BigInt(total.amountKurus))}`,
    ...(accounts.some((one) => one.corrections.lines > 0)
      ? [
          `${CORRECTED}, ${corrections === undefined ? 'which are listed in files, and with --token-file' : 'listed under "corrections"'}`,
        ]
      : []),
    ...(statementSha256 === null ? [] : [`statement  SHA-256 ${statementSha256}`]),
    ...(due === null
      ? []
      : [
          `due        ${due}${payBy === due || payBy === null ? '' : ` (no working day: the next one is ${payBy})`}`,
        ]),
  ];
  return facts.join('\n');
}

async function* tableText({ columns, key: table, rows }: Table): AsyncGenerator<string> {
  const adder = createAdder(columns);
  const header = columns.map(({ key }) => wordOf(key === 'anahtar' ? table : key));
  let held: (readonly string[])[] = [header];
  for await (const row of rows) {
    adder.add(row);
    held.push(cellsOf(row, columns));
    if (held.length < AT_ONCE) continue;
    yield aligned(held, columns);
    held = [];
  }
  held.push(cellsOf(adder.total('total'), columns));
  yield aligned(held, columns);
}

function cellsOf(row: Row, columns: readonly Column[]): readonly string[] {
  return columns.map(({ kind }, i) => cellText(row[i] ?? null, kind));
}

function cellText(cell: Cell, kind: Column['kind']): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return plainText(cell);
  return kind === 'money' || kind === 'price' ? formatTl(BigInt(cell)) : formatCount(cell);
}

function aligned(rows: readonly (readonly string[])[], columns: readonly Column[]): string {
  const widths = columns.map((_, i) => rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0));
  const line = (row: readonly string[]) =>
    row.map((cell, i) =>
      columns[i]?.kind === 'text' ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
  return rows.map((row) => `  ${line(row).join('  ').trimEnd()}`).join('\n');
}
