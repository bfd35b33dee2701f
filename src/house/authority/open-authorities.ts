import { authoritiesRoutes } from '../../api/authorities/authorities-routes.js';
import type { BroughtRoutes } from '../../api/service-route.js';
import { draftOf } from '../../audit/draft.js';
import type { LogGate } from '../../audit/log-gate.js';
import { plainLane } from '../../audit/plain-lane.js';
import { readAuthorities } from '../../authority/history/read-authorities.js';
import { openPersons } from '../../authority/recording/persons.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { BridgeConfig } from '../../config/schema.js';
import { tellPersons } from '../../events/telling.js';
import type { Database } from '../../storage/database.js';
import { authorityPolicyOf } from '../authority-policy.js';
import type { OpenLog } from '../open-log.js';
import { leafKnownAt } from './known-leaf.js';

/** What the call needs of the house. */
export interface AuthoritiesParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: Pick<OpenLog, 'appender' | 'masterKeys' | 'tagger'>;
  /** Nothing is told while it is closed: the entry could not be written. */
  readonly gate: Pick<LogGate, 'requireSound'>;
  now?(): Date;
}

/** `GET /v1/cooperatives/{mersisNo}/authorities` over this house. */
export function openAuthorities(parts: AuthoritiesParts): BroughtRoutes {
  const { config, db, gate, log, now = () => new Date() } = parts;
  const policy = authorityPolicyOf(config);
  const telling = {
    tagger: log.tagger,
    openPersons: (from: Parameters<typeof openPersons>[0], tags: readonly Buffer[]) =>
      openPersons(from, log.masterKeys, tags),
  };
  return authoritiesRoutes({
    now,
    today: () => istanbulDay(now()),
    requireSound: () => gate.requireSound(),
    leafKnownAt: (instant) => leafKnownAt(db, instant),
    read: (mersisNo, day, knownLeaf) => readAuthorities(db, { mersisNo, day, knownLeaf }, policy, now()),
    tellPersons: (client, tags) => tellPersons(telling, db, client, tags),
    recordRead: async ({ knownLeaf, ...read }) => {
      const leaf = knownLeaf === null ? null : Number(knownLeaf);
      const data = { ...read, instance: config.instance, knownLeaf: leaf };
      await log.appender.submit(plainLane, draftOf('authority.read', now(), data));
    },
  });
}
