import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { citizenNumbers } from '../../mocks/population/numbers.js';
import { randomStream } from '../../mocks/population/random.js';
import { type Appender, createAppender } from '../../src/audit/appender.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import type { ActingOfficer, DeedPorts } from '../../src/proposals/officer.js';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../../src/sign-in/access-tokens.js';
import { openSession } from '../../src/sign-in/open-session.js';
import type { Database } from '../../src/storage/database.js';

/** The bridge's own defaults (src/config/schema/audit.ts). */
const SETTINGS = { maxBatch: 256, maxQueue: 2000 };
/** Whoever reads its keys from settings is to find the same persons. */
export const TAG_KEY = randomBytes(32);
export const KEYS = {
  masterKeys: createMasterKeys([{ id: 'bench', key: randomBytes(32) }]),
  tagger: createPersonTagger({ id: 1, key: TAG_KEY }),
};
const HOURS_S = 3600;

/** An appender as the bridge opens it. */
export function openLog(db: Database, appliers: readonly EffectApplier[]): Appender {
  return createAppender(SETTINGS, {
    db,
    ...KEYS,
    appliers: new Map(appliers.map((one) => [one.kind, one])),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
    observe: () => undefined,
  });
}

/** Made-up citizens. */
export function citizens(purpose: string, count: number): readonly KimlikNo[] {
  return citizenNumbers(randomStream('bench', purpose), count).map((digits) => {
    const parsed = KimlikNo.parse(digits);
    if (!parsed.ok) throw new Error('not a number');
    return parsed.value;
  });
}

const ROLE =
  "INSERT INTO bridge.authority_role (role_id, person_tag, role) VALUES (gen_random_uuid(), $1, 'finance')";

/** A finance officer who has signed in through the log. `log` needs `openSessionApplier`. */
export async function signInOfficer(log: Appender, db: Database, person: KimlikNo): Promise<ActingOfficer> {
  const now = new Date();
  const { sessionId } = await openSession(
    log,
    KEYS,
    {
      person,
      names: null,
      acr: ACR_TWO_STEP,
      method: 'e-devlet',
      judged: {
        inForceFrom: '2025-07-31',
        judged: 'two-step',
        level: '5',
        method: 'password-with-second-step',
        profile: 'e-devlet',
        twoStep: 'yes',
      },
      client: 'bridge',
      authTime: now,
      lifetimeS: 12 * HOURS_S,
      idleS: 12 * HOURS_S,
    },
    now,
  );
  const tag = KEYS.tagger.tag('authority', person);
  await db.query({ text: ROLE, values: [tag] });
  return { sessionId, person, tag, acr: ACR_STEP_UP, authTime: now, role: 'finance' };
}

const STILL_ACTS = `SELECT 1 FROM bridge.sign_in_session s JOIN bridge.authority_role r USING (person_tag)
  WHERE s.session_id = $1 AND s.person_tag = $2 AND s.ended_at IS NULL AND s.expires_at > $3 AND s.idle_until > $3 AND r.role = $4`;
const IS_SESSION_OF = 'SELECT 1 FROM bridge.sign_in_session WHERE session_id = $1 AND person_tag = $2';
const IS_OFFICER = "SELECT 1 FROM bridge.authority_role WHERE person_tag = $1 AND role = 'finance'";

/** What the command line hands in (src/commands/fees/fee-desk.ts): session and role are looked at in the deed's own transaction. */
export const PORTS: DeedPorts = {
  instance: 'bench',
  osUser: null,
  stillActs: async (tx, { role, sessionId, tag }, now) =>
    (await tx.query({ text: STILL_ACTS, values: [sessionId, tag, now, role] })).rows.length > 0,
  isSessionOf: async (tx, session, tag) =>
    (await tx.query({ text: IS_SESSION_OF, values: [session, tag] })).rows.length > 0,
  isOfficer: async (tx, tag) => (await tx.query({ text: IS_OFFICER, values: [tag] })).rows.length > 0,
};
