import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { BUILT, type System } from './system.js';

/** A command line starts in a second; one that hangs is stopped. */
const COMMAND_MS = 60_000;

/** What a command wrote, and how it ended. */
export interface CommandRan {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `bridge …` beside the running bridge, with `input` on standard input. */
export function bridgeCommand(
  system: Pick<System, 'layout'>,
  args: readonly string[],
  input = '',
): Promise<CommandRan> {
  const child = spawn(process.execPath, [join(BUILT, 'src/cli.js'), ...args], {
    env: { ...process.env, BRIDGE_CONFIG: system.layout.configFile },
    stdio: 'pipe',
    timeout: COMMAND_MS,
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.err += chunk;
  });
  // A command that ends before it has read everything is judged by its code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
}
