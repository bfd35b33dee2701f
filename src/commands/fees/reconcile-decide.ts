import { DECISIONS, decideDifference } from '../../fees/reconciliation/decide-difference.js';
import { doneValue } from '../../proposals/verdict.js';
import { proposalId } from '../audit/proposal-table.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { atFeeDesk, deedPorts, feeOfficer } from './fee-desk.js';
import { readReason, wrongUse } from './proposal-desk.js';

/** `bridge fees reconcile decide`: what becomes of a difference, once. */
export const reconcileDecideCommand: Command = {
  usage:
    'fees reconcile decide DIFFERENCE --decision accept-theirs|object|settle|explained --note "…" [--token-file F] [--json]',
  summary:
    'decide a difference, once: a finance officer, step-up. settle, and it alone for unknown outcomes: they follow their count, and what was not counted is corrected by new lines of the book. Cut off on the way, the same command goes on',
  run: async (args, terminal) => {
    const options = {
      decision: { type: 'string' },
      note: { type: 'string' },
      'token-file': { type: 'string' },
    } as const;
    const { positionals, values } = parseCommand(reconcileDecideCommand, args, options, 1);
    const difference = proposalId(positionals[0]);
    const decision = DECISIONS.find((one) => one === values.decision);
    const note = readReason(reconcileDecideCommand, values.note, '--note');
    if (decision === undefined)
      throw wrongUse(reconcileDecideCommand, `--decision is one of ${DECISIONS.join(', ')}`);
    if (note === null) throw wrongUse(reconcileDecideCommand, '--note is missing: say why');
    const { leafIndex, settled } = await atFeeDesk(terminal, 'fees reconcile decide', async (house) => {
      const officer = await feeOfficer(house, terminal, values['token-file'], 'fees.decide');
      const wish = { difference, decision, note, officer };
      return doneValue(await decideDifference(house.log.appender, wish, deedPorts(house)));
    });
    const words = `decided: ${decision}${decision === 'settle' ? `, ${settled} unknown outcome(s) settled` : ''} (leaf ${leafIndex})`;
    const result = { difference, decision, settled, leafIndex: Number(leafIndex) };
    terminal.out(values.json ? JSON.stringify(result) : words);
    return EXIT.ok;
  },
};
