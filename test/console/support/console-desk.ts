import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { RETENTION_APPLIERS } from '../../../src/audit/retention/appliers.js';
import { SIGNAL_APPLIERS } from '../../../src/audit/signals/appliers.js';
import type { BridgeConfig } from '../../../src/config/schema.js';
import { ACCESS, type AccessId } from '../../../src/console/access.js';
import { admitted } from '../../../src/console/frame/admit.js';
import type {
  Answer,
  ConsoleCall,
  ConsolePerson,
  FormFields,
  Language,
} from '../../../src/console/frame/call.js';
import type { Page } from '../../../src/console/frame/parts.js';
import { createConsolePages } from '../../../src/console/frame/render.js';
import { createLooks } from '../../../src/console/looks/looks.js';
import { WEBHOOK_APPLIERS } from '../../../src/events/webhooks/appliers.js';
import { RECORDING_APPLIERS } from '../../../src/house/authority/record-ports.js';
import { CONSOLE_APPLIERS } from '../../../src/house/console/appliers.js';
import type { RoomParts } from '../../../src/house/console/parts.js';
import { openLog } from '../../../src/house/open-log.js';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../../../src/sign-in/access-tokens.js';
import { openSessionApplier } from '../../../src/sign-in/open-session.js';
import { readSession } from '../../../src/sign-in/read-session.js';
import { STEP_UP_APPLIERS } from '../../../src/sign-in/step-up/appliers.js';
import { readEntries } from '../../audit/support/log.js';
import { personOf } from '../../audit/support/parts.js';
import { type Loose, makeWorkplace, type Workplace } from '../../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { signInForTest } from '../../support/sign-in.js';

/** A role as a test gives it. */
export interface TestRole {
  readonly role: string;
  readonly ministry?: string;
  readonly il?: string;
}

/** What was typed, as a handler gets it. */
export function typed(
  values: Readonly<Record<string, string | readonly string[]>> = {},
  file: { readonly field: string; readonly name: string; readonly bytes: Buffer } | null = null,
): FormFields {
  const all = (name: string): readonly string[] => {
    const value = values[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  };
  return {
    get: (name) => (all(name).length === 1 ? (all(name)[0] ?? '') : ''),
    all,
    file: (name) => (file?.field === name ? { name: file.name, bytes: file.bytes } : null),
    entries: Object.keys(values).flatMap((name) => all(name).map((value) => [name, value] as const)),
  };
}

/** What of a call a test says; the rest is empty. */
export interface TestCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly fields?: FormFields;
  readonly at?: Date;
  readonly language?: Language;
}

/** Where handlers of the console are tried: a real database and log, persons with roles and living sessions. */
export class ConsoleDesk {
  readonly pages = createConsolePages();
  readonly test: TestDatabase;
  readonly workplace: Workplace;
  readonly config: BridgeConfig;
  readonly log: ReturnType<typeof openLog>;

  private constructor(test: TestDatabase, workplace: Workplace, config: BridgeConfig) {
    this.test = test;
    this.workplace = workplace;
    this.config = config;
    this.log = openLog(config, test.db, [
      ...RETENTION_APPLIERS,
      ...SIGNAL_APPLIERS,
      ...RECORDING_APPLIERS,
      ...CONSOLE_APPLIERS,
      ...STEP_UP_APPLIERS,
      ...WEBHOOK_APPLIERS,
      openSessionApplier,
    ] as readonly EffectApplier[]);
  }

  static async open(change: (settings: Loose) => void = () => undefined): Promise<ConsoleDesk> {
    const workplace = await makeWorkplace();
    const test = await createTestDatabase({ migrations: true });
    const config = await workplace.load(
      (settings) => {
        settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
        settings.audit.timestamps = { authorities: [] };
        change(settings);
      },
      { APP_URL: test.appUrl },
    );
    return new ConsoleDesk(test, workplace, config);
  }

  async close(): Promise<void> {
    await this.log.appender.close();
    await this.test.drop();
    this.workplace.remove();
  }

  async sql<R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> {
    return (await this.test.db.query<R>({ text, values })).rows;
  }

  /** The citizen `n` with a living session and these roles. */
  async person(n: number, roles: readonly TestRole[], { steppedUp = true } = {}): Promise<ConsolePerson> {
    const { log, test } = this;
    const person = personOf(n);
    const tag = log.tagger.tag('authority', person);
    for (const { il = null, ministry = null, role } of roles)
      await this.sql(
        'INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il) VALUES ($1, $2, $3, $4, $5)',
        [randomUUID(), tag, role, ministry, il],
      );
    const { sessionId } = await signInForTest({ ...log, log: log.appender, db: test.db }, { person });
    const stepUpUntil = steppedUp ? new Date(Date.now() + 3_600_000) : null;
    await this.sql('UPDATE bridge.sign_in_session SET step_up_until = $2 WHERE session_id = $1', [
      sessionId,
      stepUpUntil,
    ]);
    const session = await readSession(test.db, log.masterKeys, sessionId, new Date());
    if (session === null) throw new Error('the session of the test does not live');
    const acr = steppedUp ? ACR_STEP_UP : ACR_TWO_STEP;
    return {
      session,
      officer: { sessionId, person, tag, acr, authTime: session.authTime, role: 'signed-in' },
      roles: roles.map(({ il = null, ministry = null, role }) => ({
        ...{ roleId: randomUUID(), role, ministry: ministry as never, il },
        ...{ mersisNo: null, startsOn: null, endsOn: null },
      })),
      steppedUp,
      names: null,
    };
  }

  /** A call of `id` by `person`, admitted as the frame admits it. Throws where the table of access says no. */
  call(id: AccessId, person: ConsolePerson, wanted: TestCall = {}): ConsoleCall {
    return {
      person: admitted(ACCESS[id], person),
      params: wanted.params ?? {},
      query: new URLSearchParams(wanted.query ?? {}),
      fields: wanted.fields ?? typed(),
      at: wanted.at ?? new Date(),
      requestId: randomUUID(),
      language: wanted.language ?? 'tr',
    };
  }

  /** The page as HTML: every part is one that the templates know. */
  html(page: Page, person: ConsolePerson | null, language: Language = 'tr'): string {
    return this.pages.render({
      ...{ page, person, language, csrf: 'token', path: '/konsol', said: null, name: 'home', code: null },
      requestId: randomUUID(),
    });
  }

  /** What rooms are joined from; what a test does not give is not to be touched by it. */
  parts(given: Partial<RoomParts> = {}): RoomParts {
    const { config, log, test } = this;
    const now = () => new Date();
    return {
      ...{ config, log, now, db: test.db },
      gate: { requireSound: () => undefined, isSound: () => true },
      looks: createLooks({ db: test.db, masterKeys: log.masterKeys, now }),
      told: {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: () => undefined,
      } as never,
      ...given,
    } as RoomParts;
  }

  /** The newest entries, held to their schemas; oldest of them first. */
  // biome-ignore lint/suspicious/noExplicitAny: data of any kind
  async lastEntries(count: number): Promise<readonly { kind: string; data: any }[]> {
    return (await readEntries(this.test.db))
      .slice(-count)
      .map(({ kind, line }) => ({ kind, data: checkLine(line).data }));
  }
}

/** The page of an answer; the answer must be one. */
export function pageOf(answer: Answer): Page {
  expect(answer.kind).toBe('page');
  return (answer as Extract<Answer, { kind: 'page' }>).page;
}
