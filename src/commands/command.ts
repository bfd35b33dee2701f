import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { BridgeError } from '../errors/bridge-error.js';

/** Exit codes of every command (CONTRACT §7). */
export const EXIT = { ok: 0, failed: 1, wrongUse: 2 } as const;

/** Where a command writes: results to `out`, everything for people to `err`. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** All of standard input: tokens and identity numbers come this way, never as arguments. */
  read(): Promise<string>;
  out(text: string): void;
  /** How far long work is; only where standard error is a terminal. */
  progress?(text: string): void;
  err(text: string): void;
}

/** One command. Resolves with the exit code; `CONFIG_INVALID` and the like may be thrown and are shown by the caller. */
export interface Command {
  readonly usage: string;
  readonly summary: string;
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** `parseArgs` whose mistakes are wrong use (exit 2). Every command knows `--help` and `--json`. */
export function parseCommand<O extends NonNullable<ParseArgsConfig['options']>>(
  command: Pick<Command, 'usage'>,
  args: readonly string[],
  options: O,
  positionals: number,
) {
  try {
    const parsed = parseArgs({
      args: [...args],
      options: { ...options, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    if (parsed.positionals.length !== positionals) throw new TypeError('wrong number of arguments');
    return parsed;
  } catch (cause) {
    // The message of parseArgs quotes the argument: an identity number typed there must not be repeated.
    throw new BridgeError('WRONG_USE', `usage: bridge ${command.usage}`, { cause });
  }
}

/** The settings file: `BRIDGE_CONFIG`, else `bridge.yaml` in the current folder. */
export function configPath(env: NodeJS.ProcessEnv): string {
  return env.BRIDGE_CONFIG ?? 'bridge.yaml';
}

/** The folder of `--out`, absolute. Errors: `WRONG_USE` where it is missing. */
export function outFolder(command: Pick<Command, 'usage'>, out: string | undefined): string {
  if (out === undefined || out === '') throw new BridgeError('WRONG_USE', `usage: bridge ${command.usage}`);
  return resolve(out);
}
