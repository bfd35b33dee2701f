import type { SearchAttempt, SearchResult } from '../../../audit/search/attempt.js';
import { Refusal } from '../../../errors/refusal.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import type { Page } from '../../frame/parts.js';
import type { LookWhat } from '../../looks/port.js';
import { type Faults, judge } from './judge.js';
import { type KeptSearch, keepSearch, pageOfKept, requireKept, type ShownPaths } from './kept.js';
import type { SearchPorts } from './ports.js';
import { limitedAnswer } from './result-page.js';

/** Codes of what was typed wrongly: they belong beside their fields. */
const TYPED_WRONGLY: readonly string[] = ['REQUEST_INVALID', 'IDENTITY_NUMBER_INVALID'];

/**
 * Takes a typed search: kept, and on to its first page at `path`. One that is wrong is handed to the search all the same, which refuses it and
 * writes that down, as it does for every other way in; then its form comes back. Other refusals (session, role) are thrown.
 */
export async function makeSearch(
  ports: SearchPorts,
  call: ConsoleCall,
  wanted: { readonly body: object; readonly what: LookWhat; readonly path: string },
  formAgain: (faults: Faults) => Page,
): Promise<Answer> {
  const judged = judge(wanted.body, call.at);
  if (!judged.ok) {
    await refusedBySearch(ports, call, judged.request);
    return { kind: 'page', page: formAgain(judged.faults), status: 422 };
  }
  const look = await keepSearch(ports, call, wanted.what, judged.value);
  return { kind: 'see-other', to: `${wanted.path}/${look}` };
}

async function refusedBySearch(
  ports: SearchPorts,
  call: ConsoleCall,
  request: SearchAttempt['request'],
): Promise<void> {
  try {
    await ports.search(call, request);
  } catch (error) {
    if (error instanceof Refusal && TYPED_WRONGLY.includes(error.code)) return;
    throw error;
  }
}

/** Asks for the same search anew: its first page then holds what came in since. */
const ANEW = 'yeni';

/** Shows the page of a kept search that `?s=` leads to; the first one begins where the log ended when the search was made, at every look. */
export async function showSearch(
  ports: SearchPorts,
  call: ConsoleCall,
  { path, what }: { readonly what: LookWhat; readonly path: string },
  show: (kept: KeptSearch, result: SearchResult, paths: ShownPaths, isFirst: boolean) => Promise<Page>,
): Promise<Answer> {
  const kept = await requireKept(ports.looks, call, what);
  if (call.query.get(ANEW) !== null)
    return { kind: 'see-other', to: `${path}/${await keepSearch(ports, call, what, kept)}` };
  const cursor = call.query.get('s');
  const first = `${path}/${call.params.look ?? ''}`;
  try {
    const result = await ports.search(call, { ok: true, value: pageOfKept(kept, cursor) }, kept.below);
    return {
      kind: 'page',
      page: await show(kept, result, { first, anew: `${first}?${ANEW}=1` }, cursor === null),
    };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'RATE_LIMITED') throw error;
    return limitedAnswer(error, cursor === null ? first : `${first}?s=${encodeURIComponent(cursor)}`);
  }
}
