import { foldDays } from '../../audit/day/fold-days.js';
import type { HandlersOf } from '../../console/frame/router.js';
import { createPersonHandlers } from '../../console/security/person/handlers.js';
import { createSearchHandlers } from '../../console/security/search/handlers.js';
import { createStartHandlers } from '../../console/security/start/handlers.js';
import { createStoryHandlers } from '../../console/security/story/handlers.js';
import { createUserHandlers } from '../../console/security/user/handlers.js';
import type { BroughtWork, RoomParts } from './parts.js';
import { createSearchPorts } from './search/search-ports.js';
import { createStartPorts } from './search/start-ports.js';
import { createStoryPorts } from './search/story-ports.js';

type Pages =
  | 'security'
  | 'search'
  | 'search.make'
  | 'search.page'
  | 'story'
  | 'story.reveal'
  | 'person'
  | 'person.look'
  | 'person.page'
  | 'user'
  | 'user.look'
  | 'user.page';

/** How often what was written since is counted. */
const COUNT_MS = 1_000;

/** The pages of this part of the console, joined from the rooms. */
export function openSearch(parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  const search = createSearchPorts(parts);
  return {
    handlers: {
      ...createStartHandlers(createStartPorts(parts)),
      ...createSearchHandlers(search),
      ...createStoryHandlers(createStoryPorts(parts)),
      ...createPersonHandlers(search),
      ...createUserHandlers(search),
    },
    chores: [{ event: 'days.count', everyMs: COUNT_MS, work: async () => void (await foldDays(parts.db)) }],
  };
}
