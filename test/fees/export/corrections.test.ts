import { describe, expect, it } from '@jest/globals';
import { addedUp } from '../../../src/fees/export/corrections.js';
import type { CorrectionLine } from '../../../src/fees/export/port.js';
import { statementFile } from '../../../src/fees/export/statement-file.js';
import { kurus } from '../../../src/fees/kurus.js';
import { bytesOf } from './support/read-back.js';
import { documentOf, each, lineOf, sourceOf } from './support/statements.js';

const LINES = [lineOf(0), lineOf(1)];
const WHOSE = { account: 'ticaret', feeClass: 'paying' } as const;
const STATED = { corrections: [{ ...WHOSE, lines: 1n, units: -1n, amountKurus: -2n }] };
const ONE: CorrectionLine = {
  ...WHOSE,
  queryId: '00000000-0000-4000-8000-000000000000',
  quarter: '2026-Q3',
  ofQuarter: '2026-Q3',
  ofDay: '2026-07-01',
  counted: false,
  units: -1,
  unitPriceKurus: kurus(2),
  amountKurus: kurus(-2),
  differenceId: '00000000-0000-4000-8000-00000000000d',
};

async function listed(rows: readonly CorrectionLine[]): Promise<readonly CorrectionLine[]> {
  const all: CorrectionLine[] = [];
  for await (const row of addedUp(documentOf(LINES, STATED), each(rows))) all.push(row);
  return all;
}

describe('corrections that are listed', () => {
  it('are handed on where they add up to what the statement says', async () => {
    expect(await listed([ONE])).toEqual([ONE]);
  });

  it.each<[string, readonly CorrectionLine[]]>([
    ['none of them', []],
    ['one more', [ONE, { ...ONE, units: 0, amountKurus: kurus(0) }]],
    ['another amount', [{ ...ONE, amountKurus: kurus(-3) }]],
    ['other units', [{ ...ONE, units: 0 }]],
    ['those of another account', [ONE, { ...ONE, account: 'birlik' }]],
    ['those of another class', [{ ...ONE, feeClass: 'outside' }]],
  ])('are an error with %s, and no file is whole', async (_name, rows) => {
    await expect(listed(rows)).rejects.toMatchObject({ code: 'LOG_INCONSISTENT' });
    for (const format of ['csv', 'json', 'xlsx', 'pdf'] as const) {
      const source = { ...sourceOf(LINES, STATED), corrections: each(rows) };
      await expect(bytesOf(statementFile(source, format).stream)).rejects.toMatchObject({
        code: 'LOG_INCONSISTENT',
      });
    }
  });
});
