import { BridgeError } from '../../errors/bridge-error.js';
import { readImport } from '../../fees/reconciliation/list-imports.js';
import { proposalId } from '../audit/proposal-table.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { atFeeDesk } from './fee-desk.js';
import { differenceJson, importJson, importTable } from './reconcile-table.js';

/** `bridge fees reconcile show`: the differences of an import, by class. Sums alone: nobody is named. */
export const reconcileShowCommand: Command = {
  usage: 'fees reconcile show IMPORT [--json]',
  summary: 'differences of an import by class, theirs minus ours, with what was decided',
  run: async (args, terminal) => {
    const { positionals, values } = parseCommand(reconcileShowCommand, args, {}, 1);
    const id = proposalId(positionals[0]);
    const view = await atFeeDesk(terminal, 'fees reconcile show', ({ db }) => readImport(db, id));
    if (view === null) throw new BridgeError('NOT_FOUND', 'no such import: bridge fees reconcile list');
    const { of: differences, ...head } = view;
    const json = () => JSON.stringify({ ...importJson(head), differences: differences.map(differenceJson) });
    terminal.out(values.json ? json() : importTable(view));
    return EXIT.ok;
  },
};
