import type { FromProcess, ToProcess } from './messages.js';
import { openPolling, type Polling } from './polling.js';

// A process of its own, so that its memory and CPU are those of polling alone. Speaks over IPC only.

let polling: Polling | undefined;

async function answer(message: ToProcess): Promise<FromProcess> {
  if (message.type === 'open') {
    polling = await openPolling(message.configFile);
    return { type: 'opened' };
  }
  if (polling === undefined) throw new Error('not opened');
  return { type: 'synced', ...(await polling.sync(message.mersisNos)) };
}

process.on('message', (message: ToProcess) => {
  answer(message)
    .catch((error: unknown): FromProcess => {
      return { type: 'failed', message: error instanceof Error ? error.message : 'failed' };
    })
    .then((reply) => process.send?.(reply));
});
// The bench holds the other end: when it goes away, however it does, so do we, and the database with us.
process.on('disconnect', () => {
  const closed = polling?.close() ?? Promise.resolve();
  closed.catch(() => undefined).finally(() => process.exit(0));
});
