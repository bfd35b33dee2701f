import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../common/cleanup.js';
import type { FromCaller, Job, Measured, ToCaller, Way } from './job.js';

const PROGRAM = fileURLToPath(new URL('./caller-process.js', import.meta.url));

/** A calling process, prepared. */
export interface Caller {
  readonly way: Way;
  readonly pid: number;
  /** Lets it ask for `ms`, `maxCalls` times at the most. Throws where an answer was wrong. */
  run(ms: number, maxCalls: number): Promise<Measured>;
}

/** Starts the process of one way of asking. */
export async function startCaller(job: Job, cleanup: Cleanup): Promise<Caller> {
  const child = fork(PROGRAM, [], { serialization: 'advanced' });
  cleanup.add(() => {
    child.disconnect();
  });
  await ask(child, job.way, { type: 'prepare', job });
  return {
    way: job.way,
    pid: child.pid ?? 0,
    run: async (ms, maxCalls) => {
      const reply = await ask(child, job.way, { type: 'run', ms, maxCalls });
      if (reply.type !== 'measured') throw new Error(`${job.way}: not measured`);
      return reply;
    },
  };
}

function ask(child: ChildProcess, way: Way, message: ToCaller): Promise<FromCaller> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`${way}: its process has ended`));
    child.once('exit', ended);
    child.once('message', (reply: FromCaller) => {
      child.off('exit', ended);
      if (reply.type === 'failed') reject(new Error(`${way}: ${reply.message}`));
      else resolve(reply);
    });
    child.send(message);
  });
}
