import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { findPostmaster } from '../../src/storage/embedded/postmaster.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { asAdmin } from '../../src/storage/embedded/roles.js';
import { startEmbedded } from '../../src/storage/embedded/start.js';
import { openDatabase } from '../../src/storage/pool.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { TEST_POOL } from '../support/database.js';
import { ChildBridge } from './child-bridge.js';

let base: string;
let directory: string;
beforeEach(() => {
  // Not below `var`: whoever started a sandbox here first has closed that folder to the server's own user.
  base = mkdtempSync(join(tmpdir(), 'test-embedded-'));
  chmodSync(base, 0o711); // the server's own user may pass through
  directory = join(base, 'database');
});
afterEach(async () => {
  ChildBridge.endAll();
  await removeEmbedded({ directory });
  rmSync(base, { recursive: true, force: true });
});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const data = () => join(directory, 'data');
const log = () => readFileSync(join(directory, 'postgres.log'), 'utf8');
const owned = (pid: number) => findPostmaster(data())?.pid === pid;
/** Waits for something that must come; ten seconds are far more than it needs. */
const until = async (met: () => boolean | Promise<boolean>): Promise<void> => {
  for (let round = 0; round < 500; round += 1) {
    if (await met()) return;
    await sleep(20);
  }
  throw new Error('it never came');
};
const killServer = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGKILL');
  await until(() => findPostmaster(data()) === null);
};

