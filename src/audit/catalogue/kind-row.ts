import { z } from 'zod';
import type { Side } from './side.js';

/** A personal value that a kind may carry: whose side, and whether the person can be searched for by it. */
export interface SealedField {
  readonly side: Side;
  readonly indexed: boolean;
}

/** One kind of entry: when it is written, what `data` holds, which sealed fields it may have. Released rows never change. */
export interface KindRow {
  /** English, one sentence without a full stop: "before a query leaves; without it nothing is sent". */
  readonly when: string;
  /** Strict: every member is always there, `null` where there is nothing. Each member is described. */
  readonly data: z.ZodObject;
  readonly sealed: Readonly<Record<string, SealedField>>;
}

/** Members that many kinds share, written once. */
export const member = {
  instance: z.string().max(64).describe('the process that wrote it'),
  instant: z.iso.datetime({ precision: 3 }),
  uuid: z.uuid(),
  leaf: z.int().min(0),
  /** SHA-256 in lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** How the acting person was signed in. */
  actor: z
    .strictObject({
      acr: z.string().max(100).describe('strength of the sign-in, `urn:koopbis:acr:…`'),
      authTime: z.iso.datetime({ precision: 3 }).describe('when the person signed in'),
      session: z.uuid().describe('the session, as `session.opened` names it'),
    })
    .describe('session in which the person acted'),
} as const;

/** `actor.number`, the person who acts. */
export const ACTOR: Readonly<Record<string, SealedField>> = {
  'actor.number': { side: 'actor', indexed: true },
};
