import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../common/cleanup.js';
import type { FromProcess, ToProcess } from './messages.js';

const PROGRAM = fileURLToPath(new URL('./deciding-process.js', import.meta.url));

type Answer<T extends FromProcess['type']> = Extract<FromProcess, { readonly type: T }>;

/** The deciding process. */
export interface DecidingChild {
  /** Rejects with what the process says where it fails, or where it answers something else. */
  ask<T extends FromProcess['type']>(message: ToProcess, expected: T): Promise<Answer<T>>;
}

export function startDeciding(cleanup: Cleanup): DecidingChild {
  const child = fork(PROGRAM, [], { serialization: 'advanced', execArgv: ['--expose-gc'] });
  cleanup.add(() => {
    if (child.connected) child.disconnect();
  });
  return {
    ask: async (message, expected) => {
      const reply = await send(child, message);
      if (reply.type === 'failed') throw new Error(`deciding: ${reply.message}`);
      if (reply.type !== expected) throw new Error('deciding: another answer than was asked for');
      return reply as Answer<typeof expected>;
    },
  };
}

function send(child: ChildProcess, message: ToProcess): Promise<FromProcess> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the deciding process has ended'));
    child.once('exit', ended);
    child.once('message', (reply: FromProcess) => {
      child.off('exit', ended);
      resolve(reply);
    });
    child.send(message);
  });
}
