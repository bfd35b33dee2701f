import type { Database } from '../../src/storage/database.js';
import { percentile } from '../common/figures.js';
import { type Answered, ask, fill, send } from './browser.js';
import type { RowCount, RowsRead } from './count-rows.js';
import { rowsFault, type ShownRows } from './rows-rule.js';
import type { ServedConsole } from './serve-console.js';
import { shownRows } from './shown-rows.js';
import type { Visit } from './visits.js';

/** A page as it was measured: times in ms, the largest answer, and of all visits the one that read most beyond what it showed. */
export interface Measured {
  readonly page: string;
  readonly p50: number;
  readonly p95: number;
  readonly kb: number;
  /** It has answered with a file. */
  readonly isFile: boolean;
  /** Rows of its tables; null: it answers with a file or sends on. */
  readonly shown: number | null;
  readonly read: number;
  /** What is wrong with how much was read. */
  readonly fault: string | null;
}

interface Seen {
  readonly shown: ShownRows | null;
  readonly read: RowsRead;
}

/** The first visits compile and warm, and do not count. */
const BEFORE = 5;

/** Visits a page `rounds` times. Throws where it does not answer as it must. */
export async function measurePage(
  page: string,
  visitOf: (n: number) => Visit,
  served: ServedConsole,
  counted: RowCount,
  rounds: number,
): Promise<Measured> {
  const answers: Answered[] = [];
  const seen: Seen[] = [];
  for (let n = 0; n < BEFORE + rounds; n += 1) {
    // A person may search sixty times a minute: what is measured is one page, not how often it may be asked for.
    await forgetQuota(counted.db);
    const { form, path, sent, status = 200 } = visitOf(n);
    const address = form === undefined ? path : await send(served, path, form);
    counted.reset();
    const answer = await (sent === undefined ? ask(served, address) : fill(served, address, sent));
    if (answer.status !== status) throw new Error(`${page}: ${address} answered ${answer.status}`);
    const isPage = answer.isPage && answer.status === 200;
    seen.push({ shown: isPage ? shownRows(answer.text) : null, read: counted.read() });
    if (n >= BEFORE) answers.push(answer);
  }
  const isFile = answers.some((answer) => answer.status === 200 && !answer.isPage);
  return { page, isFile, ...timesOf(answers), ...rowsOf(page, seen) };
}

function timesOf(answers: readonly Answered[]): Pick<Measured, 'p50' | 'p95' | 'kb'> {
  const times = answers.map(({ ms }) => ms);
  const kb = Math.max(...answers.map(({ bytes }) => bytes)) / 1024;
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), kb };
}

function rowsOf(page: string, seen: readonly Seen[]): Pick<Measured, 'shown' | 'read' | 'fault'> {
  const beyond = ({ read, shown }: Seen) => read.rows - (shown?.rows ?? 0);
  const [worst] = [...seen].sort((a, b) => beyond(b) - beyond(a));
  if (worst === undefined) throw new Error('never visited');
  const faults = seen.flatMap(({ read, shown }) => (shown === null ? [] : [rowsFault(page, shown, read)]));
  return {
    shown: worst.shown?.rows ?? null,
    read: worst.read.rows,
    fault: faults.find((fault) => fault !== null) ?? null,
  };
}

async function forgetQuota(db: Database): Promise<void> {
  await db.query({ text: 'DELETE FROM bridge.quota_use' });
}
