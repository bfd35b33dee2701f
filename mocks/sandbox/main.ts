import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureCertificates } from '../../certs-example/generate.js';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { type Child, lastLines, startChild } from './child.js';
import { makeFirstCheck } from './first-check.js';
import { type Layout, layoutOf } from './layout.js';
import { forgetProcesses, rememberProcesses, stopLeftovers } from './leftovers.js';
import { HELP, parseSandboxOptions, type SandboxOptions } from './options.js';
import { ensurePopulation } from './population-file.js';
import { sandboxFileOf, writeSandboxFile } from './sandbox-file.js';
import { ensureSecrets } from './secrets.js';
import { writeBridgeSettings, writeStandInSettings } from './settings-files.js';
import { readyText } from './table.js';

/** The bridge drains for 20 s and the embedded server writes its checkpoint. */
const STOP_MS = 60_000;
const START_MS = 120_000;

/** Starts everything; the returned function stops it again, in the reverse order. */
async function start(
  options: SandboxOptions,
  say: (text: string) => void,
  stops: (() => Promise<void>)[],
): Promise<void> {
  const layout = layoutOf(options.data, options.ports);
  await stopLeftovers(layout.pidFile);
  if (options.fresh) await clear(layout);
  mkdirSync(layout.directory, { recursive: true, mode: 0o700 });
  chmodSync(layout.directory, 0o700);
  rmSync(layout.sandboxFile, { force: true });

  say('population and certificates …');
  const population = await ensurePopulation(layout, options);
  const certificates = await ensureCertificates(layout.certificates, { now: new Date() });
  const secrets = ensureSecrets(layout.secrets);
  writeBridgeSettings(layout, certificates, secrets);
  writeStandInSettings(layout, certificates, secrets);

  say('stand-ins, database and bridge …');
  const { ports } = layout;
  const env = { BRIDGE_CONFIG: layout.configFile };
  const children: { child: Child; script: string }[] = [];
  const run = (name: string, script: string, args: readonly string[]) => {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const child = startChild({ name, script: path, args, env, logs: layout.logs });
    children.push({ child, script: path });
    rememberProcesses(layout.pidFile, children);
    stops.push(() => child.stop(STOP_MS));
    return child;
  };
  const standIns = run('stand-ins', '../main.js', [layout.standInsFile, '--with-parent']);
  await answering(`http://127.0.0.1:${ports.control}/seen?system=kps&after=0`, standIns, layout);
  const bridge = run('bridge', '../../src/cli.js', ['serve']);
  await answering(`http://127.0.0.1:${ports.ops}/readyz`, bridge, layout);
  const rights = run('rights', './rights.js', [layout.worldFile, String(ports.issuer)]);
  await answering(`http://127.0.0.1:${ports.issuer}/`, rights, layout, 404);
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
  // Whichever of them ends by itself takes the sandbox with it, and says so.
  void Promise.race(children.map(({ child }) => child.ended.then(() => child))).then((child) => {
    if (!stopping)
      fail(new Error(`${child.name} has ended:\n${lastLines({ logs: layout.logs, name: child.name })}`));
  });
}

async function clear(layout: Layout): Promise<void> {
  if (existsSync(layout.database)) await removeEmbedded({ directory: layout.database });
  rmSync(layout.directory, { recursive: true, force: true });
}

/** Waits until a child answers over HTTP; says what it wrote where it ends before. */
async function answering(url: string, child: Child, layout: Layout, status = 200): Promise<void> {
  const until = Date.now() + START_MS;
  let ended = false;
  void child.ended.then(() => {
    ended = true;
  });
  while (Date.now() < until) {
    if (ended) break;
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    await response?.arrayBuffer();
    if (response?.status === status) return;
    await sleep(50);
  }
  throw new Error(`${child.name} does not start:\n${lastLines({ logs: layout.logs, name: child.name })}`);
}

const stops: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;

/** Stops what was started, once; npm forwards Ctrl-C a second time, which changes nothing. */
function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (const stop of [...stops].reverse()) await stop();
  })();
  return stopping;
}

function fail(error: unknown): void {
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
