import type { LineCheck } from '../../audit/check/line-check.js';
import type { Transaction } from '../../storage/database.js';
import { checkCorrections } from './check-corrections.js';
import { checkFreezes } from './check-freezes.js';
import { checkQuarters } from './check-quarters.js';
import { checkRecords } from './check-records.js';
import { checkSaved } from './check-saved.js';
import { checkSums } from './check-sums.js';
import { checkTariff } from './check-tariff.js';

/**
 * Everything beside the lines of the book that `audit check` holds against the log, in this order: sums rest on freezes, statements on sums. The
 * lines themselves are held by `verification/check-book`, which stands before.
 */
export const FEE_CHECKS: readonly ((tx: Transaction) => Promise<LineCheck>)[] = [
  checkTariff,
  checkRecords,
  checkCorrections,
  checkFreezes,
  checkSums,
  checkSaved,
  checkQuarters,
];
