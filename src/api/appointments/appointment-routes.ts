import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { AppliedFor } from '../../appointments/apply/apply-for-appointee.js';
import type { ApplicationCall, Call, Sent, VerdictCall } from '../../appointments/call.js';
import type { Decided } from '../../appointments/decide/settle-verdict.js';
import { hashToken } from '../../sign-in/access-tokens.js';
import { type Caller, requireIdentityPermission } from '../post-verification.js';
import { PROBLEMS } from '../problem-texts.js';
import { readJsonBody } from '../read-body.js';
import { jsonReply, type Reply } from '../reply.js';
import { bearerToken, checkHeaders, NO_HEADERS } from '../request-headers.js';
import type { BroughtRoutes, ServiceRoute } from '../service-route.js';
import { remembering } from '../written-refusals.js';
import { applicationDocument, decisionDocument } from './appointment-documents.js';
import { applicationSchema, sentApplication, sentVerdict, verdictSchema } from './appointment-schema.js';

export interface AppointmentRouteTools {
  readonly maxBodyBytes: number;
  readonly now: () => Date;
  apply(call: ApplicationCall): Promise<AppliedFor>;
  decide(call: VerdictCall): Promise<Decided>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** `POST /v1/appointments` and `POST /v1/appointments/{id}/decision` (CONTRACT §4). */
export function appointmentRoutes(tools: AppointmentRouteTools): BroughtRoutes {
  const routes: readonly ServiceRoute[] = [
    {
      method: 'post',
      path: '/v1/appointments',
      operation: APPLY,
      handle: async (request, caller) => {
        // The person is asked about in MERNİS: without the permission no token is even looked at.
        requireIdentityPermission(caller.client);
        const { call, sent } = await readCall(request, caller, tools, sentApplication);
        const applied = await remembering(tools.apply({ call, sent }));
        return { ...jsonReply(applicationDocument(applied)), status: 201 };
      },
    },
    {
      method: 'post',
      path: '/v1/appointments/:id/decision',
      operation: DECIDE,
      handle: async (request, caller): Promise<Reply> => {
        requireIdentityPermission(caller.client);
        const id = String(request.params.id);
        const { call, sent } = await readCall(request, caller, tools, sentVerdict);
        const appointment = UUID.test(id) ? id : null;
        return jsonReply(decisionDocument(await remembering(tools.decide({ call, appointment, sent }))));
      },
    },
  ];
  return { routes, schemas: SCHEMAS };
}

async function readCall<T>(
  request: IncomingMessage,
  caller: Caller,
  tools: AppointmentRouteTools,
  sentOf: (body: Awaited<ReturnType<typeof readJsonBody>>) => Sent<T>,
): Promise<{ readonly call: Call; readonly sent: Sent<T> }> {
  const receivedAt = tools.now();
  const token = bearerToken(request.headers);
  const headers = checkHeaders(request.headers);
  const body = await readJsonBody(request, tools.maxBodyBytes);
  const call: Call = {
    client: caller.client,
    certificateSha256: caller.certificateSha256,
    tokenHash: token === null ? null : hashToken(token),
    receivedAt,
    headers: { ...(headers.ok ? headers.value : NO_HEADERS), requestId: caller.requestId },
  };
  return {
    call,
    sent: headers.ok ? sentOf(body) : { ok: false, code: 'REQUEST_INVALID', reason: headers.reason },
  };
}

const json = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });
const header = (name: string, description: string) => ({
  ...{ name, in: 'header', required: false, description },
  schema: { type: 'string' },
});
const problems = (...codes: readonly (keyof typeof PROBLEMS)[]) => {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: codes.filter((code) => PROBLEMS[code].status === status).join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
};
const COMMON = [
  ...['REQUEST_INVALID', 'TOKEN_INVALID', 'CLIENT_NOT_PERMITTED', 'TWO_STEP_REQUIRED', 'ROLE_REQUIRED'],
  ...['NOT_AUTHORISED_FOR_COOPERATIVE', 'STATE_CONFLICT', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'],
  ...['OVERLOADED', 'AUDIT_UNAVAILABLE'],
] as const;
const HEADERS = [
  header('X-Koopbis-Screen', 'Screen code (m.17), at most 32 of A-Z a-z 0-9 . _ / -'),
  header('X-Koopbis-User-Address', 'IP address of the person'),
  header('X-Request-Id', 'At most 64 of A-Z a-z 0-9 . _ -'),
  header('traceparent', 'W3C Trace Context'),
];

const APPLY = {
  operationId: 'applyForAppointee',
  summary: 'KOOPBİS yetkilisi için başvuru / application for a KOOPBİS yetkilisi (m.15(1))',
  description:
    'By a board member (liquidator, trustee). MERSİS is asked about the cooperative, then KPS about the person: the check costs its fee. ' +
    'Reasons of STATE_CONFLICT: already-applied, application-open, decision-too-old, not-in-registry, person-not-matching.',
  parameters: [
    header('Idempotency-Key', 'Of the identity check: a repeat asks KPS no second time'),
    ...HEADERS,
  ],
  requestBody: { required: true, content: json('AppointmentRequest') },
  responses: {
    201: { description: 'Başvuru alındı / waits for the directorate', content: json('Appointment') },
    ...problems(
      ...COMMON,
      ...(['IDENTITY_NUMBER_INVALID', 'RATE_LIMITED', 'KPS_REFUSED', 'KPS_UNAVAILABLE'] as const),
      ...(['MERSIS_UNAVAILABLE', 'MAINTENANCE', 'KPS_OUTCOME_UNKNOWN', 'PURPOSE_NOT_ALLOWED'] as const),
      ...(['SERVICE_NOT_IN_AGREEMENT', 'IDEMPOTENCY_IN_PROGRESS', 'IDEMPOTENCY_KEY_REUSED'] as const),
    ),
  },
};
const DECIDE = {
  operationId: 'decideAppointment',
  summary: 'Başvuru hakkında karar / decision on an application (m.15(1))',
  description:
    'By the competent directorate. Reasons of STATE_CONFLICT: already-decided, own-application, own-person, vkn-differs, vkn-unknown, ' +
    'too-many-appointees, cooperative-not-active, cooperative-suspended, board-gone, period-over.',
  parameters: [
    { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
    ...HEADERS,
  ],
  requestBody: { required: true, content: json('AppointmentDecisionRequest') },
  responses: {
    200: { description: 'Karar / decided', content: json('AppointmentDecision') },
    ...problems(...COMMON, 'OUTSIDE_OWN_AREA', 'NOT_FOUND'),
  },
};

const receipt = {
  type: 'object',
  description: 'Names the entry in the audit log.',
  properties: { leafIndex: { type: 'integer' }, leafHash: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
};
const uuid = { type: 'string', format: 'uuid' };
const date = { type: 'string', format: 'date' };
const dateOrNull = { type: ['string', 'null'], format: 'date' };
const SCHEMAS = {
  AppointmentRequest: z.toJSONSchema(applicationSchema),
  Appointment: {
    type: 'object',
    properties: {
      id: uuid,
      state: { enum: ['applied'] },
      cooperative: { type: 'string' },
      decision: { type: 'object', properties: { no: { type: 'string' }, date } },
      from: date,
      to: dateOrNull,
      registry: { enum: ['match', 'vkn-differs'], description: 'What MERSİS says about number and VKN.' },
      verification: { ...uuid, description: 'The identity check.' },
      receipt,
    },
  },
  AppointmentDecisionRequest: z.toJSONSchema(verdictSchema),
  AppointmentDecision: {
    type: 'object',
    properties: {
      id: uuid,
      state: { enum: ['accepted', 'refused'] },
      seat: { type: ['object', 'null'], properties: { id: uuid, from: date, to: dateOrNull } },
      disagreements: {
        type: 'array',
        items: { enum: ['appointee-on-board', 'appointed-under-trustee'] },
        description: 'What contradicts the appointment and has to be looked at.',
      },
      receipt,
    },
  },
};
