import type { SearchRequest } from '../../../audit/search/attempt.js';
import type { ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { Looks, LookWhat } from '../../looks/port.js';

/** What is searched for, and by what authority. */
export type WantedSearch = Pick<SearchRequest, 'basis' | 'criteria'>;

/**
 * What a search's pages are made from: sealed in the look, never in an address. `below`: the size that the log had when the search was made;
 * its pages begin there, so that no entry moves from one to another while somebody reads them. `madeAt`: when that was.
 */
export interface KeptSearch extends WantedSearch {
  readonly below: bigint;
  readonly madeAt: Date;
}

/** Addresses of a kept search: of its first page, and of the same search made anew. */
export interface ShownPaths {
  readonly first: string;
  readonly anew: string;
}

/** What keeping a search asks of the house. */
export interface KeepPorts {
  readonly looks: Looks;
  /** How many entries the log has now. */
  logSize(): Promise<bigint>;
}

/** Entries on one page. */
const PAGE_SIZE = 50;

/** Keeps a sound search as one of this moment; the id for its address. Errors: those of `KeepPorts`. */
export async function keepSearch(
  ports: KeepPorts,
  { at, person }: ConsoleCall,
  what: LookWhat,
  { basis, criteria }: WantedSearch,
): Promise<string> {
  const below = String(await ports.logSize());
  const kept = JSON.stringify({ basis, criteria, below, madeAt: at.toISOString() });
  return ports.looks.keep(person.session, what, Buffer.from(kept, 'utf8'));
}

/** The search of this session that stands under `id`; null where there is none. */
export async function findKept(
  looks: Looks,
  { person }: ConsoleCall,
  what: LookWhat,
  id: string,
): Promise<KeptSearch | null> {
  const content = await looks.find(person.session, what, id);
  if (content === null) return null;
  const kept = JSON.parse(content.toString('utf8')) as WantedSearch & { below: string; madeAt: string };
  return { ...kept, below: BigInt(kept.below), madeAt: new Date(kept.madeAt) };
}

/** The search that the address names. Throws `ConsoleRefusal` (`NOT_FOUND`): it is another session's, or the working day is over. */
export async function requireKept(looks: Looks, call: ConsoleCall, what: LookWhat): Promise<KeptSearch> {
  const kept = await findKept(looks, call, what, call.params.look ?? '');
  if (kept === null) throw new ConsoleRefusal('NOT_FOUND');
  return kept;
}

/** The page of a kept search that `cursor` leads to; null: the first. */
export function pageOfKept({ basis, criteria }: WantedSearch, cursor: string | null): SearchRequest {
  return { basis, criteria, cursor, pageSize: PAGE_SIZE, reveal: false };
}
