import { z } from 'zod';
import { BridgeError } from '../../errors/bridge-error.js';
import { endSessionBy } from '../../sign-in/end-session.js';
import { SESSION_APPLIERS } from '../../sign-in/session-appliers.js';
import { isSessionId } from '../../sign-in/session-id.js';
import { actorOf } from '../actor.js';
import { parseBody, readParts, reasonSchema } from '../audit/retention-desk.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { actingOfficer, inHouse } from '../house.js';

const reasonOnly = z.strictObject({ reason: reasonSchema });

/** `bridge sessions end`: an administrator ends a session, with step-up where the policy asks for it. */
export const endCommand: Command = {
  usage: 'sessions end SESSION [--token-file FILE] [--json]',
  summary:
    'ends a session by its id, and with it everything that it gave; {"reason"}: JSON on standard input, behind the token where it has no file. An administrator, step-up',
  run: async (args, terminal) => {
    const options = { 'token-file': { type: 'string' } } as const;
    const { positionals, values } = parseCommand(endCommand, args, options, 1);
    const [sessionId = ''] = positionals;
    if (!isSessionId(sessionId)) throw new BridgeError('WRONG_USE', `usage: bridge ${endCommand.usage}`);
    const file = values['token-file'];
    const parts = await readParts(terminal, file);
    const { reason } = parseBody(parts.body, reasonOnly);
    await inHouse(parts.terminal, 'sessions end', SESSION_APPLIERS, async (house) => {
      const officer = await actingOfficer(house, parts.terminal, { file }, ['administrator'], {
        operation: 'sessions.end',
      });
      const { data: actor, personal: number } = actorOf(officer);
      const order = { sessionId, actor, number, reason, by: 'administrator' } as const;
      if (!(await endSessionBy(house.log.appender, order, new Date())))
        throw new BridgeError('STATE_CONFLICT', 'no session with this id lives: nothing has been ended');
    });
    terminal.out(values.json ? JSON.stringify({ session: sessionId, ended: true }) : `ended: ${sessionId}`);
    return EXIT.ok;
  },
};
