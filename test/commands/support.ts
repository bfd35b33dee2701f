import type { Command, Terminal } from '../../src/commands/command.js';
import { runCommandLine } from '../../src/commands/run-command-line.js';

/** How a command line ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `argv` with these commands, as the program would. `input`: standard input, or who gives it when it is read. */
export async function run(
  commands: Readonly<Record<string, Command>>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input: string | (() => Promise<string>) = '',
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env,
    read: async () => (typeof input === 'string' ? input : input()),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  };
  const code = await runCommandLine(commands, argv, terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}
