import { createPersonTagger } from '../../audit/person-tags.js';
import { readPage } from '../../audit/search/read-page.js';
import { decodeKey32 } from '../../config/key32.js';
import { createOwnPageHandlers, type OwnPage } from '../../console/common/own-page-handlers.js';
import type { HandlersOf } from '../../console/frame/router.js';
import type { BroughtWork, RoomParts } from './parts.js';

const NO_CRITERIA = {
  ...{ person: null, cooperative: null, from: null, to: null, purpose: null, outcome: null, screen: null },
  ...{ service: null, reference: null, query: null, session: null, code: null },
} as const;
/** What a person looked up, and what was refused to them. */
const LOOK_UPS = ['query.intent', 'query.refused'] as const;
const NAMES = 'SELECT mersis_no, unvan FROM bridge.authority_cooperative WHERE mersis_no = ANY($1::text[])';

/** Everyone's own pages, joined from the rooms. */
export function openOwnPages({
  config,
  db,
  log,
  signIn: { browser },
}: RoomParts): { readonly handlers: HandlersOf<OwnPage> } & BroughtWork {
  const older = config.audit.tagKeys
    .slice(1)
    .map(({ id, key }) => createPersonTagger({ id, key: decodeKey32(key) }));
  const taggers = [log.tagger, ...older];
  const applications = new Map(config.clients.map(({ id, signIn }) => [id, signIn?.name ?? id]));
  return {
    handlers: createOwnPageHandlers({
      issuer: browser.issuer,
      sessions: browser.sessions,
      endOwn: browser.endOwn,
      stepUpState: (tag) => browser.stepUp.state(tag),
      applicationName: (id) => applications.get(id) ?? id,
      ownQueries: (actor, before, pageSize) =>
        readPage(db, { criteria: { ...NO_CRITERIA, actor, kinds: LOOK_UPS }, before, pageSize }, taggers),
      cooperativeNames: async (mersisNos) => {
        const { rows } = await db.query<{ mersis_no: string; unvan: string }>({
          text: NAMES,
          values: [mersisNos],
        });
        return new Map(rows.map(({ mersis_no, unvan }) => [mersis_no, unvan]));
      },
    }),
  };
}
