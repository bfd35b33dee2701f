import type { FaultTarget, SystemRequest, Verdict } from '../http/national-system.js';
import type { World } from '../world/world.js';
import { Attempts } from './attempts.js';
import { authorize } from './authorize.js';
import type { EdevletClient } from './clients.js';
import { IssuedGrants } from './issued.js';
import { postCancel, postCode, postPassword, showLogin } from './login.js';
import { Logins } from './logins.js';
import { errorPage } from './pages.js';
import { type EdevletParts, PATHS, type ResourceTransport } from './parts.js';
import { resourceCall } from './resource-call.js';
import { tokenCall } from './token-call.js';

export const EDEVLET_FAULTS = ['no-level', 'error-200', 'cancel'] as const;

export interface EdevletOptions {
  readonly clients: readonly EdevletClient[];
  readonly resourceTransport: ResourceTransport;
  readonly world: Pick<World, 'person'>;
  readonly now: () => number;
}

type Answer = (request: SystemRequest, query: string, parts: EdevletParts) => Verdict;

/** Every address with its one method. `action`: how the witness names a call, also where the method is wrong. */
const ROUTES: Readonly<
  Record<string, { readonly method: 'GET' | 'POST'; readonly action: string; readonly answer: Answer }>
> = {
  [PATHS.authorize]: { method: 'GET', action: 'authorize', answer: authorize },
  [PATHS.token]: {
    method: 'POST',
    action: 'token',
    answer: (request, _query, parts) => tokenCall(request, parts),
  },
  [PATHS.resource]: {
    method: 'POST',
    action: 'resource',
    answer: (request, _query, parts) => resourceCall(request, parts),
  },
  [PATHS.secondStep]: {
    method: 'POST',
    action: 'second-step',
    answer: (request, _query, parts) => postCode(request, parts),
  },
  [PATHS.cancel]: {
    method: 'POST',
    action: 'login',
    answer: (request, _query, parts) => postCancel(request, parts),
  },
};

/** e-Devlet in its own dialect: one judgement for each request (facts/e-devlet.md). */
export function createEdevlet(options: EdevletOptions): (request: SystemRequest) => Verdict {
  const { now } = options;
  const parts: EdevletParts = {
    ...options,
    logins: new Logins(now),
    issued: new IssuedGrants(now),
    attempts: new Attempts(now),
  };
  return (request) => {
    const [path = '', ...rest] = request.path.split('?');
    const query = rest.join('?');
    if (path === PATHS.login) return serveLogin(request, query, parts);
    const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
    if (route === undefined) return { seen: [{ action: '' }], refused: 'path', reply: notThere };
    if (route.method !== request.method) return wrongMethod(route.action, route.method);
    return route.answer(request, query, parts);
  };
}

/** Whether a fault of our own kinds is about this request: what it does not concern neither counts nor suffers. */
export function faultConcerns(kind: string, { path, body }: FaultTarget): boolean {
  const [plain = ''] = path.split('?');
  if (kind === 'cancel') return plain === PATHS.authorize;
  if (kind === 'error-200') return plain === PATHS.token;
  if (kind !== 'no-level') return true;
  return plain === PATHS.resource && `${path}\n${body.toString('latin1')}`.includes('Kimlik-Dogrula');
}

function serveLogin(request: SystemRequest, query: string, parts: EdevletParts): Verdict {
  if (request.method === 'GET') return showLogin(request, query, parts);
  return request.method === 'POST' ? postPassword(request, parts) : wrongMethod('login', 'GET, POST');
}

const notThere = errorPage(404, { code: 'path', text: 'Aradığınız sayfa yok.' });

function wrongMethod(action: string, allow: string): Verdict {
  const text = 'Bu adres böyle çağrılamaz.';
  return {
    seen: [{ action }],
    refused: 'method',
    reply: errorPage(405, { code: 'method', text }, { Allow: allow }),
  };
}
