import { problemResponses } from '../openapi.js';
import type { BroughtRoutes } from '../service-route.js';
import { AUTHORITIES_SCHEMAS } from './authorities-schemas.js';
import { type AuthoritiesApiTools, getAuthorities } from './get-authorities.js';

const query = (name: string, description: string, schema: object) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});

/** Who could act for a cooperative on a day, as known on a day (CONTRACT §4). */
export function authoritiesRoutes(tools: AuthoritiesApiTools): BroughtRoutes {
  return {
    routes: [
      {
        method: 'get',
        path: '/v1/cooperatives/:mersisNo/authorities',
        operation: {
          operationId: 'readAuthorities',
          summary: 'Bir günde yetkili olanlar / who could act on a day, as known at an instant',
          // Called by services for themselves: no person's token.
          security: [{ mutualTls: [] }],
          parameters: [
            {
              name: 'mersisNo',
              in: 'path',
              required: true,
              description: 'Of a legal person.',
              schema: { type: 'string', pattern: '^0[0-9]{15}$' },
            },
            query('at', 'On which day; without it today.', { type: 'string', format: 'date' }),
            query(
              'knownAt',
              'As known at this instant, which must be over; a bare date means 00:00 in Europe/Istanbul. Without it: as known now.',
              { type: 'string' },
            ),
          ],
          responses: {
            200: {
              description: 'Yetkililer / who could act',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Authorities' } } },
            },
            ...problemResponses(),
          },
        },
        handle: (request, caller) => getAuthorities(request, caller, tools),
      },
    ],
    schemas: AUTHORITIES_SCHEMAS,
  };
}
