import { listImports } from '../../fees/reconciliation/list-imports.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { atFeeDesk } from './fee-desk.js';
import { importJson, importLine } from './reconcile-table.js';

/** Imports that are shown: some years of every account. */
const SHOWN = 500;

/** `bridge fees reconcile list`: what was taken in. Sums alone: nobody is named. */
export const reconcileListCommand: Command = {
  usage: 'fees reconcile list [--account A] [--json]',
  summary: 'figures that were taken in, the last ones first, and how many differences wait for a decision',
  run: async (args, terminal) => {
    const options = { account: { type: 'string' } } as const;
    const { values } = parseCommand(reconcileListCommand, args, options, 0);
    const imports = await atFeeDesk(terminal, 'fees reconcile list', ({ db }) =>
      listImports(db, values.account ?? null, SHOWN),
    );
    const lines = imports.length === 0 ? ['nothing was taken in'] : imports.map(importLine);
    terminal.out(values.json ? JSON.stringify({ imports: imports.map(importJson) }) : lines.join('\n'));
    return EXIT.ok;
  },
};
