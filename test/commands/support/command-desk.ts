import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import type { Command } from '../../../src/commands/command.js';
import type { BridgeConfig } from '../../../src/config/schema.js';
import { type OpenLog, openLog } from '../../../src/house/open-log.js';
import { openSessionApplier } from '../../../src/sign-in/open-session.js';
import { readEntries } from '../../audit/support/log.js';
import { personOf } from '../../audit/support/parts.js';
import { type Loose, makeWorkplace, type Workplace } from '../../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { signInForTest } from '../../support/sign-in.js';
import { type Ran, run } from '../support.js';

/** An entry of the log, held to its schema. */
export interface DeskEntry {
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: data of any kind
  readonly data: any;
}

/** Where commands of officers are tried: a database, settings in a folder, persons with roles and tokens. */
export interface CommandDesk {
  readonly test: TestDatabase;
  readonly workplace: Workplace;
  readonly config: BridgeConfig;
  /** Everything that any command has written. */
  readonly written: readonly string[];
  /** Settings from now on: the good ones after `change`. */
  settings(change: (settings: Loose) => void): Promise<void>;
  sql<R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  /** An access token of a new session; with the second step, unless it is not wanted. */
  tokenOf(n: number, stepUp?: boolean): Promise<string>;
  tokenFile(n: number, stepUp?: boolean): Promise<string>;
  /** Runs `bridge …`; `input`: standard input, or who gives it when it is read. */
  bridge(argv: readonly string[], input?: string | (() => Promise<string>)): Promise<Ran>;
  lastEntries(count: number): Promise<readonly DeskEntry[]>;
  close(): Promise<void>;
}

/** `held`: who has which role, by the citizen's place (`personOf`). */
export async function openCommandDesk(
  commands: Readonly<Record<string, Command>>,
  held: readonly (readonly [n: number, role: string])[],
): Promise<CommandDesk> {
  const workplace = await makeWorkplace();
  const test = await createTestDatabase({ migrations: true });
  const urls = { APP_URL: test.appUrl };
  const written: string[] = [];
  const load = (change: (settings: Loose) => void) =>
    workplace.load((settings) => {
      settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
      settings.audit.timestamps = { authorities: [] };
      change(settings);
    }, urls);
  const config = await load(() => undefined);
  const sql = async <R extends object>(text: string, values: readonly unknown[] = []) =>
    (await test.db.query<R>({ text, values })).rows;
  const withLog = async <T>(work: (log: OpenLog) => Promise<T>): Promise<T> => {
    const log = openLog(config, test.db, [openSessionApplier] as readonly EffectApplier[]);
    return work(log).finally(() => log.appender.close());
  };
  const tokenOf = (n: number, stepUp = true) =>
    withLog(async (log) => {
      const tools = { ...log, log: log.appender, db: test.db };
      return (await signInForTest(tools, { person: personOf(n), stepUp })).accessToken;
    });
  await withLog(async ({ tagger }) => {
    const text = 'INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES ($1, $2, $3)';
    for (const [n, role] of held) await sql(text, [randomUUID(), tagger.tag('authority', personOf(n)), role]);
  });
  return {
    ...{ test, workplace, config, written, sql, tokenOf },
    settings: async (change) => {
      await load(change);
    },
    tokenFile: async (n, stepUp = true) => {
      const path = join(workplace.folder, randomUUID());
      writeFileSync(path, await tokenOf(n, stepUp), { mode: 0o600 });
      return path;
    },
    bridge: async (argv, input = '') => {
      const env = { ...workplace.env, ...urls, BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
      const ran = await run(commands, argv, env, input);
      written.push(ran.out, ran.err);
      return ran;
    },
    lastEntries: async (count) =>
      (await readEntries(test.db))
        .slice(-count)
        .map(({ kind, line }) => ({ kind, data: checkLine(line).data })),
    close: async () => {
      await test.drop();
      workplace.remove();
    },
  };
}
