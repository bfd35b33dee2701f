import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Receipt } from '../../src/audit/entry.js';
import { personKeyPlace, sideTag } from '../../src/audit/person-keys.js';
import type { TagDomain } from '../../src/audit/person-tags.js';
import { plainLane } from '../../src/audit/plain-lane.js';
import { openValue, type SealedValue } from '../../src/audit/seal.js';
import type { Queryable } from '../../src/storage/database.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { TEST_POOL, type TestDatabase } from '../support/database.js';
import { intentDraft } from '../support/drafts.js';
import {
  asOwner,
  createLogDatabase,
  type OpenLog,
  openLog,
  readEntries,
  requireSoundLog,
} from './support/log.js';
import { digitsOf, masterKeys, numberOf, personOf, tagger } from './support/parts.js';

let test: TestDatabase;
let log: OpenLog;
let now: Date;
beforeEach(async () => {
  now = new Date('2026-12-31T20:59:00Z');
  test = await createLogDatabase();
  log = openLog(test.appUrl, { deps: { now: () => now } });
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const submit = (...personal: ReturnType<typeof numberOf>[]): Promise<Receipt> =>
  log.appender.submit(plainLane, intentDraft({}, personal));

/** A value of an entry, opened as a reader would: with the key that it names, unwrapped by the master key. */
async function open(db: Queryable, leafIndex: bigint, field: string): Promise<string> {
  const row = (await readEntries(db))[Number(leafIndex)];
  const { id, sealed } = JSON.parse(row?.line ?? '') as { id: string; sealed: Record<string, SealedValue> };
  const value = sealed[field] as SealedValue;
  const { rows } = await db.query<{ wrapped: Buffer; master_key_id: string; tag: Buffer; year: number }>({
    text: 'SELECT wrapped, master_key_id, tag, year FROM bridge.person_key WHERE key_id = $1',
    values: [value.key],
  });
  const [key] = rows;
  if (key === undefined) throw new Error('no such key');
  const plain = masterKeys.unwrap(
    key.wrapped,
    personKeyPlace(value.key, key.tag, key.year),
    key.master_key_id,
  );
  return openValue(value, plain, id, field);
}

const keyRows = async () =>
  (
    await test.db.query<{ key_id: string; side: string; year: number; tag: Buffer; wrapped: Buffer }>({
      text: 'SELECT key_id, side, year, tag, wrapped FROM bridge.person_key ORDER BY year, side',
    })
  ).rows;

/** Every row of every table of the database as text, bytea as hex. */
async function dump(): Promise<string> {
  return withConnection({ url: test.adminUrl, ...TEST_POOL }, async (ask) => {
    const tables = await ask<{ name: string }>(
      `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
       WHERE relkind IN ('r', 'p', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const rows: string[] = [];
    for (const { name } of tables) {
      const found = await ask<{ text: string }>(`SELECT t::text AS text FROM ${name} AS t`);
      rows.push(...found.map((row) => `${name} ${row.text}`));
    }
    return rows.join('\n').toLowerCase();
  });
}

describe('personal data in the log', () => {
  it('stand nowhere in the database as they are', async () => {
    await submit(numberOf('actor', 1), { ...numberOf('subject', 2), text: 'ÇAĞRI ŞEN' });
    await submit(numberOf('actor', 3), numberOf('subject', 1));
    const text = await dump();
    expect(text).toContain('ortak-kayit'); // the search sees what is there
    for (const secret of [digitsOf(1), digitsOf(2), digitsOf(3), 'ÇAĞRI ŞEN']) {
      const bytes = Buffer.from(secret, 'utf8');
      for (const form of [secret, bytes.toString('hex'), bytes.toString('base64url').slice(0, 14)])
        expect(text).not.toContain(form.toLowerCase());
    }
  });

  it('stand in no entry as a deterministic hash, plain or keyed', async () => {
    await submit(numberOf('actor', 1), numberOf('subject', 1));
    const lines = (await readEntries(test.db)).map((row) => row.line).join('\n');
    const text = `${lines} ${lines.toLowerCase()}`;
    const domains: readonly TagDomain[] = ['log.actor', 'log.subject', 'authority', 'query'];
    const hashes = [
      ...['md5', 'sha1', 'sha256', 'sha512', 'sha3-256'].map((name) =>
        createHash(name).update(digitsOf(1)).digest(),
      ),
      ...domains.map((domain) => tagger.tag(domain, personOf(1))),
      ...domains.map((domain) => tagger.digest(domain, [digitsOf(1)])),
    ];
    for (const hash of hashes) {
      // Prefixes that do not depend on where base64 cut its groups or whether it was padded.
      for (const form of [
        hash.toString('hex').slice(0, 16),
        hash.toString('base64').slice(0, 12),
        hash.toString('base64url').slice(0, 12),
      ])
        expect(text).not.toContain(form);
    }
  });

  it('make two entries about the same person that cannot be joined but by the key they name', async () => {
    await submit(numberOf('subject', 1));
    await submit(numberOf('subject', 1));
    const [a, b] = (await readEntries(test.db)).map(
      (row) => (JSON.parse(row.line) as { sealed: Record<string, SealedValue> }).sealed['subject.number'],
    );
    expect(a?.key).toBe(b?.key);
    expect(a?.box).not.toBe(b?.box);
    expect(a?.nonce).not.toBe(b?.nonce);
  });

  it('open again with the key of the person, side and year', async () => {
    const { leafIndex } = await submit(numberOf('actor', 1), numberOf('subject', 2));
    expect(await open(test.db, leafIndex, 'actor.number')).toBe(digitsOf(1));
    expect(await open(test.db, leafIndex, 'subject.number')).toBe(digitsOf(2));
  });
});

describe('the keys of persons', () => {
  it('are two for one person on both sides, and two for two years in Istanbul', async () => {
    await submit(numberOf('actor', 1), numberOf('subject', 1));
    await submit(numberOf('actor', 1), numberOf('subject', 1));
    now = new Date('2026-12-31T21:00:00Z'); // 2027 in Istanbul
    await submit(numberOf('actor', 1));
    const rows = await keyRows();
    expect(rows.map(({ side, year }) => [side, year])).toEqual([
      ['actor', 2026],
      ['subject', 2026],
      ['actor', 2027],
    ]);
    const keys = rows.map((row) =>
      masterKeys.unwrap(row.wrapped, personKeyPlace(row.key_id, row.tag, row.year), 'm1').toString('hex'),
    );
    expect(new Set(keys).size).toBe(3);
  });

  it('take what they sealed with them when destroyed; the tree, and the other side, stay', async () => {
    const { leafIndex } = await submit(numberOf('actor', 1), numberOf('subject', 1));
    await submit(numberOf('subject', 2));
    const line = JSON.parse((await readEntries(test.db))[0]?.line ?? '') as {
      id: string;
      sealed: Record<string, SealedValue>;
    };
    const destroyed = line.sealed['subject.number'] as SealedValue;
    const destroying = { text: 'DELETE FROM bridge.person_key WHERE key_id = $1', values: [destroyed.key] };
    expect((await test.db.query(destroying)).count).toBe(1);
    await requireSoundLog(test.db);
    await expect(open(test.db, leafIndex, 'subject.number')).rejects.toThrow('no such key');
    for (const row of await keyRows()) {
      const key = masterKeys.unwrap(row.wrapped, personKeyPlace(row.key_id, row.tag, row.year), 'm1');
      expect(() => openValue(destroyed, key, line.id, 'subject.number')).toThrow();
    }
    expect(await open(test.db, leafIndex, 'actor.number')).toBe(digitsOf(1));
  });

  it('of two persons cannot be exchanged in the table: nothing is sealed under the other one\u2019s key', async () => {
    await submit(numberOf('subject', 1));
    await submit(numberOf('subject', 2));
    const [one, two] = [1, 2].map((n) => sideTag(tagger, 'subject', personOf(n)).toString('hex'));
    await asOwner(test, `DELETE FROM bridge.person_key WHERE tag = '\\x${one}'`);
    await asOwner(test, `UPDATE bridge.person_key SET tag = '\\x${one}' WHERE tag = '\\x${two}'`);
    await expect(submit(numberOf('subject', 1))).rejects.toMatchObject({ code: 'SEALED_VALUE_INVALID' });
    await requireSoundLog(test.db);
  });

  it('are made anew, and are other ones, for a person who comes again after that', async () => {
    await submit(numberOf('subject', 1));
    const [before] = await keyRows();
    await asOwner(test, 'DELETE FROM bridge.person_key');
    const { leafIndex } = await submit(numberOf('subject', 1));
    const [after] = await keyRows();
    expect(after?.key_id).not.toBe(before?.key_id);
    expect(await open(test.db, leafIndex, 'subject.number')).toBe(digitsOf(1));
  });

  it('that were exchanged in the database do not open', async () => {
    await submit(numberOf('actor', 1), numberOf('subject', 2));
    await asOwner(
      test,
      `UPDATE bridge.person_key AS a SET wrapped = b.wrapped FROM bridge.person_key AS b WHERE a.key_id <> b.key_id`,
    );
    await expect(submit(numberOf('actor', 1))).rejects.toMatchObject({ code: 'SEALED_VALUE_INVALID' });
  });
});

describe('the search table', () => {
  const leavesOf = async (side: 'actor' | 'subject', n: number) => {
    const { rows } = await test.db.query<{ leaf_index: bigint }>({
      text: 'SELECT leaf_index FROM bridge.log_tag WHERE tag = $1 ORDER BY leaf_index',
      values: [sideTag(tagger, side, personOf(n))],
    });
    return rows.map((row) => row.leaf_index);
  };

  it('finds the entries of a person on each side, and nobody else’s', async () => {
    await submit(numberOf('actor', 1), numberOf('subject', 2));
    await submit(numberOf('actor', 2), numberOf('subject', 1));
    await submit(numberOf('actor', 1), numberOf('subject', 3));
    expect(await leavesOf('actor', 1)).toEqual([0n, 2n]);
    expect(await leavesOf('subject', 1)).toEqual([1n]);
    expect(await leavesOf('subject', 3)).toEqual([2n]);
    expect(await leavesOf('actor', 3)).toEqual([]);
  });

  it('has one row for a person with several values, and none for a value that is not searched for', async () => {
    const address = { ...numberOf('actor', 1, 'actor.address'), text: '192.0.2.7', indexed: false };
    await submit(numberOf('actor', 1), address);
    await submit(address);
    expect(await leavesOf('actor', 1)).toEqual([0n]);
  });
});
