import type { ProblemCode } from '../../errors/problem-code.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { MersisQuestion } from '../port.js';

/** A call as it was shown: by which registered client, over which certificate. `tokenHash` null: no token that can be one. */
export interface ShownCall {
  readonly client: string;
  readonly certificateSha256: Buffer;
  readonly tokenHash: Buffer | null;
  readonly requestId: string | null;
  readonly receivedAt: Date;
}

/** What a person asks of MERSİS through the API. A malformed call is one too: the token is judged before the rest is complained about. */
export interface RegistryAttempt {
  readonly operation: 'refresh' | 'registry-verification' | 'appointment-apply';
  readonly call: ShownCall;
  /** Numbers of legal persons, held to their form. `reason`: a word of ours, nothing that was sent. */
  readonly question:
    | { readonly ok: true; readonly value: MersisQuestion }
    | { readonly ok: false; readonly code: ProblemCode; readonly reason?: string | undefined };
}

/** Who stands behind a token. `twoStep`: signed in strongly enough to act, as the rule of two steps has it today. */
export interface CallingPerson {
  readonly person: KimlikNo;
  readonly sessionId: string;
  readonly acr: string;
  readonly authTime: Date;
  readonly twoStep: boolean;
}

/** `tokenFault`: what was wrong with the token that was shown, for the entry alone. */
export interface ShownPerson {
  readonly person: CallingPerson | null;
  readonly tokenFault: string | null;
}

/** What the room that knows of sign-in says; the start joins it. Reads set-wise, inside the transaction of the entries. */
export type ReadPersons = (
  tx: Transaction,
  calls: readonly ShownCall[],
  now: Date,
) => Promise<readonly ShownPerson[]>;
