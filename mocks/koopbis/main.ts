import { startKoopbis } from './server.js';
import { readKoopbisSettings } from './settings.js';

/** `node dist/mocks/koopbis/main.js <koopbis.json>`: the demo application, until its parent goes or SIGTERM comes. */
async function main([path, ...more]: readonly string[]): Promise<void> {
  if (path === undefined || more.length > 0) throw new Error('koopbis <koopbis.json>');
  const koopbis = await startKoopbis(readKoopbisSettings(path));
  const stop = () => {
    void koopbis.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.on('SIGINT', () => undefined);
  // The sandbox holds the other end: when it goes away, however it does, so do we.
  process.stdin.once('close', stop).resume();
  process.stdout.write('koopbis ready\n');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exit(1);
});
