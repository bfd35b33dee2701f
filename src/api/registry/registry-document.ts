import { z } from 'zod';
import { problemResponses } from '../openapi.js';
import type { RouteSchemas } from '../service-route.js';
import { registryVerificationSchema } from './registry-schema.js';

const json = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });
const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});
const HEADERS = [
  header('X-Request-Id', 'At most 64 of A-Z a-z 0-9 . _ -'),
  header('traceparent', 'W3C Trace Context'),
];
const MERSIS_NO = { type: 'string', pattern: '^0[0-9]{15}$' };

/** The OpenAPI operation of an immediate reading. */
export function refreshOperation() {
  return {
    operationId: 'refreshCooperative',
    summary: 'MERSİS’ten anında okuma / one immediate reading of MERSİS (m.5(3))',
    parameters: [{ name: 'mersisNo', in: 'path', required: true, schema: MERSIS_NO }, ...HEADERS],
    responses: {
      200: { description: 'Okundu / read', content: json('RefreshResult') },
      ...problemResponses(),
    },
  };
}

/** The OpenAPI operation of a check against the registry. */
export function verificationOperation() {
  return {
    operationId: 'verifyRegistry',
    summary: 'Sicil doğrulama / check against the registry (m.9(2), m.15(1)); no fee',
    parameters: HEADERS,
    requestBody: { required: true, content: json('RegistryVerificationRequest') },
    responses: {
      200: { description: 'Sonuç / result', content: json('RegistryVerificationResult') },
      ...problemResponses(),
    },
  };
}

const nullable = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

export const REGISTRY_SCHEMAS: RouteSchemas = {
  RefreshResult: {
    type: 'object',
    required: ['mersisNo', 'result', 'readAt'],
    properties: {
      mersisNo: MERSIS_NO,
      result: {
        enum: ['changed', 'unchanged', 'held', 'refused'],
        description: 'held: waits for a second reading or for persons; refused: not believed',
      },
      readAt: { type: 'string', format: 'date-time' },
    },
  },
  RegistryVerificationRequest: {
    ...z.toJSONSchema(registryVerificationSchema),
    oneOf: [{ required: ['mersisNo'] }, { required: ['vkn'] }],
  },
  RegistryVerificationResult: {
    type: 'object',
    required: ['result', 'durum', 'mersisNo', 'vkn'],
    description: 'Numbers and status as the registry has them; null where it knows none',
    properties: {
      result: { enum: ['match', 'mismatch', 'not-found'] },
      durum: nullable({ enum: ['faal', 'tasfiye', 'terkin', 'birleşme'] }),
      mersisNo: nullable(MERSIS_NO),
      vkn: nullable({ type: 'string', pattern: '^[0-9]{10}$' }),
    },
  },
};
