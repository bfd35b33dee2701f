import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { plainLane } from '../../../audit/plain-lane.js';
import { quarterDays } from '../../../calendar/istanbul-day.js';
import type { JobKind, JobTools, MadeFile } from '../../../console/jobs/port.js';
import { BridgeError } from '../../../errors/bridge-error.js';
import { statementFileName } from '../../../fees/export/file-name.js';
import type { StatementSource } from '../../../fees/export/port.js';
import { saveFile } from '../../../fees/export/save-file.js';
import { statementFile } from '../../../fees/export/statement-file.js';
import { readEntry } from '../../../fees/reading/entries.js';
import { createOpenUsers } from '../../../fees/statement/open-users.js';
import { withStatement } from '../../../fees/statement/with-statement.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import { quarterSettings } from '../../fees/quarter-settings.js';
import type { RoomParts } from '../parts.js';

type Parts = Pick<RoomParts, 'config' | 'db' | 'gate' | 'log' | 'now'>;
type Detail = 'lines' | 'users';

const orderSchema = z.strictObject({
  account: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .nullable(),
  format: z.enum(['csv', 'xlsx', 'pdf']),
  quarter: z.string().regex(/^20\d{2}-Q[1-4]$/),
  requestId: z.uuid(),
});
type Order = z.infer<typeof orderSchema>;

/** Rows between two words about how far it is. */
const TELL_EVERY = 2_000;

/** Files that can have as many rows as a quarter has queries or users. Numbers of users are never in them. */
export function statementJobs(parts: Parts): readonly JobKind[] {
  return [
    {
      what: 'statement',
      name: { tr: 'Satırlarıyla çeyrek cetveli', en: 'Statement of a quarter with its lines' },
      run: async (order, officer, tools) => run(parts, 'lines', orderSchema.parse(order), officer, tools),
    },
    {
      what: 'statement-users',
      name: { tr: 'Kullanıcılarıyla çeyrek cetveli', en: 'Statement of a quarter with its users' },
      run: async (order, officer, tools) => run(parts, 'users', orderSchema.parse(order), officer, tools),
    },
  ];
}

async function run(
  parts: Parts,
  detail: Detail,
  order: Order,
  officer: ActingOfficer,
  tools: JobTools,
): Promise<MadeFile> {
  const { config, db, log, now } = parts;
  const { account, format, quarter } = order;
  await recordReading(parts, detail, order, officer);
  const wish = {
    period: { quarter, ...quarterDays(quarter) },
    account,
    corrections: true,
    cooperatives: false,
    lines: detail === 'lines',
    users: detail === 'users' ? 'masked' : 'none',
  } as const;
  const settings = quarterSettings(config, quarter);
  const openUsers = createOpenUsers(db, log.masterKeys);
  const path = join(tools.folder, `cetvel.${format}`);
  const mediaType = await withStatement({ db, settings, openUsers, now }, wish, async (source) => {
    const { contentType, stream } = statementFile(watched(source, tools), format);
    await saveFile(path, stream);
    return contentType;
  });
  const name = statementFileName(quarter, account, detail === 'lines' ? 'satirlar' : 'kullanicilar', format);
  return { name, mediaType, body: createReadStream(path) };
}

/** One entry for each detail, before anything is read. */
async function recordReading(
  { config, gate, log, now }: Parts,
  detail: Detail,
  { account, format, quarter, requestId }: Order,
  officer: ActingOfficer,
): Promise<void> {
  gate.requireSound();
  const { instance } = config;
  const reader = { user: officer, client: 'konsol', instance, osUser: null, requestId, at: now() };
  for (const one of ['totals', detail] as const) {
    const what = { account, detail: one, format, ...quarterDays(quarter) };
    await log.appender.submit(plainLane, readEntry(reader, what));
  }
}

/** The same rows, telling how far they are; cancelled work ends at the next one. */
function watched(source: StatementSource, tools: JobTools): StatementSource {
  const { document, lines, users } = source;
  const of = document.accounts.reduce((sum, { booked }) => sum + booked.lines, 0);
  return {
    ...source,
    ...(lines === undefined ? {} : { lines: telling(lines, of, tools) }),
    ...(users === undefined ? {} : { users: telling(users, null, tools) }),
  };
}

async function* telling<T>(rows: AsyncIterable<T>, of: number | null, tools: JobTools): AsyncGenerator<T> {
  let done = 0;
  for await (const row of rows) {
    if (done % TELL_EVERY === 0) {
      if (tools.stopped()) throw new BridgeError('STATE_CONFLICT', 'the work was cancelled');
      await tools.progress(done, of);
    }
    yield row;
    done += 1;
  }
  await tools.progress(done, of);
}
