import type { WebhookPorts } from '../../../console/administration/staff-port.js';
import { BridgeError } from '../../../errors/bridge-error.js';
import { listDeadLetters, listQueues } from '../../../events/webhooks/list-webhooks.js';
import { redriveWebhooks } from '../../../events/webhooks/redrive.js';
import { actedBy } from '../../../proposals/verdict.js';
import { osUser } from '../../os-user.js';
import { stillActs } from '../../still-acts.js';
import type { RoomParts } from '../parts.js';

/** What the page about webhooks asks. */
export function webhookPortsOf({ config, db, log }: RoomParts): WebhookPorts {
  return {
    receivers: config.clients.flatMap(({ id, webhook }) => (webhook === undefined ? [] : [id])),
    queues: () => listQueues(db, null),
    letters: (client, page) => listDeadLetters(db, client, page),
    redrive: (officer, clientId, position, at) => {
      const { actor, personal } = actedBy(officer);
      const [actorNumber] = personal;
      if (actorNumber === undefined) throw new BridgeError('INTERNAL', 'nobody acts');
      const { role, sessionId: session, tag } = officer;
      const order = {
        ...{ clientId, actor, actorNumber, osUser: osUser() },
        ...(position === null ? {} : { position }),
        stillActs: (tx: Parameters<typeof stillActs>[0], now: Date) =>
          stillActs(tx, { role, session, tag }, now),
      };
      return redriveWebhooks(log.appender, order, at);
    },
  };
}
