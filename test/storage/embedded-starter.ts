// A program that owns an embedded server until it is told otherwise: argument 1 is the directory. Prints one line of JSON
// (`{pid, port, attached}` or `{code, message}`), then does what standard input says: `stop` or `detach`.
import { createInterface } from 'node:readline';
import { startEmbedded } from '../../src/storage/embedded/start.js';

try {
  const server = await startEmbedded({ directory: process.argv[2] ?? '' });
  const { pid, port, attached } = server;
  console.log(JSON.stringify({ pid, port, attached, uid: process.getuid?.() }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') await server.stop();
    else server.detach();
    break;
  }
  process.exit(0);
} catch (error) {
  const { code, message } = error as { code?: string; message?: string };
  console.log(JSON.stringify({ code, message }));
  process.exit(1);
}
