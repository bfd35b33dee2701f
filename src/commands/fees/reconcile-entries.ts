import { z } from 'zod';
import { addDays } from '../../calendar/add-days.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { type BehindEntry, type BehindKey, listBehind, MAX_PAGE } from '../../fees/reconciliation/behind.js';
import { type DifferenceView, readDifference, readImport } from '../../fees/reconciliation/list-imports.js';
import { proposalId } from '../audit/proposal-table.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import type { House } from '../house.js';
import { atFeeDesk, feeOfficer } from './fee-desk.js';
import { istanbulSecond } from './istanbul-text.js';
import { wrongUse } from './proposal-desk.js';
import { recordReading } from './record-reading.js';

/** Entries that are shown where nobody says how many: a screen or two. */
const SHOWN = 100;
const ISTANBUL_MS = 3 * 3_600_000;
const ZONED = z.iso.datetime({ offset: true });

interface Order {
  readonly id: string;
  readonly limit: number;
  readonly after: BehindKey | null;
  readonly tokenFile: string | undefined;
  readonly json: boolean;
}

/** `bridge fees reconcile entries`: from which queries a difference can come, page by page. */
export const reconcileEntriesCommand: Command = {
  usage: 'fees reconcile entries DIFFERENCE [--limit N] [--after TIME/QUERY] [--token-file F] [--json]',
  summary:
    'queries that a difference can come from, in the order of sending (id, leaf of the outcome, time, result, units; nobody’s number): a finance officer. --after: the last one of the page before',
  run: async (args, terminal) => {
    const order = orderOf(args);
    const { difference, entries } = await atFeeDesk(terminal, 'fees reconcile entries', (house) =>
      look(house, terminal, order),
    );
    const last = entries.length === order.limit ? entries.at(-1) : undefined;
    const next = last === undefined ? null : `${last.sentAt.toISOString()}/${last.query}`;
    terminal.out(order.json ? JSON.stringify({ difference: difference.id, entries, next }) : table(entries));
    if (next !== null && !order.json) terminal.err(`more: --after ${inIstanbul(next)}`);
    return EXIT.ok;
  },
};

function orderOf(args: readonly string[]): Order {
  const options = {
    limit: { type: 'string' },
    after: { type: 'string' },
    'token-file': { type: 'string' },
  } as const;
  const { positionals, values } = parseCommand(reconcileEntriesCommand, args, options, 1);
  const limit = values.limit === undefined ? SHOWN : Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) throw wrongUse(reconcileEntriesCommand);
  const after = values.after === undefined ? null : keyOf(values.after);
  const id = proposalId(positionals[0]);
  return { id, limit, after, tokenFile: values['token-file'], json: values.json };
}

function keyOf(text: string): BehindKey {
  const [time = '', query = ''] = text.split('/');
  // A time without its zone would be another one wherever the command runs.
  if (!ZONED.safeParse(time).success)
    throw wrongUse(reconcileEntriesCommand, '--after is what “more” says, a time with its zone');
  return { sentAt: new Date(time), query: proposalId(query) };
}

/** The look is an entry before anything is shown. */
async function look(
  house: House,
  terminal: Terminal,
  { after, id, json, limit, tokenFile }: Order,
): Promise<{ readonly difference: DifferenceView; readonly entries: readonly BehindEntry[] }> {
  const officer = await feeOfficer(house, terminal, tokenFile, null);
  const difference = await readDifference(house.db, id);
  const from = difference === null ? null : await readImport(house.db, difference.importId);
  if (difference === null || from === null) throw new BridgeError('NOT_FOUND', 'no such difference');
  await recordReading(house, officer, {
    ...{ account: from.account, from: from.from, to: addDays(from.to, 1) },
    detail: 'entries',
    format: json ? 'json' : 'text',
  });
  return { difference, entries: await listBehind(house.db, difference, limit, after) };
}

function table(entries: readonly BehindEntry[]): string {
  if (entries.length === 0) return 'no entry of ours';
  const lines = entries.map(({ leaf, query, result, sentAt, service, settled, units }) => {
    const end = settled === null ? '' : `  settled: ${settled}`;
    return `${istanbulSecond(sentAt)}  ${query}  leaf ${leaf}  ${service}  ${result}  ${units} unit(s)${end}`;
  });
  return ['sent (Istanbul)', ...lines].join('\n');
}

/** The cursor for people: the same instant with the zone that the lines are in, which has kept it since 2016. */
function inIstanbul(next: string): string {
  const [time = '', query = ''] = next.split('/');
  const local = new Date(Date.parse(time) + ISTANBUL_MS).toISOString().replace('Z', '+03:00');
  return `${local}/${query}`;
}
