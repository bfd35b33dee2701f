import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import { type Child, lastLines, startChild } from '../../mocks/sandbox/child.js';
import { freePortRow } from '../../mocks/sandbox/free-ports.js';
import { type Layout, layoutOf, PORT_COUNT } from '../../mocks/sandbox/layout.js';
import { stopLeftovers } from '../../mocks/sandbox/leftovers.js';
import { prepareSandbox } from '../../mocks/sandbox/prepare.js';
import { processesOf } from '../../mocks/sandbox/processes.js';
import { type SandboxFile, sandboxFileOf } from '../../mocks/sandbox/sandbox-file.js';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { type Answer, type Call, Caller } from './system-call.js';
import { sharedCertificates } from './system-certificates.js';
import { Control } from './system-control.js';

/** The compiled programs; `npm test` builds them first. BRIDGE_TEST_BUILT names another build, inside this project. */
export const BUILT = resolve(process.env.BRIDGE_TEST_BUILT ?? 'dist');
const STOP_MS = 40_000;
/** One signature costs milliseconds; a process that does not answer within this is stuck. */
const START_MS = 60_000;
/** A token lives ten minutes. */
const TOKEN_MS = 8 * 60_000;

// biome-ignore lint/suspicious/noExplicitAny: bridge.yaml as it is written, for tests that change any of it
export type Yaml = any;

export interface SystemOptions {
  readonly people?: number;
  readonly cooperatives?: number;
  readonly settings?: (bridgeYaml: Yaml) => void;
  readonly standIns?: (settings: Yaml) => void;
  /** Starts the demo application too. */
  readonly koopbis?: boolean;
}

/** Another instance of the bridge on the same database and stand-ins. */
export interface Sibling {
  readonly api: string;
  readonly web: string;
  readonly ops: string;
  log(): string;
  /** After `kill9`: the same instance once more. */
  start(): Promise<void>;
  kill9(): Promise<void>;
  stop(): Promise<void>;
}

/** Whole processes: stand-ins, the bridge with its embedded database, and the process that brings in rights. */
export interface System {
  readonly layout: Layout;
  readonly sandbox: SandboxFile;
  readonly control: Control;
  readonly bridge: {
    start(): Promise<void>;
    /** SIGTERM, and waits: what is in flight is finished, the database stops. */
    stop(): Promise<void>;
    /** As a power cut of the process: no handler runs. The database goes on. */
    kill9(): Promise<void>;
    log(): string;
  };
  call(call: Call): Promise<Answer>;
  /** An access token of this person for this client; one sign-in each, kept while it is good. */
  token(kimlikNo: string, client?: keyof SandboxFile['clients']): Promise<string>;
  /** A token of a sign-in of its own, for tests that spoil it. */
  freshToken(kimlikNo: string, client?: keyof SandboxFile['clients']): Promise<string>;
  /** SQL as superuser in the bridge's database, for inspection and for days that only a test can bring about. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of any table
  sql(text: string, values?: readonly unknown[]): Promise<any[]>;
  /** Starts a further instance with settings of its own. */
  sibling(settings: (bridgeYaml: Yaml) => void): Promise<Sibling>;
  /** What stood in the witness and in the book: unchanged where nothing left. */
  witness(): Promise<{ sts: number; kps: number; queries: number; feeLines: number }>;
  stop(): Promise<void>;
}

let count = 0;

