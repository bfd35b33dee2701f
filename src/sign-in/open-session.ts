import { randomBytes, randomUUID } from 'node:crypto';
import type { Appender } from '../audit/appender.js';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { draftOf } from '../audit/draft.js';
import type { PersonalValue } from '../audit/entry.js';
import type { Effect, EffectApplier, Lane } from '../audit/lane.js';
import type { MasterKeys } from '../audit/master-keys.js';
import type { PersonTagger } from '../audit/person-tags.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import { hashToken, sessionPlace } from './access-tokens.js';

/** How the person proved who they are. */
export type SignInMethod = DataOf<'session.opened'>['method'];

/** A sign-in that has been proved. Lifetimes in seconds. */
export interface NewSession {
  readonly person: KimlikNo;
  readonly acr: string;
  readonly method: SignInMethod;
  readonly authTime: Date;
  readonly lifetimeS: number;
}

/** The token that a session gives to one client over one certificate. */
export interface NewToken {
  readonly clientId: string;
  readonly certificateSha256: Buffer;
  readonly lifetimeS: number;
}

/** The rows of a session with its first token. */
export interface OpenedSession extends Effect {
  readonly kind: 'session-opened';
  readonly sessionId: string;
  readonly personTag: Buffer;
  readonly personBox: Buffer;
  readonly masterKeyId: string;
  readonly acr: string;
  readonly authTime: Date;
  readonly expiresAt: Date;
  readonly tokenHash: Buffer;
  readonly clientId: string;
  readonly certificateSha256: Buffer;
  readonly tokenExpiresAt: Date;
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
        client: opened.clientId,
        expiresAt: opened.expiresAt.toISOString(),
        method: session.method,
        session: opened.sessionId,
      };
      const entry = draftOf('session.opened', opened.authTime, data, [numberOf(session.person)]);
      return { entries: [entry], effects: [opened], answer: () => undefined };
    }),
};

/**
 * Opens a session and gives its first access token, once the entry that tells of it is durable; the token's text exists
 * only in this answer. `log` needs `openSessionApplier`. Errors: those of `Appender`.
 */
export async function openSession(
  log: Appender,
  keys: { readonly masterKeys: MasterKeys; readonly tagger: PersonTagger },
  session: NewSession,
  token: NewToken,
  now: Date,
): Promise<{ readonly sessionId: string; readonly accessToken: string }> {
  const sessionId = randomUUID();
  const accessToken = randomBytes(32).toString('base64url');
  const number = Buffer.from(session.person.reveal(), 'utf8');
  const opened: OpenedSession = {
    kind: 'session-opened',
    sessionId,
    personTag: keys.tagger.tag('authority', session.person),
    personBox: keys.masterKeys.wrap(number, sessionPlace(sessionId)),
    masterKeyId: keys.masterKeys.activeId,
    acr: session.acr,
    authTime: session.authTime,
    expiresAt: later(now, session.lifetimeS),
    tokenHash: hashToken(accessToken),
    clientId: token.clientId,
    certificateSha256: token.certificateSha256,
    tokenExpiresAt: later(now, token.lifetimeS),
  };
  await log.submit(openLane, { session, opened });
  return { sessionId, accessToken };
}

const SESSIONS = `INSERT INTO bridge.sign_in_session
    (session_id, person_tag, person_box, master_key_id, acr, auth_time, expires_at)
  SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])`;
const TOKENS = `INSERT INTO bridge.access_token (token_hash, session_id, client_id, certificate_sha256, expires_at)
  SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::text[], $4::bytea[], $5::timestamptz[])`;

/** Writes the rows of a batch's sessions and tokens; all of them are new, so nothing is waited for. */
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
        all.map((one) => one.masterKeyId),
        all.map((one) => one.acr),
        all.map((one) => one.authTime),
        all.map((one) => one.expiresAt),
      ],
    });
    await tx.query({
      name: 'token-open',
      text: TOKENS,
      values: [
        all.map((one) => one.tokenHash),
        all.map((one) => one.sessionId),
        all.map((one) => one.clientId),
        all.map((one) => one.certificateSha256),
        all.map((one) => one.tokenExpiresAt),
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
