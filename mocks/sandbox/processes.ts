import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, lastLines, startChild } from './child.js';
import type { Layout } from './layout.js';
import { rememberProcesses } from './leftovers.js';

/** Stand-ins and bridge under load need a second; crash recovery of the database up to a minute. */
const START_MS = 120_000;

/** Starts the processes of a sandbox, each on its own call; a call resolves once the process answers. */
export interface Processes {
  standIns(): Promise<Child>;
  bridge(): Promise<Child>;
  rights(): Promise<Child>;
  koopbis(): Promise<Child>;
}

/**
 * The processes of the sandbox on `layout`. `built`: the folder of the compiled programs (`dist/`). `onStarted` is told of
 * each as soon as it exists, before it answers. Throws with the last lines of its log where one does not start.
 */
export function processesOf(layout: Layout, built: string, onStarted: (child: Child) => void): Processes {
  const { ports } = layout;
  const env = { BRIDGE_CONFIG: layout.configFile };
  let started: { child: Child; script: string }[] = [];
  const run = (name: string, program: string, args: readonly string[]) => {
    const script = join(built, program);
    const child = startChild({ name, script, args, env, logs: layout.logs });
    // One that is started again takes the place of the one that ended.
    started = [...started.filter((one) => one.child.name !== name), { child, script }];
    rememberProcesses(layout.pidFile, started);
    onStarted(child);
    return child;
  };
  return {
    standIns: async () => {
      const child = run('stand-ins', 'mocks/main.js', [layout.standInsFile, '--with-parent']);
      return answering(`http://127.0.0.1:${ports.control}/seen?system=kps&after=0`, child, layout);
    },
    bridge: async () => {
      const child = run('bridge', 'src/cli.js', ['serve']);
      return answering(`http://127.0.0.1:${ports.ops}/readyz`, child, layout);
    },
    rights: () =>
      saying('rights', layout, () => run('rights', 'mocks/sandbox/rights.js', [layout.worldFile])),
    koopbis: () =>
      saying('koopbis', layout, () => run('koopbis', 'mocks/koopbis/main.js', [layout.koopbisFile])),
  };
}

/** Waits until a child answers over HTTP; says what it wrote where it ends before. */
async function answering(url: string, child: Child, layout: Pick<Layout, 'logs'>): Promise<Child> {
  return waitFor(child, layout, async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    await response?.arrayBuffer();
    return response?.status === 200;
  });
}

/** Waits until the child that `start` begins has written `<name> ready`; what an earlier start wrote does not count. */
async function saying(name: string, layout: Pick<Layout, 'logs'>, start: () => Child): Promise<Child> {
  const file = join(layout.logs, `${name}.log`);
  const log = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const before = log().length;
  const child = start();
  const isReady = async () => log().slice(before).split('\n').includes(`${name} ready`);
  return waitFor(child, layout, isReady);
}

async function waitFor(
  child: Child,
  layout: Pick<Layout, 'logs'>,
  isReady: () => Promise<boolean>,
): Promise<Child> {
  const until = Date.now() + START_MS;
  let ended = false;
  void child.ended.then(() => {
    ended = true;
  });
  while (Date.now() < until && !ended) {
    if (await isReady()) return child;
    await sleep(50);
  }
  throw new Error(`${child.name} does not start:\n${lastLines({ logs: layout.logs, name: child.name })}`);
}
