import type { Column, Row } from '../../documents/table.js';
import type { StatementTable } from '../statement/cells.js';
import {
  BOOKED_AMOUNT,
  BOOKED_UNITS,
  CORRECTED_AMOUNT,
  CORRECTED_UNITS,
  QUERIES,
  SUMS,
  WHOSE,
} from './columns.js';
import type { CooperativeRow, CorrectionLine, LineRow, StatementSource, UserRow } from './port.js';
import { dayWord, ministryWord, momentWord, purposeWord, resultWord, unitWord } from './words.js';

const text = (key: string, title: string, word?: (code: string) => string): Column => ({
  key,
  title,
  kind: 'text',
  ...(word === undefined ? {} : { word }),
});
const code = (key: string, title: string, word: (code: string) => string): Column => ({
  ...text(key, title, word),
  isCode: true,
});
const PRICE: Column = { key: 'birim_fiyat', title: 'Birim fiyat', kind: 'price' };
const QUERY = text('sorgu_no', 'Sorgu no');

const CORRECTIONS: readonly Column[] = [
  ...WHOSE,
  QUERY,
  text('dönem', 'Dönem'),
  text('ait_dönem', 'Ait olduğu dönem'),
  text('ait_gün', 'Ait olduğu gün', dayWord),
  text('sayıldı', 'Sayıldı'),
  CORRECTED_UNITS,
  PRICE,
  CORRECTED_AMOUNT,
  text('fark_no', 'Fark no'),
];
const USERS: readonly Column[] = [...WHOSE, text('kullanıcı', 'Kullanıcı'), ...SUMS];
const COOPERATIVES: readonly Column[] = [...WHOSE, text('kooperatif', 'Kooperatif'), ...SUMS];
const LINES: readonly Column[] = [
  text('gönderim', 'Gönderim', momentWord),
  ...WHOSE,
  text('uygulama', 'Uygulama'),
  text('hizmet', 'Hizmet'),
  text('sürüm', 'Sürüm'),
  code('amaç', 'Amaç', purposeWord),
  text('kooperatif', 'Kooperatif'),
  text('il', 'İl'),
  code('bakanlık', 'Bakanlık', ministryWord),
  code('birim', 'Birim', unitWord),
  code('sonuç', 'Sonuç', resultWord),
  QUERIES,
  BOOKED_UNITS,
  PRICE,
  BOOKED_AMOUNT,
  QUERY,
];

/** The tables of what is listed one by one, as far as it was asked for. */
export function detailTables(source: StatementSource): readonly StatementTable[] {
  const { cooperatives, corrections, lines, users } = source;
  const table = <T>(
    [key, title]: readonly [string, string],
    columns: readonly Column[],
    rows: AsyncIterable<T> | undefined,
    rowOf: (one: T) => Row,
  ): readonly StatementTable[] =>
    rows === undefined ? [] : [{ key, title, columns, rows: rowsOf(rows, rowOf), isDetail: true }];
  return [
    ...table(['düzeltmeler', 'Düzeltmeler'], CORRECTIONS, corrections, correctionRow),
    ...table(['kullanıcılar', 'Kullanıcılar'], USERS, users, (one) => sumsRow(one, one.user)),
    ...table(['kooperatifler', 'Kooperatifler'], COOPERATIVES, cooperatives, (one) =>
      sumsRow(one, one.cooperative),
    ),
    ...table(['satırlar', 'Satırlar'], LINES, lines, lineRow),
  ];
}

async function* rowsOf<T>(rows: AsyncIterable<T>, rowOf: (one: T) => Row): AsyncGenerator<Row> {
  for await (const one of rows) yield rowOf(one);
}

function correctionRow(one: CorrectionLine): Row {
  const { account, amountKurus, counted, differenceId, feeClass, ofDay, ofQuarter, quarter } = one;
  const { queryId, unitPriceKurus, units } = one;
  return [
    account,
    feeClass,
    queryId,
    quarter,
    ofQuarter,
    ofDay,
    counted ? 'evet' : 'hayır',
    units,
    unitPriceKurus,
    amountKurus,
    differenceId,
  ];
}

function sumsRow(one: UserRow | CooperativeRow, who: string): Row {
  const { account, amountKurus, feeClass, lines, queries, units } = one;
  return [account, feeClass, who, lines, queries, units, amountKurus];
}

function lineRow(one: LineRow): Row {
  return [
    one.sentAt,
    one.account,
    one.feeClass,
    one.client,
    one.service,
    one.serviceVersion,
    one.purpose,
    one.cooperative,
    one.il,
    one.ministry,
    one.unit,
    one.result,
    one.queries,
    one.units,
    one.unitPriceKurus,
    one.amountKurus,
    one.queryId,
  ];
}
