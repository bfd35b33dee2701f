import { readTimeline } from '../../../audit/day/read-timeline.js';
import { readLogSize } from '../../../audit/log-size.js';
import { sideTag } from '../../../audit/person-keys.js';
import { periodOf, personsOf } from '../../../audit/search/criteria.js';
import { usersOf } from '../../../audit/search/users-of.js';
import type { ConsoleCall } from '../../../console/frame/call.js';
import type { SearchPorts } from '../../../console/security/search/ports.js';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../../../sign-in/access-tokens.js';
import { readSession } from '../../../sign-in/read-session.js';
import { identifyBy, openSearch, type ReadSearcher, searchTaggers } from '../../open-search.js';
import type { RoomParts } from '../parts.js';

/** What stands in `client` of a search that came by the console. */
const CLIENT = 'konsol';

/** Searching as the console does it: the same search as the API's, with the browser's session in the place of a token. */
export function createSearchPorts(parts: RoomParts): SearchPorts {
  const { config, db, log, looks } = parts;
  const search = openSearch(config, db, log);
  const taggers = searchTaggers(config, log);
  return {
    looks,
    logSize: () => readLogSize(db),
    search: (call, request, below) =>
      search({
        client: CLIENT,
        receivedAt: call.at,
        identify: identifyBy(readOf(call, parts)),
        explain: async () => 'session-ended',
        request,
        ...(below === undefined ? {} : { below }),
      }),
    timeline: (asked, below) => {
      const { actor, person } = personsOf(asked);
      const side = person !== null ? 'subject' : 'actor';
      const sought = person ?? actor;
      const tags = sought === null ? [] : taggers.map((tagger) => sideTag(tagger, side, sought));
      return readTimeline(db, { tags, below, kinds: asked.kinds, ...periodOf(asked) });
    },
    users: (leaves) => usersOf(db, leaves),
  };
}

/** The session read afresh: one that was ended a moment ago, or whose second step has decayed, must not suffice. */
function readOf({ person }: ConsoleCall, { log }: RoomParts): ReadSearcher {
  return async (tx, now) => {
    const session = await readSession(tx, log.masterKeys, person.session.sessionId, now);
    if (session === null) return null;
    const { acr, authTime, person: number, sessionId, stepUpUntil, tag } = session;
    const steppedUp = acr === ACR_TWO_STEP && stepUpUntil !== null && stepUpUntil > now;
    return { sessionId, person: number, tag, acr: steppedUp ? ACR_STEP_UP : acr, authTime };
  };
}
