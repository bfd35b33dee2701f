import { BridgeError } from '../../errors/bridge-error.js';
import {
  type DeadLetter,
  listDeadLetters,
  listQueues,
  type WebhookQueue,
} from '../../events/webhooks/list-webhooks.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { inHouse } from '../house.js';

/** `bridge webhooks list`: how many wait and how many were given up; names nobody, so nobody has to be signed in for it. */
export const listCommand: Command = {
  usage: 'webhooks list [--client ID] [--json]',
  summary:
    'webhooks that wait and those that were given up, for each receiver; --client: with its dead letters',
  run: async (args, terminal) => {
    const { values } = parseCommand(listCommand, args, { client: { type: 'string' } } as const, 0);
    const client = values.client ?? null;
    const found = await inHouse(terminal, 'webhooks list', [], async ({ config, db }) => {
      const receivers = config.clients.flatMap(({ id, webhook }) => (webhook === undefined ? [] : [id]));
      const queues = await listQueues(db, client);
      if (client !== null && queues.length === 0 && !receivers.includes(client))
        throw new BridgeError('NOT_FOUND', 'no receiver of webhooks has this id');
      const letters = client === null ? [] : await listDeadLetters(db, client);
      return { queues: queues.map((queue) => shown(queue, receivers)), letters };
    });
    const document = client === null ? { receivers: found.queues } : asDocument(found);
    terminal.out(values.json ? JSON.stringify(document) : tableOf(found.queues, found.letters));
    return EXIT.ok;
  },
};

type Shown = ReturnType<typeof shown>;

function shown({ queuedTo, ...queue }: WebhookQueue, receivers: readonly string[]) {
  const registered = receivers.includes(queue.client);
  return { ...queue, queuedTo: queuedTo === null ? null : String(queuedTo), registered };
}

function asDocument({ queues, letters }: { queues: readonly Shown[]; letters: readonly DeadLetter[] }) {
  const deadLetters = letters.map(({ position, ...letter }) => ({ position: String(position), ...letter }));
  return { receivers: queues, deadLetters };
}

function tableOf(queues: readonly Shown[], letters: readonly DeadLetter[]): string {
  if (queues.length === 0) return 'nothing was queued for any receiver yet';
  return [...queues.map(queueLine), ...letters.map(letterLine)].join('\n');
}

function queueLine({ client, dead, next, oldest, problem, registered, waiting }: Shown): string {
  const since = oldest === null ? '' : `  oldest ${oldest.toISOString()}`;
  const tried = next === null ? '' : `  next ${next.toISOString()}`;
  const why = problem === null ? '' : `  ${problem}`;
  return `${client}  waiting ${waiting}${since}${tried}${why}  dead ${dead}${registered ? '' : '  not registered'}`;
}

function letterLine({ position, queuedAt, deadAt, attempts, problem }: DeadLetter): string {
  return `  ae-${position}  queued ${queuedAt.toISOString()}  dead ${deadAt.toISOString()}  attempts ${attempts}  ${problem ?? '-'}`;
}
