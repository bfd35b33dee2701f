import type { IncomingMessage } from 'node:http';
import type { AuthorityPolicy } from '../../authority/decide.js';
import type { AuthorityMemory } from '../../authority/memory/port.js';
import { Refusal } from '../../errors/refusal.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Caller } from '../post-verification.js';
import { readJsonBody } from '../read-body.js';
import { jsonReply, type Reply } from '../reply.js';
import { checkHeaders } from '../request-headers.js';
import type { HotCall } from '../service-api.js';
import type { BroughtRoutes, ServiceRoute } from '../service-route.js';
import { type AnswerTools, answerAll, answering, cooperativeOf } from './answer-questions.js';
import {
  type Batch,
  type Checked,
  checkBatch,
  checkQuestion,
  MAX_EVALUATIONS,
  type Question,
} from './evaluation-schema.js';
import { EVALUATION_OPERATIONS, EVALUATION_SCHEMAS } from './operations.js';

/** `tagOf`: a person's tag in the domain `authority`. `origin`: of the service API, without a slash at its end. */
export interface EvaluationTools {
  readonly maxBodyBytes: number;
  readonly memory: Pick<AuthorityMemory, 'confirmed' | 'freshen'>;
  readonly policy: AuthorityPolicy;
  readonly origin: string;
  tagOf(person: KimlikNo): Buffer;
  now(): Date;
}

const ONE = '/access/v1/evaluation';
const MANY = '/access/v1/evaluations';
const DISCOVERY = '/.well-known/authzen-configuration';
/** Room for every question of a full call with all of its members, whatever the limit of ordinary bodies. */
const MANY_BYTES = MAX_EVALUATIONS * 512;

/**
 * OpenID AuthZEN, Authorization API 1.0: both evaluations and the metadata of the decision point. `hot` answers in front of Express; the
 * routes say the same to the documentation. Every call is answered from memory that was confirmed for it; where it cannot be, it throws
 * the database's errors: there is no old answer. Errors: `CLIENT_NOT_PERMITTED`, `REQUEST_INVALID` and those of bodies.
 */
export function evaluationCalls(
  tools: EvaluationTools,
): { readonly hot: readonly HotCall[] } & BroughtRoutes {
  const posts = [
    { path: ONE, handle: (request: IncomingMessage, caller: Caller) => postOne(request, caller, tools) },
    { path: MANY, handle: (request: IncomingMessage, caller: Caller) => postMany(request, caller, tools) },
  ] as const;
  const hot = posts.map(({ path, handle }): HotCall => {
    return (request, caller) => {
      if (request.method !== 'POST' || request.url !== path) return null;
      return handle(request, caller).then((reply) => ({ route: path, reply }));
    };
  });
  const routes: readonly ServiceRoute[] = [
    ...posts.map(({ path, handle }) => {
      return { method: 'post', path, operation: EVALUATION_OPERATIONS[path], handle } as const;
    }),
    {
      method: 'get',
      path: DISCOVERY,
      operation: EVALUATION_OPERATIONS[DISCOVERY],
      handle: () => jsonReply(metadataOf(tools.origin)),
    },
  ];
  return { hot, routes, schemas: EVALUATION_SCHEMAS };
}

/** "Policy Decision Point Metadata": what is not named there is not offered. */
function metadataOf(origin: string) {
  return {
    policy_decision_point: origin,
    access_evaluation_endpoint: `${origin}${ONE}`,
    access_evaluations_endpoint: `${origin}${MANY}`,
  };
}

async function postOne(request: IncomingMessage, caller: Caller, tools: EvaluationTools): Promise<Reply> {
  const json = await readCall(request, caller, tools.maxBodyBytes);
  const question = soundOf(checkQuestion(json));
  return jsonReply(answering(await confirmedFor([question], tools))(question));
}

async function postMany(request: IncomingMessage, caller: Caller, tools: EvaluationTools): Promise<Reply> {
  const json = await readCall(request, caller, Math.max(tools.maxBodyBytes, MANY_BYTES));
  const batch: Batch = soundOf(checkBatch(json));
  if ('single' in batch) return jsonReply(answering(await confirmedFor([batch.single], tools))(batch.single));
  const { questions, semantic } = batch;
  const sound = questions.flatMap((question) => (question.ok ? [question.value] : []));
  const evaluations = answerAll(questions, semantic, await confirmedFor(sound, tools));
  return jsonReply({ evaluations });
}

/** Permission first: nothing is read for a client that may not ask. */
async function readCall(request: IncomingMessage, { client }: Caller, maxBytes: number): Promise<unknown> {
  if (!client.permissions.includes('evaluation')) throw new Refusal('CLIENT_NOT_PERMITTED');
  const headers = checkHeaders(request.headers);
  const body = await readJsonBody(request, maxBytes);
  if (!headers.ok) throw new Refusal('REQUEST_INVALID', { reason: headers.reason });
  if (!body.ok) throw new Refusal(body.code, { reason: body.reason });
  return body.json;
}

function soundOf<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Refusal('REQUEST_INVALID', { reason: checked.reason });
  return checked.value;
}

/** One confirmation for the whole call; what looks too old in memory is looked at in the database first. */
async function confirmedFor(
  questions: readonly Question[],
  { memory, policy, now, tagOf }: EvaluationTools,
): Promise<AnswerTools> {
  const asked = new Set(questions.flatMap((question) => cooperativeOf(question) ?? []));
  await memory.freshen([...asked], policy.staleAfterHours);
  return { view: await memory.confirmed(), policy, now: now(), tagOf };
}
