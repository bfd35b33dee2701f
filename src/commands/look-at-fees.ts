import { istanbulDay } from '../calendar/istanbul-day.js';
import { KPS_SERVICES } from '../config/schema/kps-services.js';
import type { BridgeConfig } from '../config/schema.js';
import { readSwitches } from '../fees/tariff/read-switches.js';
import { rowStates } from '../fees/tariff/row-states.js';
import { listProposals } from '../proposals/list.js';
import { isExpired, type Proposal, type ProposalWhat } from '../proposals/proposal.js';
import type { Database } from '../storage/database.js';
import { type AccountBudget, budgetLine, readBudgets } from './fees/budget-states.js';
import { istanbulText } from './fees/istanbul-text.js';
import { type Finding, findingOf } from './finding.js';

/** Proposals looked at; there are a handful in a year. */
const SHOWN = 50;
/** Where it is decided. */
const COMMANDS: Readonly<Record<ProposalWhat, string>> = {
  'mersis.release': 'the console (/konsol/kararlar)',
  'roles.decide': 'the console (/konsol/kararlar)',
  'fees.tariff': 'bridge fees tariff',
  'fees.stop': 'bridge fees stop',
  'fees.quarter': 'bridge fees close',
};

/** What somebody who looks after the fee book has to know. */
export async function lookAtFees(config: BridgeConfig, db: Database): Promise<readonly Finding[]> {
  const now = new Date();
  return [
    ...(await findingsOf('tariff', () => lookAtTariff(config, db, now))),
    ...(await findingsOf('proposals', () => lookAtProposals(db, now))),
    ...(await findingsOf('budgets', async () => (await readBudgets(config, db, now)).flatMap(budgetFinding))),
  ];
}

/** Several findings of one look; one where it fails. */
async function findingsOf(
  name: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  let found: readonly Finding[] = [];
  const failed = await findingOf(name, async () => {
    found = await look();
    return { name, ok: true, text: '' };
  });
  return failed.ok ? found : [failed];
}

async function lookAtTariff(config: BridgeConfig, db: Database, now: Date): Promise<readonly Finding[]> {
  const rows = rowStates(config.fees.tariff, await readSwitches(db), KPS_SERVICES, istanbulDay(now));
  return rows.flatMap(({ amountKurus, basis, from, gazette, id, next, state }): readonly Finding[] => {
    const row = `${amountKurus} kuruş ${basis} from ${from} (${gazette})`;
    if (state === 'not-active') {
      const how = `two persons switch it on (bridge fees tariff propose ${id} --from DAY)`;
      return [{ name: 'tariff', ok: true, text: `${row} is loaded, not active: ${how}` }];
    }
    return next === null ? [] : [{ name: 'tariff', ok: true, text: `${row} is in force from ${next} on` }];
  });
}

async function lookAtProposals(db: Database, now: Date): Promise<readonly Finding[]> {
  return (await listProposals(db, { open: true, limit: SHOWN })).map((one) => proposalFinding(one, now));
}

function proposalFinding(proposal: Proposal, now: Date): Finding {
  const { expiresAt, id, subject, what } = proposal;
  const until = istanbulText(expiresAt);
  const text = isExpired(proposal, now)
    ? `${what} ${subject}: nobody decided it until ${until}; propose it again where it is still wanted`
    : `${what} ${subject} waits for a second officer until ${until} (${COMMANDS[what]}, ${id})`;
  return { name: 'proposals', ok: true, text };
}

/** A stop is what somebody wanted; that it stands is told all the same, as a fault: checks are refused. */
function budgetFinding(budget: AccountBudget): readonly Finding[] {
  const { account, quarter, state } = budget;
  if (state !== 'near' && state !== 'stopped') return [];
  const used = `${account} in ${quarter}: ${budgetLine(budget)}`;
  const text =
    state === 'near'
      ? `${used}: near its stop (bridge fees usage)`
      : `${used}: stopped, no check leaves (two persons lift it: bridge fees stop lift ${account})`;
  return [{ name: 'budgets', ok: state === 'near', text }];
}
