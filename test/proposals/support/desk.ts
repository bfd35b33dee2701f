import { randomUUID } from 'node:crypto';
import type { Appender } from '../../../src/audit/appender.js';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { deedPorts } from '../../../src/commands/fees/fee-desk.js';
import type { House } from '../../../src/commands/house.js';
import { FEE_APPLIERS } from '../../../src/fees/appliers.js';
import type { ActingOfficer, DeedPorts } from '../../../src/proposals/officer.js';
import { ACR_STEP_UP } from '../../../src/sign-in/access-tokens.js';
import { openSessionApplier } from '../../../src/sign-in/open-session.js';
import { openLog, requireSoundLog } from '../../audit/support/log.js';
import { masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { signInForTest } from '../../support/sign-in.js';

/** Where officers of a test act: a log, a clock, ports as the command line has them. */
export interface Desk {
  readonly test: TestDatabase;
  readonly log: Appender;
  /** Another instance's way into the same log. */
  readonly other: Appender;
  readonly ports: DeedPorts;
  now(): Date;
  setNow(at: string): void;
  /** A finance officer with a session of an own; the role is given once. */
  officer(n: number): Promise<ActingOfficer>;
  takeRole(officer: ActingOfficer): Promise<void>;
  endSession(officer: ActingOfficer): Promise<void>;
  /** What the log says of these kinds, each held to its schema, in order. */
  told(...kinds: readonly string[]): Promise<readonly Told[]>;
  sql<R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  close(): Promise<void>;
}

export interface Told {
  readonly kind: string;
  readonly leaf: bigint;
  // biome-ignore lint/suspicious/noExplicitAny: data of any kind
  readonly data: any;
}

/** Long enough for whatever a test's clock does. */
const SESSION_S = 20 * 365 * 86_400;

export async function openDesk(
  start: string,
  appliers: readonly EffectApplier[] = FEE_APPLIERS,
): Promise<Desk> {
  const test = await createTestDatabase({ migrations: true });
  let at = new Date(start);
  const all = [...appliers, openSessionApplier as EffectApplier];
  const deps = { appliers: new Map(all.map((one) => [one.kind, one])), now: () => at };
  const [one, two] = [openLog(test.appUrl, { deps }), openLog(test.appUrl, { deps })];
  const sql = async <R extends object>(text: string, values: readonly unknown[] = []) =>
    (await test.db.query<R>({ text, values })).rows;
  const tools = { log: one.appender, masterKeys, tagger, db: test.db };
  const officer = async (n: number): Promise<ActingOfficer> => {
    const person = personOf(n);
    const tag = tagger.tag('authority', person);
    await sql(
      `INSERT INTO bridge.authority_role (role_id, person_tag, role) SELECT $1, $2, 'finance'
        WHERE NOT EXISTS (SELECT FROM bridge.authority_role WHERE person_tag = $2 AND role = 'finance')`,
      [randomUUID(), tag],
    );
    const { sessionId } = await signInForTest(tools, { person, now: at, lifetimeS: SESSION_S });
    return { sessionId, person, tag, acr: ACR_STEP_UP, authTime: at, role: 'finance' };
  };
  return {
    test,
    log: one.appender,
    other: two.appender,
    ports: deedPorts({ config: { instance: 'bridge-1' } } as House),
    now: () => at,
    setNow: (text) => {
      at = new Date(text);
    },
    officer,
    takeRole: async ({ tag }) => {
      await sql('DELETE FROM bridge.authority_role WHERE person_tag = $1', [tag]);
    },
    endSession: async ({ sessionId }) => {
      await sql('UPDATE bridge.sign_in_session SET ended_at = $2 WHERE session_id = $1', [sessionId, at]);
    },
    told: async (...kinds) =>
      (await requireSoundLog(test.db))
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ kind, leaf_index: leaf, line }) => ({ kind, leaf, data: checkLine(line).data })),
    sql,
    close: async () => {
      await one.close();
      await two.close();
      await test.drop();
    },
  };
}
