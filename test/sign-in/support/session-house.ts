import { setTimeout as sleep } from 'node:timers/promises';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { SESSION_APPLIERS } from '../../../src/sign-in/session-appliers.js';
import { type OpenLog, openLog, readEntries } from '../../audit/support/log.js';
import { masterKeys, tagger } from '../../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { signInForTest, type TestSignIn } from '../../support/sign-in.js';
import { NOW, person } from '../../verification/support/parts.js';

/** The person who signs in where a test names nobody. */
export const WHO = person('200000001');
/** Names that stand nowhere else. */
export const NAMES = { ad: 'ÇİĞDEM NUR', soyad: 'KÖSEÜŞÜMEZ' };

/** `seconds` after the tests' NOW. */
export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);
/** The last instant before `at`. */
export const justBefore = (at: Date): Date => new Date(at.getTime() - 1);

/** A database with sessions, and the log over it as two instances have it. */
export interface SessionHouse {
  readonly test: TestDatabase;
  readonly log: OpenLog;
  readonly other: OpenLog;
  signIn(changes?: Partial<TestSignIn>): Promise<{ sessionId: string; accessToken: string }>;
  rows<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** How many entries the log has. */
  size(): Promise<number>;
  /** Its entries from `from` on, each held against the catalogue. */
  told(from: number): Promise<ReturnType<typeof checkLine>[]>;
  /**
   * Starts `work` while nobody can COMMIT an entry, waits until `waiting` of its transactions stand before a lock, lets `meanwhile`
   * look, and only then lets them go on: all of them have begun before the first has ended.
   */
  heldUp<T>(waiting: number, work: () => Promise<T>, meanwhile?: () => Promise<void>): Promise<T>;
  close(): Promise<void>;
}

/** Other transactions of this database that stand before a lock. */
const WAITING = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;

export async function openSessionHouse(): Promise<SessionHouse> {
  const test = await createTestDatabase({ migrations: true });
  const instance = () =>
    openLog(test.appUrl, { deps: { appliers: new Map(SESSION_APPLIERS.map((one) => [one.kind, one])) } });
  const [log, other] = [instance(), instance()];
  return {
    test,
    log,
    other,
    signIn: (changes = {}) =>
      signInForTest(
        { log: log.appender, masterKeys, tagger, db: test.db },
        { person: WHO, names: NAMES, now: NOW, ...changes },
      ),
    rows: async <R extends object>(text: string, values: readonly unknown[] = []) =>
      (await test.db.query<R>({ text, values })).rows,
    size: async () => (await readEntries(test.db)).length,
    told: async (from) => (await readEntries(test.db)).slice(from).map(({ line }) => checkLine(line)),
    heldUp: async (waiting, work, meanwhile = async () => undefined) => {
      const { running } = await test.db.transaction(async (tx) => {
        // The head is what a batch takes last.
        await tx.query({ text: 'SELECT 1 FROM bridge.log_head FOR UPDATE' });
        const begun = work();
        begun.catch(() => undefined);
        while ((await test.db.query({ text: WAITING })).count < waiting) await sleep(5);
        await meanwhile();
        return { running: begun };
      });
      return running;
    },
    close: async () => {
      await log.close();
      await other.close();
      await test.drop();
    },
  };
}

export { masterKeys, NOW, tagger };
