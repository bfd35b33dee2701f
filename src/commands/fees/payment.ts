import { formatTl } from '../../fees/kurus.js';
import { type RecordedPayment, recordPayment } from '../../fees/reconciliation/record-payment.js';
import { doneValue } from '../../proposals/verdict.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { commandGroup } from '../command-group.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { quarterNamed, readDay, readNumber, wrongUse } from './proposal-desk.js';
import { readLira } from './read-sum.js';

/** `bridge fees payment record`: what was paid of a notice. */
const recordCommand: Command = {
  usage:
    'fees payment record --account A --quarter Q --notice-number N --reference R --paid-on DAY --amount "1.234,56" [--token-file F] [--json]',
  summary:
    'record a payment of a notice: a finance officer, step-up. One that is not what the notice asks for is recorded too, and said. A slip is mended by recording it again under the same reference, with the amount 0,00 where it was not ours; the last one of a reference holds',
  run: async (args, terminal) => {
    const options = {
      account: { type: 'string' },
      quarter: { type: 'string' },
      'notice-number': { type: 'string' },
      reference: { type: 'string' },
      'paid-on': { type: 'string' },
      amount: { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    const { values } = parseCommand(recordCommand, args, options, 0);
    const { account } = values;
    if (account === undefined) throw wrongUse(recordCommand, '--account is missing');
    const quarter = quarterNamed(recordCommand, values.quarter);
    const noticeNumber = readNumber(recordCommand, values['notice-number'], '--notice-number');
    const reference = readNumber(recordCommand, values.reference, '--reference');
    const paidOn = readDay(recordCommand, values['paid-on'], '--paid-on');
    const amountKurus = readLira(recordCommand, '--amount', values.amount);
    const said = { account, quarter, noticeNumber, reference, paidOn, amountKurus };
    const recorded = await atFeeDesk(terminal, 'fees payment record', async (house) => {
      const officer = await feeOfficer(house, terminal, values['token-file'], 'fees.decide');
      return doneValue(await recordPayment(house.log.appender, { ...said, officer }, deedPorts(house)));
    });
    const words = `recorded: payment ${recorded.payment}, ${formatTl(amountKurus)} (leaf ${recorded.leafIndex})`;
    terminal.out(values.json ? JSON.stringify(jsonOf(recorded)) : [words, ...replacing(recorded)].join('\n'));
    for (const line of remarks(recorded)) terminal.err(line);
    return EXIT.ok;
  },
};

function replacing({ replaces }: RecordedPayment): readonly string[] {
  if (replaces === null) return [];
  const { amountKurus, paidOn, payment } = replaces;
  return [
    `it holds now, and corrects what was recorded under its reference before: payment ${payment}, ${formatTl(amountKurus)} of ${paidOn}`,
  ];
}

function jsonOf({ askedKurus, isLast, leafIndex, paidKurus, payment, replaces }: RecordedPayment): object {
  return {
    payment,
    replaces: replaces?.payment ?? null,
    askedKurus: Number(askedKurus),
    paidKurus: Number(paidKurus),
    noticeHolds: isLast,
    leafIndex: Number(leafIndex),
  };
}

/** What somebody has to know: paid is not asked, or the notice no longer holds. */
function remarks({ askedKurus, isLast, paidKurus }: RecordedPayment): readonly string[] {
  const over = paidKurus - askedKurus;
  const word = over > 0n ? `${formatTl(over)} more than` : `${formatTl(-over)} less than`;
  return [
    ...(over === 0n
      ? []
      : [`paid so far ${formatTl(paidKurus)}: ${word} the notice asks for (${formatTl(askedKurus)})`]),
    ...(isLast ? [] : ['a later notice holds for this account and quarter: is this payment for that one?']),
  ];
}

/** `bridge fees payment …`: payments of notices. */
export const feesPaymentCommand = commandGroup(
  'fees payment',
  'payments of the Interior Ministry’s notices',
  {
    record: recordCommand,
  },
);
