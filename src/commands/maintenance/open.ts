import { BridgeError } from '../../errors/bridge-error.js';
import { openWindow } from '../../maintenance/open-window.js';
import { isMaintained, windowFaults } from '../../maintenance/window.js';
import { clearOption, MAX_REASON } from '../clear-option.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { instantOf } from '../instant.js';
import { atMaintenanceDesk } from './maintenance-desk.js';

const OPTIONS = {
  system: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  reason: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

/** `bridge maintenance open`: announces or begins a time in which a system is not asked. */
export const openCommand: Command = {
  usage:
    'maintenance open --system kps|mersis [--from INSTANT] --to INSTANT --reason "…" [--token-file F] [--json]',
  summary:
    'nothing is asked of the system from then (now) until then: 30 days at the most, not overlapping another window; callers are told MAINTENANCE. Instants with zone, or a date (00:00 in Europe/Istanbul); the reason stands in the log in clear. An administrator, step-up',
  run: async (args, terminal) => {
    const { values } = parseCommand(openCommand, args, OPTIONS, 0);
    const { system = '' } = values;
    const to = instantOf('--to', values.to);
    if (to === null || !values.reason || !isMaintained(system))
      throw new BridgeError('WRONG_USE', `usage: bridge ${openCommand.usage}`);
    const reason = clearOption(openCommand, '--reason', values.reason, MAX_REASON);
    const wish = { system, from: instantOf('--from', values.from), to, reason };
    // Known before anybody has to show a token; asked again where it counts.
    const [fault] = windowFaults(wish, new Date());
    if (fault !== undefined) throw new BridgeError('WRONG_USE', `--${fault.field}: ${fault.fault}`);
    const opened = await atMaintenanceDesk(
      terminal,
      'maintenance open',
      values['token-file'],
      ({ log }, ports, officer) => openWindow(log.appender, ports, { ...wish, officer }),
    );
    const { endsAt, leafIndex, startsAt, window } = opened;
    const [from, until] = [startsAt.toISOString(), endsAt.toISOString()];
    terminal.out(
      values.json
        ? JSON.stringify({ window, system, from, to: until, leafIndex: Number(leafIndex) })
        : `${window}: ${system} is not asked from ${from} to ${until} (leaf ${leafIndex}); before its end: bridge maintenance close ${window}`,
    );
    return EXIT.ok;
  },
};
