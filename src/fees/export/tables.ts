import type { Column, Row } from '../../documents/table.js';
import type { StatementTable } from '../statement/cells.js';
import { CUTS, type Cut } from '../statement/statement.js';
import type { StatementDocument } from '../statement/statement-document.js';
import {
  ACCOUNT,
  AMOUNT,
  BOOKED_AMOUNT,
  BOOKED_UNITS,
  CLASS,
  CORRECTED_AMOUNT,
  CORRECTED_UNITS,
  QUERIES,
  SUMS,
  UNITS,
  WHOSE,
} from './columns.js';
import { detailTables } from './detail-tables.js';
import type { StatementSource } from './port.js';
import { dayWord, ministryWord, priceWord, purposeWord, resultWord, unitWord } from './words.js';

type AccountDocument = StatementDocument['accounts'][number];

interface CutNames {
  readonly key: string;
  readonly title: string;
  readonly word?: (code: string) => string;
}

const CUT_NAMES: Readonly<Record<Cut, CutNames>> = {
  service: { key: 'hizmet', title: 'Hizmet' },
  outcome: { key: 'sonuç', title: 'Sonuç', word: resultWord },
  unit: { key: 'birim', title: 'Birim', word: unitWord },
  il: { key: 'il', title: 'İl' },
  ministry: { key: 'bakanlık', title: 'Bakanlık', word: ministryWord },
  purpose: { key: 'amaç', title: 'Amaç', word: purposeWord },
  client: { key: 'uygulama', title: 'Uygulama' },
  month: { key: 'ay', title: 'Ay', word: dayWord },
  day: { key: 'gün', title: 'Gün', word: dayWord },
  price: { key: 'birim_fiyat', title: 'Birim fiyat', word: priceWord },
};

/** Tables in the order in which they are written: the summary, the cuts, then what details there are. Rows can be read once. */
export function statementTables(source: StatementSource): readonly StatementTable[] {
  const { accounts } = source.document;
  return [summaryTable(accounts), ...CUTS.map((cut) => cutTable(accounts, cut)), ...detailTables(source)];
}

const SUMMARY: readonly Column[] = [
  ACCOUNT,
  { key: 'kurum', title: 'Kurum', kind: 'text' },
  CLASS,
  QUERIES,
  BOOKED_UNITS,
  BOOKED_AMOUNT,
  CORRECTED_UNITS,
  CORRECTED_AMOUNT,
  UNITS,
  AMOUNT,
];

/** Booked + corrections = what counts, in each row; the cuts add up to what is booked. */
function summaryTable(accounts: readonly AccountDocument[]): StatementTable {
  const rows = accounts.map(
    ({ account, amountKurus, booked, corrections, feeClass, institution, queries, units }): Row => [
      account,
      institution,
      feeClass,
      queries,
      booked.units,
      BigInt(booked.amountKurus),
      corrections.units,
      BigInt(corrections.amountKurus),
      units,
      BigInt(amountKurus),
    ],
  );
  return { key: 'özet', title: 'Özet', columns: SUMMARY, rows, isDetail: false };
}

function cutTable(accounts: readonly AccountDocument[], cut: Cut): StatementTable {
  const { key, title, word } = CUT_NAMES[cut];
  const coded = word === undefined ? {} : { word, isCode: true };
  const column: Column = { key: 'anahtar', title, kind: 'text', ...coded };
  const rows = accounts.flatMap(({ account, by, feeClass }) =>
    (by[cut] ?? []).map(
      (group): Row => [
        account,
        feeClass,
        group.key,
        group.lines,
        group.queries,
        group.units,
        BigInt(group.amountKurus),
      ],
    ),
  );
  return { key, title, columns: [...WHOSE, column, ...SUMS], rows, isDetail: false };
}
