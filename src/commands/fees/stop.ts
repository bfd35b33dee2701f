import { z } from 'zod';
import { decideLift, type LiftDecided } from '../../fees/ahead/decide-lift.js';
import { liftTermsOf, MAX_LIFT_PERCENT, proposeLift } from '../../fees/ahead/propose-lift.js';
import { liftTools } from '../../house/fees/fee-tools.js';
import { doneValue } from '../../proposals/verdict.js';
import { proposalId } from '../audit/proposal-table.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { budgetLine, readBudgets } from './budget-states.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { istanbulText } from './istanbul-text.js';
import {
  bothOfficers,
  DECISIONS,
  openLine,
  PROPOSAL_OPTIONS,
  readOpen,
  readReason,
  type TokenFiles,
  type Told,
  wrongUse,
} from './proposal-desk.js';

/** What one action of `bridge fees stop` works with. `target`: an account's id, or a proposal's; `toPercent` null: altogether. */
interface Deed extends TokenFiles {
  readonly house: House;
  readonly terminal: Terminal;
  readonly action: string;
  readonly target: string;
  readonly toPercent: number | null;
  readonly reason: string | null;
}

const percentSchema = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().min(1).max(MAX_LIFT_PERCENT));

const ACTIONS: Readonly<Record<string, (deed: Deed) => Promise<Told>>> = {
  list: ({ house }) => list(house, new Date()),
  lift,
  approve: decide,
  refuse: decide,
  withdraw: decide,
};

async function lift(deed: Deed): Promise<Told> {
  const { house, reason, target: account, terminal, toPercent } = deed;
  const { officer, second } = await bothOfficers(house, terminal, deed);
  const tools = liftTools(house.config, deedPorts(house));
  const log = house.log.appender;
  const proposed = doneValue(await proposeLift(log, tools, { account, toPercent, reason, officer }));
  const { expiresAt, leafIndex, proposal, quarter } = proposed;
  if (second === null) {
    const result = {
      proposal,
      account,
      quarter,
      toPercent,
      expiresAt: expiresAt.toISOString(),
      leafIndex: Number(leafIndex),
    };
    const words = `proposed: ${account} in ${quarter} ${liftText(toPercent)} (leaf ${leafIndex}). Nothing has changed; another finance officer decides until ${istanbulText(expiresAt)}: bridge fees stop approve ${proposal}`;
    return [result, words];
  }
  const decision = { proposal, decision: 'approved', reason: null, officer: second } as const;
  return decidedTold(doneValue(await decideLift(log, tools, decision)));
}

async function decide({ action, house, reason, target, terminal, tokenFile }: Deed): Promise<Told> {
  const decision = DECISIONS.get(action) ?? 'refused';
  const officer = await feeOfficer(house, terminal, tokenFile, 'fees.decide');
  const wish = { proposal: target, decision, reason, officer };
  return decidedTold(
    doneValue(await decideLift(house.log.appender, liftTools(house.config, deedPorts(house)), wish)),
  );
}

function decidedTold(decided: LiftDecided): Told {
  const { account, decision, leafIndex, quarter, toPercent } = decided;
  const words =
    decision === 'approved'
      ? `approved: ${account} in ${quarter} ${liftText(toPercent)} (leaf ${leafIndex})`
      : `${decision}: the proposal${account === null ? '' : ` about ${account}`} has ended, the stop stands (leaf ${leafIndex})`;
  return [{ ...decided, leafIndex: Number(leafIndex) }, words];
}

async function list({ config, db }: House, now: Date): Promise<Told> {
  const accounts = await readBudgets(config, db, now);
  const proposals = await readOpen(db, 'fees.stop', now, (one) => {
    const terms = liftTermsOf(one);
    if (terms === null) return null;
    const { account, quarter, toPercent } = terms;
    return { account, quarter, toPercent };
  });
  const lines = [
    ...accounts.map((one) => `${one.account}  ${one.quarter}  ${one.state}: ${budgetLine(one)}`),
    ...(accounts.length === 0 ? ['no account has a budget: nothing is ever stopped by one'] : []),
    ...proposals.map((one) =>
      openLine(one, ({ account, quarter, toPercent }) => `${account} in ${quarter} ${liftText(toPercent)}`),
    ),
  ];
  return [{ accounts, proposals }, lines.join('\n')];
}

function liftText(toPercent: number | null): string {
  return toPercent === null ? 'without a stop' : `up to ${toPercent} % of the budget`;
}

/** `bridge fees stop …`: where budgets stand, and lifting a stop for the rest of the quarter: a decision of two finance officers. */
export const feesStopCommand: Command = {
  usage:
    'fees stop list | lift ACCOUNT (--to-percent N | --altogether) | approve|refuse|withdraw PROPOSAL [--reason "…"] [--token-file F] [--second-token-file G] [--json]',
  summary:
    'stops of budgets: list (no token); lift proposes to let an account go on in the quarter that runs, another finance officer approves or refuses it; step-up; where both are there, lift takes the second one’s token as G',
  run: async (args, terminal) => {
    const options = {
      ...PROPOSAL_OPTIONS,
      'to-percent': { type: 'string' },
      altogether: { type: 'boolean', default: false },
    } as const;
    const { positionals, values } = parseCommand(feesStopCommand, args, options, args[0] === 'list' ? 1 : 2);
    const [action = '', target = ''] = positionals;
    const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    const { 'second-token-file': secondTokenFile, 'to-percent': percent, 'token-file': tokenFile } = values;
    const ways = (percent === undefined ? 0 : 1) + (values.altogether ? 1 : 0);
    const isPair = secondTokenFile === undefined || (action === 'lift' && tokenFile !== undefined);
    if (action === 'lift' && ways !== 1)
      throw wrongUse(feesStopCommand, 'lift needs one of --to-percent and --altogether');
    if (run === undefined || !isPair || (action !== 'lift' && ways > 0)) throw wrongUse(feesStopCommand);
    const toPercent = readPercent(percent);
    const reason = readReason(feesStopCommand, values.reason);
    const id = DECISIONS.has(action) ? proposalId(target) : target;
    const [result, words] = await atFeeDesk(terminal, `fees stop ${action}`, (house) =>
      run({ house, terminal, action, target: id, toPercent, reason, tokenFile, secondTokenFile }),
    );
    terminal.out(values.json ? JSON.stringify(result) : words);
    return EXIT.ok;
  },
};

function readPercent(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parsed = percentSchema.safeParse(text);
  if (!parsed.success)
    throw wrongUse(feesStopCommand, '--to-percent is a whole number of percent, 1 to 10000');
  return parsed.data;
}