/** Starts a system of its own in `var/test-system-<pid>-<n>`; the caller stops it. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  await sweep();
  count += 1;
  const layout: Layout = {
    ...layoutOf(`var/test-system-${process.pid}-${count}`, await freePortRow(PORT_COUNT)),
    certificates: await sharedCertificates(),
  };
  const undo: (() => Promise<void>)[] = [() => clear(layout)];
  try {
    return await launch(layout, options, undo);
  } catch (error) {
    await unwind(undo);
    throw error;
  }
}

async function launch(
  layout: Layout,
  options: SystemOptions,
  undo: (() => Promise<void>)[],
): Promise<System> {
  const { people = 400, cooperatives = 40 } = options;
  const { population, certificates } = await prepareSandbox(layout, {
    people,
    cooperatives,
    seed: 'koopbis',
  });
  change(layout.configFile, parse, stringify, (yaml) => {
    yaml.instance = 'test-1';
    options.settings?.(yaml);
  });
  change(layout.standInsFile, JSON.parse, JSON.stringify, options.standIns ?? (() => undefined));

  const processes = processesOf(layout, BUILT, (child) => undo.push(() => child.stop(STOP_MS)));
  await processes.standIns();
  let bridge: Child = await processes.bridge();
  await processes.rights();
  if (options.koopbis === true) await processes.koopbis();
  const server = await attachEmbedded({ directory: layout.database });
  const sandbox = sandboxFileOf(layout, certificates, server.adminUrl, population);
  const caller = new Caller(sandbox);
  const pool = poolOf(server.adminUrl);
  undo.push(
    () => pool.end(),
    async () => caller.close(),
  );
  await firstRunOver(pool);
  const tokens = new Map<string, { readonly at: number; readonly token: Promise<string> }>();
  const control = new Control(sandbox.mocks.control);
  const sql: System['sql'] = async (text, values = []) => (await pool.query(text, [...values])).rows;
  const freshToken: System['freshToken'] = (kimlikNo, client = 'koopbis-core') =>
    signIn(sandbox, kimlikNo, { client, stepUp: false });
  let siblings = 0;
  return {
    layout,
    sandbox,
    control,
    bridge: {
      start: async () => {
        bridge = await processes.bridge();
      },
      stop: () => bridge.stop(STOP_MS),
      kill9: async () => {
        process.kill(bridge.pid, 'SIGKILL');
        await bridge.ended;
      },
      log: () => readFileSync(join(layout.logs, 'bridge.log'), 'utf8'),
    },
    call: (call) => caller.call(call),
    freshToken,
    token: (kimlikNo, client = 'koopbis-core') => {
      const name = `${kimlikNo} ${client}`;
      const known = tokens.get(name);
      if (known !== undefined && Date.now() - known.at < TOKEN_MS) return known.token;
      const token = freshToken(kimlikNo, client);
      tokens.set(name, { at: Date.now(), token });
      return token;
    },
    sql,
    sibling: async (settings) => {
      siblings += 1;
      const started = await startSibling(layout, `sibling-${siblings}`, server.appUrl, settings);
      undo.push(() => started.stop());
      return started;
    },
    witness: async () => {
      const [row] = await sql(
        'SELECT (SELECT count(*)::int FROM bridge.identity_query) AS queries, (SELECT count(*)::int FROM bridge.fee_line) AS lines',
      );
      const [kps, sts] = await Promise.all([control.seen('kps'), control.seen('sts')]);
      return { sts: sts.length, kps: kps.length, queries: row.queries, feeLines: row.lines };
    },
    stop: () => unwind(undo),
  };
}

/** The first run over MERSİS has ended: from here on nothing is written but what a test brings about. */
async function firstRunOver(pool: pg.Pool): Promise<void> {
  const until = Date.now() + START_MS;
  const open = "SELECT 1 FROM bridge.mersis_run WHERE state = 'running'";
  while ((await pool.query(open)).rows.length > 0) {
    if (Date.now() > until) throw new Error('the first run over MERSİS does not end');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** A pool that survives a restart of the server: a broken connection is a failed query, never an uncaught error. */
function poolOf(adminUrl: string): pg.Pool {
  const url = new URL(adminUrl);
  url.pathname = '/bridge';
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => undefined);
  return pool;
}

async function startSibling(
  layout: Layout,
  name: string,
  appUrl: string,
  settings: (yaml: Yaml) => void,
): Promise<Sibling> {
  const api = await freePortRow(3);
  const [ops, web] = [api + 1, api + 2];
  const config = join(layout.directory, `${name}.yaml`);
  const urlFile = join(layout.secrets, 'database-url');
  writeFileSync(urlFile, appUrl, { mode: 0o600 });
  writeFileSync(config, readFileSync(layout.configFile), { mode: 0o600 });
  change(config, parse, stringify, (yaml) => {
    yaml.instance = name;
    yaml.listeners.service.port = api;
    yaml.listeners.ops.port = ops;
    yaml.listeners.web.port = web;
    yaml.database = { url: { file: urlFile }, migrateOnStart: false };
    settings(yaml);
  });
  const place = { name, logs: layout.logs };
  const script = join(BUILT, 'src/cli.js');
  let child: Child;
  const start = async () => {
    child = startChild({ ...place, script, args: ['serve'], env: { BRIDGE_CONFIG: config } });
    await ready(`http://127.0.0.1:${ops}/readyz`, child, () => lastLines(place));
  };
  await start();
  return {
    api: `https://localhost:${api}`,
    web: `https://localhost:${web}`,
    ops: `http://127.0.0.1:${ops}`,
    log: () => readFileSync(join(layout.logs, `${name}.log`), 'utf8'),
    start,
    kill9: async () => {
      process.kill(child.pid, 'SIGKILL');
      await child.ended;
    },
    stop: () => child.stop(STOP_MS),
  };
}

async function ready(url: string, child: Child, tail: () => string): Promise<void> {
  const until = Date.now() + START_MS;
  let ended = false;
  void child.ended.then(() => {
    ended = true;
  });
  while (Date.now() < until && !ended) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    await response?.arrayBuffer();
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await child.stop(0);
  throw new Error(`${child.name} does not start:\n${tail()}`);
}

function change(
  file: string,
  read: (text: string) => Yaml,
  write: (value: Yaml) => string,
  apply: (value: Yaml) => void,
): void {
  const value = read(readFileSync(file, 'utf8'));
  apply(value);
  writeFileSync(file, write(value), { mode: 0o600 });
}

async function unwind(undo: (() => Promise<void>)[]): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
}

/** Stops and removes whatever was ever started on this layout. */
export async function clear(layout: Layout): Promise<void> {
  await stopLeftovers(layout.pidFile);
  mkdirSync(layout.database, { recursive: true });
  await removeEmbedded({ directory: layout.database });
  rmSync(layout.directory, { recursive: true, force: true });
}

/** Takes away what a test run that was killed left behind. */
export async function sweep(): Promise<void> {
  if (!existsSync('var')) return;
  for (const name of readdirSync('var')) {
    const [, pid] = /^test-(?:system|sandbox)-(\d+)(?:-\d+)?$/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await clear(layoutOf(`var/${name}`, null));
  }
}
