import { Refusal } from '../../errors/refusal.js';
import type { Database } from '../../storage/database.js';
import type { Appender } from '../appender.js';
import type { JsonObject } from '../canonical-json.js';
import type { MasterKeys } from '../master-keys.js';
import type { PersonTagger } from '../person-tags.js';
import type { FoundEntry, Revealed, SearchAttempt, Searcher, SearchResult } from './attempt.js';
import { makeCursor } from './cursor.js';
import { type AllowedSearch, decideSearch, type SearchRules } from './decide-search.js';
import { indexUpToHead } from './index-entries.js';
import { type Page, type PageRow, readPage } from './read-page.js';
import { revealLines, type SealedLine } from './reveal.js';
import { createSearchLane, type SearchItem } from './search-lane.js';
import { spendSearch } from './spend-search.js';

/** What searching needs from outside. */
export interface SearchTools extends SearchRules {
  readonly db: Database;
  readonly appender: Appender;
  readonly masterKeys: MasterKeys;
  /** One for each tag key of the settings; the first is the active one. */
  readonly taggers: readonly [PersonTagger, ...PersonTagger[]];
  readonly instance: string;
  readonly now: () => Date;
}

/** Searches the log, for whoever may. */
export type SearchLog = (attempt: SearchAttempt) => Promise<SearchResult>;

/**
 * The use case: identify, decide, spend, bring the search rows up to the head, read a page, write the search down, and only
 * then open what is to be opened and answer. A refused search is an entry too. Throws `Refusal` (those of `decideSearch`,
 * RATE_LIMITED, OVERLOADED), and what the appender and the database throw.
 */
export function createSearchLog(tools: SearchTools): SearchLog {
  const lane = createSearchLane(tools.instance);
  const [tagger] = tools.taggers;
  const { revealNeedsStepUp } = tools;

  const submit = async (item: SearchItem) => {
    const answer = await tools.appender.submit(lane, item);
    if (answer.kind === 'refused') throw answer.refusal;
    return answer;
  };

  const allow = async (attempt: SearchAttempt): Promise<AllowedSearch> => {
    const now = tools.now();
    let searcher: Searcher | null = null;
    let tokenFault: string | null = null;
    try {
      [searcher, tokenFault] = await tools.db.transaction(async (tx) => {
        const found = await attempt.identify(tx, now);
        return [found, found === null ? ((await attempt.explain?.(tx, now)) ?? null) : null];
      });
      const allowed = decideSearch(attempt, searcher, { tagger, now, revealNeedsStepUp });
      await spendSearch(tools.db, allowed.searcher.person, tagger, now);
      return allowed;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      await submit({ kind: 'refused', attempt, searcher, refusal, tokenFault });
      throw refusal;
    }
  };

  return async (attempt) => {
    const allowed = await allow(attempt);
    await indexUpToHead(tools.db);
    const page = await readPage(
      tools.db,
      { criteria: allowed.criteria, before: allowed.before, pageSize: allowed.request.pageSize },
      tools.taggers,
    );
    const found = { lookedTo: page.lookedTo, results: page.rows.length };
    const { search, receipt } = await submit({ kind: 'found', attempt, allowed, found });
    const entries = await entriesOf(page.rows, allowed.request.reveal, tools);
    return { search, receipt, entries, ...extentOf(page, allowed, tools) };
  };
}

function extentOf(
  page: Page,
  { criteria, searcher }: AllowedSearch,
  { taggers: [tagger], now }: SearchTools,
) {
  const owner = { person: searcher.person, criteria };
  return {
    next: page.more ? makeCursor(page.lookedTo, owner, tagger, now()) : null,
    lookedTo: page.lookedTo,
    indexedTo: page.indexedTo,
    detached: page.detached,
  };
}

/**
 * Opened only now, with keys as they are after the entry: one that was destroyed while the page was read is destroyed. Where
 * this fails, the entry says more than was shown, never less.
 */
async function entriesOf(
  rows: readonly PageRow[],
  reveal: boolean,
  tools: SearchTools,
): Promise<readonly FoundEntry[]> {
  const lines = rows.map((row) => JSON.parse(row.line) as JsonObject & SealedLine);
  const revealed = reveal ? await revealLines(tools.db, tools.masterKeys, lines) : [];
  return rows.map((row, i) => foundOf(row, lines[i] as JsonObject & SealedLine, revealed[i] ?? null));
}

function foundOf(
  { leafIndex, leafHash, at, outcome }: PageRow,
  line: JsonObject & SealedLine,
  revealed: Readonly<Record<string, Revealed>> | null,
): FoundEntry {
  const entry: JsonObject = { ...line, sealed: Object.keys(line.sealed) };
  return { leafIndex, leafHash, at, entry, outcome, revealed };
}
