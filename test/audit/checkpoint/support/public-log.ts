import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createPublisher,
  type KnowingPublisher,
  type PublisherDeps,
} from '../../../../src/audit/checkpoint/publisher.js';
import { draftOf } from '../../../../src/audit/draft.js';
import type { EntryDraft, Receipt } from '../../../../src/audit/entry.js';
import { type Checkpoint, openCheckpoint } from '../../../../src/audit/note/checkpoint.js';
import { createSigner, type NoteSigner } from '../../../../src/audit/note/note.js';
import { withConnection } from '../../../../src/storage/single-connection.js';
import { TEST_POOL, type TestDatabase } from '../../../support/database.js';
import { createLogDatabase, type OpenLog, openLog, probeLane, readEntries } from '../../support/log.js';
import { plainLeafHash, recursiveRoot } from '../../support/recursive-root.js';

export const ORIGIN = 'log.example/test';

export function newSigner(name = ORIGIN): NoteSigner {
  const { privateKey } = generateKeyPairSync('ed25519');
  return createSigner(name, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
}

/** A log with a table of tiles, an appender, and as many publishers as a test wants. */
export interface PublicLog {
  readonly test: TestDatabase;
  readonly log: OpenLog;
  readonly signer: NoteSigner;
  readonly folder: string;
  readonly witnessFile: string;
  /** Writes `count` entries; gives their receipts. */
  grow(count: number): Promise<Receipt[]>;
  publisher(changes?: Partial<PublisherDeps>): KnowingPublisher;
  /** What stands in the witness file, its signature checked. */
  witness(file?: string): Checkpoint;
  /** RFC 6962 root of the first `size` lines, computed by other means. */
  naiveRoot(size: number): Promise<Buffer>;
  /** SQL as superuser, triggers and rights notwithstanding. */
  tamper(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** An entry that says its number and nothing personal. */
export function numbered(n: number): EntryDraft {
  return draftOf('log.witness-missing', new Date(), { checkpointSize: null, instance: 'test', size: n });
}

export async function openPublicLog(): Promise<PublicLog> {
  const test = await createLogDatabase();
  const log = openLog(test.appUrl, { settings: { maxBatch: 256 } });
  const signer = newSigner();
  const folder = mkdtempSync(join(tmpdir(), 'bridge-witness-'));
  const witnessFile = join(folder, 'kept', 'checkpoint');
  const lane = probeLane('1-probe');
  let n = 0;
  return {
    test,
    log,
    signer,
    folder,
    witnessFile,
    grow: (count) =>
      Promise.all(
        Array.from({ length: count }, () => {
          n += 1;
          const mine = n;
          return log.appender.submit(lane, { n: mine, draft: () => numbered(mine) });
        }),
      ),
    publisher: (changes = {}) =>
      createPublisher({
        db: test.db,
        signer,
        oldKeys: [],
        origin: ORIGIN,
        witnessFile,
        now: () => new Date(),
        ...changes,
      }),
    witness: (file = witnessFile) => openCheckpoint(readFileSync(file, 'utf8'), ORIGIN, [signer.key]),
    naiveRoot: async (size) => {
      const rows = await readEntries(test.db);
      return recursiveRoot(rows.slice(0, size).map(({ line }) => plainLeafHash(line)));
    },
    tamper: (sql) =>
      withConnection({ url: test.adminUrl, ...TEST_POOL }, async (ask) => {
        await ask('SET session_replication_role = replica');
        await ask(sql);
      }),
    close: async () => {
      await log.close();
      await test.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
