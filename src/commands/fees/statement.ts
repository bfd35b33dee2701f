import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { addDays } from '../../calendar/add-days.js';
import { istanbulDay, quarterOfDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { StatementFormat, StatementSource } from '../../fees/export/port.js';
import { type SavedFile, saveFile } from '../../fees/export/save-file.js';
import { statementFile } from '../../fees/export/statement-file.js';
import { formatCount } from '../../fees/kurus.js';
import { createOpenUsers } from '../../fees/statement/open-users.js';
import { withStatement } from '../../fees/statement/with-statement.js';
import { quarterSettings } from '../../house/fees/quarter-settings.js';
import { type Command, EXIT, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { progressOn } from '../progress.js';
import { atFeeDesk, feeOfficer } from './fee-desk.js';
import { recordReading } from './record-reading.js';
import { type StatementOrder, statementOrder } from './statement-order.js';
import { statementText } from './statement-text.js';

/** `bridge fees statement`: what a quarter or a range of days costs, for people, programs and whoever pays. */
export const feesStatementCommand: Command = {
  usage:
    'fees statement [QUARTER] [--from DAY --to DAY] [--account A] [--format json|csv|xlsx|pdf|text] [--out FILE] [--users [--reveal --reason "…"]] [--cooperatives] [--lines] [--token-file F] [--json]',
  summary:
    'statement of a quarter (2026-Q3; without one that of today; also --quarter Q), frozen or as the book has it, or of days sent (--to is not included, Europe/Istanbul). Totals need no token; files, --users, --cooperatives and --lines a finance officer’s, --reveal (users’ numbers) a token with step-up and a reason. Without --format a file is what its name ends in',
  run: async (args, terminal) => {
    const order = statementOrder(feesStatementCommand, args, new Date());
    await atFeeDesk(terminal, 'fees statement', async (house) => {
      requireBegun(order, new Date());
      await requireAccount(house, order);
      await recordLook(house, terminal, order);
      await withStatement(toolsOf(house, order), wishOf(order), (source) => tell(source, order, terminal));
    });
    return EXIT.ok;
  },
};

function toolsOf({ config, db, log }: House, { period }: StatementOrder) {
  // A range is named in the classes of its last day's quarter, as a quarter is.
  const settings = quarterSettings(config, period.quarter ?? quarterOfDay(addDays(period.to, -1)));
  return { db, settings, openUsers: createOpenUsers(db, log.masterKeys), now: () => new Date() };
}

function wishOf(order: StatementOrder) {
  const { account, cooperatives, lines, period, users } = order;
  // They name queries: listed for whoever is named, so in every file, as the API and the console have them.
  return { period, account, users, cooperatives, lines, corrections: isNamed(order) };
}

/** Users, cooperatives and queries one by one, and whatever lies about afterwards, are read under a name. */
function isNamed({ cooperatives, lines, out, tokenFile, users }: StatementOrder): boolean {
  return users !== 'none' || cooperatives || lines || out !== null || tokenFile !== undefined;
}

/** One entry for each detail, before anything is shown. */
async function recordLook(house: House, terminal: Terminal, order: StatementOrder): Promise<void> {
  if (!isNamed(order)) return;
  const { account, format, period, reason, tokenFile, users } = order;
  const isRevealed = users === 'revealed';
  const officer = await feeOfficer(house, terminal, tokenFile, isRevealed ? 'fees.reveal' : null);
  const { from, to } = period;
  for (const detail of detailsOf(order)) {
    const revealing = detail === 'users' ? { reason, revealed: isRevealed } : undefined;
    await recordReading(house, officer, { account, detail, format, from, to }, revealing);
  }
}

function detailsOf({ cooperatives, lines, users }: StatementOrder): readonly DataOf<'fees.read'>['detail'][] {
  return [
    'totals',
    ...(users === 'none' ? [] : (['users'] as const)),
    ...(cooperatives ? (['cooperatives'] as const) : []),
    ...(lines ? (['lines'] as const) : []),
  ];
}

/** As the API does: of a quarter to come there is no statement, not even one of nothing. */
function requireBegun({ period: { from, quarter } }: StatementOrder, now: Date): void {
  if (quarter !== null && from > istanbulDay(now))
    throw new BridgeError('NOT_FOUND', `${quarter} has not begun: it begins on ${from}`);
}

// One row for each account and quarter.
const BOOKED = 'SELECT 1 FROM bridge.fee_usage WHERE account_id = $1 LIMIT 1';

/** Whatever else was typed there must not come to stand in an entry. */
async function requireAccount({ config, db }: House, { account }: StatementOrder): Promise<void> {
  if (account === null || config.accounts.some(({ id }) => id === account)) return;
  const { rows } = await db.query({ text: BOOKED, values: [account] });
  if (rows.length === 0)
    throw new BridgeError('NOT_FOUND', 'neither the settings nor the book have the account');
}

async function tell(source: StatementSource, order: StatementOrder, terminal: Terminal): Promise<void> {
  const { format, out } = order;
  if (format === 'text') {
    for await (const text of statementText(source)) terminal.out(text);
    return;
  }
  if (out === null) return tellLines(source, format, terminal);
  const { stream } = statementFile(watched(source, terminal), format);
  const saved = await save(out, stream);
  terminal.out(order.json ? JSON.stringify({ out, format, ...saved }) : savedWords(out, saved));
}

function savedWords(out: string, { bytes, sha256 }: SavedFile): string {
  return `${out}: ${formatCount(bytes)} bytes, SHA-256 ${sha256}`;
}

async function save(out: string, stream: Parameters<typeof saveFile>[1]): Promise<SavedFile> {
  try {
    return await saveFile(out, stream);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EISDIR' || code === 'EROFS')
      throw new BridgeError('WRONG_USE', '--out: no file can be written there', { cause });
    throw cause;
  }
}

/** What fits on lines goes out line by line: nothing of a million rows is held. */
async function tellLines(
  source: StatementSource,
  format: StatementFormat,
  terminal: Terminal,
): Promise<void> {
  let rest = '';
  for await (const piece of statementFile(source, format).stream as AsyncIterable<Buffer>) {
    rest += piece.toString('utf8');
    const end = rest.lastIndexOf('\n');
    if (end === -1) continue;
    terminal.out(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  if (rest !== '') terminal.out(rest);
}

/** Queries are what there can be millions of. */
function watched(source: StatementSource, terminal: Terminal): StatementSource {
  const { document, lines } = source;
  if (lines === undefined) return source;
  const of = document.accounts.reduce((sum, { booked }) => sum + BigInt(booked.lines), 0n);
  const tellProgress = progressOn(terminal, 'queries written');
  return {
    ...source,
    lines: (async function* () {
      let done = 0n;
      for await (const line of lines) {
        yield line;
        done += 1n;
        if (done % 1_000n === 0n) tellProgress(done, of);
      }
    })(),
  };
}
