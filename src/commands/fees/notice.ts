import { quarterDays } from '../../calendar/istanbul-day.js';
import { feeClassOn } from '../../fees/fee-class.js';
import { formatCount, formatTl } from '../../fees/kurus.js';
import {
  type QuarterNotice,
  type QuarterPayment,
  readNotices,
  readPayments,
} from '../../fees/quarter/read-notices.js';
import {
  type NoticeWish,
  type RecordedNotice,
  recordNotice,
} from '../../fees/reconciliation/record-notice.js';
import { doneValue } from '../../proposals/verdict.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { commandGroup } from '../command-group.js';
import type { House } from '../house.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { requireKnownAccount } from './known-account.js';
import { quarterNamed, readDay, readNumber, wrongUse } from './proposal-desk.js';
import { readCount, readLira } from './read-sum.js';

/** `bridge fees notice record`: what the Interior Ministry counts and asks for. */
const recordCommand: Command = {
  usage:
    'fees notice record --account A --quarter Q --number N --date DAY --queries N --amount "1.234,56" [--token-file F] [--json]',
  summary:
    'record the Interior Ministry’s notice about a quarter: a finance officer, step-up. The last one of an account and quarter holds; what is paid is their count. A slip is mended by recording it again under the same number',
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
    const { account } = values;
    if (account === undefined) throw wrongUse(recordCommand, '--account is missing');
    const quarter = quarterNamed(recordCommand, values.quarter);
    const number = readNumber(recordCommand, values.number, '--number');
    const dated = readDay(recordCommand, values.date, '--date');
    const queries = readCount(recordCommand, '--queries', values.queries);
    const amountKurus = readLira(recordCommand, '--amount', values.amount);
    const said = { account, quarter, number, dated, queries, amountKurus };
    const { isFree, recorded } = await atFeeDesk(terminal, 'fees notice record', async (house) => {
      const officer = await feeOfficer(house, terminal, values['token-file'], 'fees.decide');
      await requireKnownAccount(house, account);
      const done = await recordNotice(house.log.appender, { ...said, officer }, deedPorts(house));
      return { isFree: isFreeOfCharge(house, said), recorded: doneValue(done) };
    });
    const { leafIndex, notice, replaces } = recorded;
    const words = `recorded: notice ${notice} about ${quarter}, ${formatCount(queries)} queries, ${formatTl(amountKurus)} (leaf ${leafIndex})`;
    const result = { notice, replaces: replaces?.notice ?? null, leafIndex: Number(leafIndex) };
    terminal.out(values.json ? JSON.stringify(result) : [words, ...replacing(recorded)].join('\n'));
    if (!isFree)
      terminal.err(
        'the notice counts queries and asks for nothing, and the account is not known to be outside the fee: if that is a slip, record it again under its number',
      );
    return EXIT.ok;
  },
};

/** Whether nothing may be asked for what a notice counts: the account was outside the fee all quarter, or nothing was counted. */
function isFreeOfCharge({ config }: House, { account, amountKurus, quarter, queries }: Noticed): boolean {
  if (amountKurus > 0n || queries === 0) return true;
  const known = config.accounts.find(({ id }) => id === account);
  const { from, to } = quarterDays(quarter);
  const changes = known?.feeClassChanges.map((change) => change.from) ?? [];
  const days = [from, ...changes.filter((day) => day > from && day < to)];
  return known !== undefined && days.every((day) => feeClassOn(known, day) === 'outside');
}

type Noticed = Pick<NoticeWish, 'account' | 'amountKurus' | 'quarter' | 'queries'>;

function replacing({ replaces }: RecordedNotice): readonly string[] {
  if (replaces === null) return [];
  const { amountKurus, dated, notice, queries } = replaces;
  return [
    `it holds now, and replaces what was recorded under its number before: notice ${notice} of ${dated}, ${formatCount(queries)} queries, ${formatTl(amountKurus)}`,
  ];
}

/** `bridge fees notice list`: notices of a quarter and what was paid. Sums alone: nobody is named. */
const listCommand: Command = {
  usage: 'fees notice list --quarter Q [--json]',
  summary:
    'notices of a quarter in the order in which they were recorded (the last one of an account holds), and payments',
  run: async (args, terminal) => {
    const { values } = parseCommand(listCommand, args, { quarter: { type: 'string' } } as const, 0);
    const quarter = quarterNamed(listCommand, values.quarter);
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
      ...payments.filter((one) => one.notice === notice).map((one) => `    ${paymentLine(one, payments)}`),
    ])
    .join('\n');
}

function paymentLine(one: QuarterPayment, payments: readonly QuarterPayment[]): string {
  const { amountKurus, holds, paidOn, reference, replaces } = one;
  const said =
    replaces !== null && amountKurus === 0n ? 'taken back' : `paid ${formatTl(amountKurus)} on ${paidOn}`;
  const earlier = payments.find(({ payment }) => payment === replaces);
  const corrects =
    earlier === undefined ? '' : `, corrects ${formatTl(earlier.amountKurus)} of ${earlier.paidOn}`;
  return `${said} (${reference})${corrects}${holds ? '' : ' (a later one holds)'}`;
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
