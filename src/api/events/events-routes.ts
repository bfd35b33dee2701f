import { problemResponses } from '../openapi.js';
import type { BroughtRoutes } from '../service-route.js';
import { EVENTS_SCHEMAS } from './events-schemas.js';
import { type EventsApiTools, getEvents, getSnapshot, MAX_LIMIT } from './get-events.js';

const json = (name: keyof typeof EVENTS_SCHEMAS) => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
});
const query = (name: string, description: string, schema: object) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});
/** Called by services for themselves: no person's token. */
const security = [{ mutualTls: [] }];

/** The feed of grants and losses, and the snapshot for those whose cursor is too old (CONTRACT §4). */
export function eventsRoutes(tools: EventsApiTools): BroughtRoutes {
  return {
    routes: [
      {
        method: 'get',
        path: '/v1/authority-events',
        operation: {
          operationId: 'readAuthorityEvents',
          summary: 'Yetki olayları / grants and losses of authority, in order and without a gap',
          security,
          parameters: [
            query('after', 'Cursor: `next` of the answer before. Without it: from the oldest event kept.', {
              type: 'string',
              pattern: '^(0|[1-9][0-9]{0,18})$',
            }),
            query('limit', 'At the most so many; fewer may come, `more` tells.', {
              type: 'integer',
              minimum: 1,
              maximum: MAX_LIMIT,
            }),
          ],
          responses: {
            200: { description: 'Olaylar / events', content: json('AuthorityEvents') },
            ...problemResponses(),
          },
        },
        handle: (request, caller) => getEvents(request, caller, tools),
      },
      {
        method: 'get',
        path: '/v1/authority-events/snapshot',
        operation: {
          operationId: 'readAuthoritySnapshot',
          summary: 'Yürürlükteki yetkiler / everything in force, in pages',
          security,
          parameters: [
            query('page', '`next` of the page before; without it a new snapshot begins.', { type: 'string' }),
          ],
          responses: {
            200: { description: 'Bir sayfa / one page', content: json('AuthoritySnapshot') },
            ...problemResponses(),
          },
        },
        handle: (request, caller) => getSnapshot(request, caller, tools),
      },
    ],
    schemas: EVENTS_SCHEMAS,
  };
}
