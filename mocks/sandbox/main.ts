import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { existingLayout } from '../../src/storage/embedded/home.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { type Child, lastLines } from './child.js';
import { makeFirstCheck } from './first-check.js';
import { type Layout, layoutOf } from './layout.js';
import { forgetProcesses, stopLeftovers } from './leftovers.js';
import { HELP, parseSandboxOptions, type SandboxOptions } from './options.js';
import { prepareSandbox } from './prepare.js';
import { processesOf } from './processes.js';
import { sandboxFileOf, writeSandboxFile } from './sandbox-file.js';
import { readyText } from './table.js';

/** The bridge drains for 20 s and the embedded server writes its checkpoint. */
const STOP_MS = 60_000;
/** The compiled programs, `dist/`: two folders above this one. */
const BUILT = fileURLToPath(new URL('../..', import.meta.url));

/** Starts everything; what stops it again is put on `stops`, to be run in the reverse order. */
async function start(
  options: SandboxOptions,
  say: (text: string) => void,
  stops: (() => Promise<void>)[],
): Promise<void> {
  const layout = layoutOf(options.data, options.ports);
  await stopLeftovers(layout.pidFile);
  if (options.fresh || !existsSync(layout.directory)) await clear(layout);
  // The bridge would refuse this as a shortened log, and rightly: it cannot know that somebody cleaned up /var/tmp.
  if (existsSync(layout.checkpointFile) && existingLayout(layout.database) === null)
    throw new Error(
      'the database of this sandbox is gone, its last checkpoint is not: begin anew with --fresh',
    );

  say('population and certificates …');
  const { population, certificates } = await prepareSandbox(layout, options);

  say('stand-ins, database and bridge …');
  const children: Child[] = [];
  const processes = processesOf(layout, BUILT, (child) => {
    children.push(child);
    stops.push(() => child.stop(STOP_MS));
  });
  await processes.standIns();
  await processes.bridge();
  await processes.rights();
  await processes.koopbis();
  stops.unshift(async () => forgetProcesses(layout.pidFile));

  const { adminUrl } = await attachEmbedded({ directory: layout.database });
  const sandbox = sandboxFileOf(layout, certificates, adminUrl, population);
  const check = await makeFirstCheck(sandbox);
  if (check.answer.status !== 200) {
    throw new Error(
      `the first identity check failed: ${check.answer.status} ${String(check.answer.body.code)}`,
    );
  }
  writeSandboxFile(layout, sandbox);
  say(readyText(layout, sandbox, check));
  say('sandbox ready');
  const watch = (child: Child): void => {
    void child.ended
      .then(async (code) => {
        if (stopping !== undefined) return;
        // kill -9 of the bridge is something to try here: whoever runs it for real has it started again too.
        if (child.name === 'bridge' && code === null) {
          say('the bridge was killed; starting it again …');
          watch(await processes.bridge());
          say('the bridge is back');
        } else
          fail(new Error(`${child.name} has ended:\n${lastLines({ logs: layout.logs, name: child.name })}`));
      })
      .catch(fail);
  };
  for (const child of [...children]) watch(child);
}

/**
 * Whoever deletes the folder by hand leaves the database behind where its data stand under /var/tmp: it goes too. The
 * checkpoint goes first: broken off between the two, a database without it starts with an alarm, but it starts.
 */
async function clear(layout: Layout): Promise<void> {
  rmSync(layout.checkpointFile, { force: true });
  mkdirSync(layout.database, { recursive: true, mode: 0o700 });
  await removeEmbedded({ directory: layout.database });
  rmSync(layout.directory, { recursive: true, force: true });
}

const stops: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;

/** Stops what was started, once; npm forwards Ctrl-C a second time, which changes nothing. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    // Taken one by one: a start that is still under way may add another.
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
  })();
  return stopping;
}

function fail(error: unknown): void {
  // A start that was broken off by Ctrl-C fails too; that is no news.
  if (stopping !== undefined) return;
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  void stopAll().then(() => process.exit(1));
}

function main(): void {
  const say = (text: string) => {
    process.stdout.write(`${text}\n`);
  };
  let options: SandboxOptions | 'help';
  try {
    options = parseSandboxOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : ''}\n\n${HELP}\n`);
    process.exitCode = 2;
    return;
  }
  if (options === 'help') {
    say(HELP);
    return;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping === undefined) say('stopping …');
      void stopAll().then(() => process.exit(0));
    });
  }
  start(options, say, stops).catch(fail);
}

main();
