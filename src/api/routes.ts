import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';
import { Refusal } from '../errors/refusal.js';
import { docsPage } from './docs-page.js';
import { type GetVerificationTools, getVerification } from './get-verification.js';
import { openApiDocument } from './openapi.js';
import { type PostAuditSearchTools, postAuditSearch } from './post-audit-search.js';
import type { Caller } from './post-verification.js';
import { jsonReply, problemReply, type Reply } from './reply.js';
import type { BroughtRoutes } from './service-route.js';

/** A route's answer with the template it was found by (never the path itself, which is the caller's text). */
export interface Routed {
  readonly route: string;
  readonly reply: Reply;
  /** What the reply was made from where something failed: for the operator's log alone. */
  readonly failure?: unknown;
}

/** Everything but the hot route. Resolves with the answer; writing it is the caller's, so that it happens in one place. */
export type Router = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<Routed>;

interface Held {
  readonly caller: Caller;
  resolve(routed: Routed): void;
}

/** An Express router over the calls that are not asked hundreds of times a second. */
export function createRouter(tools: GetVerificationTools & PostAuditSearchTools & BroughtRoutes): Router {
  const held = new WeakMap<IncomingMessage, Held>();
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  const document = openApiDocument(tools);
  const page = docsPage(document);

  const route = (
    path: string,
    handle: (request: express.Request, caller: Caller) => Promise<Reply> | Reply,
    method: 'get' | 'post' = 'get',
  ) => {
    app[method](path, async (request, _response) => {
      const { caller, resolve } = held.get(request) as Held;
      const routed = await Promise.resolve()
        .then(async (): Promise<Routed> => ({ route: path, reply: await handle(request, caller) }))
        .catch((failure: unknown) => ({ route: path, reply: problemReply(failure), failure }));
      resolve(routed);
    });
  };
  route('/v1/identity/verifications/:id', (request, caller) =>
    getVerification(request, String(request.params.id), caller, tools),
  );
  route('/v1/audit/searches', (request, caller) => postAuditSearch(request, caller, tools), 'post');
  for (const { method, path, handle } of tools.routes) route(path, handle, method);
  route('/openapi.json', () => jsonReply(document));
  route('/docs', () => ({
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
    body: page,
  }));
  app.use((request: express.Request, _response: express.Response) => {
    held.get(request)?.resolve({ route: 'other', reply: problemReply(new Refusal('NOT_FOUND')) });
  });
  app.use(
    (_error: unknown, request: express.Request, _response: express.Response, _next: express.NextFunction) => {
      // A path that cannot be decoded: Express's own message quotes it.
      held.get(request)?.resolve({ route: 'other', reply: problemReply(new Refusal('NOT_FOUND')) });
    },
  );

  return (request, response, caller) =>
    new Promise((resolve) => {
      held.set(request, { caller, resolve });
      app(request, response);
    });
}
