import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExportDeps } from '../../../src/audit/export/export-deps.js';
import {
  type ExportPeriod,
  type WrittenExport,
  writeExport,
  writeLeaves,
} from '../../../src/audit/export/write-export.js';
import { firstLeafAt } from '../../../src/audit/leaf-bounds.js';
import { verifyFolder } from '../../../verifier/node-api.js';
import { backUp, restore } from '../check/support/backup.js';
import { type FullHouse, openFullHouse } from '../check/support/full-house.js';
import { type EntryRow, readEntries, readHead } from '../support/log.js';

let full: FullHouse;
let entries: EntryRow[];
let made = 0;

beforeAll(async () => {
  full = await openFullHouse();
  // Minutes with entries, minutes without, and stamps at some of them.
  for (let n = 0; n < 60; n += 1) {
    full.house.pass(n % 7 === 0 ? 600_000 : 40);
    await full.ask(n);
    if (n % 20 === 19) await full.settle();
  }
  await full.settle();
  entries = await readEntries(full.house.test.db);
});

afterAll(() => full.close());

const hooks = { record: async () => undefined, progress: () => undefined };
const place = () => join(full.folder, `out-${made++}`);
const all: ExportPeriod = { from: null, to: null };

async function exported(period: ExportPeriod, deps: ExportDeps = full.exports) {
  const directory = place();
  const written = await writeExport(deps, period, directory, hooks);
  return { directory, written };
}

/** Accepted by whoever knows the log's key from elsewhere. */
async function requireAccepted(directory: string): Promise<void> {
  const { ok, checks } = await verifyFolder(directory, {
    logKeys: [full.signer.key.text],
    tsaCas: [full.exports.tsaCa],
  });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
}

function linesOf(directory: string): string[] {
  return readFileSync(join(directory, 'entries.ndjson'), 'utf8').split('\n').slice(0, -1);
}

/** What is left in the folder of exports of those that failed. */
const leftovers = () => readdirSync(full.folder).filter((name) => name.includes('partial'));

describe('an export', () => {
  it('from the beginning to now holds every line, under a checkpoint of exactly these, with the stamps between', async () => {
    const { directory, written } = await exported(all);
    expect(written).toEqual({
      first: 0n,
      count: BigInt(entries.length),
      checkpointSize: BigInt(entries.length),
    });
    expect(linesOf(directory)).toEqual(entries.map(({ line }) => line));
    expect(readdirSync(join(directory, 'timestamps')).length).toBe(6);
    expect(existsSync(join(directory, 'proofs'))).toBe(false);
    await requireAccepted(directory);
  });

  it('of a period begins at its first instant and ends before its last', async () => {
    const [from, to] = [entries[20]?.at as Date, entries[80]?.at as Date];
    const { directory, written } = await exported({ from, to });
    const wanted = entries.filter(({ at }) => at >= from && at < to);
    expect(linesOf(directory)).toEqual(wanted.map(({ line }) => line));
    expect(written.first).toBe(wanted[0]?.leaf_index);
    await requireAccepted(directory);
  });

  it('is accepted for any range of leaves, and holds the lines of that range', async () => {
    const length = entries.length;
    const range = fc
      .tuple(fc.nat(length - 1), fc.nat(length - 1))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
    await fc.assert(
      fc.asyncProperty(range, async ([first, end]) => {
        const directory = place();
        await writeLeaves(full.exports, { first: BigInt(first), end: BigInt(end) }, directory, hooks);
        expect(linesOf(directory)).toEqual(entries.slice(first, end).map(({ line }) => line));
        await requireAccepted(directory);
      }),
      { numRuns: 60, examples: [[[0, 1]], [[length - 1, length]], [[0, length]], [[32, 64]], [[1, 2]]] },
    );
  });

  it('is written down before it has its name; where that fails there is none', async () => {
    const directory = place();
    let told: WrittenExport | undefined;
    const record = async (written: WrittenExport) => {
      told = written;
      expect(existsSync(directory)).toBe(false);
      throw new Error('the log is away');
    };
    await expect(writeExport(full.exports, all, directory, { ...hooks, record })).rejects.toThrow(
      'the log is away',
    );
    expect(told?.count).toBe(BigInt(entries.length));
    expect(existsSync(directory)).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ['before the first entry', { from: null, to: new Date('2020-01-01') }],
    ['after the last', { from: new Date('2030-01-01'), to: null }],
    ['that ends before it begins', { from: new Date('2026-06-01'), to: new Date('2026-05-01') }],
  ])('of a period %s is refused', async (_name, period) => {
    await expect(exported(period)).rejects.toMatchObject({ code: 'WRONG_USE' });
    expect(leftovers()).toEqual([]);
  });

  it('to a folder in use is refused before anything is signed or stamped', async () => {
    const { directory } = await exported(all);
    const publisher = { ...full.publisher, publish: () => Promise.reject(new Error('must not be asked')) };
    await expect(writeExport({ ...full.exports, publisher }, all, directory, hooks)).rejects.toMatchObject({
      code: 'WRONG_USE',
    });
    await requireAccepted(directory);
  });

  it('tells how far it is', async () => {
    const seen: bigint[] = [];
    const progress = (written: bigint, of: bigint) => {
      expect(of).toBe(BigInt(entries.length));
      seen.push(written);
    };
    await writeExport(full.exports, all, place(), { ...hooks, progress });
    expect(seen.at(-1)).toBe(BigInt(entries.length));
  });
});

