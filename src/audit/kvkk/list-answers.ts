import type { Database } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import type { Criteria } from '../search/criteria.js';
import { readPage } from '../search/read-page.js';

/** An answer that was given, as its entry says. */
export interface GivenAnswer
  extends Pick<DataOf<'kvkk.answered'>, 'dueBy' | 'entries' | 'names' | 'receivedOn' | 'requestNo'> {
  readonly leaf: bigint;
  readonly at: Date;
}

const ANSWERS: Criteria = {
  ...{ person: null, actor: null, cooperative: null, from: null, to: null, purpose: null, outcome: null },
  ...{ screen: null, service: null, reference: null, query: null, session: null, code: null },
  kinds: ['kvkk.answered'],
};

/** The newest answers, `limit` at the most (1 to 100). Those that the search rows do not reach yet are not among them. */
export async function listAnswers(db: Database, limit: number): Promise<readonly GivenAnswer[]> {
  const { rows } = await readPage(db, { criteria: ANSWERS, before: null, pageSize: limit }, []);
  return rows.map(({ at, leafIndex, line }) => {
    const { data } = JSON.parse(line) as { data: DataOf<'kvkk.answered'> };
    const { dueBy, entries, names, receivedOn, requestNo } = data;
    return { ...{ dueBy, entries, names, receivedOn, requestNo }, leaf: leafIndex, at };
  });
}
