import type { Appender } from '../../../../src/audit/appender.js';
import type {
  AskedCriteria,
  SearchAttempt,
  Searcher,
  SearchRequest,
} from '../../../../src/audit/search/attempt.js';
import { createSearchLog, type SearchTools } from '../../../../src/audit/search/search-log.js';
import type { Database } from '../../../../src/storage/database.js';
import { masterKeys, personOf, tagger } from '../../support/parts.js';
import { START, uuidOf } from './random-log.js';

export const OFFICER = 900;
export const BASIS = {
  authority: 'Ankara 5. Asliye Ceza Mahkemesi',
  documentNo: '2026/17',
  date: '2026-05-04',
};

export const SEARCHER: Searcher = {
  sessionId: uuidOf(77),
  person: personOf(OFFICER),
  acr: 'urn:koopbis:acr:two-step',
  authTime: new Date(START),
  twoStep: true,
  stepUp: false,
  roles: ['security-officer'],
};

const ASKED: AskedCriteria = {
  person: null,
  actor: null,
  cooperative: null,
  from: null,
  to: null,
  purpose: null,
  outcome: null,
  screen: null,
  service: null,
  reference: null,
  query: null,
  session: null,
  kinds: [],
  code: null,
};

export const asked = (criteria: Partial<AskedCriteria>): AskedCriteria => ({ ...ASKED, ...criteria });

export type Asking = Partial<Omit<SearchRequest, 'criteria'>> & {
  readonly criteria?: Partial<AskedCriteria>;
};

/** A search by `searcher`; everything that is not given is sound. A function is asked afresh each time. */
export function attempt(
  asking: Asking = {},
  searcher: Partial<Searcher> | null | (() => Partial<Searcher> | null) = {},
): SearchAttempt {
  const who = typeof searcher === 'function' ? searcher : () => searcher;
  return {
    client: 'koopbis-reports',
    receivedAt: new Date(START),
    identify: async () => {
      const one = who();
      return one === null ? null : { ...SEARCHER, ...one };
    },
    request: {
      ok: true,
      value: {
        basis: BASIS,
        cursor: null,
        pageSize: 50,
        reveal: false,
        ...asking,
        criteria: asked(asking.criteria ?? {}),
      },
    },
  };
}

/** The use case over a test's log. */
export function searchOver(db: Database, appender: Appender, tools: Partial<SearchTools> = {}) {
  return createSearchLog({
    db,
    appender,
    masterKeys,
    taggers: [tagger],
    instance: 'bridge-1',
    revealNeedsStepUp: true,
    now: () => new Date(START),
    ...tools,
  });
}
