import { loadConfig } from '../config/load-config.js';
import { migrateStorage } from '../house/open-storage.js';
import { type Command, configPath, EXIT, parseCommand } from './command.js';
import { recordUse } from './record-use.js';

/** `bridge migrate`: brings the database's schema up to this bridge's, as the owner's role. */
export const migrateCommand: Command = {
  usage: 'migrate [--json]',
  summary: 'bring the database schema up to this version',
  run: async (args, terminal) => {
    const { values } = parseCommand(migrateCommand, args, {}, 0);
    const config = await loadConfig({ path: configPath(terminal.env), env: terminal.env });
    const { from, to } = await migrateStorage(config, (open) => recordUse(terminal, config, 'migrate', open));
    terminal.out(
      values.json
        ? JSON.stringify({ from, to })
        : from === to
          ? `schema ${to}: nothing to do`
          : `schema ${from} -> ${to}`,
    );
    return EXIT.ok;
  },
};
