import { randomUUID } from 'node:crypto';
import type { Appender } from '../audit/appender.js';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { draftOf } from '../audit/draft.js';
import type { PersonalValue } from '../audit/entry.js';
import type { Effect, EffectApplier, Lane } from '../audit/lane.js';
import type { MasterKeys } from '../audit/master-keys.js';
import type { PersonTagger } from '../audit/person-tags.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import { profilePlace, sessionPlace } from './access-tokens.js';

/** How the person proved who they are. */
export type SignInMethod = DataOf<'session.opened'>['method'];

/** A sign-in that has been proved. Lifetimes in seconds. */
export interface NewSession {
  readonly person: KimlikNo;
  /** As e-Devlet gave them; sealed with the session. */
  readonly names: PersonNames | null;
  /** `ACR_TWO_STEP`, or `ACR_ONE_STEP` before the rule is in force. Step-up belongs to tokens. */
  readonly acr: string;
  readonly method: SignInMethod;
  /** What the two-step rule made of the sign-in; the entry before `session.opened`. */
  readonly judged: DataOf<'two-step.judged'>;
  /** The application that the person comes through; `bridge` for our own pages. */
  readonly client: string;
  readonly authTime: Date;
  readonly lifetimeS: number;
  readonly idleS: number;
}

export interface PersonNames {
  readonly ad: string;
  readonly soyad: string;
}

/** The row of a session. */
export interface OpenedSession extends Effect {
  readonly kind: 'session-opened';
  readonly sessionId: string;
  readonly personTag: Buffer;
  readonly personBox: Buffer;
  readonly masterKeyId: string;
  readonly acr: string;
  readonly authTime: Date;
  readonly profileBox: Buffer | null;
  readonly openedAt: Date;
  readonly idleUntil: Date;
  readonly expiresAt: Date;
}

interface Opening {
  readonly session: NewSession;
  readonly opened: OpenedSession;
}

/** A person waits for this page; a database that restarts is back sooner. */
const PATIENCE_MS = 5_000;

const openLane: Lane<Opening, undefined> = {
  name: '4-session-open',
  patienceMs: PATIENCE_MS,
  settle: async (_tx, items) =>
    items.map(({ session, opened }) => {
      const data: DataOf<'session.opened'> = {
        acr: opened.acr,
        authTime: opened.authTime.toISOString(),
        client: session.client,
        expiresAt: opened.expiresAt.toISOString(),
        method: session.method,
        session: opened.sessionId,
      };
      const person = [numberOf(session.person)];
      const entries = [
        draftOf('two-step.judged', opened.authTime, session.judged, person),
        draftOf('session.opened', opened.authTime, data, person),
      ];
      return { entries, effects: [opened], answer: () => undefined };
    }),
};

/**
 * Opens a session, once the entries that tell of it are durable. Tokens come later, from the OpenID provider. `log` needs
 * `openSessionApplier`. Errors: those of `Appender`.
 */
export async function openSession(
  log: Appender,
  keys: { readonly masterKeys: MasterKeys; readonly tagger: PersonTagger },
  session: NewSession,
  now: Date,
): Promise<{ readonly sessionId: string }> {
  const sessionId = randomUUID();
  const { masterKeys, tagger } = keys;
  const { person, names, acr, authTime } = session;
  const expiresAt = later(now, session.lifetimeS);
  const idleUntil = later(now, Math.min(session.idleS, session.lifetimeS));
  const opened: OpenedSession = {
    kind: 'session-opened',
    sessionId,
    personTag: tagger.tag('authority', person),
    personBox: masterKeys.wrap(Buffer.from(person.reveal(), 'utf8'), sessionPlace(sessionId)),
    profileBox: names && masterKeys.wrap(Buffer.from(JSON.stringify(names), 'utf8'), profilePlace(sessionId)),
    masterKeyId: masterKeys.activeId,
    acr,
    authTime,
    openedAt: now,
    idleUntil,
    expiresAt,
  };
  await log.submit(openLane, { session, opened });
  return { sessionId };
}

const SESSIONS = `INSERT INTO bridge.sign_in_session (session_id, person_tag, person_box, profile_box, master_key_id, acr,
    auth_time, opened_at, idle_until, expires_at)
  SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::timestamptz[],
    $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])`;

/** Writes the rows of a batch's sessions; all of them are new, so nothing is waited for. */
export const openSessionApplier: EffectApplier<OpenedSession> = {
  kind: 'session-opened',
  apply: async (tx, placed) => {
    const all = placed.map((one) => one.effect);
    await tx.query({
      name: 'session-open',
      text: SESSIONS,
      values: [
        all.map((one) => one.sessionId),
        all.map((one) => one.personTag),
        all.map((one) => one.personBox),
        all.map((one) => one.profileBox),
        all.map((one) => one.masterKeyId),
        all.map((one) => one.acr),
        all.map((one) => one.authTime),
        all.map((one) => one.openedAt),
        all.map((one) => one.idleUntil),
        all.map((one) => one.expiresAt),
      ],
    });
  },
};

/** The person who signed in, as their own acting is found. */
export function numberOf(person: KimlikNo): PersonalValue {
  return { field: 'actor.number', side: 'actor', person, text: person.reveal(), indexed: true };
}

function later(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
