import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PublisherEvent } from '../../../src/audit/checkpoint/publisher.js';
import { startPublishing } from '../../../src/audit/checkpoint/start-publishing.js';
import { lastCheckpoint } from '../../../src/audit/checkpoint/store.js';
import { formatCheckpoint, openCheckpoint } from '../../../src/audit/note/checkpoint.js';
import { signNote } from '../../../src/audit/note/note.js';
import { failureOf, gate } from '../support/log.js';
import { newSigner, ORIGIN, openPublicLog, type PublicLog } from './support/public-log.js';

let log: PublicLog;
beforeEach(async () => {
  log = await openPublicLog();
});
afterEach(() => log.close());

const sizes = async () => {
  const { rows } = await log.test.db.query<{ size: bigint }>({
    text: 'SELECT size FROM bridge.log_checkpoint ORDER BY size',
  });
  return rows.map(({ size }) => Number(size));
};

describe('a publisher', () => {
  it('signs nothing and writes nothing for an empty log', async () => {
    const publisher = log.publisher();
    expect(await publisher.publish()).toBeNull();
    expect(publisher.state()).toMatchObject({
      kind: 'current',
      size: 0n,
      checkpointSize: 0n,
      lastSignedAt: null,
    });
    expect(existsSync(log.witnessFile)).toBe(false);
    expect(await sizes()).toEqual([]);
  });

  it('signs the root of the lines, keeps it, and then writes the same note outside the database', async () => {
    const publisher = log.publisher();
    await log.grow(300);
    const signed = await publisher.publish();
    expect(signed).toMatchObject({ origin: ORIGIN, size: 300n, root: await log.naiveRoot(300) });
    const note = signed?.note ?? '';
    expect(openCheckpoint(note, ORIGIN, [log.signer.key])).toMatchObject({ size: 300n, root: signed?.root });
    expect(await lastCheckpoint(log.test.db, ORIGIN)).toEqual(signed);
    expect(readFileSync(log.witnessFile, 'utf8')).toBe(note);
    expect(statSync(log.witnessFile).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(log.folder, 'kept'))).toEqual(['checkpoint']);
    expect(publisher.state()).toMatchObject({ kind: 'current', size: 300n, checkpointSize: 300n });
    expect(publisher.last()).toEqual(signed);
  });

  it('signs each growth once and nothing where the log did not grow', async () => {
    const publisher = log.publisher();
    for (const count of [1, 1, 254, 1, 300]) {
      await log.grow(count);
      await publisher.publish();
      const again = await publisher.publish();
      expect(again?.root).toEqual(await log.naiveRoot(Number(again?.size)));
    }
    expect(await sizes()).toEqual([1, 2, 256, 257, 557]);
  });

  it('goes on where another process left off, with the same keys and another witness file', async () => {
    await log.grow(5);
    await log.publisher().publish();
    await log.grow(5);
    const mine = join(log.folder, 'mine');
    const second = log.publisher({ witnessFile: mine });
    expect(await second.publish()).toMatchObject({ size: 10n, root: await log.naiveRoot(10) });
    expect(log.witness(mine).size).toBe(10n);
    expect(log.witness().size).toBe(5n);
  });

  it('that finds another one at work gives that one’s last checkpoint and brings its own file up to it', async () => {
    await log.grow(5);
    await log.publisher().publish();
    await log.grow(5);
    const [taken, done] = [gate(), gate()];
    const holder = log.test.db.transaction(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock(7202, 4)' });
      taken.open();
      await done.opened;
    });
    await taken.opened;
    const mine = join(log.folder, 'mine');
    const second = log.publisher({ witnessFile: mine, signer: log.signer });
    expect(await second.publish()).toMatchObject({ size: 5n });
    expect(second.state()).toMatchObject({ kind: 'behind', size: 10n, checkpointSize: 5n });
    expect(log.witness(mine).size).toBe(5n);
    done.open();
    await holder;
    expect(await second.publish()).toMatchObject({ size: 10n });
  });

  it('beside others on a growing log never signs two heads that contradict each other, and all files follow', async () => {
    const files = ['a', 'b', 'c'].map((name) => join(log.folder, name));
    const publishers = files.map((witnessFile) => log.publisher({ witnessFile }));
    for (let round = 0; round < 12; round += 1) {
      const growing = log.grow(40);
      await Promise.all(publishers.map((publisher) => publisher.publish()));
      await growing;
    }
    await Promise.all(publishers.map((publisher) => publisher.publish()));
    for (const publisher of publishers) await publisher.publish();
    for (const file of files)
      expect(log.witness(file)).toMatchObject({ size: 480n, root: await log.naiveRoot(480) });
    const { rows } = await log.test.db.query<{ size: bigint; root: Buffer }>({
      text: 'SELECT size, root FROM bridge.log_checkpoint',
    });
    for (const { size, root } of rows) expect(root).toEqual(await log.naiveRoot(Number(size)));
  });

  it('gives whoever asks while it works a checkpoint that covers what was written before the question', async () => {
    const publisher = log.publisher();
    await log.grow(3);
    const first = publisher.publish();
    await log.grow(3);
    expect((await publisher.publish())?.size).toBe(6n);
    await first;
  });

  it('thins out checkpoints older than a day, but for the newest and those with a time stamp', async () => {
    const publisher = log.publisher({ now: () => new Date('2026-01-01T00:00:00Z') });
    for (let i = 0; i < 4; i += 1) {
      await log.grow(1);
      await publisher.publish();
    }
    await log.test.db.query({
      text: `INSERT INTO bridge.log_timestamp VALUES ($1, 2, 'tsa', '\\x00', now(), now())`,
      values: [ORIGIN],
    });
    await log.grow(1);
    await log.publisher({ now: () => new Date('2026-01-03T00:00:00Z') }).publish();
    expect(await sizes()).toEqual([2, 5]);
  });
});

