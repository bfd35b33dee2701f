import type { SearchRequest } from '../../../audit/search/attempt.js';
import type { ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { Looks, LookWhat } from '../../looks/port.js';

/** What a search's pages are made from: sealed in the look, never in an address. */
export type KeptSearch = Pick<SearchRequest, 'basis' | 'criteria'>;

/** Entries on one page. */
const PAGE_SIZE = 50;

/** Keeps a sound search; the id for its address. Errors: those of `Looks`. */
export function keepSearch(looks: Looks, { person }: ConsoleCall, what: LookWhat, kept: KeptSearch) {
  const { basis, criteria } = kept;
  return looks.keep(person.session, what, Buffer.from(JSON.stringify({ basis, criteria }), 'utf8'));
}

/** The search of this session that stands under `id`; null where there is none. */
export async function findKept(
  looks: Looks,
  { person }: ConsoleCall,
  what: LookWhat,
  id: string,
): Promise<KeptSearch | null> {
  const content = await looks.find(person.session, what, id);
  return content === null ? null : (JSON.parse(content.toString('utf8')) as KeptSearch);
}

/** The search that the address names. Throws `ConsoleRefusal` (`NOT_FOUND`): it is another session's, or the working day is over. */
export async function requireKept(looks: Looks, call: ConsoleCall, what: LookWhat): Promise<KeptSearch> {
  const kept = await findKept(looks, call, what, call.params.look ?? '');
  if (kept === null) throw new ConsoleRefusal('NOT_FOUND');
  return kept;
}

/** The page of a kept search that `cursor` leads to; null: the first. */
export function pageOfKept({ basis, criteria }: KeptSearch, cursor: string | null): SearchRequest {
  return { basis, criteria, cursor, pageSize: PAGE_SIZE, reveal: false };
}
