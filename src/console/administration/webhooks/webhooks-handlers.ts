import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { HandlersOf } from '../../frame/router.js';
import { withQuery } from '../staff-fields.js';
import type { WebhookPorts } from '../staff-port.js';
import { WEBHOOKS_PATH, webhooksPage } from './webhooks-page.js';

/** Dead letters on one page. */
const SHOWN = 50;
const POSITION = /^[0-9]{1,18}$/;

/** Pages about webhooks. */
export function createWebhookHandlers(ports: WebhookPorts): HandlersOf<'webhooks' | 'webhooks.redrive'> {
  return {
    webhooks: (call) => show(call, ports),
    'webhooks.redrive': (call) => redrive(call, ports),
  };
}

async function show({ query }: ConsoleCall, ports: WebhookPorts): Promise<Answer> {
  const { receivers } = ports;
  const queues = await ports.queues();
  const asked = query.get('alici');
  const known = [...receivers, ...queues.map((queue) => queue.client)];
  const client = asked !== null && known.includes(asked) ? asked : null;
  const from = query.get('sonra') ?? '';
  const after = POSITION.test(from) ? BigInt(from) : -1n;
  const found = client === null ? [] : await ports.letters(client, { after, limit: SHOWN + 1 });
  const letters = found.slice(0, SHOWN);
  const [hasMore, isFirst] = [found.length > SHOWN, after === -1n];
  const page = webhooksPage({ receivers, queues, client, letters, hasMore, isFirst });
  return { kind: 'page', page };
}

async function redrive({ at, fields, person }: ConsoleCall, ports: WebhookPorts): Promise<Answer> {
  const [client, place] = [fields.get('alici'), fields.get('sira')];
  // Letters of a receiver that is not registered would only be given up again.
  if (!ports.receivers.includes(client) || (place !== '' && !POSITION.test(place)))
    throw new ConsoleRefusal('NOT_FOUND');
  const count = await ports.redrive(person.officer, client, place === '' ? null : BigInt(place), at);
  // Somebody else was faster, or there was none.
  if (count === 0) throw new ConsoleRefusal('NOT_FOUND');
  const to = place === '' ? WEBHOOKS_PATH : withQuery(WEBHOOKS_PATH, { alici: client });
  return { kind: 'see-other', to, told: 'done' };
}
