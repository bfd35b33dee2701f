import { BridgeError } from '../../errors/bridge-error.js';
import { WEBHOOK_APPLIERS } from '../../events/webhooks/appliers.js';
import { REDRIVE_AT_ONCE, redriveWebhooks } from '../../events/webhooks/redrive.js';
import { osUser } from '../../house/os-user.js';
import { actorOf } from '../actor.js';
import { stillActsAs } from '../audit/retention-desk.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { actingOfficer, inHouse } from '../house.js';

/** `bridge webhooks redrive`: an administrator has what was given up tried again. */
export const redriveCommand: Command = {
  usage: 'webhooks redrive --client ID [--token-file FILE] [--json]',
  summary: 'have the dead letters of a receiver tried again, as if they were queued now. An administrator',
  run: async (args, terminal) => {
    const options = { client: { type: 'string' }, 'token-file': { type: 'string' } } as const;
    const { values } = parseCommand(redriveCommand, args, options, 0);
    const { client: clientId } = values;
    if (clientId === undefined) throw new BridgeError('WRONG_USE', `usage: bridge ${redriveCommand.usage}`);
    const count = await inHouse(terminal, 'webhooks redrive', WEBHOOK_APPLIERS, async (house) => {
      const source = { file: values['token-file'] };
      const officer = await actingOfficer(house, terminal, source, ['administrator'], { operation: null });
      const isReceiver = house.config.clients.some(
        ({ id, webhook }) => id === clientId && webhook !== undefined,
      );
      // Letters of a receiver that is not registered would only be given up again.
      if (!isReceiver) throw new BridgeError('NOT_FOUND', 'no receiver of webhooks has this id');
      const { data: actor, personal: actorNumber } = actorOf(officer);
      const stillActs = stillActsAs(officer);
      const order = {
        clientId,
        actor,
        actorNumber,
        osUser: osUser(),
        stillActs: (tx: Parameters<typeof stillActs>[0], now: Date) =>
          stillActs(tx, { person: officer.person, tag: officer.tag, session: actor }, now),
      };
      const redriven = await redriveWebhooks(house.log.appender, order, new Date());
      if (redriven === 0) throw new BridgeError('NOT_FOUND', 'this receiver has no dead letters');
      return redriven;
    });
    terminal.out(values.json ? JSON.stringify({ redriven: count }) : `tried again: ${count}`);
    if (count === REDRIVE_AT_ONCE) terminal.err('there may be more: give the order again');
    return EXIT.ok;
  },
};
