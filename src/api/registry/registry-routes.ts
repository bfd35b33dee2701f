import type { Request } from 'express';
import type { RegistryAttempt } from '../../mersis/calls/attempt.js';
import type { Refreshed } from '../../mersis/refresh.js';
import type { RegistryVerified } from '../../mersis/verify-registry.js';
import type { Caller } from '../post-verification.js';
import { jsonReply, type Reply } from '../reply.js';
import type { BroughtRoutes } from '../service-route.js';
import { remembering } from '../written-refusals.js';
import { refreshQuestion, shownCall, verificationQuestion } from './registry-call.js';
import { REGISTRY_SCHEMAS, refreshOperation, verificationOperation } from './registry-document.js';

export interface RegistryTools {
  readonly maxBodyBytes: number;
  readonly now: () => Date;
  /** The use cases; whatever they refuse has its entry. */
  refresh(attempt: RegistryAttempt): Promise<Refreshed>;
  verify(attempt: RegistryAttempt, unvan: string): Promise<RegistryVerified>;
}

/** `POST /v1/cooperatives/{mersisNo}/refresh` and `POST /v1/registry/verifications` (CONTRACT §4), for signed-in persons. */
export function registryRoutes(tools: RegistryTools): BroughtRoutes {
  return {
    routes: [
      {
        method: 'post',
        path: '/v1/cooperatives/:mersisNo/refresh',
        operation: refreshOperation(),
        handle: (request, caller) => refresh(request, caller, tools),
      },
      {
        method: 'post',
        path: '/v1/registry/verifications',
        operation: verificationOperation(),
        handle: (request, caller) => verify(request, caller, tools),
      },
    ],
    schemas: REGISTRY_SCHEMAS,
  };
}

async function refresh(request: Request, caller: Caller, tools: RegistryTools): Promise<Reply> {
  const call = shownCall(request, caller, tools.now());
  const question = await refreshQuestion(request, String(request.params.mersisNo));
  const { mersisNo, readAt, result } = await remembering(
    tools.refresh({ operation: 'refresh', call, question }),
  );
  return jsonReply({ mersisNo, result, readAt: readAt.toISOString() });
}

async function verify(request: Request, caller: Caller, tools: RegistryTools): Promise<Reply> {
  const call = shownCall(request, caller, tools.now());
  const { question, unvan } = await verificationQuestion(request, tools.maxBodyBytes);
  const { durum, mersisNo, result, vkn } = await remembering(
    tools.verify({ operation: 'registry-verification', call, question }, unvan),
  );
  return jsonReply({ result, durum, mersisNo, vkn });
}
