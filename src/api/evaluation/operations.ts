import { z } from 'zod';
import { REASON_TEXTS } from '../../authority/rights/reasons.js';
import { problemResponses } from '../openapi.js';
import type { RouteSchemas } from '../service-route.js';
import { MAX_EVALUATIONS, questionSchema, SEMANTICS } from './evaluation-schema.js';

const json = (schema: unknown) => ({ 'application/json': { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const maybe = (properties: Readonly<Record<string, unknown>>) => ({ type: ['object', 'null'], properties });
const string = { type: 'string' };
const nullable = { type: ['string', 'null'] };
const uuid = { type: 'string', format: 'uuid' };

const QUESTION = z.toJSONSchema(questionSchema, { io: 'input' });
const REASON = {
  type: 'object',
  description: 'From the right to the seat or role, to its registration, to the entry of the audit log.',
  required: ['code', 'tr', 'en', 'right', 'seat', 'role', 'registration', 'entry'],
  properties: {
    code: { enum: Object.keys(REASON_TEXTS) },
    tr: string,
    en: string,
    right: maybe({ role: string, action: string, rule: string }),
    seat: maybe({
      ...{ id: uuid, role: string, from: string, to: nullable },
      ...{ representation: nullable, actsFor: nullable },
    }),
    role: maybe({ id: uuid, role: string, ministry: nullable, il: nullable, from: nullable, to: nullable }),
    registration: maybe({ on: string, gazette: nullable }),
    entry: maybe({ leafIndex: { type: 'integer' } }),
  },
};

/** Named by the operations. */
export const EVALUATION_SCHEMAS: RouteSchemas = {
  EvaluationRequest: QUESTION,
  EvaluationsRequest: {
    type: 'object',
    description: 'Top-level members are defaults, each as a whole; without `evaluations` a single question.',
    properties: {
      ...QUESTION.properties,
      evaluations: { type: 'array', maxItems: MAX_EVALUATIONS, items: { type: 'object' } },
      options: { type: 'object', properties: { evaluations_semantic: { enum: SEMANTICS } } },
    },
  },
  EvaluationDecision: {
    type: 'object',
    required: ['decision', 'context'],
    properties: {
      decision: { type: 'boolean' },
      context: {
        type: 'object',
        properties: {
          reason: REASON,
          authority_version: { type: 'integer', description: 'Rises with every change of who may act.' },
          read_at: { type: ['string', 'null'], format: 'date-time' },
          freshness: { enum: ['fresh', 'reads-only', 'stale'] },
          error: {
            type: 'object',
            description: 'Where one of several questions is none.',
            properties: { status: { type: 'integer' }, message: string },
          },
        },
      },
    },
  },
};

/** Services act by their certificate: no person's token. */
const BY_CERTIFICATE = [{ mutualTls: [] }];

/** OpenAPI operation objects, by path. */
export const EVALUATION_OPERATIONS = {
  '/access/v1/evaluation': {
    operationId: 'evaluateAccess',
    summary: 'Yetki sorusu / may this person do this (OpenID AuthZEN 1.0)',
    security: BY_CERTIFICATE,
    requestBody: { required: true, content: json(ref('EvaluationRequest')) },
    responses: {
      200: { description: 'Karar / decision', content: json(ref('EvaluationDecision')) },
      ...problemResponses(),
    },
  },
  '/access/v1/evaluations': {
    operationId: 'evaluateAccesses',
    summary: 'Birden çok yetki sorusu / several such questions (OpenID AuthZEN 1.0)',
    security: BY_CERTIFICATE,
    requestBody: { required: true, content: json(ref('EvaluationsRequest')) },
    responses: {
      200: {
        description: 'Kararlar, soruların sırasıyla / decisions in the order of the questions',
        content: json({
          oneOf: [
            {
              type: 'object',
              properties: { evaluations: { type: 'array', items: ref('EvaluationDecision') } },
            },
            ref('EvaluationDecision'),
          ],
        }),
      },
      ...problemResponses(),
    },
  },
  '/.well-known/authzen-configuration': {
    operationId: 'authzenConfiguration',
    summary: 'Karar noktasının adresleri / where the decision point is',
    security: BY_CERTIFICATE,
    responses: { 200: { description: 'AuthZEN 1.0', content: json({ type: 'object' }) } },
  },
} as const;
