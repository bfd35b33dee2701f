import { istanbulDay } from '../../calendar/istanbul-day.js';
import { KPS_SERVICES } from '../../config/schema/kps-services.js';
import { formatTl } from '../../fees/kurus.js';
import { decideTariff, type TariffDecided } from '../../fees/tariff/decide-tariff.js';
import { proposeTariff } from '../../fees/tariff/propose-tariff.js';
import { readSwitches } from '../../fees/tariff/read-switches.js';
import { rowStates, type TariffRowState } from '../../fees/tariff/row-states.js';
import { termsOf } from '../../fees/tariff/switch-terms.js';
import { tariffTools } from '../../house/fees/fee-tools.js';
import { doneValue } from '../../proposals/verdict.js';
import { proposalId } from '../audit/proposal-table.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { istanbulText } from './istanbul-text.js';
import {
  bothOfficers,
  DECISIONS,
  openLine,
  PROPOSAL_OPTIONS,
  readDay,
  readOpen,
  readReason,
  type TokenFiles,
  type Told,
  wrongUse,
} from './proposal-desk.js';

/** What one action of `bridge fees tariff` works with. `target`: a row's id, or a proposal's. */
interface Deed extends TokenFiles {
  readonly house: House;
  readonly terminal: Terminal;
  readonly action: string;
  readonly target: string;
  readonly from: string;
  readonly reason: string | null;
}

const ACTIONS: Readonly<Record<string, (deed: Deed) => Promise<Told>>> = {
  list: ({ house }) => list(house, new Date()),
  propose,
  approve: decide,
  refuse: decide,
  withdraw: decide,
};

async function propose(deed: Deed): Promise<Told> {
  const { from, house, reason, target, terminal } = deed;
  const { officer, second } = await bothOfficers(house, terminal, deed);
  const tools = tariffTools(house.config, deedPorts(house));
  const log = house.log.appender;
  const proposed = doneValue(await proposeTariff(log, tools, { row: target, from, reason, officer }));
  const { expiresAt, leafIndex, proposal } = proposed;
  if (second === null) {
    const result = {
      proposal,
      row: target,
      from,
      expiresAt: expiresAt.toISOString(),
      leafIndex: Number(leafIndex),
    };
    const words = `proposed: ${target} from ${from} on (leaf ${leafIndex}). Nothing has changed; another finance officer decides until ${istanbulText(expiresAt)}: bridge fees tariff approve ${proposal}`;
    return [result, words];
  }
  const decision = { proposal, decision: 'approved', reason: null, officer: second } as const;
  return decidedTold(doneValue(await decideTariff(log, tools, decision)));
}

async function decide({ action, house, reason, target, terminal, tokenFile }: Deed): Promise<Told> {
  const decision = DECISIONS.get(action) ?? 'refused';
  const officer = await feeOfficer(house, terminal, tokenFile, 'fees.decide');
  const wish = { proposal: target, decision, reason, officer };
  return decidedTold(
    doneValue(await decideTariff(house.log.appender, tariffTools(house.config, deedPorts(house)), wish)),
  );
}

function decidedTold(decided: TariffDecided): Told {
  const { decision, from, leafIndex, row } = decided;
  const words =
    decision === 'approved'
      ? `approved: ${row} is in force from ${from} on (leaf ${leafIndex})`
      : `${decision}: the proposal${row === null ? '' : ` about ${row}`} has ended, nothing has changed (leaf ${leafIndex})`;
  return [{ ...decided, leafIndex: Number(leafIndex) }, words];
}

async function list({ config, db }: House, now: Date): Promise<Told> {
  const rows = rowStates(config.fees.tariff, await readSwitches(db), KPS_SERVICES, istanbulDay(now));
  const proposals = await readOpen(db, 'fees.tariff', now, (one) => {
    const terms = termsOf(one);
    return terms === null ? null : { row: terms.row.id, from: terms.from };
  });
  const coming = rows.flatMap(({ id, next }) => (next === null ? [] : [{ row: id, from: next }]));
  const next = coming.sort((a, b) => (a.from < b.from ? -1 : 1))[0] ?? null;
  const lines = [
    ...rows.map(rowLine),
    next === null ? 'no switch is coming' : `next switch: ${next.row} from ${next.from}`,
    ...proposals.map((one) => openLine(one, ({ from, row }) => `${row} from ${from}`)),
  ];
  return [{ rows, next, proposals }, lines.join('\n')];
}

function rowLine(row: TariffRowState): string {
  const { amountKurus, basis, from, gazette, id, loaded, service } = row;
  const price = `${formatTl(BigInt(amountKurus))} ${basis}, ${service ?? 'every service'}`;
  const gone = loaded ? '' : '; the settings no longer have it';
  return `${id}  ${price} (${gazette}, ${from}): ${stateText(row)}${gone}`;
}

function stateText({ next, since, state }: TariffRowState): string {
  switch (state) {
    case 'in-force':
      return `in force since ${since}`;
    case 'coming':
      return `in force from ${next} on`;
    case 'past':
      return `was in force from ${since} on`;
    case 'not-active':
      return 'loaded, not active';
  }
}

/** `bridge fees tariff …`: rows of the tariff, and which of them are in force from when: a decision of two finance officers. */
export const feesTariffCommand: Command = {
  usage:
    'fees tariff list | propose ROW --from DAY | approve|refuse|withdraw PROPOSAL [--reason "…"] [--token-file F] [--second-token-file G] [--json]',
  summary:
    'rows of the tariff and which are in force: list (no token); propose one from a coming day on, approve or refuse it as another finance officer, withdraw one’s own; step-up; where both are there, propose takes the second one’s token as G',
  run: async (args, terminal) => {
    const options = { ...PROPOSAL_OPTIONS, from: { type: 'string' } } as const;
    const { positionals, values } = parseCommand(
      feesTariffCommand,
      args,
      options,
      args[0] === 'list' ? 1 : 2,
    );
    const [action = '', target = ''] = positionals;
    const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    const { 'second-token-file': secondTokenFile, 'token-file': tokenFile } = values;
    const isPair = secondTokenFile === undefined || (action === 'propose' && tokenFile !== undefined);
    if (run === undefined || !isPair || (action === 'propose') !== (values.from !== undefined))
      throw wrongUse(feesTariffCommand);
    const from = values.from === undefined ? '' : readDay(feesTariffCommand, values.from, '--from');
    const reason = readReason(feesTariffCommand, values.reason);
    const id = DECISIONS.has(action) ? proposalId(target) : target;
    const [result, words] = await atFeeDesk(terminal, `fees tariff ${action}`, (house) =>
      run({ house, terminal, action, target: id, from, reason, tokenFile, secondTokenFile }),
    );
    terminal.out(values.json ? JSON.stringify(result) : words);
    return EXIT.ok;
  },
};
