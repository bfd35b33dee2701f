import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createNewestReader } from '../../../src/audit/checkpoint/newest-reader.js';
import type { StoredCheckpoint } from '../../../src/audit/checkpoint/store.js';
import { formatCheckpoint } from '../../../src/audit/note/checkpoint.js';
import { createSigner, signNote } from '../../../src/audit/note/note.js';
import type { Queryable } from '../../../src/storage/database.js';

const ORIGIN = 'log.example/newest';
const newSigner = () =>
  createSigner(
    ORIGIN,
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  );
const signer = newSigner();

function checkpoint(size: bigint, by = signer): StoredCheckpoint {
  const root = Buffer.alloc(32, Number(size));
  const note = signNote(formatCheckpoint({ origin: ORIGIN, size, root }), by);
  return { origin: ORIGIN, size, root, note, signedAt: new Date() };
}

/** A database whose answers come when the test lets them. */
function heldDatabase() {
  const waiting: ((row: StoredCheckpoint | Error | null) => void)[] = [];
  const db = {
    query: () =>
      new Promise((resolve, reject) => {
        waiting.push((row) =>
          row instanceof Error
            ? reject(row)
            : resolve({ rows: row === null ? [] : [row], count: row === null ? 0 : 1 }),
        );
      }),
  } as unknown as Queryable;
  return { db, waiting };
}

const reader = (db: Queryable, known: StoredCheckpoint | null) =>
  createNewestReader({ db, origin: ORIGIN, keys: [signer.key], known: () => known });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the newest checkpoint that is shown', () => {
  it('is another instance’s where that one has signed more', async () => {
    const { db, waiting } = heldDatabase();
    const answer = reader(db, checkpoint(3n))();
    waiting.shift()?.(checkpoint(5n));
    expect((await answer)?.size).toBe(5n);
  });

  it.each([
    ['older than what is known', checkpoint(2n)],
    ['signed by a stranger', checkpoint(9n, newSigner())],
    ['a row that says more than its note', { ...checkpoint(4n), size: 8n }],
    ['no answer of the database', new Error('down')],
    ['no row', null],
  ])('is the known one where the database gives %s', async (_what, given) => {
    const { db, waiting } = heldDatabase();
    const answer = reader(db, checkpoint(3n))();
    waiting.shift()?.(given);
    expect((await answer)?.size).toBe(3n);
  });

  it('is asked for once at a time; whoever comes meanwhile is shown what was read after that', async () => {
    const { db, waiting } = heldDatabase();
    const read = reader(db, null);
    const first = read();
    const later = [read(), read(), read()];
    expect(waiting).toHaveLength(1);
    waiting.shift()?.(checkpoint(1n));
    expect((await first)?.size).toBe(1n);
    await turn();
    expect(waiting).toHaveLength(1);
    waiting.shift()?.(checkpoint(2n));
    expect((await Promise.all(later)).map((one) => one?.size)).toEqual([2n, 2n, 2n]);
    await turn();
    expect(waiting).toHaveLength(0);
  });
});
