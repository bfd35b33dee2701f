import type { JsonObject } from '../../../audit/canonical-json.js';
import { createMasks } from '../../../audit/kvkk/answer.js';
import type { FoundEntry } from '../../../audit/search/attempt.js';
import type { Cell } from '../../frame/parts.js';
import { capacityWord } from '../search/words.js';

/**
 * A cell for who acted in an entry: `*** (2)`, the same number for the same person on this page, and in what capacity where the entry says so.
 * `users`: persons by leaf; an entry that nobody acted in has none.
 */
export function maskedUsers(users: ReadonlyMap<bigint, string>): (entry: FoundEntry) => Cell {
  const mask = createMasks();
  return ({ entry, leafIndex }) => {
    const user = users.get(leafIndex);
    if (user === undefined) return '—';
    const { authority } = entry.data as JsonObject;
    const role = (authority as JsonObject | null | undefined)?.role;
    return typeof role === 'string' ? { lines: [mask(user), capacityWord(role)] } : mask(user);
  };
}
