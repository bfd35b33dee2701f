import { isQuarter } from '../../calendar/istanbul-day.js';
import { formatCount, formatTl } from '../../fees/kurus.js';
import {
  type QuarterNotice,
  type QuarterPayment,
  readNotices,
  readPayments,
} from '../../fees/quarter/read-notices.js';
import { recordNotice } from '../../fees/reconciliation/record-notice.js';
import { doneValue } from '../../proposals/verdict.js';
import { numberSchema } from '../audit/retention-desk.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { commandGroup } from '../command-group.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { requireKnownAccount } from './known-account.js';
import { readDay, wrongUse } from './proposal-desk.js';
import { readCount, readLira } from './read-sum.js';

/** `bridge fees notice record`: what the Interior Ministry counts and asks for. */
const recordCommand: Command = {
  usage:
    'fees notice record --account A --quarter Q --number N --date DAY --queries N --amount "1.234,56" [--token-file F] [--json]',
  summary:
    'record the Interior Ministry’s notice about a quarter: a finance officer, step-up. The last one of an account and quarter holds; what is paid is their count',
  run: async (args, terminal) => {
    const options = {
      account: { type: 'string' },
      quarter: { type: 'string' },
      number: { type: 'string' },
      date: { type: 'string' },
      queries: { type: 'string' },
      amount: { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(recordCommand, args, options, 0);
    const { account, quarter = '' } = values;
    const number = numberSchema.safeParse(values.number);
    if (account === undefined || !isQuarter(quarter) || quarter < '2000' || !number.success)
      throw wrongUse(recordCommand);
    const dated = readDay(recordCommand, values.date);
    const queries = readCount('--queries', values.queries);
    const amountKurus = readLira('--amount', values.amount);
    const said = { account, quarter, number: number.data, dated, queries, amountKurus };
    const { leafIndex, notice } = await atFeeDesk(terminal, 'fees notice record', async (house) => {
      const officer = await feeOfficer(house, terminal, values['token-file'], 'fees.decide');
      await requireKnownAccount(house, account);
      return doneValue(await recordNotice(house.log.appender, { ...said, officer }, deedPorts(house)));
    });
    const words = `recorded: notice ${notice} about ${quarter}, ${formatCount(queries)} queries, ${formatTl(amountKurus)} (leaf ${leafIndex})`;
    terminal.out(values.json ? JSON.stringify({ notice, leafIndex: Number(leafIndex) }) : words);
    return EXIT.ok;
  },
};

/** `bridge fees notice list`: notices of a quarter and what was paid. Sums alone: nobody is named. */
const listCommand: Command = {
  usage: 'fees notice list --quarter Q [--json]',
  summary:
    'notices of a quarter in the order in which they were recorded (the last one of an account holds), and payments',
  run: async (args, terminal) => {
    const { values } = parseCommand(listCommand, args, { quarter: { type: 'string' } } as const, 0);
    const { quarter = '' } = values;
    if (!isQuarter(quarter)) throw wrongUse(listCommand);
    const { notices, payments } = await atFeeDesk(terminal, 'fees notice list', async ({ db }) => {
      return { notices: await readNotices(db, quarter), payments: await readPayments(db, quarter) };
    });
    const json = () =>
      JSON.stringify({ quarter, notices: notices.map(whole), payments: payments.map(whole) });
    terminal.out(values.json ? json() : listOf(notices, payments));
    return EXIT.ok;
  },
};

function whole<T extends { readonly amountKurus: bigint }>({ amountKurus, ...one }: T): object {
  return { ...one, amountKurus: Number(amountKurus) };
}

function listOf(notices: readonly QuarterNotice[], payments: readonly QuarterPayment[]): string {
  if (notices.length === 0) return 'no notice is recorded';
  const holds = new Map(notices.map(({ account, notice }) => [account, notice]));
  return notices
    .flatMap(({ account, amountKurus, dated, notice, number, queries }) => [
      `${account}  ${number} of ${dated}: ${formatCount(queries)} queries, ${formatTl(amountKurus)}${holds.get(account) === notice ? '' : ' (a later one holds)'}`,
      ...payments
        .filter((one) => one.notice === notice)
        .map((one) => `    paid ${formatTl(one.amountKurus)} on ${one.paidOn} (${one.reference})`),
    ])
    .join('\n');
}

/** `bridge fees notice …`: the Interior Ministry's notices. */
export const feesNoticeCommand = commandGroup(
  'fees notice',
  'the Interior Ministry’s notices: record, list',
  {
    record: recordCommand,
    list: listCommand,
  },
);
