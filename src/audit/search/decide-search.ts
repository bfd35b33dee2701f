import { istanbulDay } from '../../calendar/istanbul-day.js';
import { Refusal } from '../../errors/refusal.js';
import { CATALOGUE } from '../catalogue/catalogue.js';
import type { PersonTagger } from '../person-tags.js';
import type { SearchAttempt, Searcher, SearchRequest } from './attempt.js';
import { type Criteria, periodOf, personsOf } from './criteria.js';
import { readCursor } from './cursor.js';

/** The roles whose work the log is for: the security officer's answers, the inspector's checks. */
const SEARCH_ROLES: readonly string[] = ['security-officer', 'log-inspector'];

/** A search that may be made. `before`: below which leaf; null for a first page that begins at the newest. */
export interface AllowedSearch {
  readonly searcher: Searcher;
  readonly request: SearchRequest;
  readonly criteria: Criteria;
  readonly before: bigint | null;
  readonly rules: SearchRules;
}

/** What the settings ask of a search. */
export interface SearchRules {
  /** Whether opening sealed values needs the second step. */
  readonly revealNeedsStepUp: boolean;
}

/**
 * Whether the search may be made, in the order of CONTRACT §4: token, body, role, second step, numbers, cursor. Pure. Throws
 * `Refusal`: TOKEN_INVALID, TWO_STEP_REQUIRED, REQUEST_INVALID, ROLE_REQUIRED, STEP_UP_REQUIRED, IDENTITY_NUMBER_INVALID,
 * CURSOR_EXPIRED.
 */
export function decideSearch(
  attempt: Pick<SearchAttempt, 'below' | 'request'>,
  searcher: Searcher | null,
  { tagger, now, ...rules }: SearchRules & { readonly tagger: PersonTagger; readonly now: Date },
): AllowedSearch {
  if (searcher === null) throw new Refusal('TOKEN_INVALID');
  if (!searcher.twoStep) throw new Refusal('TWO_STEP_REQUIRED');
  if (!attempt.request.ok) throw new Refusal(attempt.request.code, { reason: attempt.request.reason });
  const request = attempt.request.value;
  const { criteria: asked } = request;
  requireDated(request, now);
  if (asked.kinds.some((kind) => !Object.hasOwn(CATALOGUE, kind)))
    throw new Refusal('REQUEST_INVALID', { reason: 'body.criteria.kinds' });
  const period = periodOf(asked);
  requireRole(searcher);
  requireStepUp(request, searcher, rules);
  const criteria: Criteria = { ...asked, ...period, ...personsOf(asked) };
  const owner = { person: searcher.person, criteria };
  const before =
    request.cursor === null ? (attempt.below ?? null) : readCursor(request.cursor, owner, tagger, now);
  return { searcher, request, criteria, before, rules };
}

/** A document of tomorrow authorises nothing. `REQUEST_INVALID`. */
export function requireDated({ basis }: Pick<SearchRequest, 'basis'>, now: Date): void {
  if (basis.date > istanbulDay(now)) throw new Refusal('REQUEST_INVALID', { reason: 'body.basis.date' });
}

/** Whether the right still stands in the batch that writes the search down. Throws as `decideSearch` does. */
export function requireStill(allowed: AllowedSearch, searcher: Searcher | null): Searcher {
  if (searcher === null || searcher.sessionId !== allowed.searcher.sessionId)
    throw new Refusal('TOKEN_INVALID');
  if (!searcher.twoStep) throw new Refusal('TWO_STEP_REQUIRED');
  requireRole(searcher);
  requireStepUp(allowed.request, searcher, allowed.rules);
  return searcher;
}

function requireRole(searcher: Searcher): void {
  if (!searcher.roles.some((role) => SEARCH_ROLES.includes(role))) throw new Refusal('ROLE_REQUIRED');
}

function requireStepUp(
  { reveal }: SearchRequest,
  { stepUp }: Searcher,
  { revealNeedsStepUp }: SearchRules,
): void {
  if (reveal && revealNeedsStepUp && !stepUp) throw new Refusal('STEP_UP_REQUIRED');
}
