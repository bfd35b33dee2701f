import { Refusal } from '../../errors/refusal.js';

/**
 * The members of a request's query, at most one of each of `names`. Express's own parser is off: it makes lists and objects of what
 * it is sent. Errors: `REQUEST_INVALID`, which repeats nothing of the query.
 */
export function readQuery<N extends string>(
  url: string | undefined,
  names: readonly N[],
): Readonly<Partial<Record<N, string>>> {
  const text = url ?? '';
  const from = text.indexOf('?');
  const found: Partial<Record<N, string>> = {};
  if (from === -1) return found;
  for (const [name, value] of new URLSearchParams(text.slice(from + 1))) {
    const known = names.find((one) => one === name);
    if (known === undefined) throw new Refusal('REQUEST_INVALID', { reason: 'query: unknown member' });
    if (found[known] !== undefined) throw new Refusal('REQUEST_INVALID', { reason: `${known}: given twice` });
    found[known] = value;
  }
  return found;
}
