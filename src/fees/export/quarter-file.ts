import { quarterDays } from '../../calendar/istanbul-day.js';
import { type SourceTools, type SourceWish, withStatement } from '../statement/with-statement.js';
import { addedUp } from './corrections.js';
import type { CorrectionLine, StatementFile, StatementFormat } from './port.js';
import { statementFile } from './statement-file.js';

/** What the totals of a quarter are read with: nobody is named in them. */
export type QuarterFileTools = Pick<SourceTools, 'db' | 'now' | 'settings'>;

/**
 * A quarter's totals as a file, of one account or (null) of all, with its corrections as every file lists them; users and lines stand in files that are asked for by themselves.
 * Everything is read before it begins. Errors: those of `withStatement` and `addedUp`.
 */
export function quarterFile(
  tools: QuarterFileTools,
  quarter: string,
  format: StatementFormat,
  account: string | null = null,
): Promise<StatementFile> {
  const wish: SourceWish = {
    period: { quarter, ...quarterDays(quarter) },
    account,
    corrections: true,
    users: 'none',
    cooperatives: false,
    lines: false,
  };
  return withStatement({ ...tools, openUsers: nobody }, wish, async (source) => {
    const { corrections, document } = source;
    // Settled unknown outcomes of one quarter: few enough to be held, so that no connection waits for a slow reader.
    const held: CorrectionLine[] = [];
    if (corrections !== undefined) for await (const one of addedUp(document, corrections)) held.push(one);
    return statementFile({ ...source, corrections: listed(held) }, format);
  });
}

const nobody = async (): Promise<readonly string[]> => [];

async function* listed(rows: readonly CorrectionLine[]): AsyncGenerator<CorrectionLine> {
  yield* rows;
}
