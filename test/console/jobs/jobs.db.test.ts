import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMasterKeys } from '../../../src/audit/master-keys.js';
import { jobPlace } from '../../../src/console/jobs/job-box.js';
import { claimJob, finishJob } from '../../../src/console/jobs/job-claims.js';
import { purgeJobs } from '../../../src/console/jobs/job-rows.js';
import type { JobTools } from '../../../src/console/jobs/port.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import type { ActingOfficer } from '../../../src/proposals/officer.js';
import { digitsOf } from '../../audit/support/parts.js';
import { ConsoleDesk } from '../support/console-desk.js';
import { bytesOf, JobHouse, kindOf, MB, randomFile } from './support.js';

const ORDER = { quarter: '2026-Q2', format: 'csv' };
const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;

let desk: ConsoleDesk;
let house: JobHouse;
let officer: ActingOfficer;
let n = 600;

beforeAll(async () => {
  desk = await ConsoleDesk.open();
});
afterAll(async () => {
  await desk.close();
});
beforeEach(async () => {
  house = new JobHouse(desk);
  officer = await officerOf();
});
afterEach(async () => {
  await desk.sql('DELETE FROM bridge.console_job');
});

async function officerOf(): Promise<ActingOfficer> {
  n += 1;
  const { officer: found } = await desk.person(n, [{ role: 'finance' }]);
  return { ...found, role: 'finance' };
}

const find = (id: string) => house.jobs().find(officer.tag, id);
const piecesOf = async (id: string) =>
  (
    await desk.sql<{ count: number }>(
      'SELECT count(*)::int AS count FROM bridge.console_job_piece WHERE job_id = $1',
      [id],
    )
  )[0]?.count;

