import type { DataOf } from '../catalogue/catalogue.js';

/** One time that somebody asked about a person: who by office, when, by what right, and what came of it. */
export interface LookUp {
  readonly leaf: bigint;
  readonly at: Date;
  /** The institution that runs the service that asked. */
  readonly institution: string;
  readonly ministry: string;
  readonly il: string;
  /** MERSİS number of the cooperative that it was about. */
  readonly cooperative: string;
  /** In what capacity the user acted. */
  readonly role: string;
  /** The session in which the user acted: who has it may know a name. */
  readonly session: string;
  /** Name of the key under which the user's number is sealed: one for each user and year. */
  readonly userKey: string | null;
  readonly purpose: string;
  readonly legalGround: string;
  /** Outcome, or the state of a query without one; null where none is known yet. */
  readonly result: string | null;
}

/** An intent as the log holds it. `line`: of a `query.intent`. */
export function lookUpOf(row: {
  readonly leaf: bigint;
  readonly at: Date;
  readonly line: string;
  readonly result: string | null;
}): LookUp {
  const { data, sealed } = JSON.parse(row.line) as {
    data: DataOf<'query.intent'>;
    sealed: Readonly<Record<string, { readonly key: string } | undefined>>;
  };
  return {
    leaf: row.leaf,
    at: row.at,
    institution: data.institution,
    ministry: data.ministry,
    il: data.il,
    cooperative: data.cooperative,
    role: data.authority.role,
    session: data.actor.session,
    userKey: sealed['actor.number']?.key ?? null,
    purpose: data.purpose,
    legalGround: data.legalGround,
    result: row.result,
  };
}
