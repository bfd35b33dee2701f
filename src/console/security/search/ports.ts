import type { Timeline } from '../../../audit/day/read-timeline.js';
import type { AskedCriteria, SearchAttempt, SearchResult } from '../../../audit/search/attempt.js';
import type { ConsoleCall } from '../../frame/call.js';
import type { KeepPorts } from './kept.js';

/** What searching pages ask of the house. */
export interface SearchPorts extends KeepPorts {
  /**
   * One page of the log for who is at the screen, with the right looked at afresh; written down before it is given, as its refusals are.
   * `below`: where the first page begins. Errors: those of `SearchLog`.
   */
  search(call: ConsoleCall, request: SearchAttempt['request'], below?: bigint): Promise<SearchResult>;
  /** Counts by day of the person or user of `asked`, of leaves below `below`; that search has been written down before. */
  timeline(asked: AskedCriteria, below: bigint): Promise<Timeline>;
  /** Who acted in each of these entries of a page, by what tells persons apart alone; without those that nobody acted in. */
  users(leaves: readonly bigint[]): Promise<ReadonlyMap<bigint, string>>;
}