/** Resolves from outside. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

describe('long work', () => {
  it('is done with the order and the officer that it was asked with, and its file comes back byte for byte', async () => {
    const made = randomFile(3 * MB + 17);
    const seen: unknown[] = [];
    const id = await house.jobs().start(officer, 'statement', ORDER);
    expect(await find(id)).toMatchObject({ state: 'waiting', done: 0, fileName: null });
    const runner = house.runner([
      kindOf(async (order, by) => {
        seen.push(order, by.role, by.acr, by.sessionId, by.authTime, by.person.equals(officer.person));
        return made;
      }),
    ]);
    expect(await runner.runNext()).toBe(true);
    expect(seen).toEqual([ORDER, 'finance', officer.acr, officer.sessionId, officer.authTime, true]);
    const sha256 = createHash('sha256').update(made.body).digest('hex');
    expect(await find(id)).toMatchObject({
      state: 'done',
      bytes: made.body.length,
      sha256,
      fileName: 'icmal.bin',
    });
    expect(await piecesOf(id)).toBe(4);
    const file = await house.jobs().file(officer.tag, id);
    expect(file).toMatchObject({ name: 'icmal.bin', mediaType: 'application/octet-stream' });
    expect((await bytesOf(file?.body as Readable)).equals(made.body)).toBe(true);
    expect(await runner.runNext()).toBe(false);
  });

  it('takes a file as a stream of any chunks, empty ones and an empty file among them', async () => {
    const whole = randomFile(2 * MB).body;
    const chunks = [whole.subarray(0, 1), Buffer.alloc(0), whole.subarray(1, MB + 1), whole.subarray(MB + 1)];
    for (const [body, pieces] of [
      [Readable.from(chunks), 2],
      [Buffer.alloc(0), 0],
      [Readable.from(['çğ', 'ıöşü'], { objectMode: true }), 1],
    ] as const) {
      const id = await house.jobs().start(officer, 'statement', ORDER);
      await house.runner([kindOf(async () => ({ name: 'a.csv', mediaType: 'text/csv', body }))]).runNext();
      expect(await find(id)).toMatchObject({ state: 'done' });
      expect(await piecesOf(id)).toBe(pieces);
      const read = await bytesOf((await house.jobs().file(officer.tag, id))?.body as Readable);
      expect(read.length).toBe((await find(id))?.bytes);
    }
  });

  it('reads a file piece by piece: as much is held as is read', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await house.runner([kindOf(async () => randomFile(8 * MB))]).runNext();
    const body = (await house.jobs().file(officer.tag, id))?.body as Readable;
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    // What has not been read yet is not in memory: it can still be taken away.
    await desk.sql('DELETE FROM bridge.console_job_piece WHERE job_id = $1 AND n = 7', [id]);
    await expect(
      (async () => {
        for (let next = await iterator.next(); next.done !== true; next = await iterator.next());
      })(),
    ).rejects.toMatchObject({ code: 'SEALED_VALUE_INVALID' });
  });

  it('keeps neither the order, nor a number, nor a byte of the file readable in the tables', async () => {
    const body = Buffer.from('gizli-satir;'.repeat(1000));
    const id = await house.jobs().start(officer, 'statement', { secret: 'gizli-donem' });
    await house.runner([kindOf(async () => ({ name: 'a.csv', mediaType: 'text/csv', body }))]).runNext();
    const rows = await desk.sql<{ box: Buffer }>(
      'SELECT box FROM bridge.console_job UNION ALL SELECT box FROM bridge.console_job_piece',
    );
    expect(rows).toHaveLength(2);
    for (const { box } of rows)
      for (const text of ['gizli', digitsOf(n)]) expect(box.toString('latin1')).not.toContain(text);
    expect(await find(id)).toMatchObject({ state: 'done' });
  });

  it.each([
    ['changed', `UPDATE bridge.console_job_piece SET box = box || '\\x00'::bytea`],
    [
      'changed places',
      'UPDATE bridge.console_job_piece p SET box = (SELECT q.box FROM bridge.console_job_piece q WHERE q.job_id = p.job_id AND q.n = 1 - p.n)',
    ],
    ['shortened', 'UPDATE bridge.console_job SET bytes = bytes - 1'],
    ['given another hash', `UPDATE bridge.console_job SET sha256 = repeat('0', 64)`],
  ])('does not give out a file whole that somebody has %s', async (_how, change) => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await house.runner([kindOf(async () => randomFile(2 * MB))]).runNext();
    await desk.sql(change);
    const body = (await house.jobs().file(officer.tag, id))?.body as Readable;
    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'SEALED_VALUE_INVALID' });
  });

  it('does not run an order that was changed, or moved to another person', async () => {
    const other = await officerOf();
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await desk.sql('UPDATE bridge.console_job SET person_tag = $1', [other.tag]);
    let ran = false;
    const runner = house.runner([
      kindOf(async () => {
        ran = true;
        return randomFile(1);
      }),
    ]);
    await runner.runNext();
    expect(ran).toBe(false);
    expect(await house.jobs().find(other.tag, id)).toMatchObject({
      state: 'failed',
      code: 'SEALED_VALUE_INVALID',
    });
  });
});

describe('another master key', () => {
  it('opens the order and the file of a job once that was wrapped anew', async () => {
    const made = randomFile(MB + 5);
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await house.runner([kindOf(async () => made)]).runNext();
    const place = { id, what: 'statement', tag: officer.tag, sessionId: officer.sessionId };
    const { masterKeys } = desk.log;
    const [row] = await desk.sql<{ box: Buffer }>('SELECT box FROM bridge.console_job WHERE job_id = $1', [
      id,
    ]);
    const plain = masterKeys.unwrap(row?.box ?? Buffer.alloc(0), jobPlace(place), masterKeys.activeId);
    const other = createMasterKeys([{ id: 'other', key: randomBytes(32) }]);
    await desk.sql(`UPDATE bridge.console_job SET box = $1, master_key_id = 'other'`, [
      other.wrap(plain, jobPlace(place)),
    ]);
    const read = await house.jobs({ masterKeys: other }).file(officer.tag, id);
    expect((await bytesOf(read?.body as Readable)).equals(made.body)).toBe(true);
  });
});

describe('whose it is', () => {
  it('is nobody else’s: not in the list, not found, no file, not to be cancelled', async () => {
    const other = await officerOf();
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await house.runner([kindOf(async () => randomFile(10))]).runNext();
    const jobs = house.jobs();
    expect((await jobs.list(officer.tag)).map((one) => one.id)).toEqual([id]);
    expect(await jobs.list(other.tag)).toEqual([]);
    expect(await jobs.find(other.tag, id)).toBeNull();
    expect(await jobs.file(other.tag, id)).toBeNull();
    const second = await jobs.start(officer, 'statement', ORDER);
    expect(await jobs.cancel(other.tag, second)).toBe(false);
    for (const odd of ['', 'x', "' OR 1=1", `${second}x`, second.toUpperCase()])
      expect(await jobs.find(officer.tag, odd)).toBeNull();
  });

  it('has its file only as long as the role that it was asked in is held', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await house.runner([kindOf(async () => randomFile(10))]).runNext();
    await desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [officer.tag]);
    await expect(house.jobs().file(officer.tag, id)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
  });

  it('is not done for somebody who has lost the role meanwhile', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await desk.sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [officer.tag]);
    let ran = false;
    await house
      .runner([
        kindOf(async () => {
          ran = true;
          return randomFile(1);
        }),
      ])
      .runNext();
    expect(ran).toBe(false);
    expect(await find(id)).toMatchObject({ state: 'failed', code: 'ROLE_REQUIRED' });
  });

  it('takes no more than so many of one person at once, however they come, and takes the next one once one has ended', async () => {
    const jobs = house.jobs({ maxWaiting: 3 });
    const started = await Promise.allSettled(
      Array.from({ length: 8 }, () => jobs.start(officer, 'statement', ORDER)),
    );
    expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const one of started)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await jobs.list(officer.tag)).toHaveLength(3);
    const other = await officerOf();
    await jobs.start(other, 'statement', ORDER);
    await house.runner([kindOf(async () => randomFile(1))]).runNext();
    await jobs.start(officer, 'statement', ORDER);
    await expect(jobs.start(officer, 'statement', ORDER)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('claims', () => {
  it('gives each job to one instance, oldest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      ids.push(await house.jobs({ maxWaiting: 10 }).start(officer, 'statement', ORDER));
      house.later(1000);
    }
    const claim = (run: string) => claimJob(desk.test.db, run, ['statement'], house.at, LEASE_MS);
    expect((await claim('first'))?.id).toBe(ids[0]);
    const claimed = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(claim));
    const found = claimed.flatMap((one) => (one === null ? [] : [one.id]));
    expect(new Set(found).size).toBe(found.length);
    let rest = await claim('h');
    while (rest !== null) {
      found.push(rest.id);
      rest = await claim('h');
    }
    expect(found.sort()).toEqual(ids.slice(1).sort());
  });

  it('takes over from an instance that was killed, from the beginning, once its lease is over and not before; what that one still writes is nothing', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    // An instance that claimed it, wrote a piece, and was killed: nobody renews.
    const killed = await claimJob(desk.test.db, 'killed', ['statement'], house.at, LEASE_MS);
    await desk.sql('INSERT INTO bridge.console_job_piece VALUES ($1, 0, $2)', [id, Buffer.alloc(99)]);
    const made = randomFile(MB + 1);
    const runner = house.runner([kindOf(async () => made)], { instance: 'bridge-2' });
    house.later(LEASE_MS - 1);
    expect(await runner.runNext()).toBe(false);
    house.later(1);
    expect(await runner.runNext()).toBe(true);
    expect(await find(id)).toMatchObject({ state: 'done', bytes: MB + 1 });
    expect(
      (await bytesOf((await house.jobs().file(officer.tag, id))?.body as Readable)).equals(made.body),
    ).toBe(true);
    if (killed === null) throw new Error('not claimed');
    const late = { name: 'x', mediaType: 'y', bytes: 1, sha256: 'z' };
    const times = { endedAt: house.at, expiresAt: house.at };
    expect(await finishJob(desk.test.db, killed, late, times, MB)).toBe(false);
    expect(await find(id)).toMatchObject({ bytes: MB + 1, fileName: 'icmal.bin' });
  });

  it('keeps its claim as long as it works, however long that is, and loses its file where another has taken it over', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    const [begun, go] = [gate(), gate()];
    const slow = kindOf(async (_order, _officer, { stopped }) => {
      begun.open();
      await go.passed;
      return { ...randomFile(2 * MB), name: stopped() ? 'lost' : 'kept' };
    });
    // Renewed every 10 ms here.
    const first = house.runner([slow], { leaseMs: 60 }).runNext();
    await begun.passed;
    const until = async () =>
      (await desk.sql<{ at: Date }>('SELECT claimed_until AS at FROM bridge.console_job'))[0]?.at.getTime() ??
      0;
    const before = await until();
    house.later(50);
    while ((await until()) <= before) await new Promise((resolve) => setTimeout(resolve, 5));
    // The clock jumps: another takes it over before the first has renewed.
    await desk.sql(`UPDATE bridge.console_job SET claimed_by = 'another', claimed_until = $1`, [
      new Date(house.at.getTime() + DAY_MS),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 40));
    go.open();
    await first;
    expect(await find(id)).toMatchObject({ state: 'running', fileName: null });
    expect(await piecesOf(id)).toBe(0);
    expect(house.failed).toEqual([]);
  });

  it('gives up work that has taken its process down time and again', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    for (let i = 0; i < 5; i += 1) {
      expect(await claimJob(desk.test.db, `killed ${i}`, ['statement'], house.at, LEASE_MS)).not.toBeNull();
      house.later(LEASE_MS);
    }
    await house.runner([kindOf(async () => randomFile(1))]).runNext();
    expect(await find(id)).toMatchObject({ state: 'failed', code: 'INTERRUPTED' });
  });

  it('leaves work alone that it does not know, and begins none while the log is not sound', async () => {
    await house.jobs().start(officer, 'evidence', ORDER);
    const runner = house.runner([kindOf(async () => randomFile(1))]);
    expect(await runner.runNext()).toBe(false);
    house.sound = false;
    const evidence = house.runner([kindOf(async () => randomFile(1), 'evidence')]);
    expect(await evidence.runNext()).toBe(false);
    house.sound = true;
    expect(await evidence.runNext()).toBe(true);
  });

  it('gives work back when the instance ends, so that another begins it at once', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    const begun = gate();
    const runner = house.runner([
      kindOf(async (_order, _officer, { stopped }) => {
        begun.open();
        while (!stopped()) await new Promise((resolve) => setTimeout(resolve, 2));
        throw new Error('left');
      }),
    ]);
    const run = runner.runNext();
    await begun.passed;
    runner.stop();
    await run;
    expect(await find(id)).toMatchObject({ state: 'waiting' });
    expect(await runner.runNext()).toBe(false);
    expect(await house.runner([kindOf(async () => randomFile(1))], { instance: 'bridge-2' }).runNext()).toBe(
      true,
    );
    expect(await find(id)).toMatchObject({ state: 'done' });
    expect(house.failed).toEqual([]);
  });
});

describe('while it runs', () => {
  it('tells how far it is', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    const seen: unknown[] = [];
    const runner = house.runner([
      kindOf(async (_order, _officer, { progress }) => {
        for (const [done, total] of [
          [10, null],
          [250, 1000],
          [1000, 1000],
        ] as const) {
          house.later(2_000);
          await progress(done, total);
          const { done: told, state, total: of } = (await find(id)) ?? {};
          seen.push([state, told, of]);
        }
        return randomFile(1);
      }),
    ]);
    await runner.runNext();
    expect(seen).toEqual([
      ['running', 10, null],
      ['running', 250, 1000],
      ['running', 1000, 1000],
    ]);
  });

  it('is told that it was cancelled, and leaves nothing', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    const begun = gate();
    let left = false;
    const runner = house.runner(
      [
        kindOf(async (_order, _officer, { stopped }: JobTools) => {
          begun.open();
          while (!stopped()) await new Promise((resolve) => setTimeout(resolve, 2));
          left = true;
          return randomFile(2 * MB);
        }),
      ],
      { leaseMs: 60 },
    );
    const run = runner.runNext();
    await begun.passed;
    expect(await house.jobs().cancel(officer.tag, id)).toBe(true);
    expect(await house.jobs().cancel(officer.tag, id)).toBe(false);
    await run;
    expect(left).toBe(true);
    expect(await find(id)).toMatchObject({ state: 'cancelled', fileName: null, code: null });
    expect(await piecesOf(id)).toBe(0);
    expect(await house.jobs().file(officer.tag, id)).toBeNull();
    expect(house.failed).toEqual([]);
  });

  it('has a folder of its own that is gone afterwards, however it ends', async () => {
    const modes: number[] = [];
    const write = (path: string) => {
      modes.push(statSync(path).mode & 0o777);
      writeFileSync(join(path, 'yarim.csv'), 'x');
    };
    const runner = house.runner([
      kindOf(async (_order, _officer, { folder }) => {
        write(folder);
        return randomFile(1);
      }),
      kindOf(async (_order, _officer, { folder }) => {
        write(folder);
        throw new Error('12345678901 is not to be told');
      }, 'evidence'),
    ]);
    await house.jobs().start(officer, 'statement', ORDER);
    house.later(1);
    await house.jobs().start(officer, 'evidence', ORDER);
    await runner.runNext();
    await runner.runNext();
    expect(modes).toEqual([0o700, 0o700]);
    expect(new Set(house.folders).size).toBe(2);
    expect(house.folders.filter((path) => existsSync(path))).toEqual([]);
  });
});

describe('how it fails', () => {
  it.each([
    ['an error of the house', 'AUDIT_UNAVAILABLE', new BridgeError('AUDIT_UNAVAILABLE', 'the log is away')],
    ['any other error', 'INTERNAL', new Error('10000000146 stood in the message')],
    ['what is no error', 'INTERNAL', 'a thrown text'],
  ])('is told by a code alone: %s', async (_what, code, thrown) => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await house
      .runner([
        kindOf(async () => {
          throw thrown;
        }),
      ])
      .runNext();
    expect(await find(id)).toMatchObject({ state: 'failed', code, fileName: null });
    expect(house.failed).toEqual([`statement ${code}`]);
    expect(
      JSON.stringify(await desk.sql('SELECT code, state, file_name FROM bridge.console_job')),
    ).not.toContain('10000000146');
  });

  it('stops at the largest file that there may be, with the source closed and nothing kept', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    const body = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(300_000);
      })(),
    );
    await house
      .runner([kindOf(async () => ({ name: 'a', mediaType: 'b', body }))], { maxFileBytes: 3 * MB })
      .runNext();
    expect(await find(id)).toMatchObject({ state: 'failed', code: 'FILE_TOO_LARGE' });
    expect(body.destroyed).toBe(true);
    await purgeJobs(desk.test.db, house.at);
    expect(await piecesOf(id)).toBe(0);
  });

  it('takes a file of exactly the largest size', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    await house.runner([kindOf(async () => randomFile(3 * MB))], { maxFileBytes: 3 * MB }).runNext();
    expect(await find(id)).toMatchObject({ state: 'done', bytes: 3 * MB });
  });

  it('gives a file a name of ours where its own could be anything', async () => {
    for (const name of ['../../etc/passwd', 'a\r\nSet-Cookie: x', '10000000146.csv', 'ş.csv', '']) {
      const id = await house.jobs().start(officer, 'statement', ORDER);
      await house.runner([kindOf(async () => ({ ...randomFile(1), name }))]).runNext();
      expect((await find(id))?.fileName).toBe('dosya');
      house.later(1);
    }
  });
});

describe('what is kept', () => {
  it('is there for as long as the settings say after it was done, and is gone then', async () => {
    const id = await house.jobs().start(officer, 'statement', ORDER);
    house.later(5 * 3_600_000);
    await house.runner([kindOf(async () => randomFile(10))]).runNext();
    house.later(DAY_MS - 1);
    await purgeJobs(desk.test.db, house.at);
    expect(await house.jobs().file(officer.tag, id)).not.toBeNull();
    house.later(1);
    expect(await house.jobs().file(officer.tag, id)).toBeNull();
    expect(await find(id)).toBeNull();
    await purgeJobs(desk.test.db, house.at);
    expect(await desk.sql('SELECT 1 FROM bridge.console_job')).toEqual([]);
    expect(await desk.sql('SELECT 1 FROM bridge.console_job_piece')).toEqual([]);
  });

  it('does not take away what runs', async () => {
    await house.jobs().start(officer, 'statement', ORDER);
    house.later(DAY_MS - 10);
    expect(await claimJob(desk.test.db, 'late', ['statement'], house.at, LEASE_MS)).not.toBeNull();
    house.later(LEASE_MS - 1);
    await purgeJobs(desk.test.db, house.at);
    expect(await desk.sql('SELECT 1 FROM bridge.console_job')).toHaveLength(1);
    house.later(1);
    await purgeJobs(desk.test.db, house.at);
    expect(await desk.sql('SELECT 1 FROM bridge.console_job')).toEqual([]);
  });

  it('is no more of one person than ten of the largest files: the oldest go first, and nobody else’s', async () => {
    const other = await officerOf();
    const theirs = await house.jobs().start(other, 'statement', ORDER);
    const runner = house.runner([kindOf(async () => randomFile(MB))], { maxFileBytes: MB });
    await runner.runNext();
    const ids: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      house.later(1000);
      ids.push(await house.jobs().start(officer, 'statement', ORDER));
      await runner.runNext();
    }
    const kept = (await house.jobs().list(officer.tag)).map(({ id }) => id);
    expect(kept).toEqual(ids.slice(2).reverse());
    expect(await house.jobs().file(other.tag, theirs)).not.toBeNull();
  });
});
