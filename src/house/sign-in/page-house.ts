import type { Provider } from 'oidc-provider';
import { readStanding } from '../../authority/read-standing.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { decodeKey32 } from '../../config/key32.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { Upstream } from '../../edevlet/port.js';
import { judgeTwoStep } from '../../edevlet/two-step-rule.js';
import { ACR_ONE_STEP, ACR_TWO_STEP } from '../../sign-in/access-tokens.js';
import { endSession, endSessionBy } from '../../sign-in/end-session.js';
import { listSessions } from '../../sign-in/list-sessions.js';
import type { BrowserSession } from '../../sign-in/living-session.js';
import { hasRead, recordRead } from '../../sign-in/notice/notice.js';
import { numberOf, openSession } from '../../sign-in/open-session.js';
import type { Application } from '../../sign-in/provider/clients.js';
import { readSession } from '../../sign-in/read-session.js';
import { refuseSession } from '../../sign-in/refuse-session.js';
import { createStepUp } from '../../sign-in/step-up/step-up.js';
import { markTold } from '../../sign-in/told.js';
import { touchSession } from '../../sign-in/touch-session.js';
import { keepState, stateOfBrowser, takeState } from '../../sign-in/upstream-state.js';
import { createPageTools } from '../../sign-in/web/browser-session.js';
import type { SignInHouse } from '../../sign-in/web/house-tools.js';
import { standingTexts } from '../../sign-in/web/standing-texts.js';
import type { SignInParts } from './parts.js';

export interface HouseParts extends SignInParts {
  readonly signIn: NonNullable<BridgeConfig['signIn']>;
  readonly edevlet: NonNullable<BridgeConfig['edevlet']>;
  readonly applications: readonly Application[];
  readonly upstream: Upstream;
  provider(): Provider;
  now(): Date;
}

const METHOD = 'e-devlet';

/** What the pages of sign-in ask, joined from the rooms. */
export function houseOf(parts: HouseParts): SignInHouse {
  const { db, log, signIn, edevlet, now } = parts;
  const { appender, masterKeys, tagger } = log;
  const use = async (sessionId: string): Promise<BrowserSession | null> => {
    const session = await readSession(db, masterKeys, sessionId, now());
    if (session === null || !isStrongEnough(session, edevlet, now())) return null;
    await touchSession(db, sessionId, now(), signIn.idleMinutes * 60);
    return session;
  };
  const pageTools = createPageTools({
    provider: parts.provider,
    use,
    formKeys: signIn.cookieKeys.map((key) => decodeKey32(key)),
    now,
  });
  return {
    ...pageTools,
    ...settingsOf(parts),
    provider: parts.provider,
    upstream: parts.upstream,
    use,
    stepUp: createStepUp({ log: appender, db, masterKeys, tagger, settings: signIn.stepUp, now }),
    isWarned: (session) => isWarned(session, edevlet, now()),
    judge: (evidence) => judgeTwoStep(edevlet.twoStep, evidence, now()),
    keepState: (kept) => keepState(db, masterKeys, kept, now(), signIn.stateMinutes * 60_000),
    takeState: (state, browser) => takeState(db, masterKeys, { state, browser }, now()),
    stateOfBrowser: (browser) => stateOfBrowser(db, masterKeys, browser, now()),
    open: async (proved) => {
      const times = { lifetimeS: signIn.absoluteMinutes * 60, idleS: signIn.idleMinutes * 60 };
      const { sessionId } = await openSession(appender, log, { ...proved, ...times, method: METHOD }, now());
      parts.metrics.signInEnded('opened');
      return sessionId;
    },
    refuse: ({ person, judged, client }, reason) =>
      refuseSession(appender, { person, judged, client, method: METHOD, reason }, now()),
    end: async (sessionId, reason) => {
      await endSession(appender, sessionId, reason, now());
    },
    endOwn: (session, other) => {
      const { acr, authTime, sessionId } = session;
      const actor = { acr, authTime: authTime.toISOString(), session: sessionId };
      const number = numberOf(session.person);
      return endSessionBy(
        appender,
        { sessionId: other, actor, number, reason: null, by: 'person', onlyOf: session.tag },
        now(),
      );
    },
    hasReadNotice: ({ tag }) => hasRead(db, tag, signIn.notice.version),
    readNotice: (session) => recordRead(appender, session, signIn.notice.version, now()),
    markTold: (session) => markTold(db, session.sessionId, now()),
    standing: async (session) => standingTexts(await readStanding(db, session.tag, istanbulDay(now()))),
    sessions: (session) => listSessions(db, session.tag, now()),
    count: (address, code) => parts.refusals.count(address, code, now()),
    ended: (code, errorNo) => {
      parts.metrics.signInEnded(code);
      parts.told.info('sign-in.ended', { code, errorNo });
    },
    failed: (event, error) => parts.told.error(event, { error }),
  };
}

/** A sign-in of one step, from before the rule, ends on the day that it comes into force. */
function isStrongEnough(
  session: Pick<BrowserSession, 'acr'>,
  { twoStep }: NonNullable<BridgeConfig['edevlet']>,
  now: Date,
): boolean {
  if (session.acr === ACR_TWO_STEP) return true;
  return session.acr === ACR_ONE_STEP && istanbulDay(now) < twoStep.inForceFrom;
}

/** Whoever lacks two steps is warned in the period of announcement, and not before. */
function isWarned(
  session: Pick<BrowserSession, 'acr'>,
  { twoStep }: NonNullable<BridgeConfig['edevlet']>,
  now: Date,
): boolean {
  const { announcedFrom } = twoStep;
  return session.acr === ACR_ONE_STEP && announcedFrom !== undefined && istanbulDay(now) >= announcedFrom;
}

function settingsOf({ signIn, edevlet, applications }: HouseParts) {
  const start = applications.find(({ id }) => id === signIn.startClient);
  const upstreamOrigin = new URL(edevlet.issuer ?? edevlet.baseUrl).origin;
  const redirects = applications.flatMap((one) => [...one.redirectUris, ...one.postLogoutRedirectUris]);
  return {
    issuer: signIn.issuer,
    formTargets: [...new Set([upstreamOrigin, ...redirects.map((uri) => new URL(uri).origin)])],
    helpUrl: edevlet.twoStep.helpUrl,
    inForceFrom: edevlet.twoStep.inForceFrom,
    stateTtlMs: signIn.stateMinutes * 60_000,
    notice: signIn.notice,
    startUri: start?.initiateLoginUri ?? null,
    applications: applications.map(({ id, name, initiateLoginUri }) => ({ id, name, url: initiateLoginUri })),
  };
}
