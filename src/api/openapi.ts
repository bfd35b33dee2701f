import { z } from 'zod';
import { AUDIT_SEARCH_RESULT } from './audit-search-result.js';
import { searchSchema } from './audit-search-schema.js';
import { PROBLEMS } from './problem-texts.js';
import type { BroughtRoutes, ServiceRoute } from './service-route.js';
import { questionSchema } from './verification-schema.js';

/** Every problem document that a call may answer with, by status. */
export const problemResponses = () => {
  const byStatus = new Map<number, string[]>();
  for (const [code, { status }] of Object.entries(PROBLEMS))
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
};

const text = { type: 'object', properties: { tr: { type: 'string' }, en: { type: 'string' } } };
const receipt = {
  type: 'object',
  description: 'Names the outcome entry in the audit log.',
  properties: { leafIndex: { type: 'integer' }, leafHash: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
};
const result = {
  id: { type: 'string', format: 'uuid' },
  outcome: {
    type: ['string', 'null'],
    enum: ['match', 'deceased', 'inactive', 'mismatch', 'not-found', null],
  },
  text,
  units: { type: 'integer', minimum: 0 },
  checkedAt: { type: 'string', format: 'date-time' },
  receipt,
};
const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});
const json = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });

const CALL_HEADERS = [
  header('Idempotency-Key', '1 to 64 visible ASCII characters; scope: client, person, key'),
  header('X-Koopbis-Screen', 'Screen code (m.17), at most 32 of A-Z a-z 0-9 . _ / -'),
  header('X-Koopbis-User-Address', 'IP address of the person'),
  header('X-Request-Id', 'At most 64 of A-Z a-z 0-9 . _ -'),
  header('traceparent', 'W3C Trace Context'),
];

const AUDIT_HEADERS = CALL_HEADERS.filter(({ name }) => name === 'X-Request-Id' || name === 'traceparent');

/** The OpenAPI 3.1 document; the request's schema is the one that checks it. */
export function openApiDocument({ routes, schemas }: BroughtRoutes): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: { title: 'KOOPBİS köprüsü servis API / KOOPBİS bridge service API', version: '1' },
    security: [{ mutualTls: [], accessToken: [] }],
    paths: {
      '/v1/identity/verifications': {
        post: {
          operationId: 'verifyIdentity',
          summary: 'Kimlik doğrulama / identity check (m.9(3))',
          parameters: CALL_HEADERS,
          requestBody: { required: true, content: json('VerificationRequest') },
          responses: {
            200: { description: 'Sonuç / outcome', content: json('VerificationResult') },
            ...problemResponses(),
          },
        },
      },
      '/v1/identity/verifications/{id}': {
        get: {
          operationId: 'readVerification',
          summary: 'Aynı sonuç, sonradan / the same result, later',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
          ],
          responses: {
            200: { description: 'Sonuç / outcome', content: json('RecordedVerification') },
            ...problemResponses(),
          },
        },
      },
      '/v1/audit/searches': {
        post: {
          operationId: 'searchAuditLog',
          summary: 'Kayıt günlüğünde arama / search in the audit log',
          parameters: AUDIT_HEADERS,
          requestBody: { required: true, content: json('AuditSearchRequest') },
          responses: {
            200: { description: 'Bir sayfa / one page', content: json('AuditSearchResult') },
            ...problemResponses(),
          },
        },
      },
      ...broughtPaths(routes),
    },
    components: {
      securitySchemes: {
        mutualTls: { type: 'mutualTLS' },
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'Bound to the client certificate (RFC 8705)',
        },
      },
      schemas: {
        VerificationRequest: z.toJSONSchema(questionSchema),
        VerificationResult: { type: 'object', properties: result },
        AuditSearchRequest: z.toJSONSchema(searchSchema),
        AuditSearchResult: AUDIT_SEARCH_RESULT,
        RecordedVerification: {
          type: 'object',
          properties: {
            state: { enum: ['answered', 'unknown', 'refused'] },
            code: { type: 'string' },
            ...result,
          },
        },
        ...schemas,
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status', 'code', 'text'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            code: { enum: Object.keys(PROBLEMS) },
            reason: { type: 'string' },
            id: { type: 'string', format: 'uuid' },
            text,
          },
        },
      },
    },
  };
}

/** Express's `:id` is OpenAPI's `{id}`. */
function broughtPaths(routes: readonly ServiceRoute[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, operation } of routes) {
    const template = path.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[template] = { ...paths[template], [method]: operation };
  }
  return paths;
}
