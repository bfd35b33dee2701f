import { listWindows } from '../../maintenance/list-windows.js';
import { type MaintenanceWindow, stateOf } from '../../maintenance/window.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { inHouse } from '../house.js';

/** `bridge maintenance list`: names nobody, so nobody has to be signed in for it. */
export const listCommand: Command = {
  usage: 'maintenance list [--json]',
  summary: 'windows that are current, ahead, and the last fifty that are over',
  run: async (args, terminal) => {
    const { values } = parseCommand(listCommand, args, {}, 0);
    const now = new Date();
    const list = await inHouse(terminal, 'maintenance list', [], ({ db }) => listWindows(db, now));
    const windows = [...list.current, ...list.ahead, ...list.past].map((one) => shown(one, now));
    terminal.out(values.json ? JSON.stringify({ windows }) : tableOf(windows));
    return EXIT.ok;
  },
};

type Shown = ReturnType<typeof shown>;

function shown(one: MaintenanceWindow, now: Date) {
  const { closedAt, endsAt, reason, startsAt, system, window } = one;
  return { window, system, state: stateOf(one, now), from: startsAt, to: endsAt, closedAt, reason };
}

function tableOf(windows: readonly Shown[]): string {
  return windows.length === 0 ? 'no windows' : windows.map(lineOf).join('\n');
}

function lineOf({ closedAt, from, reason, state, system, to, window }: Shown): string {
  const closed = closedAt === null ? '' : `  closed ${closedAt.toISOString()}`;
  return `${window}  ${system}  ${state}  ${from.toISOString()} to ${to.toISOString()}${closed}  ${reason}`;
}
