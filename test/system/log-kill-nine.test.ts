import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import {
  fetchCheckpoint,
  fetchLevel,
  hashOfLine,
  readCheckpoint,
  rootOfRange,
  rootsAt,
  treeHash,
} from '../support/public-files.js';
import { type Sibling, type System, startSystem } from '../support/system.js';
import { Asking, plain, until } from '../support/system-asking.js';

const ROUNDS = 6;
/** Each round starts processes again; a busy machine needs minutes for all of them. */
const READY_MS = 360_000;
const CALLERS = 8;
const APPENDERS = 2;
/** What each process must have acknowledged between two kills, so that each kill meets work in every stage. */
const ACKNOWLEDGED = 40;

/** What somebody outside was told, and by whom. */
interface Told {
  readonly by: string;
  readonly leafIndex: number;
  readonly leafHash: string;
}

let system: System;
let sibling: Sibling;
let vkey: string;
const told: Told[] = [];
/** Checkpoints that somebody outside fetched meanwhile. */
const seen = new Map<number, string>();
let entries: { leaf: number; at: Date; id: string; hash: Buffer; line: string }[];
let appenderFile: string;
const appenders: ChildProcess[] = [];

beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      yaml.limits = {
        answerDeadlineMs: 4000,
        queriesPerUserPerMinute: 100_000,
        queriesPerUserPerDay: 1_000_000,
      };
      Object.assign(yaml.kps, { connectTimeoutMs: 500, timeoutMs: 1500, stsTimeoutMs: 1000 });
      for (const client of yaml.clients) client.requestsPerMinute = 1_000_000;
    },
  });
  sibling = await system.sibling(() => undefined);
  const [row] = await system.sql(`SELECT line FROM bridge.entry WHERE kind = 'log.key-changed'`);
  vkey = JSON.parse(row.line).data.to;
  const { appUrl } = await attachEmbedded({ directory: system.layout.database });
  appenderFile = join(system.layout.secrets, 'appender.json');
  writeFileSync(appenderFile, JSON.stringify({ url: appUrl, name: 'appender' }), { mode: 0o600 });
  await underFire();
  const rows = await system.sql(
    'SELECT leaf_index, at, entry_id, line, leaf_hash FROM bridge.entry ORDER BY leaf_index',
  );
  entries = rows.map((one) => ({
    leaf: Number(one.leaf_index),
    at: one.at,
    id: one.entry_id,
    hash: one.leaf_hash,
    line: one.line,
  }));
}, READY_MS);
afterAll(async () => {
  for (const child of appenders) child.kill('SIGKILL');
  await system?.stop();
});

function startAppender(place: number): void {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', here('../support/typescript-loader.mjs'), here('../support/log-appender.ts'), appenderFile],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH ?? '' } },
  );
  appenders[place] = child;
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    // The last line may have been cut by the kill: nobody holds half a receipt.
    if (line.endsWith('}')) told.push({ by: `appender-${place}`, ...JSON.parse(line) });
  });
}

