import { createPersonTagger } from '../../src/audit/person-tags.js';
import { openDatabase } from '../../src/storage/pool.js';
import { type Deciding, loadDeciding } from './deciding.js';
import type { FromProcess, ToProcess } from './messages.js';

// A process of its own, so that memory and time are those of deciding alone. Speaks over IPC only.

/** As the bridge has them by default (src/config/schema/database.ts). */
const POOL = {
  maxConnections: 10,
  applicationName: 'bench',
  statementTimeoutMs: 20_000,
  connectTimeoutMs: 10_000,
};

let deciding: Deciding | undefined;

async function answer(message: ToProcess): Promise<FromProcess> {
  if (message.type === 'load') {
    const { url, tagKey, size } = message;
    const tagger = createPersonTagger({ id: 1, key: Buffer.from(tagKey) });
    const started = await loadDeciding(openDatabase({ url, ...POOL }), tagger, size);
    deciding = started.deciding;
    return { type: 'loaded', ...started.loaded };
  }
  if (deciding === undefined) throw new Error('not loaded');
  if (message.type === 'compare') return { type: 'compared', ...(await deciding.compare(message.count)) };
  return { type: 'decided', ...(await deciding.run(message.way, message.ms)) };
}

process.on('message', (message: ToProcess) => {
  answer(message)
    .catch((error: unknown): FromProcess => {
      return { type: 'failed', message: error instanceof Error ? error.message : 'failed' };
    })
    .then((reply) => process.send?.(reply));
});
// The bench holds the other end: when it goes away, however it does, so do we.
process.on('disconnect', () => process.exit(0));
