import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const client = z.string().max(64).describe('the registered application that the person came through');
const method = z
  .enum(['e-devlet', 'e-devlet+totp'])
  .describe('how the person proved who they are; `+totp`: with step-up');

const session = member.uuid.describe('the session');
const kid = z.string().max(100).describe('name of the key (RFC 7517 `kid`)');

/** Sessions of persons, how strong their sign-in was, and what they prove besides. */
export const SIGN_IN_KINDS = {
  'session.opened': {
    when: 'when a person has signed in; `session` binds what they do to it',
    data: z.strictObject({
      acr: z.string().max(100).describe('strength, `urn:koopbis:acr:…`'),
      authTime: member.instant.describe('when the person proved who they are'),
      client,
      expiresAt: member.instant.describe('when the session ends by itself'),
      method,
      session,
    }),
    sealed: ACTOR,
  },
  'session.ended': {
    when: 'when a session is ended before its time; from here on no intent is written on its tokens',
    data: z.strictObject({
      reason: z.string().max(40).describe('closed word of who or what ended it'),
      session,
    }),
    sealed: {},
  },
  'session.refused': {
    when: 'when a person whom e-Devlet has named gets no session',
    data: z.strictObject({
      client: client.nullable(),
      method,
      reason: z.string().max(40).describe('closed word of the rule that refused'),
    }),
    sealed: ACTOR,
  },
  'session.joined': {
    when: 'when a session is first used for a further application',
    data: z.strictObject({ client, session }),
    sealed: {},
  },
  'session.end-ordered': {
    when: 'when an administrator, or the person from another session, ends a session; `session.ended` follows in the same transaction',
    data: z.strictObject({
      actor: member.actor,
      reason: z.string().max(500).nullable().describe('why, in the administrator’s words'),
      session,
    }),
    sealed: ACTOR,
  },
  'two-step.judged': {
    when: 'when e-Devlet has named a person: what it said about the strength of the sign-in, and what the rule made of it; `session.opened` or `session.refused` follows in the same transaction',
    data: z.strictObject({
      inForceFrom: z.iso.date().describe('from when the rule refuses'),
      judged: z
        .enum(['two-step', 'no-two-step-refused', 'no-two-step-announced', 'no-two-step-before-rule'])
        .describe('what the rule made of it'),
      level: z
        .string()
        .max(200)
        .nullable()
        .describe('the raw value as it came, the evidence; null where none came'),
      method: z.string().max(40).describe('login method by the settings; `unknown` where they have no row'),
      profile: z.enum(['e-devlet', 'oidc']).describe('how the upstream was spoken to'),
      twoStep: z.enum(['yes', 'no', 'unknown']).describe('by the settings; `unknown` counts as no'),
    }),
    sealed: ACTOR,
  },
  'token.refused': {
    when: 'when an application that is known is refused a token',
    data: z.strictObject({
      client,
      error: z.string().max(60).describe('error code (RFC 6749 §5.2)'),
      reason: z.string().max(60).describe('closed word of what was wrong'),
      session: session.nullable().describe('the session, where the code or token names one'),
    }),
    sealed: {},
  },
  'sign-in.key-changed': {
    when: 'when a further key for ID tokens and logout tokens has been made: published from now on, signing from `signsFrom` on',
    data: z.strictObject({
      before: kid.nullable().describe('the key before; null where there was none'),
      kid,
      signsFrom: member.instant.describe('when it takes over'),
      signsUntil: member.instant.describe('when the next key takes over'),
    }),
    sealed: {},
  },
  'logout.undelivered': {
    when: 'when an application could not be told, however often, that a session has ended',
    data: z.strictObject({ attempts: z.int().min(1).describe('how often it was tried'), client, session }),
    sealed: {},
  },
  'notice.read': {
    when: 'when a person has been shown the KVKK notice and says so; information, never consent',
    data: z.strictObject({
      session,
      version: z.string().max(64).describe('version of the text'),
    }),
    sealed: ACTOR,
  },
  'step-up.enrolled': {
    when: 'when a person has set up the second step for operations',
    data: z.strictObject({
      replaced: z.boolean().describe('true where an earlier one was replaced'),
      session: session.nullable().describe('null where it was brought in, as in the sandbox'),
    }),
    sealed: ACTOR,
  },
  'step-up.removed': {
    when: 'when the second step of a person is taken away, as after the loss of the telephone',
    data: z.strictObject({
      actor: member.actor,
      reason: z.string().max(500).describe('why, in the administrator’s words'),
    }),
    sealed: { ...ACTOR, 'subject.number': { side: 'subject', indexed: true } },
  },
  'step-up.succeeded': {
    when: 'when a person has proved the second step for operations',
    data: z.strictObject({
      means: z.enum(['totp', 'recovery-code']).describe('what was shown'),
      session,
      until: member.instant.describe('when it decays'),
    }),
    sealed: ACTOR,
  },
  'step-up.refused': {
    when: 'when a code for the second step is refused',
    data: z.strictObject({
      failures: z.int().min(0).describe('wrong codes in a row'),
      lockedUntil: member.instant
        .nullable()
        .describe('until when no code is looked at; null where not locked'),
      reason: z.enum(['wrong-code', 'replayed-code', 'locked', 'not-enrolled']).describe('what was wrong'),
      session,
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
