import { quarterDays } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { type Closing, readClosing } from '../../fees/quarter/read-closing.js';
import { type QuarterView, readQuarter } from '../../fees/quarter/read-quarter.js';
import { quarterSettings } from '../../house/fees/quarter-settings.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { type CloseDesk, closeOn, type DoneStep, takeNamed } from './close-steps.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { istanbulText } from './istanbul-text.js';
import { quarterNamed, readReason, wrongUse } from './proposal-desk.js';
import { quarterTable } from './quarter-table.js';
import { recordReading } from './record-reading.js';

const NAMED = ['freeze', 'approve', 'seal', 'refuse', 'withdraw', 'status'] as const;
type Named = (typeof NAMED)[number];

interface Order {
  readonly quarter: string;
  /** Null: what comes next. */
  readonly step: Named | null;
  readonly reason: string | null;
  readonly tokenFile: string | undefined;
  readonly secondTokenFile: string | undefined;
  readonly json: boolean;
}

/** `bridge fees close`: two persons close a quarter, one step at a time. */
export const feesCloseCommand: Command = {
  usage:
    'fees close QUARTER [--step freeze|approve|seal|refuse|withdraw|status] [--reason "…"] [--token-file F] [--second-token-file G] [--json]',
  summary:
    'close a quarter (2026-Q3): a finance officer with step-up freezes its statement, another one approves it, then it is sealed. Without --step what comes next is done; with both tokens (F the first one’s, G the second’s) everything. refuse (with a reason) and withdraw open it again; status only shows it and needs no token',
  run: async (args, terminal) => {
    const order = orderOf(args);
    terminal.out(await close(terminal, order));
    return EXIT.ok;
  },
};

function orderOf(args: readonly string[]): Order {
  const options = {
    quarter: { type: 'string' },
    step: { type: 'string' },
    reason: { type: 'string' },
    'token-file': { type: 'string' },
    'second-token-file': { type: 'string' },
  } as const;
  const isNamed = args.some((arg) => arg === '--quarter' || arg.startsWith('--quarter='));
  const { positionals, values } = parseCommand(feesCloseCommand, args, options, isNamed ? 0 : 1);
  const quarter = quarterNamed(feesCloseCommand, values.quarter ?? positionals[0]);
  const step = values.step === undefined ? null : NAMED.find((name) => name === values.step);
  const reason = readReason(feesCloseCommand, values.reason);
  const { 'token-file': tokenFile, 'second-token-file': secondTokenFile } = values;
  const isPair = secondTokenFile === undefined || (tokenFile !== undefined && step === null);
  if (step === undefined) throw wrongUse(feesCloseCommand, `--step is one of ${NAMED.join(', ')}`);
  if (!isPair) throw wrongUse(feesCloseCommand, '--second-token-file is for --token-file, without --step');
  if (step === 'refuse' && reason === null)
    throw new BridgeError('WRONG_USE', '--step refuse needs a --reason: who froze it has to know');
  return { quarter, step, reason, tokenFile, secondTokenFile, json: values.json };
}

function close(terminal: Terminal, order: Order): Promise<string> {
  return atFeeDesk(terminal, 'fees close', async (house) => {
    const { quarter, reason, step } = order;
    if (step === 'status') {
      await recordStatus(house, terminal, order);
      return told(house, order, []);
    }
    // Before a token is read: what is approved stood there when the command began, not only since.
    const begun = await readClosing(house.db, quarter, new Date());
    const officers = await officersOf(house, terminal, order);
    const settings = quarterSettings(house.config, quarter);
    const tools = { ports: deedPorts(house), settings, proposalHours: house.config.fees.proposalHours };
    const desk: CloseDesk = { house, terminal, tools, quarter, reason, officers, begun };
    const done = step === null ? await closeOn(desk) : await takeNamed(desk, step);
    await recordLook(house, officers.at(-1) ?? officers[0], order);
    return told(house, order, done);
  });
}

