import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '../common/cleanup.js';
import type { Exported, ExportWish, FromExport } from './export-messages.js';

const PROGRAM = fileURLToPath(new URL('./export-process.js', import.meta.url));

/** Writes one file in a process of its own, whose memory is that of this file alone. Rejects with what it says where it fails. */
export async function exportInChild(wish: ExportWish, cleanup: Cleanup): Promise<Exported> {
  const child = fork(PROGRAM, [], { serialization: 'advanced' });
  const gone = once(child, 'exit');
  // However the bench ends: a child that has ended already is not signalled.
  cleanup.add(() => void (child.exitCode === null && child.signalCode === null && child.kill()));
  const reply = await new Promise<FromExport>((resolve, reject) => {
    const ended = () => reject(new Error('the exporting process has ended'));
    child.once('exit', ended);
    child.once('message', (message: FromExport) => {
      child.off('exit', ended);
      resolve(message);
    });
    child.send(wish);
  });
  child.disconnect();
  await gone;
  if (reply.type === 'failed') throw new Error(`${wish.format} of ${wish.rows} rows: ${reply.message}`);
  const { type: _type, ...exported } = reply;
  return exported;
}
