import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../errors/refusal.js';
import type { ClientRegistry, Peer, RegisteredClient } from '../network/client-registry.js';
import type { RefusalCounter } from '../network/refusal-counter.js';
import type { ServiceHandler } from '../network/service-listener.js';
import type { CallingClient } from '../verification/question.js';
import type { GetVerificationTools } from './get-verification.js';
import type { PostAuditSearchTools } from './post-audit-search.js';
import { type Caller, type PostVerificationTools, postVerification } from './post-verification.js';
import { problemReply, type Reply, sendReply } from './reply.js';
import { requestIdOf } from './request-headers.js';
import { createRouter, type Routed } from './routes.js';
import type { BroughtRoutes } from './service-route.js';
import { isWritten, remembering } from './written-refusals.js';

/** One answered request, for log and metrics: the route's template, never the path. */
export interface FinishedCall {
  readonly route: string;
  readonly method: string;
  readonly requestId: string;
  readonly status: number;
  readonly code: string | null;
  readonly ms: number;
  readonly client: string | null;
  readonly error: unknown;
}

/** A call that is answered in front of Express, since it is asked often; null where it is another call. */
export type HotCall = (
  request: IncomingMessage,
  caller: Caller,
) => Promise<{ readonly route: string; readonly reply: Reply }> | null;

export interface ServiceApiTools
  extends PostVerificationTools,
    GetVerificationTools,
    PostAuditSearchTools,
    BroughtRoutes {
  /** In front of Express, in this order. */
  readonly hot: readonly HotCall[];
  readonly registry: ClientRegistry<CallingClient & RegisteredClient>;
  readonly refusals: RefusalCounter;
  /** Requests answered at once; above it `OVERLOADED`, before anything is asked or written. */
  readonly maxInFlight: number;
  /** True where the OpenID provider has answered a call of this client; such calls have their own records. */
  openId(request: IncomingMessage, response: ServerResponse, clientId: string): Promise<boolean>;
  observe(call: FinishedCall): void;
}

/** What the provider has answered needs no reply of ours. */
const OPEN_ID = 'openid';

const HOT_ROUTE = '/v1/identity/verifications';

/** The service API behind the service listener. The hot route is answered in front of Express, which would cost 0.35 ms. */
export function createServiceApi(given: ServiceApiTools): ServiceHandler {
  const tools = withMemory(given);
  const router = createRouter(tools);
  let inFlight = 0;
  return async (request, response, peer) => {
    const from = performance.now();
    const requestId = requestIdOf(request.headers) ?? randomUUID();
    let client: string | null = null;
    inFlight += 1;
    const routed = await (async (): Promise<Routed | typeof OPEN_ID> => {
      const caller = { ...identify(peer, tools), requestId };
      client = caller.client.id;
      if (inFlight > tools.maxInFlight) throw new Refusal('OVERLOADED');
      if (request.method === 'POST' && request.url === HOT_ROUTE) {
        return { route: HOT_ROUTE, reply: await postVerification(request, caller, tools) };
      }
      for (const call of tools.hot) {
        const answering = call(request, caller);
        if (answering !== null) return await answering;
      }
      if (request.url?.startsWith('/oidc/') === true && (await tools.openId(request, response, client)))
        return OPEN_ID;
      return router(request, response, caller);
    })().catch((failure: unknown): Routed => {
      return { route: routeOf(request), reply: problemReply(failure), failure };
    });
    inFlight -= 1;
    if (routed === OPEN_ID) {
      tools.observe(openIdCall(request, response, { requestId, client, ms: performance.now() - from }));
      return;
    }
    const { reply, route, failure } = routed;
    const at = tools.now();
    if (reply.code !== undefined && !isWritten(failure)) tools.refusals.count(peer.address, reply.code, at);
    // A body that was not read to its end would be taken for the next request.
    if (!request.complete) response.setHeader('Connection', 'close');
    response.setHeader('X-Request-Id', requestId);
    const sending = sendReply(response, reply);
    // What breaks a file after its status was sent is nobody's answer any more: it is the operator's to see.
    const broken = sending === null ? null : await sending;
    tools.observe({
      route,
      method: request.method ?? '',
      requestId,
      status: reply.status,
      code: reply.code ?? null,
      ms: performance.now() - from,
      client,
      error: isFault(reply.code, failure) ? failure : broken,
    });
  };
}

function openIdCall(
  request: IncomingMessage,
  response: ServerResponse,
  known: Pick<FinishedCall, 'requestId' | 'client' | 'ms'>,
): FinishedCall {
  const { statusCode: status } = response;
  return { ...known, route: '/oidc', method: request.method ?? '', status, code: null, error: null };
}

/** The same tools; what they refuse has an entry, under a name where there is one. Every other problem is counted. */
function withMemory(tools: ServiceApiTools): ServiceApiTools {
  return {
    ...tools,
    verify: (attempt) => remembering(tools.verify(attempt)),
    read: (attempt) => remembering(tools.read(attempt)),
    search: (attempt) => remembering(tools.search(attempt)),
  };
}

/** True where an operator should see the error itself: it is none of the callers' making. */
function isFault(code: string | undefined, failure: unknown): boolean {
  return code === 'INTERNAL' || (failure instanceof Refusal && failure.cause !== undefined);
}

function identify(peer: Peer, tools: ServiceApiTools): Omit<Caller, 'requestId'> {
  const client = tools.registry.identify(peer);
  return { client, certificateSha256: Buffer.from(peer.certificateSha256 ?? '', 'hex') };
}

function routeOf(request: IncomingMessage): string {
  return request.method === 'POST' && request.url === HOT_ROUTE ? HOT_ROUTE : 'other';
}