describe('what is changed behind the log’s back', () => {
  const events: PublisherEvent[] = [];
  const inconsistent = async (fields: object, code = 'LOG_INCONSISTENT', publisher = log.publisher()) => {
    const before = await sizes();
    const file = readFileSync(log.witnessFile, 'utf8');
    expect(await failureOf(publisher.publish())).toMatchObject({
      code,
      fields: expect.objectContaining(fields),
    });
    expect(publisher.state().kind).toBe('inconsistent');
    expect(await sizes()).toEqual(before);
    expect(readFileSync(log.witnessFile, 'utf8')).toBe(file);
  };
  beforeEach(async () => {
    events.length = 0;
    await log.grow(300);
    await log.publisher().publish();
  });

  it('a byte of a tile is found at the next growth, and nothing is signed', async () => {
    await log.tamper(
      `UPDATE bridge.log_tile SET hashes = overlay(hashes placing '\\xff' from 40) WHERE level = 0 AND tile_index = 1`,
    );
    await log.grow(1);
    await inconsistent({ what: 'head' });
  });

  it('a tile that is missing is found', async () => {
    await log.tamper('DELETE FROM bridge.log_tile WHERE level = 1');
    await log.grow(1);
    await inconsistent({ what: 'tile' });
  });

  it('leaf hashes that were exchanged before they came into a tile are found', async () => {
    await log.grow(2);
    await log.tamper(`UPDATE bridge.entry e SET leaf_hash = o.leaf_hash FROM bridge.entry o
      WHERE e.leaf_index IN (300, 301) AND o.leaf_index = 601 - e.leaf_index`);
    await inconsistent({ what: 'head' });
  });

  it('an entry that was deleted before it came into a tile is found', async () => {
    await log.grow(3);
    await log.tamper('DELETE FROM bridge.entry WHERE leaf_index = 301');
    await inconsistent({ what: 'entry', from: 300, to: 303 });
  });

  it('a tail that was cut off, head and tiles with it, is found by the witness', async () => {
    await log.tamper(
      'DELETE FROM bridge.log_checkpoint; DELETE FROM bridge.log_tile; DELETE FROM bridge.entry',
    );
    await log.tamper(`UPDATE bridge.log_head SET size = 0, compact_range = ''`);
    await inconsistent({ what: 'witness' }, 'LOG_SHORTER');
  });

  it('another log that was written in its place is found by the witness, and by what the process remembers', async () => {
    const publisher = log.publisher();
    await publisher.publish();
    await log.tamper(
      'DELETE FROM bridge.log_checkpoint; DELETE FROM bridge.log_tile; DELETE FROM bridge.entry',
    );
    await log.tamper(`UPDATE bridge.log_head SET size = 0, compact_range = ''`);
    await log.grow(301);
    await inconsistent({ what: 'witness' });
    const witness = readFileSync(log.witnessFile);
    rmSync(log.witnessFile);
    expect(await failureOf(publisher.publish())).toMatchObject({ fields: { what: 'memory' } });
    expect(existsSync(log.witnessFile)).toBe(false);
    writeFileSync(log.witnessFile, witness);
  });

  it.each([
    ['root', `UPDATE bridge.log_checkpoint SET root = decode(repeat('00', 32), 'hex')`],
    ['size', 'UPDATE bridge.log_checkpoint SET size = 299'],
    ['note', `UPDATE bridge.log_checkpoint SET note = replace(note, E'\\n300\\n', E'\\n299\\n')`],
    [
      'note and size',
      `UPDATE bridge.log_checkpoint SET size = 299, note = replace(note, E'\\n300\\n', E'\\n299\\n')`,
    ],
  ])('a stored checkpoint whose %s was changed is found', async (_, sql) => {
    await log.tamper(sql);
    await log.grow(1);
    await inconsistent({ what: 'stored-checkpoint' });
  });

  it('a checkpoint of ours about another tree, signed with our key, is found in either place', async () => {
    const forged = { origin: ORIGIN, size: 200n, root: Buffer.alloc(32, 7) };
    const note = signNote(formatCheckpoint(forged), log.signer);
    const good = readFileSync(log.witnessFile);
    writeFileSync(log.witnessFile, note);
    await inconsistent({ what: 'witness' });
    writeFileSync(log.witnessFile, good);
    await log.tamper(
      `UPDATE bridge.log_checkpoint SET size = 200, root = '\\x${forged.root.toString('hex')}', note = E'${note.replaceAll('\n', '\\n')}'`,
    );
    await inconsistent({ what: 'stored-checkpoint' });
  });

  it.each([
    ['garbled', (file: string) => writeFileSync(file, 'log.example/test\n300\n')],
    ['empty', (file: string) => writeFileSync(file, '')],
    ['open to everybody', (file: string) => chmodSync(file, 0o666)],
  ])('a witness file that is %s lets nothing be signed', async (_, spoil) => {
    await log.grow(1);
    spoil(log.witnessFile);
    await inconsistent({ what: 'witness' });
  });

  it('a witness by a key that nobody knows lets nothing be signed; as an old key it verifies', async () => {
    const old = newSigner();
    const { root } = log.witness();
    writeFileSync(log.witnessFile, signNote(formatCheckpoint({ origin: ORIGIN, size: 300n, root }), old));
    await log.grow(1);
    await inconsistent({ what: 'witness' });
    expect(await log.publisher({ oldKeys: [old.key] }).publish()).toMatchObject({ size: 301n });
  });

  it('a head that is no head is found', async () => {
    await log.tamper(`UPDATE bridge.log_head SET size = 301`);
    await inconsistent({ what: 'head' });
  });

  it('and put right again lets the publisher go on', async () => {
    const publisher = log.publisher();
    await log.grow(1);
    await log.tamper('UPDATE bridge.entry SET leaf_hash = sha256(leaf_hash) WHERE leaf_index = 300');
    await inconsistent({ what: 'head' }, 'LOG_INCONSISTENT', publisher);
    await log.tamper(
      `UPDATE bridge.entry SET leaf_hash = sha256('\\x00'::bytea || convert_to(line, 'UTF8')) WHERE leaf_index = 300`,
    );
    expect(await publisher.publish()).toMatchObject({ size: 301n });
    expect(publisher.state().kind).toBe('current');
  });

  it('a witness file that vanishes under a running process is an alarm that stays, and the file comes back', async () => {
    const publisher = log.publisher({ observe: (event) => events.push(event) });
    await publisher.publish();
    rmSync(log.witnessFile);
    await log.grow(1);
    await publisher.publish();
    await publisher.publish();
    expect(events.filter(({ type }) => type === 'witness-missing')).toHaveLength(1);
    expect(publisher.state()).toMatchObject({ kind: 'current', witnessMissing: true });
    expect(log.witness().size).toBe(301n);
  });

  it('a witness folder that cannot be written to is an error, and the file follows as soon as it can', async () => {
    const blocked = join(log.folder, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const publisher = log.publisher({ witnessFile: join(blocked, 'checkpoint') });
    expect(await failureOf(publisher.publish())).toBeInstanceOf(Error);
    rmSync(blocked);
    await publisher.publish();
    expect(log.witness(join(blocked, 'checkpoint')).size).toBe(300n);
  });
});

describe('a loop of publishing', () => {
  it('covers what is written, outlives failures and an observer that fails, and ends with one run more', async () => {
    const failures: unknown[] = [];
    const publisher = log.publisher();
    const stop = startPublishing(publisher, 10, (error) => {
      failures.push(error);
      throw new Error('observer');
    });
    await log.grow(3);
    while (publisher.last()?.size !== 3n) await new Promise((resolve) => setTimeout(resolve, 5));
    await publisher.publish();
    const good = readFileSync(log.witnessFile);
    writeFileSync(log.witnessFile, 'garbled');
    while (failures.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    writeFileSync(log.witnessFile, good);
    while (publisher.state().kind !== 'current') await new Promise((resolve) => setTimeout(resolve, 5));
    await log.grow(2);
    await stop();
    expect(publisher.last()?.size).toBe(5n);
    await log.grow(1);
    expect(publisher.last()?.size).toBe(5n);
  });
});
