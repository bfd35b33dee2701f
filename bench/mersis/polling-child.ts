import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../common/cleanup.js';
import type { FromProcess, Synced, ToProcess } from './messages.js';

const PROGRAM = fileURLToPath(new URL('./polling-process.js', import.meta.url));

/** The process that polls, with its database. */
export interface PollingChild {
  sync(mersisNos: readonly string[]): Promise<Synced>;
}

/** Starts it. Rejects with what it says where something does not open. */
export async function startPolling(configFile: string, cleanup: Cleanup): Promise<PollingChild> {
  const child = fork(PROGRAM, [], { serialization: 'advanced' });
  cleanup.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  });
  await ask(child, { type: 'open', configFile });
  return {
    sync: async (mersisNos) => {
      const reply = await ask(child, { type: 'sync', mersisNos });
      if (reply.type !== 'synced') throw new Error('polling: another answer than was asked for');
      const { type: _type, ...synced } = reply;
      return synced;
    },
  };
}

function ask(child: ChildProcess, message: ToProcess): Promise<FromProcess> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the polling process has ended'));
    child.once('exit', ended);
    child.once('message', (reply: FromProcess) => {
      child.off('exit', ended);
      if (reply.type === 'failed') reject(new Error(`polling: ${reply.message}`));
      else resolve(reply);
    });
    child.send(message);
  });
}
