import type { IncomingMessage } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { draftOf } from '../../audit/draft.js';
import { plainLane } from '../../audit/plain-lane.js';
import { readStanding } from '../../authority/read-standing.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { type Pages, pageHeaders, retryAfterS } from '../../pages/pages.js';
import { joinSession } from '../../sign-in/join-session.js';
import { createAdapter } from '../../sign-in/provider/adapter.js';
import {
  OIDC_ROUTES,
  type ProviderSettings,
  type ProviderTools,
} from '../../sign-in/provider/configuration.js';
import type { ProviderEvents } from '../../sign-in/provider/provider.js';
import { createOidcRecords } from '../../sign-in/provider/records.js';
import { readPersonOf } from '../../sign-in/read-person.js';
import { readSession } from '../../sign-in/read-session.js';
import { wasTold } from '../../sign-in/told.js';
import { createFloodGate } from '../../sign-in/web/flood.js';
import type { SignInHouse } from '../../sign-in/web/house-tools.js';
import { endedPage } from '../../sign-in/web/page-handler.js';
import type { SignInParts } from './parts.js';

export interface ProviderParts extends SignInParts {
  readonly house: SignInHouse;
  readonly pages: Pages;
  readonly settings: ProviderSettings;
  /** Requests of the service listener, by the registered client whose certificate they showed. */
  readonly registered: WeakMap<object, string>;
  now(): Date;
}

/** What the OpenID provider asks, joined from the rooms. */
export function providerTools(parts: ProviderParts): ProviderTools {
  const { db, log, house, pages, now } = parts;
  const { masterKeys } = log;
  const records = createOidcRecords(db, masterKeys);
  const session = (sessionId: string) => readSession(db, masterKeys, sessionId, now());
  return {
    now,
    session,
    use: house.use,
    adapter: (name) =>
      createAdapter(name, {
        db,
        records,
        now,
        isLiving: async (sessionId) => (await house.use(sessionId)) !== null,
      }),
    subjectOf: (sessionId) => readPersonOf(db, masterKeys, sessionId),
    hasReadNotice: house.hasReadNotice,
    isToBeTold: async (living) => {
      const { seats, roles } = await readStanding(db, living.tag, istanbulDay(now()));
      const hasStanding = seats.some((seat) => seat.inForce) || roles.length > 0;
      if (hasStanding && !house.isWarned(living)) return false;
      return !(await wasTold(db, living.sessionId));
    },
    registeredClient: (ctx) => parts.registered.get(ctx.req) ?? null,
    renderError: (ctx, reason) => {
      house.count(addressOf(ctx.req), 'APPLICATION_REFUSED');
      const code = ctx.status >= 500 ? 'SIGN_IN_UNAVAILABLE' : 'APPLICATION_REFUSED';
      parts.told.info('sign-in.application-refused', { reason, status: ctx.status });
      const { status, html } = endedPage({ house, pages }, { code, retryUrl: null });
      // What fails on our side is "not now" here as on every other page.
      if (ctx.status >= 500) ctx.status = status;
      show(ctx, html);
    },
    renderSignOut: (ctx, xsrf) => show(ctx, pages.render('sign-out', { action: SIGN_OUT, xsrf })),
    renderSignedOut: (ctx) => show(ctx, pages.render('signed-out', {})),
  };

  // As the body of its context: the provider writes its cookies behind it.
  function show(ctx: KoaContextWithOIDC, html: string): void {
    ctx.set(pageHeaders(house.formTargets));
    const waitS = retryAfterS(ctx.status);
    if (waitS !== null) ctx.set('Retry-After', String(waitS));
    ctx.type = 'html';
    ctx.body = html;
  }
}

/** Where the provider takes the form of its sign-out page. */
const SIGN_OUT = `${OIDC_ROUTES.end_session}/confirm`;
/** Refusals of one application that get an entry of their own in a minute; more of them are counted. */
const ENTRIES_PER_MINUTE = 60;

/** What the house does when the provider has given or refused something. */
export function providerEvents({
  log,
  house,
  told,
  now,
}: Pick<ProviderParts, 'log' | 'house' | 'told' | 'now'>): ProviderEvents {
  const mayHaveEntry = createFloodGate(ENTRIES_PER_MINUTE);
  return {
    tokenRefused: async ({ client, error, reason, sessionId, address }) => {
      if (client === null || !mayHaveEntry(client, now())) {
        house.count(address, 'APPLICATION_REFUSED');
        return;
      }
      const data = { client, error: error.slice(0, 60), reason, session: sessionId };
      await log.appender.submit(plainLane, draftOf('token.refused', now(), data));
    },
    tokenGiven: async ({ sessionId, clientId, sid }) => {
      await joinSession(log.appender, { sessionId, clientId, sid: sid ?? '' }, now());
    },
    signedOut: (sessionId) => house.end(sessionId, 'signed-out'),
    failed: (error) => told.error('sign-in.provider-failed', { error }),
  };
}

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}
