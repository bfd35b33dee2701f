import { plainLane } from '../../../audit/plain-lane.js';
import { addDays } from '../../../calendar/add-days.js';
import { istanbulDay, istanbulQuarter, quarterDays } from '../../../calendar/istanbul-day.js';
import { KPS_SERVICES } from '../../../config/schema/kps-services.js';
import type {
  AgreementPorts,
  BudgetPorts,
  ReconciliationPorts,
  SettlingPorts,
  TariffPorts,
} from '../../../console/finance/settling-port.js';
import { findRequest, listRequests } from '../../../fees/agreement/list-requests.js';
import { readAgreements } from '../../../fees/agreement/read-agreements.js';
import { recordAnswer } from '../../../fees/agreement/record-answer.js';
import { recordRequest } from '../../../fees/agreement/record-request.js';
import { proposeLift } from '../../../fees/ahead/propose-lift.js';
import { readUsage } from '../../../fees/ahead/read-usage.js';
import { readEntry } from '../../../fees/reading/entries.js';
import { listBehind } from '../../../fees/reconciliation/behind.js';
import { decideDifference } from '../../../fees/reconciliation/decide-difference.js';
import { findSameImport } from '../../../fees/reconciliation/import-figures.js';
import { readImportSums } from '../../../fees/reconciliation/import-sums.js';
import { knownAccounts } from '../../../fees/reconciliation/known-account.js';
import {
  findImport,
  listDifferences,
  listImports,
  readDifference,
} from '../../../fees/reconciliation/list-imports.js';
import { fileSha256, previewFigures, takeFiguresIn } from '../../../fees/reconciliation/take-in.js';
import { obstacleToSwitch } from '../../../fees/tariff/judge-switch.js';
import { proposeTariff } from '../../../fees/tariff/propose-tariff.js';
import { readSwitches } from '../../../fees/tariff/read-switches.js';
import { rowStates } from '../../../fees/tariff/row-states.js';
import { listProposals } from '../../../proposals/list.js';
import type { DeedPorts } from '../../../proposals/officer.js';
import type { ProposalWhat } from '../../../proposals/proposal.js';
import { deedPortsOf } from '../../deed-ports.js';
import { liftTools, tariffTools } from '../../fees/fee-tools.js';
import { agreementSettings, usageSettings } from '../../fees/usage-settings.js';
import type { RoomParts } from '../parts.js';

/** What joins this part of the console to the rooms. */
type Parts = Pick<RoomParts, 'config' | 'db' | 'log' | 'looks'>;

/** Open proposals at once; there are a handful in a year. */
const WAITING = 50;

/** The fee book as the pages of settling know it. */
export function settlingPorts(parts: Parts): SettlingPorts {
  const deeds = deedPortsOf(parts.config.instance, null, ['finance']);
  return {
    reconciliation: reconciliationPorts(parts, deeds),
    budgets: budgetPorts(parts, deeds),
    tariff: tariffPorts(parts, deeds),
    agreements: agreementPorts(parts, deeds),
  };
}

function waiting({ db }: Parts, what: ProposalWhat) {
  return listProposals(db, { what, open: true, limit: WAITING });
}

function reconciliationPorts({ config, db, log, looks }: Parts, deeds: DeedPorts): ReconciliationPorts {
  const accounts = config.accounts.map(({ id }) => id);
  return {
    looks,
    services: KPS_SERVICES,
    accounts: () => knownAccounts(db, accounts),
    imports: (limit, before) => listImports(db, null, limit, before),
    findImport: (id) => findImport(db, id),
    sums: (id) => readImportSums(db, id),
    differences: (id, page) => listDifferences(db, id, page),
    findDifference: (id) => readDifference(db, id),
    behind: (difference, limit, after) => listBehind(db, difference, limit, after),
    preview: (file) => previewFigures(db, file),
    sameImport: ({ account, bytes, days }) =>
      findSameImport(db, { account, days, fileSha256: fileSha256(bytes) }),
    takeIn: (file, officer) => takeFiguresIn(log.appender, db, file, officer, deeds),
    decide: (wish) => decideDifference(log.appender, wish, deeds),
    recordReading: async ({ at, person: { officer: user }, requestId }, what) => {
      const reader = { user, client: 'konsol', instance: config.instance, osUser: null, requestId, at };
      await log.appender.submit(plainLane, readEntry(reader, what));
    },
  };
}

function budgetPorts(parts: Parts, deeds: DeedPorts): BudgetPorts {
  const { config, db, log } = parts;
  return {
    usage: (at) => {
      const { from } = quarterDays(istanbulQuarter(at));
      const period = { from, to: addDays(istanbulDay(at), 1), account: null };
      return readUsage(db, usageSettings(config), period, at);
    },
    waiting: () => waiting(parts, 'fees.stop'),
    propose: (wish) => proposeLift(log.appender, liftTools(config, deeds), wish),
  };
}

function tariffPorts(parts: Parts, deeds: DeedPorts): TariffPorts {
  const { config, db, log } = parts;
  const tools = tariffTools(config, deeds);
  return {
    rows: async (at) => rowStates(tools.tariff, await readSwitches(db), KPS_SERVICES, istanbulDay(at)),
    switches: () => readSwitches(db),
    waiting: () => waiting(parts, 'fees.tariff'),
    obstacle: async (id, from, at) => {
      const row = tools.tariff.find((one) => one.id === id);
      if (row === undefined) return 'unknown';
      const world = { ...tools, switches: await readSwitches(db), today: istanbulDay(at) };
      return obstacleToSwitch(row, from, world);
    },
    propose: (wish) => proposeTariff(log.appender, tools, wish),
  };
}

function agreementPorts({ config, db, log }: Parts, deeds: DeedPorts): AgreementPorts {
  const tools = { ...deeds, accounts: config.accounts, services: KPS_SERVICES };
  return {
    services: KPS_SERVICES,
    register: (at) => readAgreements(agreementSettings(config), db, istanbulDay(at), 0),
    requests: (page) => listRequests(db, page),
    findRequest: (id) => findRequest(db, id),
    request: (wish) => recordRequest(log.appender, tools, wish),
    answer: (wish) => recordAnswer(log.appender, deeds, wish),
  };
}
