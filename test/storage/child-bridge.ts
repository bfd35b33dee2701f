import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What embedded-starter.ts printed. */
export interface Started {
  readonly pid: number;
  readonly port: number;
  readonly attached: boolean;
  readonly uid: number;
  readonly code?: string;
  readonly message?: string;
}

export interface ChildOptions {
  readonly directory: string;
  /** A copy of the project whose JavaScript is run in place of our sources. */
  readonly project?: { folder: string; node: string };
  readonly uid?: number;
  readonly gid?: number;
}

/** A process of its own that owns an embedded server, in a process group of its own as a terminal would give it. */
export class ChildBridge {
  static readonly #running = new Set<ChildProcess>();
  readonly started: Started;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, started: Started) {
    this.#child = child;
    this.started = started;
  }

  static async start({ directory, project, uid, gid }: ChildOptions): Promise<ChildBridge> {
    const program =
      project === undefined
        ? ['--import', here('../support/typescript-loader.mjs'), here('embedded-starter.ts'), directory]
        : [`${project.folder}/test/storage/embedded-starter.js`, directory];
    const child = spawn(project?.node ?? process.execPath, program, {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH ?? '' },
      ...(project === undefined ? {} : { cwd: project.folder }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    ChildBridge.#running.add(child);
    child.once('exit', () => ChildBridge.#running.delete(child));
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      return new ChildBridge(child, JSON.parse(line) as Started);
    }
    throw new Error('the child ended without a word');
  }

  /** Ends what a failed test left running, so that its server can be removed. */
  static endAll(): void {
    for (const child of ChildBridge.#running) child.kill('SIGKILL');
  }

  /** A signal to the process, or (as a terminal does on Ctrl-C) to its whole group. Returns when it is gone. */
  async kill(signal: NodeJS.Signals, to: 'process' | 'group' = 'process'): Promise<void> {
    const gone = once(this.#child, 'exit');
    process.kill(to === 'group' ? -(this.#child.pid ?? 0) : (this.#child.pid ?? 0), signal);
    await gone;
  }

  async tell(word: 'stop' | 'detach'): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.write(`${word}\n`);
    await gone;
  }
}
