import { randomUUID } from 'node:crypto';
import { noRecord, someone } from '../../../verification/support/house.js';
import { readEntries, readHead } from '../../support/log.js';
import { backUp } from './backup.js';
import { type FullHouse, grantRole, openFullHouse } from './full-house.js';

/** A log of two days, with backups `yesterday` and `today`. */
export interface TwoDays {
  readonly full: FullHouse;
  readonly yesterdaySize: bigint;
  /** Leaves of the first intent, the first outcome, and the role that was granted. */
  readonly intent: number;
  readonly outcome: number;
  readonly granted: number;
}

export async function openTwoDays(): Promise<TwoDays> {
  const full = await openFullHouse();
  for (let n = 0; n < 12; n += 1) await full.ask(n);
  await full.settle();
  const yesterdaySize = (await readHead(full.house.test.db)).size;
  await backUp(full, 'yesterday');
  full.house.pass(3_600_000);
  full.house.kps.answer = noRecord;
  for (let n = 20; n < 32; n += 1) await full.ask(n);
  await grantRole(full, someone(9), randomUUID());
  await full.settle();
  await backUp(full, 'today');
  const entries = await readEntries(full.house.test.db);
  const first = (wanted: string) => entries.findIndex(({ kind }) => kind === wanted);
  return {
    full,
    yesterdaySize,
    intent: first('query.intent'),
    outcome: first('query.outcome'),
    granted: first('role.granted'),
  };
}

/** Name of the check that failed and the leaf that it named; `nothing` where all pass. */
export async function found(full: FullHouse, changes = {}): Promise<string> {
  const { difference } = await full.check(changes);
  return difference === null ? 'nothing' : `${difference.check} ${difference.leaf ?? ''}`.trim();
}