async function officersOf(
  house: House,
  terminal: Terminal,
  { secondTokenFile, tokenFile }: Order,
): Promise<CloseDesk['officers']> {
  const first = await feeOfficer(house, terminal, tokenFile, 'fees.close');
  if (secondTokenFile === undefined) return [first];
  const second = await feeOfficer(house, terminal, secondTokenFile, 'fees.close');
  // Found out before anything is frozen.
  if (second.tag.equals(first.tag))
    throw new BridgeError('SECOND_PERSON_REQUIRED', 'both tokens are one person’s');
  return [first, second];
}

/** Sums alone, as a statement shows them: no token is asked for; with one the look is told under its name. */
async function recordStatus(house: House, terminal: Terminal, order: Order): Promise<void> {
  const { tokenFile } = order;
  if (tokenFile !== undefined)
    await recordLook(house, await feeOfficer(house, terminal, tokenFile, null), order);
}

/** Totals are shown: that is told like any other look at the book. */
async function recordLook(house: House, officer: ActingOfficer, { json, quarter }: Order): Promise<void> {
  const format = json ? 'json' : 'text';
  const what = { account: null, detail: 'totals', format, ...quarterDays(quarter) } as const;
  await recordReading(house, officer, what);
}

async function told(
  { config, db }: House,
  { json, quarter }: Order,
  done: readonly DoneStep[],
): Promise<string> {
  const view = await readQuarter(db, quarterSettings(config, quarter), quarter, new Date());
  const closing = await readClosing(db, quarter, new Date());
  const next = whoIsNext(closing, new Date());
  if (json) return JSON.stringify(documentOf(view, closing, done, next));
  const steps = done.map(
    ({ leafIndex, step }) => `${step}${leafIndex === null ? '' : ` (leaf ${leafIndex})`}`,
  );
  const head = steps.length === 0 ? [] : [`done: ${steps.join(', ')}`];
  return [...head, quarterTable(view), `next: ${WORDS[next](closing, quarter)}`].join('\n');
}

function documentOf(view: QuarterView, closing: Closing, done: readonly DoneStep[], next: Next): object {
  const { document, due, payBy, proposal, quarter, state, statementSha256 } = view;
  const accounts = document.accounts.map(({ account, amountKurus, feeClass, queries, units }) => {
    return { account, feeClass, queries, units, amountKurus };
  });
  const expiresAt = state === 'frozen' ? (closing.proposal?.expiresAt.toISOString() ?? null) : null;
  const steps = done.map(({ leafIndex, step }) => {
    return { step, leafIndex: leafIndex === null ? null : Number(leafIndex) };
  });
  const { total } = document;
  return {
    ...{ quarter, state, due, payBy, statementSha256, steps, proposal, expiresAt, next, accounts, total },
  };
}

type Next = 'time' | 'officer' | 'second-officer' | 'nobody';

const WORDS: Readonly<Record<Next, (closing: Closing, quarter: string) => string>> = {
  time: () => 'the quarter is not over',
  officer: ({ state }, quarter) =>
    `a finance officer ${state === 'approved' ? 'seals' : 'freezes'} it (bridge fees close ${quarter})`,
  'second-officer': ({ proposal }, quarter) =>
    `another finance officer approves it by ${proposal === null ? '-' : istanbulText(proposal.expiresAt)} (bridge fees close ${quarter}), or refuses it (--step refuse --reason)`,
  nobody: () => 'nobody: the quarter is closed',
};

/** Whose turn it is. A freezing that nobody approved in time is anybody's again. */
function whoIsNext({ proposal, state }: Closing, now: Date): Next {
  if (state === 'sealed') return 'nobody';
  if (state === 'open') return 'time';
  const isWaiting = state === 'frozen' && proposal !== null && proposal.expiresAt.getTime() > now.getTime();
  return isWaiting ? 'second-officer' : 'officer';
}
