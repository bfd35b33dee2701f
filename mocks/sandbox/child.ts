import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process of the sandbox. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it has ended, with its exit code (null: by a signal). */
  readonly ended: Promise<number | null>;
  /** Asks it to stop and waits; after `limitMs` it is ended. */
  stop(limitMs: number): Promise<void>;
}

/** How a child is started; its output goes to `<logs>/<name>.log`. */
export interface ChildOptions {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logs: string;
}

/**
 * Starts a Node process in a group of its own: Ctrl-C at the terminal reaches the sandbox alone, which then stops its
 * children in order. Its standard input is a pipe that ends with us.
 */
export function startChild(options: ChildOptions): Child {
  mkdirSync(options.logs, { recursive: true, mode: 0o700 });
  const log = openSync(logOf(options), 'a', 0o600);
  const process_ = spawn(process.execPath, [options.script, ...options.args], {
    detached: true,
    stdio: ['pipe', log, log],
    env: { ...process.env, ...options.env },
  });
  closeSync(log);
  const ended = new Promise<number | null>((resolve) => {
    process_.once('exit', (code) => resolve(code));
    process_.once('error', () => resolve(1));
  });
  return {
    name: options.name,
    pid: process_.pid ?? 0,
    ended,
    stop: (limitMs) => stop(process_, ended, limitMs),
  };
}

/** The last lines that a child wrote, for the message about its end. */
export function lastLines(options: Pick<ChildOptions, 'logs' | 'name'>, count = 12): string {
  return readFileSync(logOf(options), 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

function logOf({ logs, name }: Pick<ChildOptions, 'logs' | 'name'>): string {
  return join(logs, `${name}.log`);
}

async function stop(child: ChildProcess, ended: Promise<unknown>, limitMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await ended;
  clearTimeout(timer);
}
