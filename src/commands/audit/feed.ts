import { setTimeout as sleep } from 'node:timers/promises';
import { readFeed } from '../../audit/feed/read-feed.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { inHouse } from '../house.js';

/** How often a followed log is looked at. */
const LOOK_MS = 500;

/** `bridge audit feed`: entries as NDJSON on standard output, without personal values, each with its leaf index. */
export const feedCommand: Command = {
  usage: 'audit feed [--from LEAF] [--follow]',
  summary: 'entries as NDJSON without personal values; --follow stays and goes on',
  run: async (args, terminal) => {
    const { values } = parseCommand(
      feedCommand,
      args,
      { from: { type: 'string', default: '0' }, follow: { type: 'boolean', default: false } },
      0,
    );
    if (!/^\d{1,15}$/.test(values.from)) throw new BridgeError('WRONG_USE', '--from is the number of a leaf');
    return inHouse(terminal, 'audit feed', [], async ({ db }) => {
      for (let next = BigInt(values.from); ; ) {
        const piece = await readFeed(db, next);
        if (piece.lines.length > 0) terminal.out(piece.lines.join('\n'));
        else if (values.follow) await sleep(LOOK_MS);
        else return EXIT.ok;
        next = piece.next;
      }
    });
  },
};
