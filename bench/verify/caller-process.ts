import { prepareBridgeCall } from './bridge-call.js';
import { runClosedLoop } from './closed-loop.js';
import type { Call, FromCaller, Job, ToCaller, Way } from './job.js';
import { prepareSoapCall } from './soap-call.js';
import { prepareTemplateCall } from './template-call.js';

// A process of its own for each way of asking, so that its CPU time is that of this way alone. Speaks over IPC only.

const PREPARE: Readonly<Record<Way, (job: Job) => Promise<Call>>> = {
  bridge: prepareBridgeCall,
  soap: prepareSoapCall,
  template: prepareTemplateCall,
};

let call: Call | undefined;
let concurrency = 1;
let made = 0;

async function answer(message: ToCaller): Promise<FromCaller> {
  if (message.type === 'prepare') {
    concurrency = message.job.concurrency;
    call = await PREPARE[message.job.way](message.job);
    return { type: 'ready' };
  }
  if (call === undefined) throw new Error('not prepared');
  const { ms, maxCalls } = message;
  const measured = await runClosedLoop(call, { concurrency, ms, maxCalls, from: made });
  made += measured.latencies.length;
  return { type: 'measured', ...measured };
}

process.on('message', (message: ToCaller) => {
  answer(message)
    .catch((error: unknown): FromCaller => {
      return { type: 'failed', message: error instanceof Error ? error.message : 'failed' };
    })
    .then((reply) => process.send?.(reply));
});
// The bench holds the other end: when it goes away, however it does, so do we.
process.on('disconnect', () => process.exit(0));
