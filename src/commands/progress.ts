import type { Terminal } from './command.js';

/** What ends sooner needs no progress (CONTRACT §7). */
const AFTER_MS = 2_000;
const EVERY_MS = 500;

/** Tells `terminal` how far a long piece of work is, where a person is looking; `what` in English, plural. */
export function progressOn(terminal: Terminal, what: string): (done: bigint, of: bigint) => void {
  const from = performance.now();
  let told = from + AFTER_MS - EVERY_MS;
  return (done, of) => {
    const now = performance.now();
    if (now - told < EVERY_MS) return;
    told = now;
    terminal.progress?.(`${what}: ${done} of ${of}`);
  };
}
