import { BridgeError } from '../../errors/bridge-error.js';
import { closeWindow } from '../../maintenance/close-window.js';
import { isWindowId } from '../../maintenance/list-windows.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { atMaintenanceDesk } from './maintenance-desk.js';

/** `bridge maintenance close`: the system is asked again, everywhere within about a second. */
export const closeCommand: Command = {
  usage: 'maintenance close WINDOW [--token-file F] [--json]',
  summary:
    'ends a window before its time, or takes an announced one back, by its id (maintenance list). An administrator, step-up',
  run: async (args, terminal) => {
    const { positionals, values } = parseCommand(closeCommand, args, { 'token-file': { type: 'string' } }, 1);
    const [window = ''] = positionals;
    if (!isWindowId(window)) throw new BridgeError('WRONG_USE', `usage: bridge ${closeCommand.usage}`);
    const { leafIndex, system } = await atMaintenanceDesk(
      terminal,
      'maintenance close',
      values['token-file'],
      ({ log }, ports, officer) => closeWindow(log.appender, ports, { window, officer }),
    );
    terminal.out(
      values.json
        ? JSON.stringify({ window, system, closed: true, leafIndex: Number(leafIndex) })
        : `closed: ${window}; ${system} is asked again (leaf ${leafIndex})`,
    );
    return EXIT.ok;
  },
};
