import type { StsProblem } from './events.js';
import { isPasswordRefused, isSecurityFault, type Judged, judge } from './faults.js';
import { ISSUE_FINAL_ACTION, NS } from './namespaces.js';
import type { KpsNotSentReason } from './port.js';
import { type StsRequest, stsRequest } from './sts-request.js';
import { type IssuedToken, readStsAnswer } from './sts-response.js';
import type { Transport } from './transport.js';

/** A service allows 5 minutes either way; from one minute on our clock is named as the cause (facts/kps.md §5.3). */
const SKEW_TO_NAME_S = 60;

export interface TokenRefusal {
  readonly ok: false;
  readonly problem: StsProblem;
  /** What the caller of the port hears. */
  readonly reason: KpsNotSentReason;
}

export type Issued = {
  /** Their clock minus ours in whole seconds, where the answer said. */
  readonly skewS: number | null;
} & (
  | { readonly ok: true; readonly token: IssuedToken /** By our clock. */; readonly usableUntilMs: number }
  | TokenRefusal
);

export interface StsClientDeps {
  readonly transport: Transport;
  readonly now: () => number;
  readonly timeoutMs: number;
}

/** Asks the STS for one token, once (facts/kps.md §1). Never retries: a wrong password repeated locks the institution out. */
export async function requestToken(
  deps: StsClientDeps,
  request: Omit<StsRequest, 'nowMs' | 'stsUrl'>,
): Promise<Issued> {
  const sentMs = deps.now();
  let body: string;
  try {
    body = stsRequest({ ...request, nowMs: sentMs, stsUrl: deps.transport.url });
  } catch {
    // A user name or password that XML cannot carry: a mistake in the settings.
    return { ok: false, skewS: null, problem: 'unreadable', reason: 'sts-refused' };
  }
  const exchange = await deps.transport.post(body, deps.timeoutMs);
  const judged = judge(exchange, {
    messageId: request.messageId,
    replyAction: ISSUE_FINAL_ACTION,
    bodyNamespace: NS.trust,
    bodyElement: 'RequestSecurityTokenResponseCollection',
    keep: null,
  });
  const skewS = skewOf(judged, sentMs, deps.now());
  if (judged.kind !== 'answer') return { ...refusalOf(judged, skewS), skewS };
  const answer = readStsAnswer(judged.xml);
  if (!answer.ok) return { ok: false, skewS, problem: answer.problem, reason: 'sts-refused' };
  return accept(answer.token, sentMs, skewS);
}

/**
 * The token's span on our clock: no later than Expires as we read it, and no longer than its length since we asked, so
 * that a clock of ours that runs behind stretches nothing.
 */
function accept(token: IssuedToken, sentMs: number, skewS: number | null): Issued {
  const usableUntilMs = Math.min(token.expiresMs, sentMs + (token.expiresMs - token.createdMs));
  if (usableUntilMs > sentMs) return { ok: true, token, usableUntilMs, skewS };
  token.proofKey.drop();
  return { ok: false, skewS, problem: 'already-expired', reason: 'sts-refused' };
}

function refusalOf(judged: Exclude<Judged, { kind: 'answer' }>, skewS: number | null): TokenRefusal {
  switch (judged.kind) {
    case 'not-sent':
    case 'lost':
      return refusal(judged.cause === 'timeout' ? 'timeout' : 'connection', 'sts-unavailable');
    case 'http-error':
      return refusal('http-error', judged.status < 500 ? 'sts-refused' : 'sts-unavailable');
    case 'unreadable':
      return refusal('unreadable', 'sts-unavailable');
    case 'not-ours':
      return refusal('not-ours', 'sts-unavailable');
    case 'fault':
      if (isPasswordRefused(judged.subcodes)) return refusal('password-refused', 'password-refused');
      if (isSecurityFault(judged.subcodes) && skewS !== null && Math.abs(skewS) >= SKEW_TO_NAME_S) {
        return refusal('clock-skew', 'clock-skew');
      }
      return refusal('fault', 'sts-refused');
  }
}

function refusal(problem: StsProblem, reason: KpsNotSentReason): TokenRefusal {
  return { ok: false, problem, reason };
}

/** Measured against the middle of the call, within which their clock was read. */
function skewOf(judged: Judged, sentMs: number, receivedMs: number): number | null {
  if ((judged.kind !== 'answer' && judged.kind !== 'fault') || judged.theirClockMs === null) return null;
  return Math.round((judged.theirClockMs - (sentMs + receivedMs) / 2) / 1000);
}
