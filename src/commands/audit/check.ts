import { checkAppointments } from '../../appointments/check-appointments.js';
import { checkDisagreements } from '../../appointments/disagreements/check-disagreements.js';
import { checkData, kindRow } from '../../audit/catalogue/check-data.js';
import { type CheckReport, checkLog } from '../../audit/check/check-log.js';
import { checkedEntry } from '../../audit/check/checked-entry.js';
import { readWitnessFile } from '../../audit/checkpoint/witness-file.js';
import { createPersonTagger } from '../../audit/person-tags.js';
import { plainLane } from '../../audit/plain-lane.js';
import { checkHolds } from '../../audit/retention/check-holds.js';
import { readCaCertificates } from '../../audit/timestamp/chain.js';
import { checkHistory } from '../../authority/check-history.js';
import { decodeKey32 } from '../../config/key32.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { FEE_CHECKS } from '../../fees/check/fee-checks.js';
import { openEvidence } from '../../house/open-evidence.js';
import { checkWindows } from '../../maintenance/check-windows.js';
import { checkProposers } from '../../proposals/check-proposers.js';
import { checkBook } from '../../verification/check-book.js';
import { checkQueries } from '../../verification/check-queries.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { type House, inHouse } from '../house.js';
import { progressOn } from '../progress.js';

/** `bridge audit check`: the live database against its own log; the first difference, and exit 1 (CONTRACT §6). Shows nothing personal. */
export const checkCommand: Command = {
  usage: 'audit check [--json]',
  summary:
    'hold entries, tree, checkpoints, time stamps, search tables, keys, fee book with its sums, tariff and quarters, queries, authority, appointments, proposals and legal holds against each other',
  run: async (args, terminal) => {
    const { values } = parseCommand(checkCommand, args, {}, 0);
    const report = await inHouse(terminal, 'audit check', [], async (house) => {
      const { config, db, log } = house;
      const evidence = await openEvidence(config, db);
      const taggers = config.audit.tagKeys.map(({ id, key }) =>
        createPersonTagger({ id, key: decodeKey32(key) }),
      );
      const found = await checkLog({
        db,
        masterKeys: log.masterKeys,
        origin: config.audit.origin,
        keys: evidence.keys,
        ca: readCaCertificates(evidence.tsaCa),
        readWitness: async () => {
          const witness = await readWitnessFile(config.audit.checkpointFile);
          // What cannot be read is no checkpoint, and is told as one that does not hold.
          return witness.kind === 'absent' ? null : witness.kind === 'found' ? witness.note : witness.why;
        },
        fitsCatalogue,
        beside: [
          checkBook,
          ...FEE_CHECKS,
          checkQueries,
          (tx) => checkHistory(tx, { masterKeys: log.masterKeys, taggers }),
          (tx) => checkAppointments(tx, { masterKeys: log.masterKeys, taggers }),
          checkDisagreements,
          checkWindows,
          (tx) => checkProposers(tx, { masterKeys: log.masterKeys, taggers }),
          checkHolds,
        ],
        progress: progressOn(terminal, 'entries checked'),
      });
      await record(found, house, terminal);
      return found;
    });
    if (values.json)
      terminal.out(
        JSON.stringify(report, (_name, value) => (typeof value === 'bigint' ? Number(value) : value)),
      );
    else show(report, terminal);
    return report.difference === null ? EXIT.ok : EXIT.failed;
  },
};

/** What was found counts, whether it can be written down or not: a log that cannot be written is just what a check is made for. */
async function record(report: CheckReport, { config, log }: House, terminal: Terminal): Promise<void> {
  try {
    await log.appender.submit(plainLane, checkedEntry(report, config.instance, new Date()));
  } catch (error) {
    const why = isBridgeError(error) ? error.code : 'INTERNAL';
    terminal.err(`the log could not be told of this check: ${why}`);
  }
}

function fitsCatalogue(kind: string, data: unknown, sealed: readonly string[]): string | null {
  try {
    checkData(kind, data);
  } catch (error) {
    return (error as Error).message;
  }
  const fields = kindRow(kind)?.sealed ?? {};
  return sealed.every((field) => Object.hasOwn(fields, field))
    ? null
    : 'a sealed field that its kind does not have';
}

function show({ passed, difference }: CheckReport, terminal: Terminal): void {
  for (const { check, text } of passed) terminal.out(`ok   ${check}: ${text}`);
  if (difference === null) return;
  const place = difference.leaf === null ? '' : ` (leaf ${difference.leaf})`;
  terminal.out(`FAIL ${difference.check}: ${difference.text}${place}`);
}
