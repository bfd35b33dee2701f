import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { BUILT, type System } from './system.js';
import { until } from './system-asking.js';

/** A command that runs in a process of its own and may be killed. */
interface RunningCommand {
  /** Its exit code; null where it was killed. */
  readonly ended: Promise<number | null>;
  isOver(): boolean;
  /** What it wrote to standard error so far. */
  err(): string;
  /** As a power cut of the process: no handler runs. */
  kill9(): Promise<void>;
}

/** Starts `bridge …` beside the running bridge. */
export function startCommand(system: Pick<System, 'layout'>, args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [join(BUILT, 'src/cli.js'), ...args], {
    env: { ...process.env, BRIDGE_CONFIG: system.layout.configFile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let [over, err] = [false, ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      over = true;
      resolve(code);
    });
  });
  return {
    ended,
    isOver: () => over,
    err: () => err,
    kill9: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Kills a command so many milliseconds after its start, wherever it is then. Whether it was over before. */
export async function killAfter(system: System, args: readonly string[], ms: number): Promise<boolean> {
  const command = startCommand(system, args);
  await Promise.race([sleep(ms), command.ended]);
  const wasOver = command.isOver();
  await command.kill9();
  return wasOver;
}

/** A table that is held against the command. `SHARE`: at its first write there; `EXCLUSIVE`: where it first locks a row. */
export interface Hold {
  readonly table: string;
  readonly mode: 'SHARE' | 'EXCLUSIVE';
}

const WAITING = `SELECT pid FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND $1 = ANY (pg_blocking_pids(pid)) AND query LIKE $2`;

/** Kills a command inside its transaction, while it waits for the table; resolves when the database has let go of it. */
export async function killAt(system: System, args: readonly string[], hold: Hold): Promise<void> {
  const holder = new pg.Client({ connectionString: system.sandbox.database });
  await holder.connect();
  try {
    const { rows } = await holder.query('SELECT pg_backend_pid() AS pid');
    await holder.query(`BEGIN; LOCK TABLE bridge.${hold.table} IN ${hold.mode} MODE`);
    const command = startCommand(system, args);
    let backend: { readonly pid: number } | undefined;
    await until(async () => {
      [backend] = await system.sql(WAITING, [rows[0].pid, `%bridge.${hold.table}%`]);
      return command.isOver() || backend !== undefined;
    }, 30_000);
    if (backend === undefined) throw new Error(`the command never came to ${hold.table}: ${command.err()}`);
    const { pid } = backend;
    await command.kill9();
    await holder.query('ROLLBACK');
    const gone = 'SELECT 1 FROM pg_stat_activity WHERE pid = $1';
    await until(async () => (await system.sql(gone, [pid])).length === 0, 30_000);
  } finally {
    await holder.end();
  }
}