async function killAppender(place: number): Promise<void> {
  const child = appenders[place] as ChildProcess;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** Load on all processes, and one after the other is killed in the middle of it and started again. */
async function underFire(): Promise<void> {
  const asking = new Asking(system);
  const token = await system.token(asking.board.kimlikNo);
  const subjects = Array.from({ length: 50 }, (_, place) => plain(asking.people.subject(place)));
  let over = false;
  let next = 0;
  const caller = async (by: string, api: string | undefined) => {
    while (!over) {
      next += 1;
      const about = { subject: subjects[next % subjects.length] };
      const answer = await asking
        .ask({ token, about, ...(api === undefined ? {} : { api }) })
        .catch(() => null);
      const { leafIndex, leafHash } = answer?.body?.receipt ?? {};
      if (leafIndex !== undefined) told.push({ by, leafIndex, leafHash });
      else await sleep(100);
    }
  };
  const watcher = async () => {
    while (!over) {
      for (const web of [system.sandbox.web, sibling.web]) {
        const checkpoint = await fetchCheckpoint(web, system.sandbox.ca, vkey).catch(() => null);
        if (checkpoint !== null) seen.set(checkpoint.size, checkpoint.note);
      }
      await sleep(50);
    }
  };
  const work = [
    ...Array.from({ length: CALLERS }, () => caller('bridge', undefined)),
    ...Array.from({ length: CALLERS }, () => caller('sibling', sibling.api)),
    watcher(),
  ];
  for (let place = 0; place < APPENDERS; place += 1) startAppender(place);
  const everybodyTold = async () => {
    const names = ['bridge', 'sibling', ...appenders.map((_, place) => `appender-${place}`)];
    const count = (name: string) => told.filter(({ by }) => by === name).length;
    const enough = new Map(names.map((name) => [name, count(name) + ACKNOWLEDGED]));
    await until(async () => names.every((name) => count(name) >= (enough.get(name) ?? 0)), 60_000);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await everybodyTold();
    await sleep(23 * (round % 5));
    await Promise.all([
      killAppender(round % APPENDERS).then(() => startAppender(round % APPENDERS)),
      round % 2 === 0
        ? system.bridge.kill9().then(() => system.bridge.start())
        : sibling.kill9().then(() => sibling.start()),
    ]);
  }
  await everybodyTold();
  over = true;
  await Promise.all(work);
  for (let place = 0; place < APPENDERS; place += 1) await killAppender(place);
  await until(async () => {
    const [row] = await system.sql(
      `SELECT count(*)::int AS n FROM bridge.identity_query WHERE state = 'open'`,
    );
    return row.n === 0;
  }, 20_000);
  await system.bridge.stop();
  await sibling.stop();
  await system.bridge.start();
}

describe(`several processes that append and were killed ${ROUNDS} times`, () => {
  it('were all at work, all the time', () => {
    for (const by of ['bridge', 'sibling', 'appender-0', 'appender-1'])
      expect(told.filter((one) => one.by === by).length).toBeGreaterThan(ROUNDS * ACKNOWLEDGED);
    expect(seen.size).toBeGreaterThan(ROUNDS);
  });

  it('lost nothing that was acknowledged: each receipt names its leaf, index and hash', () => {
    expect(
      told.filter(({ leafIndex, leafHash }) => entries[leafIndex]?.hash.toString('hex') !== leafHash),
    ).toEqual([]);
  });

  it('gave no leaf to two, left no gap, wrote nothing twice', () => {
    expect(new Set(told.map(({ leafIndex }) => leafIndex)).size).toBe(told.length);
    expect(entries.map(({ leaf }) => leaf)).toEqual(entries.map((_, i) => i));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect(entries.filter(({ line, hash }) => !hashOfLine(line).equals(hash))).toEqual([]);
    expect(entries.filter(({ at }, i) => i > 0 && at < (entries[i - 1]?.at ?? at))).toEqual([]);
  });

  it('have a tree whose root, from the lines alone, is the head’s', async () => {
    await until(async () => {
      const [row] = await system.sql('SELECT size FROM bridge.log_head');
      return Number(row.size) >= entries.length;
    });
    const [head] = await system.sql('SELECT size, compact_range FROM bridge.log_head');
    const lines = await system.sql(
      'SELECT line FROM bridge.entry WHERE leaf_index < $1 ORDER BY leaf_index',
      [head.size],
    );
    expect(rootOfRange(head.compact_range)).toEqual(treeHash(lines.map(({ line }) => hashOfLine(line))));
  });

  it('signed only heads of this one tree: every one stored, every one that was seen outside, and the witness', async () => {
    const leaves = (await system.sql('SELECT line FROM bridge.entry ORDER BY leaf_index')).map(({ line }) =>
      hashOfLine(line),
    );
    const stored = await system.sql('SELECT size, note FROM bridge.log_checkpoint');
    const witness = readCheckpoint(readFileSync(system.layout.checkpointFile, 'utf8'), vkey);
    const notes = [...stored.map(({ note }) => note), ...seen.values(), witness.note];
    expect(stored.length).toBeGreaterThan(ROUNDS);
    const heads = [...new Set<string>(notes)].map((note) => readCheckpoint(note, vkey));
    const roots = rootsAt(
      leaves,
      heads.map(({ size }) => size),
    );
    expect(roots.get(witness.size)).toEqual(treeHash(leaves.slice(0, witness.size)));
    expect(heads.filter(({ size, root }) => roots.get(size)?.equals(root) !== true)).toEqual([]);
    expect(witness.size).toBeGreaterThanOrEqual(Math.max(...seen.keys()));
  });

  it('serve tiles of the whole of it', async () => {
    const { web, ca } = system.sandbox;
    const checkpoint = await fetchCheckpoint(web, ca, vkey);
    expect(checkpoint.size).toBeGreaterThan(told.length);
    expect(treeHash(await fetchLevel(web, ca, 0, checkpoint.size))).toEqual(checkpoint.root);
  });
});
