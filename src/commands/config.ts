import { loadConfig } from '../config/load-config.js';
import { configHash, showConfig } from '../config/show-config.js';
import { BridgeError } from '../errors/bridge-error.js';
import { type Command, configPath, EXIT, parseCommand } from './command.js';
import { recordUse } from './record-use.js';

/** `bridge config check|show`: says everything that is wrong at once, or what is in force, secrets as `***`. */
export const configCommand: Command = {
  usage: 'config check|show [--json]',
  summary: 'check the settings, or show those in force (secrets as ***)',
  run: async (args, terminal) => {
    const { positionals, values } = parseCommand(configCommand, args, {}, 1);
    const [action] = positionals;
    if (action !== 'check' && action !== 'show') {
      throw new BridgeError('WRONG_USE', `usage: bridge ${configCommand.usage}`);
    }
    const config = await loadConfig({ path: configPath(terminal.env), env: terminal.env });
    await recordUse(terminal, config, `config ${action}`);
    for (const warning of config.warnings) terminal.err(`warning: ${warning}`);
    const hash = configHash(config);
    if (action === 'show')
      terminal.out(values.json ? JSON.stringify({ hash, settings: showConfig(config) }) : showConfig(config));
    else
      terminal.out(
        values.json ? JSON.stringify({ ok: true, hash, warnings: config.warnings }) : `ok ${hash}`,
      );
    return EXIT.ok;
  },
};
