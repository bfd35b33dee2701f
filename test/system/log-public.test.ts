import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  fetchCheckpoint,
  fetchLevel,
  get,
  hashOfLine,
  readCheckpoint,
  type SeenCheckpoint,
  treeHash,
} from '../support/public-files.js';
import { type System, startSystem } from '../support/system.js';
import { Asking, plain, until } from '../support/system-asking.js';

const CHECKS = 140;

let system: System;
let asking: Asking;
let vkey: string;

beforeAll(async () => {
  system = await startSystem({
    settings: (yaml) => {
      yaml.limits = { queriesPerUserPerMinute: 10_000, queriesPerUserPerDay: 100_000 };
      for (const client of yaml.clients) client.requestsPerMinute = 100_000;
    },
  });
  asking = new Asking(system);
  const [row] = await system.sql(`SELECT line FROM bridge.entry WHERE kind = 'log.key-changed'`);
  vkey = JSON.parse(row.line).data.to;
  // More entries than one tile holds.
  const token = await system.token(asking.board.kimlikNo);
  for (let done = 0; done < CHECKS; done += 10) {
    const about = (place: number) => ({ subject: plain(asking.people.subject(place)) });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, place) => asking.ask({ token, about: about(place) })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  }
});
afterAll(() => system?.stop());

const checkpoint = () => fetchCheckpoint(system.sandbox.web, system.sandbox.ca, vkey);
const covered = async (size: number): Promise<SeenCheckpoint> => {
  let seen = await checkpoint();
  await until(async () => {
    seen = await checkpoint();
    return seen.size >= size;
  });
  return seen;
};
const linesTo = async (size: number) =>
  (await system.sql('SELECT line FROM bridge.entry WHERE leaf_index < $1 ORDER BY leaf_index', [size])).map(
    (row) => hashOfLine(row.line),
  );
const metric = async (name: string) => {
  const text = await (await fetch(`${system.sandbox.ops}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
};
const ready = async () => {
  const response = await fetch(`${system.sandbox.ops}/readyz`);
  return [response.status, (await response.text()).trim()];
};

describe('the public side of the log', () => {
  it('is a signed checkpoint that covers every receipt given out, and tiles that give its root', async () => {
    const { body } = await asking.ask();
    const { web, ca } = system.sandbox;
    const seen = await covered(body.receipt.leafIndex + 1);
    expect(seen.origin).toBe(vkey.split('+')[0]);
    const leaves = await fetchLevel(web, ca, 0, seen.size);
    expect(leaves[body.receipt.leafIndex]?.toString('hex')).toBe(body.receipt.leafHash);
    expect(treeHash(leaves)).toEqual(seen.root);
    expect(leaves).toEqual(await linesTo(seen.size));
    const above = await fetchLevel(web, ca, 1, seen.size);
    expect(above.length).toBeGreaterThan(0);
    above.forEach((hash, i) => {
      expect(hash).toEqual(treeHash(leaves.slice(i * 256, i * 256 + 256)));
    });
  });

  it('also stands outside the database, the same note', async () => {
    const file = readFileSync(system.layout.checkpointFile, 'utf8');
    const { size, root } = readCheckpoint(file, vkey);
    expect(treeHash(await linesTo(size))).toEqual(root);
  });

  it('shows no entry and no tile beyond what is signed', async () => {
    const { web, ca } = system.sandbox;
    const { size } = await checkpoint();
    const beyond = Math.floor(size / 256) + 2;
    for (const path of [
      `tile/0/${String(beyond).padStart(3, '0')}.p/1`,
      'tile/entries/000',
      'entries/000',
      '',
    ])
      expect((await get(`${web}/audit/${path}`, ca)).status).toBe(404);
  });

  it('is measured', async () => {
    await until(
      async () =>
        (await metric('bridge_log_size_entries')) === (await metric('bridge_log_checkpoint_size_entries')),
    );
    expect(await metric('bridge_log_checkpoint_size_entries')).toBeGreaterThan(2 * CHECKS);
    expect(await metric('bridge_log_seconds_since_signed')).toBeGreaterThanOrEqual(0);
    expect(await metric('bridge_log_witness_missing')).toBe(0);
    expect(await metric('bridge_log_inconsistent')).toBe(0);
    expect(await ready()).toEqual([200, 'ok']);
  });
});

describe('a log that was changed under a running bridge', () => {
  it('is found within a moment: not ready, no question asked, nothing signed; put right, the work goes on', async () => {
    const size = await asking.entries();
    const before = await covered(size);
    // A bit of its first hash, there and back: of 512 entries, which stays the first while others are written.
    const turn = () =>
      system.sql(
        'UPDATE bridge.log_head SET compact_range = set_byte(compact_range, 0, get_byte(compact_range, 0) # 1)',
      );
    await turn();
    await until(async () => (await ready())[0] === 503);
    expect(await ready()).toEqual([503, 'audit-log']);
    expect(await metric('bridge_log_inconsistent')).toBe(1);
    await asking.refused(() => asking.ask(), 503, 'AUDIT_UNAVAILABLE');
    expect((await checkpoint()).note).toBe(before.note);
    expect(system.bridge.log()).toContain('audit.inconsistent');
    await turn();
    await until(async () => (await ready())[0] === 200);
    expect((await asking.ask()).status).toBe(200);
    await covered(size + 2);
  });
});

describe('a start', () => {
  it('after a stop goes on from its witness, without alarm and without another key', async () => {
    const size = await asking.entries();
    await system.bridge.stop();
    const left = readCheckpoint(readFileSync(system.layout.checkpointFile, 'utf8'), vkey);
    // The last run of a stop covers also what was written last.
    expect(left.size).toBeGreaterThanOrEqual(size);
    await system.bridge.start();
    const [{ n }] = await system.sql('SELECT size::int AS n FROM bridge.log_head');
    await covered(n);
    expect(left.root).toEqual(treeHash((await linesTo(left.size)).slice(0, left.size)));
    const keys = await system.sql(`SELECT 1 FROM bridge.entry WHERE kind = 'log.key-changed'`);
    expect(keys).toHaveLength(1);
    const alarms = await system.sql(`SELECT 1 FROM bridge.entry WHERE kind = 'log.witness-missing'`);
    expect(alarms).toHaveLength(0);
  });
});
