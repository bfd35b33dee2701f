import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const client = z.string().max(64).describe('the registered application that the person came through');
const method = z
  .enum(['e-devlet', 'e-devlet+totp'])
  .describe('how the person proved who they are; `+totp`: with step-up');

/** Sessions of persons. */
export const SIGN_IN_KINDS = {
  'session.opened': {
    when: 'when a person has signed in; `session` binds what they do to it',
    data: z.strictObject({
      acr: z.string().max(100).describe('strength, `urn:koopbis:acr:…`'),
      authTime: member.instant.describe('when the person proved who they are'),
      client,
      expiresAt: member.instant.describe('when the session ends by itself'),
      method,
      session: member.uuid.describe('the session'),
    }),
    sealed: ACTOR,
  },
  'session.ended': {
    when: 'when a session is ended before its time; from here on no intent is written on its tokens',
    data: z.strictObject({
      reason: z.string().max(40).describe('closed word of who or what ended it'),
      session: member.uuid.describe('the session'),
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
} as const satisfies Record<string, KindRow>;
