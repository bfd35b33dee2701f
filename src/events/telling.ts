import type { PersonTagger } from '../audit/person-tags.js';
import type { Queryable } from '../storage/database.js';

/** A client that is told of persons. */
export interface ToldClient {
  readonly id: string;
  readonly permissions: readonly string[];
}

/** A person as one client is told of them. */
export type ToldPerson = { readonly pseudonym: string } | { readonly kimlikNo: string };

/** What telling needs. */
export interface TellingTools {
  readonly tagger: Pick<PersonTagger, 'digest'>;
  /** Numbers behind tags (domain `authority`), by hex of the tag; absent where none is kept or its key is not at hand. */
  openPersons(db: Queryable, tags: readonly Buffer[]): Promise<ReadonlyMap<string, { reveal(): string }>>;
}

const DOMAIN = 'event-pseudonym';

/**
 * How persons are named to `client`: by a pseudonym that stays the same for this client and tells nothing to another one, or by the
 * number where the client's registration allows that and the number is still there. `tags`: of everybody who will be asked for.
 * Errors: those of `Queryable`.
 */
export async function tellPersons(
  { tagger, openPersons }: TellingTools,
  db: Queryable,
  client: ToldClient,
  tags: readonly Buffer[],
): Promise<(tag: Buffer) => ToldPerson> {
  const wanted = client.permissions.includes('kimlik-no') ? distinct(tags) : [];
  const numbers = wanted.length === 0 ? null : await openPersons(db, wanted);
  return (tag) => {
    const number = numbers?.get(tag.toString('hex'));
    if (number !== undefined) return { kimlikNo: number.reveal() };
    return { pseudonym: tagger.digest(DOMAIN, [client.id, tag.toString('hex')]).toString('base64url') };
  };
}

function distinct(tags: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(tags.map((tag) => [tag.toString('hex'), tag])).values()];
}