describe('the embedded server', () => {
  it('starts empty with the two roles, keeps what was stored over a stop, and stops whole', async () => {
    const first = await startEmbedded({ directory });
    expect(first.attached).toBe(false);
    await withConnection({ url: first.ownerUrl, ...TEST_POOL }, async (ask) => {
      await ask('CREATE TABLE kept (id int)');
      await ask('GRANT SELECT ON kept TO bridge_app');
    });
    await Promise.all([first.stop(), first.stop()]);
    expect(findPostmaster(data())).toBe(null);

    const second = await startEmbedded({ directory });
    expect([second.attached, second.port]).toEqual([false, first.port]);
    const rows = await withConnection({ url: second.appUrl, ...TEST_POOL }, (ask) =>
      ask('SELECT id FROM kept'),
    );
    expect(rows).toEqual([]);
    await second.stop();
  });

  it('listens on this machine only, asks for a password by scram, and is durable with checksums', async () => {
    const server = await startEmbedded({ directory });
    const [settings] = await asAdmin(server.adminUrl, (ask) =>
      ask(`SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets,
        current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
        current_setting('synchronous_commit') AS commit, current_setting('data_checksums') AS checksums,
        current_setting('server_encoding') AS encoding, current_setting('lc_collate') AS collate,
        (SELECT count(*)::int FROM pg_hba_file_rules) AS rules,
        (SELECT auth_method FROM pg_hba_file_rules LIMIT 1) AS method,
        (SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid WHERE rolcanlogin) AS scram`),
    );
    expect(settings).toEqual({
      ...{ listen: '127.0.0.1', sockets: '', fsync: 'on', pages: 'on', commit: 'on', checksums: 'on' },
      ...{ encoding: 'UTF8', collate: 'C', rules: 1, method: 'scram-sha-256', scram: true },
    });
    expect(statSync(join(directory, 'server.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'postgres.log')).mode & 0o777).toBe(0o600);
    expect(statSync(data()).mode & 0o777).toBe(0o700);
    await server.stop();
  });

  it('gives the application no right of its own, and nobody else a way in', async () => {
    const server = await startEmbedded({ directory });
    const app = { url: server.appUrl, ...TEST_POOL };
    for (const sql of [
      'CREATE TABLE mine (id int)',
      'CREATE TEMP TABLE mine (id int)',
      'CREATE SCHEMA mine',
    ]) {
      expect(await failureOf(withConnection(app, (ask) => ask(sql)))).toMatchObject({ code: '42501' });
    }
    const wrong = Object.assign(new URL(server.appUrl), { password: 'x' }).href;
    expect(await failureOf(withConnection({ url: wrong, ...TEST_POOL }, async () => 0))).toMatchObject({
      fields: { reason: '28P01' },
    });
    await server.stop();
  });

  it('writes no statement and no value into its log', async () => {
    const server = await startEmbedded({ directory });
    const planted = 'PLANTED-10000000146';
    await withConnection({ url: server.ownerUrl, ...TEST_POOL }, async (ask) => {
      await ask('CREATE TABLE person (id text PRIMARY KEY)');
      await ask('INSERT INTO person VALUES ($1)', [planted]);
      await failureOf(ask('INSERT INTO person VALUES ($1)', [planted]));
      await failureOf(ask('SELECT $1::int', [planted]));
      await failureOf(ask(`SELECT '${planted}' FROM nowhere`));
    });
    await server.stop();
    expect(log()).toContain('database system is ready');
    expect(log()).not.toContain('PLANTED');
  });

  it('outlives a kill -9 of its bridge; the next bridge attaches and owns it at once', async () => {
    const killed = await ChildBridge.start({ directory });
    await killed.kill('SIGKILL');
    expect(owned(killed.started.pid)).toBe(true);
    const next = await startEmbedded({ directory });
    expect([next.attached, next.pid, next.port]).toEqual([true, killed.started.pid, killed.started.port]);
    await next.stop();
    expect(findPostmaster(data())).toBe(null);
  });

  it('does not get the Ctrl-C of the terminal that its bridge runs in', async () => {
    const child = await ChildBridge.start({ directory });
    await child.kill('SIGINT', 'group');
    await sleep(200);
    const next = await startEmbedded({ directory });
    expect([next.attached, next.pid]).toEqual([true, child.started.pid]);
    await next.stop();
  });

  it('is left running by detach, and can be had again', async () => {
    const first = await startEmbedded({ directory });
    first.detach();
    const next = await startEmbedded({ directory });
    expect([next.attached, next.pid]).toEqual([true, first.pid]);
    await next.stop();
  });

  it('chooses another port where the one it had is taken', async () => {
    const first = await startEmbedded({ directory });
    await first.stop();
    const squatter = createServer().listen(first.port, '127.0.0.1');
    await until(() => squatter.listening);
    const second = await startEmbedded({ directory });
    expect(second.port).not.toBe(first.port);
    const refused = await failureOf(second.stop().then(() => startEmbedded({ directory, port: first.port })));
    squatter.close();
    expect(refused).toMatchObject({ code: 'START_REFUSED', fields: { reason: 'port-in-use' } });
    expect((refused as Error).message).toContain('Address already in use');
  });

  it('shows the last lines of its log where it does not start', async () => {
    const server = await startEmbedded({ directory });
    await server.stop();
    appendFileSync(join(data(), 'postgresql.conf'), '\nnot_a_setting = 1\n');
    const failure = await failureOf(startEmbedded({ directory }));
    expect(failure).toMatchObject({ code: 'START_REFUSED' });
    expect((failure as Error).message).toContain('unrecognized configuration parameter "not_a_setting"');
  });
});

describe('two bridges on one directory', () => {
  it('are refused clearly: the first stays, the second gets DATABASE_IN_USE', async () => {
    const first = await ChildBridge.start({ directory });
    expect(await failureOf(startEmbedded({ directory }))).toMatchObject({ code: 'DATABASE_IN_USE' });
    expect(owned(first.started.pid)).toBe(true);
    expect(await failureOf(removeEmbedded({ directory }))).toMatchObject({ code: 'DATABASE_IN_USE' });
    await first.tell('stop');
    expect(findPostmaster(data())).toBe(null);
  });

  it('started at the same moment on an empty directory end as one owner and one refused', async () => {
    const ends = await Promise.all([ChildBridge.start({ directory }), ChildBridge.start({ directory })]);
    const codes = ends.map(({ started }) => started.code ?? 'owner').sort();
    expect(codes).toEqual(['DATABASE_IN_USE', 'owner']);
    await Promise.all(ends.map((end) => end.tell('stop')));
  });

  it('are refused still after the server crashed and came back', async () => {
    const first = await startEmbedded({ directory });
    const locks = () =>
      asAdmin(first.adminUrl, (ask) => ask(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted`));
    await withConnection({ url: first.adminUrl, ...TEST_POOL }, async (ask) => {
      const [backend] = await ask<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      process.kill(backend?.pid ?? 0, 'SIGKILL'); // PostgreSQL ends all sessions and recovers
      await failureOf(ask('SELECT 1'));
    });
    await until(async () => (await locks().catch(() => [])).length === 1);
    expect(await failureOf(startEmbedded({ directory }))).toMatchObject({ code: 'DATABASE_IN_USE' });
    await first.stop();
  });

  it('do not count the command line, which attaches beside the bridge', async () => {
    expect(await failureOf(attachEmbedded({ directory }))).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    const bridge = await startEmbedded({ directory });
    const attached = await attachEmbedded({ directory });
    expect(attached).toEqual({
      ...{ adminUrl: bridge.adminUrl, ownerUrl: bridge.ownerUrl, appUrl: bridge.appUrl },
      ...{ port: bridge.port, pid: bridge.pid, logFile: bridge.logFile },
    });
    await bridge.stop();
    expect(await failureOf(attachEmbedded({ directory }))).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(findPostmaster(data())).toBe(null);
  });
});

describe('a pid file that was left behind', () => {
  it('by a killed server does not hinder the next start', async () => {
    const first = await startEmbedded({ directory });
    first.detach();
    await killServer(first.pid);
    const next = await startEmbedded({ directory });
    expect(next.attached).toBe(false);
    await next.stop();
  });

  it('whose pid now belongs to another program does not hinder it either', async () => {
    const first = await startEmbedded({ directory });
    first.detach();
    await killServer(first.pid);
    const { uid, gid } = statSync(data());
    const other = spawn('/bin/sleep', ['60'], { uid, gid, stdio: 'ignore', cwd: '/' });
    const file = join(data(), 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(String(first.pid), String(other.pid)));
    const next = await startEmbedded({ directory });
    other.kill();
    expect(next.attached).toBe(false);
    expect(next.pid).not.toBe(other.pid);
    await next.stop();
  });
});

describe('a server that is not as we start it', () => {
  const startByHand = async (extra: string[]) => {
    const first = await startEmbedded({ directory });
    const argv = readFileSync(`/proc/${first.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    await first.stop();
    const { uid, gid } = statSync(data());
    const [program = '', ...args] = argv;
    spawn(program, [...args, ...extra], { uid, gid, cwd: '/', stdio: 'ignore', detached: true }).unref();
    await until(() => findPostmaster(data())?.status === 'ready');
  };

  it('is refused by the pool where it does not fsync', async () => {
    await startByHand(['-c', 'fsync=off']);
    expect(
      await failureOf(
        attachEmbedded({ directory }).then(async ({ appUrl }) => {
          const db = openDatabase({ url: appUrl, ...TEST_POOL });
          return db.query({ text: 'SELECT 1' }).finally(() => db.close());
        }),
      ),
    ).toMatchObject({ code: 'DURABILITY_OFF', fields: { settings: 'fsync' } });
  });

  it('is not attached to where it does not take our password', async () => {
    const first = await startEmbedded({ directory });
    await asAdmin(first.adminUrl, (ask) => ask(`ALTER ROLE postgres PASSWORD 'another'`));
    const failure = await failureOf(attachEmbedded({ directory }));
    await first.stop();
    expect(failure).toMatchObject({ code: 'START_REFUSED', fields: { pid: first.pid } });
  });
});

describe('passwords', () => {
  it('that are gone leave the data closed, and say so', async () => {
    const server = await startEmbedded({ directory });
    await server.stop();
    rmSync(join(directory, 'server.json'));
    expect(await failureOf(startEmbedded({ directory }))).toMatchObject({ code: 'START_REFUSED' });
  });

  it('that are damaged are not quoted', async () => {
    const server = await startEmbedded({ directory });
    await server.stop();
    const file = join(directory, 'server.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 200));
    const failure = (await failureOf(startEmbedded({ directory }))) as Error;
    expect(failure).toMatchObject({ code: 'START_REFUSED' });
    expect(`${failure.message} ${failure.stack} ${String(failure.cause)}`).not.toContain(
      new URL(server.adminUrl).password,
    );
  });
});

describe('removal', () => {
  it('stops a server that nobody owns and leaves no trace but what is not ours', async () => {
    const server = await startEmbedded({ directory });
    writeFileSync(join(directory, 'notes.txt'), 'not ours');
    server.detach();
    await removeEmbedded({ directory });
    expect(existsSync(data())).toBe(false);
    expect(readFileSync(join(directory, 'notes.txt'), 'utf8')).toBe('not ours');
    await removeEmbedded({ directory });
  });
});
