import { generateSync } from 'otplib';
import type { EffectApplier } from '../../../../src/audit/lane.js';
import type { MasterKeys } from '../../../../src/audit/master-keys.js';
import type { KimlikNo } from '../../../../src/person/kimlik-no.js';
import { ACR_TWO_STEP } from '../../../../src/sign-in/access-tokens.js';
import { endSessionApplier } from '../../../../src/sign-in/end-session.js';
import type { BrowserSession } from '../../../../src/sign-in/living-session.js';
import { openSessionApplier } from '../../../../src/sign-in/open-session.js';
import { STEP_UP_APPLIERS } from '../../../../src/sign-in/step-up/appliers.js';
import { createStepUp, type StepUp } from '../../../../src/sign-in/step-up/step-up.js';
import { type OpenLog, openLog, readEntries } from '../../../audit/support/log.js';
import { masterKeys, personOf, tagger } from '../../../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';
import { signInForTest, type TestSignIn } from '../../../support/sign-in.js';

export const SETTINGS = { decaysAfterMinutes: 10, maxFailures: 5, lockMinutes: 15, enrolWithinMinutes: 5 };

/** An entry of the second step, as its line says. */
export interface StepUpLine {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed: Readonly<Record<string, unknown>>;
}

/** The second step over a database of its own, with a clock that the test moves. */
export interface Desk {
  readonly test: TestDatabase;
  readonly log: OpenLog;
  readonly stepUp: StepUp;
  now: Date;
  pass(minutes: number): void;
  /** Another process with the same database. */
  another(keys?: MasterKeys): { readonly log: OpenLog; readonly stepUp: StepUp };
  signIn(n: number, changes?: Partial<TestSignIn>): Promise<BrowserSession & { readonly token: string }>;
  /** Signs in and sets a device up; its first code is used up, so the clock goes on by a minute. */
  enrol(n: number): Promise<Enrolled>;
  /** The second-step entries behind `from`. */
  lines(from?: number): Promise<readonly StepUpLine[]>;
  close(): Promise<void>;
}

export interface Enrolled {
  readonly session: BrowserSession & { readonly token: string };
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** The code of `secret` at `now`, `steps` steps later. */
export function codeOf(secret: string, now: Date, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) + steps * 30 });
}

/** A code that is none of `secret` around `now`. */
export function wrongCode(secret: string, now: Date): string {
  const near = new Set([-1, 0, 1].map((steps) => codeOf(secret, now, steps)));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.has(code)) as string;
}

export async function openDesk(): Promise<Desk> {
  const test = await createTestDatabase({ migrations: true });
  const opened = new Set<OpenLog>();
  const appliers = [openSessionApplier, endSessionApplier, ...STEP_UP_APPLIERS] as readonly EffectApplier[];
  const another = (keys = masterKeys) => {
    const deps = { appliers: new Map(appliers.map((one) => [one.kind, one])), now: () => desk.now };
    const made = openLog(test.appUrl, { deps });
    const log: OpenLog = {
      ...made,
      close: async () => {
        opened.delete(log);
        await made.close();
      },
    };
    opened.add(log);
    const tools = { log: log.appender, db: log.db, masterKeys: keys, tagger, settings: SETTINGS };
    return { log, stepUp: createStepUp({ ...tools, now: () => desk.now }) };
  };
  const desk: Desk = {
    test,
    now: new Date('2026-05-04T09:00:00.000Z'),
    pass: (minutes) => {
      desk.now = new Date(desk.now.getTime() + minutes * 60_000);
    },
    another,
    signIn: (n, changes = {}) => signIn(desk, personOf(n), changes),
    enrol: (n) => enrol(desk, n),
    lines: async (from = 0) =>
      (await readEntries(test.db))
        .slice(from)
        .filter((row) => row.kind.startsWith('step-up.'))
        .map((row) => JSON.parse(row.line) as StepUpLine),
    close: async () => {
      for (const log of [...opened]) await log.close();
      await test.drop();
    },
    ...({} as Pick<Desk, 'log' | 'stepUp'>),
  };
  return Object.assign(desk, another());
}

async function signIn(desk: Desk, person: KimlikNo, changes: Partial<TestSignIn>) {
  const { now } = desk;
  const tools = { log: desk.log.appender, masterKeys, tagger, db: desk.test.db };
  const { sessionId, accessToken } = await signInForTest(tools, { person, now, ...changes });
  const expiresAt = new Date(now.getTime() + (changes.lifetimeS ?? 3600) * 1000);
  return {
    sessionId,
    person,
    tag: tagger.tag('authority', person),
    names: null,
    acr: changes.acr ?? ACR_TWO_STEP,
    authTime: changes.now ?? now,
    openedAt: now,
    idleUntil: expiresAt,
    expiresAt,
    stepUpUntil: null,
    token: accessToken,
  };
}

async function enrol(desk: Desk, n: number): Promise<Enrolled> {
  const session = await desk.signIn(n);
  const { secret } = await desk.stepUp.begin(session);
  const { recoveryCodes } = await desk.stepUp.confirm(session, codeOf(secret, desk.now));
  desk.pass(1);
  return { session, secret, recoveryCodes };
}

/** Until when the row of a session counts as stepped up. */
export async function stepUpUntil(desk: Desk, sessionId: string): Promise<Date | null> {
  const { rows } = await desk.test.db.query<{ at: Date | null }>({
    text: 'SELECT step_up_until AS at FROM bridge.sign_in_session WHERE session_id = $1',
    values: [sessionId],
  });
  return rows[0]?.at ?? null;
}

/** More tries than the longest wait for two statements needs. */
const MAX_LOOKS = 2000;

/**
 * Lets what `processes` do meet: each in a process of its own, all of them held at the log's head until every one of them waits
 * for something. What had been read before that is old by the time that it is written.
 */
export async function collide<T>(
  desk: Desk,
  works: readonly ((stepUp: StepUp) => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const processes = works.map(() => desk.another());
  const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  let running: Promise<PromiseSettledResult<T>[]> | undefined;
  await desk.test.db.transaction(async (tx) => {
    await tx.query({ text: 'SELECT FROM bridge.log_head FOR UPDATE' });
    running = Promise.allSettled(works.map((work, i) => work(processes[i]?.stepUp as StepUp)));
    for (let i = 0; i < MAX_LOOKS; i += 1) {
      const { rows } = await desk.test.db.query<{ n: number }>({ text: waiting });
      if (rows[0]?.n === works.length) return;
    }
    throw new Error('they do not wait for each other');
  });
  const ends = (await running) as PromiseSettledResult<T>[];
  for (const { log } of processes) await log.close();
  return ends;
}
