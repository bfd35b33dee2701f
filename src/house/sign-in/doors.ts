import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent } from 'node:https';
import { rootCertificates } from 'node:tls';
import axios from 'axios';
import type { RequestHandler } from 'express';
import type { CountedCode } from '../../network/refusal-counter.js';
import { deliverLogouts } from '../../sign-in/back-channel.js';
import { expireSessions } from '../../sign-in/expire-sessions.js';
import type { BrowserSession } from '../../sign-in/living-session.js';
import { pairwiseSubject } from '../../sign-in/provider/account.js';
import type { Application } from '../../sign-in/provider/clients.js';
import {
  DISCOVERY_PATH,
  OIDC_API_PATHS,
  OIDC_ROUTES,
  type ProviderSettings,
} from '../../sign-in/provider/configuration.js';
import type { SigningKey } from '../../sign-in/provider/keys.js';
import { logoutToken } from '../../sign-in/provider/logout-token.js';
import type { CurrentProvider } from '../../sign-in/provider/provider.js';
import { purgeSignIn } from '../../sign-in/purge-sign-in.js';
import { readPersonOf } from '../../sign-in/read-person.js';
import type { StepUp } from '../../sign-in/step-up/step-up.js';
import type { SignInHouse } from '../../sign-in/web/house-tools.js';
import type { PageTools } from '../../sign-in/web/page-tools.js';
import { startChore } from '../chore.js';
import type { SignInParts } from './parts.js';

/** Sign-in as the listeners and the start know it. */
export interface OpenSignIn {
  /** The pages, for the web's Express. */
  readonly router: RequestHandler;
  /** True where the OpenID provider has taken the request; of `web`. */
  web(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** True where it has taken a registered client's request; of `api`. */
  api(request: IncomingMessage, response: ServerResponse, clientId: string): Promise<boolean>;
  /** What other pages of the web ask of the browser that is before them. */
  readonly browser: Browser;
  /** Keys, ends of sessions, logouts to be told, purges; each safe on all instances at once. */
  startChores(): () => Promise<void>;
}

/** Whose browser it is, and the forms of its pages. */
interface Browser extends PageTools {
  readonly issuer: string;
  readonly formTargets: readonly string[];
  readonly stepUp: StepUp;
  hasReadNotice(session: BrowserSession): Promise<boolean>;
  mayPass(address: string): boolean;
  readonly sessions: SignInHouse['sessions'];
  /** Counts a refusal that nobody has a name for. */
  count(address: string, code: CountedCode): void;
  readonly endOwn: SignInHouse['endOwn'];
}

interface DoorParts extends SignInParts {
  readonly browser: Browser;
  readonly provider: CurrentProvider;
  readonly registered: WeakMap<object, string>;
  readonly router: RequestHandler;
  readonly settings: ProviderSettings;
  mayPass(address: string): boolean;
  keys(): readonly SigningKey[];
  keyStep(): Promise<void>;
  now(): Date;
}

const KEYS_MS = 60_000;
const EXPIRE_MS = 5_000;
const DELIVER_MS = 1_000;
const PURGE_MS = 600_000;
/** An application that is told of a logout; it does nothing but end a session. */
const LOGOUT_TIMEOUT_MS = 5_000;
const MAX_LOGOUT_ANSWER = 4_096;

/** The doors of sign-in and its chores. */
export function doorsOf(parts: DoorParts): OpenSignIn {
  const { provider, registered, now } = parts;
  return {
    router: parts.router,
    browser: parts.browser,
    web: async (request, response) => {
      const path = pathOf(request);
      if (path !== DISCOVERY_PATH && !path.startsWith('/oidc/')) return false;
      const address = request.socket.remoteAddress ?? '';
      if (path.startsWith(OIDC_ROUTES.authorization) && !parts.mayPass(address)) {
        parts.refusals.count(address, 'SIGN_IN_TOO_OFTEN', now());
        response.writeHead(429, { 'Retry-After': '60', 'Content-Type': 'text/plain; charset=utf-8' }).end();
        return true;
      }
      await provider.handle(request, response);
      return true;
    },
    api: async (request, response, clientId) => {
      if (!OIDC_API_PATHS.includes(pathOf(request))) return false;
      registered.set(request, clientId);
      await provider.handle(request, response);
      return true;
    },
    startChores: () => {
      const { db, log, told } = parts;
      const agents = agentsOf(parts.settings.applications);
      const stops = [
        startChore('sign-in.keys', KEYS_MS, told, parts.keyStep),
        startChore('sign-in.expire', EXPIRE_MS, told, async () => {
          await expireSessions(db, log.appender, now());
        }),
        startChore('sign-in.logouts', DELIVER_MS, told, async () => {
          await deliverLogouts({
            db,
            log: log.appender,
            now,
            tokenFor: (one) => tokenFor(parts, one),
            post: (uri, body) => post(uri, body, agents),
          });
        }),
        startChore('sign-in.purge', PURGE_MS, told, () => purgeSignIn(db, now())),
      ];
      return async () => {
        await Promise.all(stops.map((stop) => stop()));
      };
    },
  };
}

async function tokenFor(
  { settings, db, log, keys, now }: DoorParts,
  { clientId, sessionId, sid }: { clientId: string; sessionId: string; sid: string },
) {
  const application = settings.applications.find(({ id }) => id === clientId);
  const uri = application?.backChannelLogoutUri ?? null;
  const person = await readPersonOf(db, log.masterKeys, sessionId);
  if (uri === null || person === null) return null;
  const sub = pairwiseSubject(settings.pairwiseKey, clientId, person);
  return { uri, token: await logoutToken({ issuer: settings.issuer, clientId, sub, sid }, keys(), now()) };
}

/** One for each application that is told: its server is trusted by the system's CAs and its own. */
function agentsOf(applications: readonly Application[]): ReadonlyMap<string, Agent> {
  return new Map(
    applications.flatMap(({ backChannelLogoutUri, ca }) =>
      backChannelLogoutUri === null
        ? []
        : [[backChannelLogoutUri, new Agent({ ca: [...rootCertificates, ...ca] })] as const],
    ),
  );
}

/** Sends a logout token; the status of the answer. Errors: those of the network. */
async function post(uri: string, body: string, agents: ReadonlyMap<string, Agent>): Promise<number> {
  const { status } = await axios.post(uri, body, {
    httpsAgent: agents.get(uri),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    timeout: LOGOUT_TIMEOUT_MS,
    signal: AbortSignal.timeout(LOGOUT_TIMEOUT_MS),
    maxRedirects: 0,
    maxContentLength: MAX_LOGOUT_ANSWER,
    validateStatus: () => true,
    proxy: false,
  });
  return status;
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
