import { createHash } from 'node:crypto';
import { foldLines } from '../../../../src/fees/book/fold.js';
import type { Days } from '../../../../src/fees/reconciliation/figures.js';
import { importFigures } from '../../../../src/fees/reconciliation/import-figures.js';
import { readFigures } from '../../../../src/fees/reconciliation/read-figures.js';
import type { DeedPorts } from '../../../../src/proposals/officer.js';
import { doneValue } from '../../../../src/proposals/verdict.js';
import { officerOf, type QuarterHouse, REGISTER } from '../../quarter/support/quarter-house.js';

export const Q3: Days = { from: '2026-07-01', to: '2026-10-01' };
export const FINANCE = officerOf(1);

/** Ports of a deed in that house. */
export function portsOf(house: QuarterHouse): DeedPorts {
  return {
    instance: 'bridge-1',
    osUser: 'finans',
    stillActs: async () => house.acts,
    isOfficer: async () => true,
    isSessionOf: async () => true,
  };
}

/** Takes a file in for the account that the house books on; the verdict. */
export async function takeIn(house: QuarterHouse, file: string, days = Q3, account = 'birlik') {
  const wish = { days, columns: {}, separator: null, sheet: null, services: new Map([[REGISTER, REGISTER]]) };
  const read = await readFigures(Buffer.from(file), wish);
  if (!read.ok) throw new Error(JSON.stringify(read));
  await foldLines(house.test.db);
  const fileSha256 = createHash('sha256').update(file).digest('hex');
  const deed = { account, days, figures: read.figures, fileSha256, officer: FINANCE };
  return importFigures(house.log, deed, portsOf(house));
}

/** The import of a good file. */
export async function imported(house: QuarterHouse, file: string, days = Q3) {
  return doneValue(await takeIn(house, file, days));
}
