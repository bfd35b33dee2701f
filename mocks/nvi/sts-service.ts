import { iisForbidden } from '../http/html-pages.js';
import type { SystemRequest, Verdict } from '../http/national-system.js';
import type { Accounts } from './accounts.js';
import type { IssuedTokens } from './issued-tokens.js';
import { ISSUE_ACTION, readAppliesTo, readUserName } from './rst.js';
import { rstrReply } from './rstr.js';
import {
  actionNotSupported,
  destinationUnreachable,
  failedAuthentication,
  faultReply,
  invalidAddressingHeader,
  invalidSecurity,
  Refused,
  trustInvalidScope,
} from './soap-fault.js';
import { lookAtEnvelope, lookAtHeader, readSoapMessage } from './soap-message.js';
import { actionParameter, readSoapRequest } from './soap-request.js';

export const STS_FAULTS = ['bad-password', 'clock-skew'] as const;

/** What an institution meets that comes from an address it did not declare (facts/kps.md §1.7: unknown, so a setting). */
export type UnknownSource = 'reset' | 'hang' | 'html-403';

export interface NviParts {
  readonly accounts: Accounts;
  readonly tokens: IssuedTokens;
  readonly now: () => number;
  readonly unknownSource: UnknownSource;
  readonly tokenLifetimeMs: number;
  /** The URLs by which clients call; known only once the listeners have their ports. */
  readonly urls: () => { readonly sts: string; readonly kps: string };
}

/** Beyond WCF's five minutes, whatever the client's own clock says. */
const CLOCK_SKEW_DEFAULT_MS = 10 * 60_000;

/** The security token service: one judgement for each request (facts/kps.md §1, §2.6 first paragraph). */
export function createSts(parts: NviParts): (request: SystemRequest) => Verdict {
  return (request) => {
    const read = readSoapRequest(request, new URL(parts.urls().sts).pathname);
    if (!read.ok) return { seen: [{ action: '' }], refused: read.refused, reply: read.reply };
    const look = lookAtHeader(lookAtEnvelope(read.xml.root).header);
    try {
      refuseByFault(request);
      const message = readSoapMessage(read.xml.root);
      if (read.xml.duplicateId) throw new Refused('duplicate-id', invalidSecurity);
      const { userName, password } = readUserName(message.security, parts.now());
      if (!parts.accounts.passwordIsRight(userName, password))
        throw new Refused('password', failedAuthentication);
      if (!parts.accounts.mayComeFrom(userName, request.remoteAddress)) {
        return { seen: [look], refused: 'source-address', reply: replyToStranger(parts.unknownSource) };
      }
      requireAddresses(message, request, parts.urls().sts);
      const appliesTo = readAppliesTo(message.body);
      if (appliesTo !== parts.urls().kps) throw new Refused('applies-to', trustInvalidScope);
      const now = parts.now();
      const token = parts.tokens.issue({ userName, appliesTo, now, lifetimeMs: parts.tokenLifetimeMs });
      return { seen: [look], reply: rstrReply(token, message.messageId, now) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { fault } = request;
      const clock =
        fault?.kind === 'clock-skew'
          ? new Date(parts.now() + (fault.ms ?? CLOCK_SKEW_DEFAULT_MS))
          : undefined;
      return { seen: [look], refused: error.reason, reply: faultReply(error.fault, look.messageId, clock) };
    }
  };
}

/** What stands in for an answer to an address that nobody declared. */
export function replyToStranger(unknownSource: UnknownSource): Verdict['reply'] {
  if (unknownSource === 'reset') return 'cut';
  return unknownSource === 'hang' ? 'silence' : iisForbidden;
}

function refuseByFault({ fault }: SystemRequest): void {
  if (fault?.kind === 'bad-password') throw new Refused('fault-bad-password', failedAuthentication);
  if (fault?.kind === 'clock-skew') throw new Refused('fault-clock-skew', invalidSecurity);
}

function requireAddresses(
  message: { action: string; to: string },
  request: SystemRequest,
  url: string,
): void {
  if (message.to !== url) throw new Refused('to', destinationUnreachable);
  if (message.action !== ISSUE_ACTION) throw new Refused('action', actionNotSupported);
  const parameter = actionParameter(request.contentType);
  if (parameter !== undefined && parameter !== message.action)
    throw new Refused('action-parameter', invalidAddressingHeader);
}
