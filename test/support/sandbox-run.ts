import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { freePortRow, isFree } from '../../mocks/sandbox/free-ports.js';
import { layoutOf, PORT_COUNT } from '../../mocks/sandbox/layout.js';
import { readSandboxFile, type SandboxFile } from '../../mocks/sandbox/sandbox-file.js';
import { sharedHome } from '../../src/storage/embedded/home.js';
import { BUILT, clear, sweep } from './system.js';

/** CONTRACT §1: ready in under a minute. */
export const READY_MS = 60_000;

/** A folder and ports for the sandboxes of one test file, one after the other. */
export class SandboxPlace {
  readonly directory = resolve(`var/test-sandbox-${process.pid}`);
  readonly base: number;

  private constructor(base: number) {
    this.base = base;
  }

  static async take(): Promise<SandboxPlace> {
    await sweep();
    return new SandboxPlace(await freePortRow(PORT_COUNT));
  }

  options(more: readonly string[] = []): string[] {
    return ['--data', this.directory, '--ports', String(this.base), ...more];
  }

  /** Starts the program itself, without npm around it. */
  node(...args: string[]): Run {
    return new Run(process.execPath, [join(BUILT, 'mocks/sandbox/main.js'), ...args]);
  }

  async started(run: Run): Promise<SandboxFile> {
    await run.printed('\nsandbox ready\n', READY_MS);
    return readSandboxFile(join(this.directory, 'sandbox.json'));
  }

  /** No process is left, and no listening port. */
  async expectNothingLeft(): Promise<void> {
    expect(processesIn(this.directory)).toEqual([]);
    for (const port of this.ports()) expect([port, await isFree(port)]).toEqual([port, true]);
  }

  ports(): number[] {
    return Array.from({ length: PORT_COUNT }, (_, i) => this.base + i);
  }

  async remove(): Promise<void> {
    await Run.endAll();
    await clear(layoutOf(this.directory, null));
  }
}

/** A command that runs in a process group of its own, as a terminal would run it. */
export class Run {
  static readonly #all: Run[] = [];
  readonly #child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(
    program: string,
    args: readonly string[],
    options: { cwd?: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.#child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // `close`, not `exit`: everything that was written has arrived.
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => resolve(code));
      this.#child.once('error', () => resolve(127));
    });
    Run.#all.push(this);
  }

  /** Ends every command that still runs, so that a test that failed leaves nothing behind. */
  static async endAll(): Promise<void> {
    for (const run of Run.#all.splice(0)) {
      if (run.#child.exitCode !== null || run.#child.signalCode !== null) continue;
      process.kill(-run.pid, 'SIGKILL');
      await run.ended;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves once `text` was printed; throws what was printed instead where it is not within `limitMs`, or the end comes first. */
  async printed(text: string, limitMs: number): Promise<void> {
    const until = Date.now() + limitMs;
    let over = false;
    void this.ended.then(() => {
      over = true;
    });
    while (!this.stdout.includes(text)) {
      if (over || Date.now() > until) throw new Error(`no “${text}”:\n${this.stdout}\n${this.stderr}`);
      await sleep(30);
    }
  }

  /** Ctrl-C at the terminal: every process of the group gets it at once. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT');
  }
}

/** Every process that has to do with the sandbox in `directory`, by command line or environment; the database's too. */
export function processesIn(directory: string): { pid: number; command: string }[] {
  const names = [directory, sharedHome(`${directory}/database`)];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const [command, environment] = [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`)];
      const text = `${command}\0${environment}\0`;
      const theirs = names.some((name) => text.includes(`${name}/`) || text.includes(`${name}\0`));
      return theirs ? [{ pid: Number(pid), command: command.replaceAll('\0', ' ') }] : [];
    });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // gone meanwhile
  }
}
