import { plainLane } from '../../../audit/plain-lane.js';
import { indexUpToHead } from '../../../audit/search/index-entries.js';
import { istanbulQuarter } from '../../../calendar/istanbul-day.js';
import type { Behind, QuarterPorts } from '../../../console/finance/quarters-port.js';
import type { ConsoleCall } from '../../../console/frame/call.js';
import { readUsage } from '../../../fees/ahead/read-usage.js';
import { foldLines } from '../../../fees/book/fold.js';
import { foldLag } from '../../../fees/book/fold-lag.js';
import { quarterFile } from '../../../fees/export/quarter-file.js';
import type { CloseTools } from '../../../fees/quarter/close-tools.js';
import { dueOf } from '../../../fees/quarter/due.js';
import { freezeQuarter } from '../../../fees/quarter/freeze.js';
import { listQuarters } from '../../../fees/quarter/list-quarters.js';
import { nextStep } from '../../../fees/quarter/next-step.js';
import { closableFrom, openQueries } from '../../../fees/quarter/obstacles.js';
import { readClosing } from '../../../fees/quarter/read-closing.js';
import { readNotices, readPayments } from '../../../fees/quarter/read-notices.js';
import { readQuarter } from '../../../fees/quarter/read-quarter.js';
import { readStepTimes } from '../../../fees/quarter/read-step-times.js';
import { reopenExpired } from '../../../fees/quarter/reopen-expired.js';
import { sealQuarter } from '../../../fees/quarter/seal.js';
import { type ReadWhat, type Revealing, readEntry } from '../../../fees/reading/entries.js';
import { recordNotice } from '../../../fees/reconciliation/record-notice.js';
import { recordPayment } from '../../../fees/reconciliation/record-payment.js';
import { createOpenUsers } from '../../../fees/statement/open-users.js';
import { readLinesPage } from '../../../fees/statement/read-lines-page.js';
import { readCooperativesPage, readUsersPage } from '../../../fees/statement/read-names-page.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import { doneValue } from '../../../proposals/verdict.js';
import type { Database } from '../../../storage/database.js';
import { deedPortsOf } from '../../deed-ports.js';
import { quarterSettings } from '../../fees/quarter-settings.js';
import { usageSettings } from '../../fees/usage-settings.js';
import type { RoomParts } from '../parts.js';

type Parts = Pick<RoomParts, 'config' | 'db' | 'gate' | 'jobs' | 'log' | 'now'>;

/** Who may act on the fee book. */
const ROLES = ['finance'];
/** Entries that a page adds up by itself: some hundred milliseconds at the most. The chore keeps it far below. */
const NEAR = 20_000n;
// One row for each account and quarter.
const BOOKED = 'SELECT DISTINCT account_id AS id FROM bridge.fee_usage';

/** What the pages of the quarter ask, joined from the fee room, the log and the settings. */
export function quarterPorts(parts: Parts): QuarterPorts {
  const { config, db, jobs, log } = parts;
  const settingsOf = (quarter: string) => quarterSettings(config, quarter);
  const deeds = deedPortsOf(config.instance, null, ROLES);
  return {
    behind: () => behindOf(db),
    record: (call, what, revealing) => record(parts, call, what, revealing),
    accounts: async () => {
      const { rows } = await db.query<{ id: string }>({ text: BOOKED });
      return [...new Set([...config.accounts, ...rows].map(({ id }) => id))].sort();
    },
    usage: async ({ from, quarter, to }, now) => {
      // What was spared is counted from the search rows.
      await indexUpToHead(db);
      return readUsage(db, usageSettings(config), { from, to, quarter, account: null }, now);
    },
    due: (quarter) => dueOf(quarter, config.fees.holidays),
    list: async (before, limit, now) => {
      await foldLines(db);
      const { holidays } = config.fees;
      return listQuarters(db, { running: istanbulQuarter(now), before, limit, holidays }, now);
    },
    quarter: (quarter, now, cuts) => readQuarter(db, settingsOf(quarter), quarter, now, cuts),
    notices: async (quarter) => ({
      notices: await readNotices(db, quarter),
      payments: await readPayments(db, quarter),
    }),
    closing: (quarter, now) => readClosing(db, quarter, now),
    stepTimes: (quarter) => readStepTimes(db, quarter),
    obstacles: async (quarter) => ({
      closableFrom: closableFrom(quarter, config.fees.collectHours),
      open: Number(await openQueries(db, quarter)),
    }),
    lines: async (wish) => {
      await foldLines(db);
      return readLinesPage(db, wish);
    },
    users: async (wish) => {
      await foldLines(db);
      return readUsersPage(db, wish);
    },
    cooperatives: (wish) => readCooperativesPage(db, wish),
    openUsers: createOpenUsers(db, log.masterKeys),
    file: (quarter, account, format, at) =>
      quarterFile({ db, settings: settingsOf(quarter), now: () => at }, quarter, format, account),
    startExport: ({ person, requestId }, { account, format, quarter, what }) =>
      jobs.start(person.officer, what === 'users' ? 'statement-users' : 'statement', {
        ...{ account, format, quarter, requestId },
      }),
    freeze: (quarter, reason, officer) => freeze(parts, quarter, reason, officer),
    seal: async (quarter, officer) =>
      void doneValue(await sealQuarter(log.appender, closeTools(parts, quarter), { quarter, officer })),
    recordNotice: async (wish) => void doneValue(await recordNotice(log.appender, wish, deeds)),
    recordPayment: async (wish) => void doneValue(await recordPayment(log.appender, wish, deeds)),
  };
}

async function behindOf(db: Database): Promise<Behind | null> {
  const { folded, head, indexed } = await foldLag(db);
  const isNear = head - folded <= NEAR && head - indexed <= NEAR;
  return isNear ? null : { done: Number(folded), of: Number(head) };
}

async function record(
  { config, gate, log }: Parts,
  { at, person, requestId }: ConsoleCall,
  what: ReadWhat,
  revealing?: Revealing,
): Promise<void> {
  gate.requireSound();
  const { instance } = config;
  const reader = { user: person.officer, client: 'konsol', instance, osUser: null, requestId, at };
  await log.appender.submit(plainLane, readEntry(reader, what, revealing));
}

function closeTools({ config }: Parts, quarter: string): CloseTools {
  return {
    ports: deedPortsOf(config.instance, null, ROLES),
    settings: quarterSettings(config, quarter),
    proposalHours: config.fees.proposalHours,
  };
}

/** A freezing whose time was over is ended by the next one, as on the command line. */
async function freeze(
  parts: Parts,
  quarter: string,
  reason: string | null,
  officer: ActingOfficer,
): Promise<void> {
  const { db, log, now } = parts;
  const tools = closeTools(parts, quarter);
  const closing = await readClosing(db, quarter, now());
  if (nextStep(closing, [officer], now())?.step === 'reopen')
    doneValue(await reopenExpired(log.appender, tools, quarter));
  await foldLines(db);
  doneValue(await freezeQuarter(log.appender, tools, { quarter, reason, officer }));
}
