import { createWriteStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { scanRows } from '../../src/audit/check/leaf-cursor.js';
import { quarterDays } from '../../src/calendar/istanbul-day.js';
import type { LineRow } from '../../src/fees/export/port.js';
import { statementFile } from '../../src/fees/export/statement-file.js';
import { kurus } from '../../src/fees/kurus.js';
import { readStatement } from '../../src/fees/statement/read-statement.js';
import { statementDocument } from '../../src/fees/statement/statement-document.js';
import type { Transaction } from '../../src/storage/database.js';
import { openDatabase } from '../../src/storage/pool.js';
import { QUARTER } from './book-size.js';
import { SETTINGS } from './close-run.js';
import type { Exported, ExportWish, FromExport } from './export-messages.js';

// A process of its own, so that its memory is that of one file. Speaks over IPC only.

const POOL = {
  maxConnections: 2,
  applicationName: 'bench',
  statementTimeoutMs: 600_000,
  connectTimeoutMs: 10_000,
} as const;

interface Row extends Omit<LineRow, 'unitPriceKurus' | 'amountKurus' | 'queries'> {
  readonly sent: boolean;
  readonly price: number;
  readonly amount: bigint;
}

const LINES = (rows: number) => `SELECT
    to_char(sent_at AT TIME ZONE 'Europe/Istanbul', 'YYYY-MM-DD HH24:MI:SS.MS') AS "sentAt", account_id AS account, fee_class AS "feeClass",
    client_id AS client, service, service_version AS "serviceVersion", purpose, cooperative, il, ministry, unit, result, sent, units,
    unit_price_kurus AS price, amount_kurus AS amount, query_id AS "queryId"
  FROM bridge.fee_line ORDER BY account_id, sent_at, query_id LIMIT ${rows}`;

async function* linesOf(tx: Transaction, rows: number): AsyncGenerator<LineRow> {
  for await (const some of scanRows<Row>(tx, 'bench_lines', LINES(rows)))
    for (const { amount, price, sent, ...line } of some)
      yield { ...line, queries: sent ? 1 : 0, unitPriceKurus: kurus(price), amountKurus: kurus(amount) };
}

async function write({ file, format, rows, url }: ExportWish): Promise<Exported> {
  const db = openDatabase({ url, ...POOL });
  try {
    const start = performance.now();
    await db.transaction(async (tx) => {
      const wish = { account: null, period: { quarter: QUARTER, ...quarterDays(QUARTER) } };
      const document = statementDocument(await readStatement(tx, SETTINGS, wish));
      const head = { quarter: QUARTER, state: 'sealed', due: '2026-10-31', payBy: '2026-11-02' };
      const more = { statementSha256: null, account: null, madeAt: new Date() };
      const source = { document, head: { ...head, ...more }, lines: linesOf(tx, rows) };
      await pipeline(statementFile(source, format).stream, createWriteStream(file));
    });
    const ms = performance.now() - start;
    // In KiB, the highest it ever was (getrusage(2)).
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    return { rows, ms, bytes: statSync(file).size, peakRssBytes };
  } finally {
    await db.close();
  }
}

process.once('message', (wish: ExportWish) => {
  write(wish)
    .then((done): FromExport => ({ type: 'exported', ...done }))
    .catch((error: unknown): FromExport => {
      return { type: 'failed', message: error instanceof Error ? error.message : 'failed' };
    })
    .then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
