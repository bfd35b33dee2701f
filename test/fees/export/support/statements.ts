import type {
  CooperativeRow,
  LineRow,
  StatementHead,
  StatementSource,
  UserRow,
} from '../../../../src/fees/export/port.js';
import { kurus, timesUnits } from '../../../../src/fees/kurus.js';
import { assembleStatement } from '../../../../src/fees/statement/assemble.js';
import { CHARGED } from '../../../../src/fees/statement/charged.js';
import type { CorrectionRow, SumRow } from '../../../../src/fees/statement/read-sums.js';
import { CUTS, type Cut } from '../../../../src/fees/statement/statement.js';
import {
  type StatementDocument,
  statementDocument,
} from '../../../../src/fees/statement/statement-document.js';

export type LineParts = Partial<LineRow>;

/** A line with ordinary values; money is units × price. */
export function lineOf(n: number, parts: LineParts = {}): LineRow {
  const units = parts.units ?? 1;
  const unitPriceKurus = parts.unitPriceKurus ?? kurus(2);
  return {
    sentAt: `2026-07-${String((n % 28) + 1).padStart(2, '0')} 09:30:00.${String(n % 1000).padStart(3, '0')}`,
    account: 'ticaret',
    feeClass: 'paying',
    client: 'koopbis',
    service: 'BilesikKutukSorgulaKimlikNoServis',
    serviceVersion: '2025/08/01',
    purpose: 'ortak-kayit',
    cooperative: '0123456789012345',
    il: 'Iğdır',
    ministry: 'ticaret',
    unit: 'ticaret/Iğdır',
    result: 'match',
    queries: 1,
    units,
    unitPriceKurus,
    amountKurus: timesUnits(unitPriceKurus, units),
    queryId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    ...parts,
  };
}

const KEYS: Readonly<Record<Cut, (line: LineRow) => string>> = {
  service: (l) => `${l.service} ${l.serviceVersion}`,
  outcome: (l) => l.result,
  unit: (l) => l.unit,
  il: (l) => l.il,
  ministry: (l) => l.ministry,
  purpose: (l) => l.purpose,
  client: (l) => l.client,
  month: (l) => l.sentAt.slice(0, 7),
  day: (l) => l.sentAt.slice(0, 10),
  price: (l) => `${l.unitPriceKurus} per-query`,
};

const code = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What the database would give: sums of the lines, whole and by every cut. */
function sumsOf(lines: readonly LineRow[]): readonly SumRow[] {
  const rows = new Map<string, { -readonly [K in keyof SumRow]: SumRow[K] }>();
  for (const line of lines)
    for (const cut of [null, ...CUTS]) {
      const key = cut === null ? '' : KEYS[cut](line);
      const name = JSON.stringify([line.account, line.feeClass, cut, key]);
      const row = rows.get(name) ?? {
        account: line.account,
        feeClass: line.feeClass,
        cut,
        key,
        lines: 0n,
        queries: 0n,
        units: 0n,
        amountKurus: 0n,
      };
      row.lines += 1n;
      row.queries += BigInt(line.queries);
      row.units += BigInt(line.units);
      row.amountKurus += line.amountKurus;
      rows.set(name, row);
    }
  return [...rows.values()].sort((a, b) => code(a.key, b.key));
}

export interface StatedParts {
  readonly institution?: string;
  readonly corrections?: readonly CorrectionRow[];
  readonly period?: { readonly quarter: string | null; readonly from: string; readonly to: string };
}

/** The statement of some lines. */
export function documentOf(
  lines: readonly LineRow[],
  { corrections = [], institution = 'Ticaret Bakanlığı', period }: StatedParts = {},
): StatementDocument {
  const ids = new Set(['ticaret', ...lines.map(({ account }) => account)]);
  return statementDocument(
    assembleStatement({
      period: period ?? { quarter: '2026-Q3', from: '2026-07-01', to: '2026-10-01' },
      logSize: 1234n,
      rules: {
        tariff: [
          {
            id: 'rg-27399',
            from: '2009-11-07',
            amountKurus: 2,
            basis: 'per-query',
            service: null,
            gazette: 'RG 27399',
            inputs: [],
          },
        ],
        inputs: [],
        charged: CHARGED,
      },
      accounts: [...ids].map((id) => ({
        id,
        institution,
        feeClass: 'paying',
        agreement: { services: [], validFrom: '2026-01-01', validUntil: '2026-12-31' },
      })),
      sums: sumsOf(lines),
      corrections,
    }),
  );
}

export const HEAD: StatementHead = {
  quarter: '2026-Q3',
  state: 'sealed',
  due: '2026-10-31',
  payBy: '2026-11-02',
  statementSha256: 'ab'.repeat(32),
  account: null,
  madeAt: new Date('2026-10-05T09:00:00Z'),
};

export async function* each<T>(rows: Iterable<T>): AsyncGenerator<T> {
  yield* rows;
}

/** Lines, users and cooperatives of some lines, as a source that can be read once. */
export function sourceOf(lines: readonly LineRow[], parts: StatedParts = {}): StatementSource {
  return {
    document: documentOf(lines, parts),
    head: HEAD,
    corrections: each([]),
    users: each(groupsOf(lines).map((one): UserRow => ({ ...one, user: `*** (${one.nth})` }))),
    cooperatives: each(
      groupsOf(lines).map((one): CooperativeRow => ({ ...one, cooperative: one.cooperative })),
    ),
    lines: each(lines),
  };
}

function groupsOf(lines: readonly LineRow[]) {
  const groups = groupBy(lines);
  return [...groups.values()].map((of, i) => {
    const [first] = of as [LineRow];
    return {
      nth: i + 1,
      account: first.account,
      feeClass: first.feeClass,
      cooperative: first.cooperative,
      lines: of.length,
      queries: of.reduce((sum, one) => sum + one.queries, 0),
      units: of.reduce((sum, one) => sum + one.units, 0),
      amountKurus: kurus(of.reduce((sum, one) => sum + one.amountKurus, 0n)),
    };
  });
}

const keyOf = ({ account, cooperative, feeClass }: LineRow) =>
  JSON.stringify([account, feeClass, cooperative]);

function groupBy(lines: readonly LineRow[]): Map<string, LineRow[]> {
  const groups = new Map<string, LineRow[]>();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}