describe('leaves of instants', () => {
  it('are the first at or after them, whatever the instant', async () => {
    const { db } = full.house.test;
    const size = BigInt(entries.length);
    for (const { at } of entries.slice(0, 90)) {
      for (const ms of [-1, 0, 1]) {
        const instant = new Date(at.getTime() + ms);
        const wanted = entries.findIndex((entry) => entry.at >= instant);
        expect(await firstLeafAt(db, instant, size)).toBe(wanted === -1 ? size : BigInt(wanted));
      }
    }
    expect(await firstLeafAt(db, new Date('2020-01-01'), 0n)).toBe(0n);
  });
});

describe('an export where no time stamp covers the period', () => {
  it('takes one now', async () => {
    await full.ask(1000);
    const { directory, written } = await exported(all);
    expect(existsSync(join(directory, `timestamps/${written.checkpointSize}.tsr`))).toBe(true);
    await requireAccepted(directory);
  });

  it('fails with nothing left on the disk where none can be had; an earlier period goes on', async () => {
    await full.ask(1001);
    full.stamping = false;
    const directory = place();
    await expect(writeExport(full.exports, all, directory, hooks)).rejects.toMatchObject({
      code: 'TIMESTAMP_UNAVAILABLE',
    });
    expect(existsSync(directory)).toBe(false);
    expect(leftovers()).toEqual([]);
    await requireAccepted((await exported({ from: null, to: entries[50]?.at as Date })).directory);
    full.stamping = true;
  });

  it('is of one piece while others append, publish and stamp', async () => {
    let over = false;
    const busy = (async () => {
      for (let n = 2000; !over; n += 1) {
        full.house.pass(1);
        await full.ask(n);
        if (n % 5 === 0) await full.stampNow();
      }
    })();
    for (let round = 0; round < 8; round += 1) {
      const before = (await readHead(full.house.test.db)).size;
      const { directory, written } = await exported(all);
      expect(written.count).toBe(written.checkpointSize);
      expect(written.count).toBeGreaterThanOrEqual(before);
      await requireAccepted(directory);
    }
    over = true;
    await busy;
  });
});

describe('a log changed by a superuser is not exported', () => {
  const leaf = 30;

  beforeAll(async () => {
    await full.settle();
    await backUp(full, 'kept');
  });

  afterEach(() => restore(full, 'kept'));

  it.each([
    [
      'a line',
      () => `UPDATE bridge.entry SET line = replace(line, 'match', 'matcH') WHERE kind = 'query.outcome'`,
    ],
    [
      'a line before the first stamp',
      () =>
        `UPDATE bridge.entry SET line = replace(line, '"ministry"', '"ministrx"') WHERE kind = 'authority.recorded'`,
    ],
    ['a row', () => `DELETE FROM bridge.entry WHERE leaf_index = ${leaf}`],
    [
      'the last row',
      () => 'DELETE FROM bridge.entry WHERE leaf_index = (SELECT size - 1 FROM bridge.log_head)',
    ],
    [
      'a stamped checkpoint',
      () =>
        `UPDATE bridge.log_checkpoint SET note = replace(note, 'log.example', 'lag.example') WHERE size = (SELECT min(size) FROM bridge.log_timestamp)`,
    ],
    [
      'a time stamp',
      () =>
        'UPDATE bridge.log_timestamp SET response = (SELECT response FROM bridge.log_timestamp ORDER BY size LIMIT 1)',
    ],
  ])('%s', async (_name, sql) => {
    await full.tamper(sql());
    const directory = place();
    await expect(writeExport(full.exports, all, directory, hooks)).rejects.toMatchObject({
      code: 'LOG_INCONSISTENT',
    });
    expect(existsSync(directory)).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it('and is exported again once it is whole', async () => {
    const { directory } = await exported(all);
    await requireAccepted(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });
});
