import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { addDays } from '../../calendar/add-days.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import { kurusNumber } from '../kurus.js';
import type { Difference } from './classify.js';
import type { Days, Figure, Figures } from './figures.js';
import { holdAgainst, isUnderWay } from './hold-against.js';
import { differencesSha256 } from './recorded.js';

/** Figures that an officer takes in. `fileSha256`: of the file's bytes, 64 hexadecimal digits. */
export interface FiguresWish {
  readonly account: string;
  readonly days: Days;
  readonly figures: Figures;
  readonly fileSha256: string;
  readonly officer: ActingOfficer;
}

/** A difference with its name. */
interface NamedDifference extends Difference {
  readonly id: string;
}

export interface Imported {
  readonly importId: string;
  readonly differences: readonly NamedDifference[];
  readonly leafIndex: bigint;
}

/** An import with all its rows. `to`: the last day. */
interface FiguresImported extends Effect {
  readonly kind: 'fee-figures-imported';
  readonly importId: string;
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly fileSha256: string;
  readonly detail: string;
  readonly importedAt: Date;
  readonly figures: readonly Figure[];
  readonly differences: readonly NamedDifference[];
}

const SAME = `SELECT import_id FROM bridge.fee_import
  WHERE account_id = $1 AND file_sha256 = decode($2, 'hex') AND from_day = $3 AND to_day = $4`;

/** The import of the same file for the same account and days; null where it was not taken in. */
export async function findSameImport(
  db: Queryable,
  { account, days, fileSha256 }: Pick<FiguresWish, 'account' | 'days' | 'fileSha256'>,
): Promise<string | null> {
  const values = [account, fileSha256, days.from, addDays(days.to, -1)];
  const { rows } = await db.query<{ import_id: string }>({ text: SAME, values });
  return rows[0]?.import_id ?? null;
}

/**
 * Takes their figures in, whole, holds them against the book and keeps each difference, in one transaction with `fees.figures-imported`.
 * `log` needs `RECONCILIATION_APPLIERS`. Refused: `TOKEN_INVALID`; `REQUEST_INVALID` (the period is not over); `STATE_CONFLICT` (the same
 * file for the same days was taken in before, or a query of the period is under way). Errors: those of `Appender`.
 */
export function importFigures(
  log: Appender,
  wish: FiguresWish,
  ports: DeedPorts,
): Promise<Verdict<Imported>> {
  const lane = deedLane<FiguresWish, Imported>('6-fee-figures', (tx, item, now) =>
    settleImport(tx, item, ports, now),
  );
  return log.submit(lane, wish);
}

async function settleImport(
  tx: Transaction,
  wish: FiguresWish,
  ports: DeedPorts,
  now: Date,
): Promise<Settled<Verdict<Imported>>> {
  const { account, days, figures, fileSha256, officer } = wish;
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  if (days.to > istanbulDay(now)) return refused('REQUEST_INVALID', 'the period is not over yet');
  const last = addDays(days.to, -1);
  const earlier = await findSameImport(tx, wish);
  if (earlier !== null)
    return refused('STATE_CONFLICT', `this file was taken in for these days before: import ${earlier}`);
  if (await isUnderWay(tx, account, days))
    return refused('STATE_CONFLICT', 'a query of the period is still under way: try again in a minute');
  const { differences: found } = await holdAgainst(tx, account, days, figures);
  const importId = randomUUID();
  const differences = found.map((one) => ({ ...one, id: randomUUID() }));
  const effect: FiguresImported = {
    kind: 'fee-figures-imported',
    importId,
    account,
    from: days.from,
    to: last,
    fileSha256,
    detail: figures.detail,
    importedAt: now,
    figures: figures.figures,
    differences,
  };
  const { actor, personal } = actedBy(officer);
  const data = { actor, instance: ports.instance, osUser: ports.osUser, ...told(effect) };
  const entry = draftOf('fees.figures-imported', now, data, personal);
  return done([entry], [effect], (receipts) => {
    return { importId, differences, leafIndex: receipts[0]?.leafIndex ?? -1n };
  });
}

function told({ account, detail, differences, fileSha256, figures, from, importId, to }: FiguresImported) {
  const hasAmounts = figures.every(({ amountKurus }) => amountKurus !== null);
  const amount = figures.reduce((sum, one) => sum + (one.amountKurus ?? 0n), 0n);
  return {
    account,
    amountKurus: hasAmounts ? kurusNumber(amount) : null,
    detail: detail as Figures['detail'],
    differences: differences.length,
    differencesSha256: differencesSha256(differences),
    fileSha256,
    from,
    import: importId,
    lines: figures.length,
    queries: figures.reduce((sum, one) => sum + one.queries, 0),
    to,
  };
}

const IMPORT = `INSERT INTO bridge.fee_import (import_id, account_id, from_day, to_day, file_sha256, detail, imported_at, leaf)
  VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7, $8)`;
const FIGURES = `INSERT INTO bridge.fee_figure (import_id, line_no, day, service, queries, amount_kurus)
  SELECT $1, f.* FROM unnest($2::int[], $3::date[], $4::text[], $5::bigint[], $6::bigint[]) AS f`;
const DIFFERENCES = `INSERT INTO bridge.fee_difference
    (difference_id, import_id, place, class, day, service, queries, amount_kurus, behind)
  SELECT d.id, $1, d.place, d.class, d.day, d.service, d.queries, d.amount, d.behind
  FROM unnest($2::uuid[], $3::int[], $4::text[], $5::date[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[])
    AS d(id, place, class, day, service, queries, amount, behind)`;

/** Writes imports, each with its figures and differences: new rows alone. */
export const figuresImportedApplier: EffectApplier<FiguresImported> = {
  kind: 'fee-figures-imported',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      const { account, detail, differences, fileSha256, figures, from, importId, importedAt, to } = effect;
      const leaf = receipt.leafIndex;
      await tx.query({
        text: IMPORT,
        values: [importId, account, from, to, fileSha256, detail, importedAt, leaf],
      });
      await tx.query({ text: FIGURES, values: [importId, ...figureColumns(figures)] });
      await tx.query({ text: DIFFERENCES, values: [importId, ...differenceColumns(differences)] });
    }
  },
};

function figureColumns(figures: readonly Figure[]): readonly unknown[][] {
  return [
    figures.map(({ line }) => line),
    figures.map(({ day }) => day),
    figures.map(({ service }) => service),
    figures.map(({ queries }) => queries),
    figures.map(({ amountKurus }) => amountKurus),
  ];
}

function differenceColumns(differences: readonly NamedDifference[]): readonly unknown[][] {
  return [
    differences.map(({ id }) => id),
    differences.map((_, place) => place),
    differences.map((one) => one.class),
    differences.map(({ day }) => day),
    differences.map(({ service }) => service),
    differences.map(({ queries }) => queries),
    differences.map(({ amountKurus }) => amountKurus),
    differences.map(({ behind }) => behind),
  ];
}
