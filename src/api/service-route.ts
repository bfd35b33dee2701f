import type { Request } from 'express';
import type { Caller } from './post-verification.js';
import type { Reply } from './reply.js';

/**
 * One call of the service API beside the hot route. `path` in Express's form (`/v1/appointments/:id/decision`), `operation` its
 * OpenAPI operation object. `handle` throws `Refusal`; nothing of the path or the body may stand in what it throws.
 */
export interface ServiceRoute {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly operation: Readonly<Record<string, unknown>>;
  handle(request: Request, caller: Caller): Promise<Reply> | Reply;
}

/** Schemas that operations name by `#/components/schemas/…`. */
export type RouteSchemas = Readonly<Record<string, unknown>>;

/** Calls that other parts of the house bring; their operations and schemas stand in the OpenAPI document. */
export interface BroughtRoutes {
  readonly routes: readonly ServiceRoute[];
  readonly schemas: RouteSchemas;
}
