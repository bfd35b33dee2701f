import { randomUUID } from 'node:crypto';

import type { HttpReply } from '../http/http-reply.js';
import type { SystemRequest, Verdict } from '../http/national-system.js';
import type { World } from '../world/world.js';
import { bilesikKutukItem } from './answers/bilesik-kutuk.js';
import { sorgulaHata, sorgulaResponse } from './answers/sorgula-response.js';
import { tumKutukItem } from './answers/tum-kutuk-dogrula.js';
import { HATA, type Hata } from './answers/wire.js';
import { requireQuerySecurity } from './checks/query-security.js';
import { type Criterion, lookAtNumbers, readCriteria } from './criteria.js';
import { findByEverything, findByNumberAndDate } from './registers.js';
import { soapReply } from './rstr.js';
import { type ServiceVersion, serviceByAction } from './services.js';
import {
  actionNotSupported,
  destinationUnreachable,
  failedAuthentication,
  faultReply,
  invalidAddressingHeader,
  invalidSecurity,
  Refused,
} from './soap-fault.js';
import { lookAtEnvelope, lookAtHeader, readSoapMessage, type SoapMessage } from './soap-message.js';
import { actionParameter, readSoapRequest } from './soap-request.js';
import { type NviParts, replyToStranger } from './sts-service.js';

export const KPS_FAULTS = [
  'invalid-security',
  'expired-token',
  'wrong-relates-to',
  'hata-2',
  'hata-8',
  'hata-10',
] as const;

/** The routing service of KPS v2 (facts/kps.md §2, §3, §2.6 second paragraph): one judgement for each request. */
export function createKps(parts: NviParts, world: World): (request: SystemRequest) => Verdict {
  const knownIn = (text: string) => parts.tokens.firstNamedIn(text);
  return (request) => {
    const read = readSoapRequest(request, new URL(parts.urls().kps).pathname, knownIn);
    if (!read.ok) return { seen: [{ action: '' }], refused: read.refused, reply: read.reply };
    const { header, body } = lookAtEnvelope(read.xml.root);
    const look = lookAtHeader(header);
    const numbers = lookAtNumbers(body);
    const seen = numbers.length === 0 ? [look] : numbers.map((kimlikNo) => ({ ...look, kimlikNo }));
    try {
      const message = readSoapMessage(read.xml.root);
      const token = requireQuerySecurity(message.security, read.xml, parts.tokens, parts.now());
      if (!parts.accounts.mayComeFrom(token.userName, request.remoteAddress)) {
        return { seen, refused: 'source-address', reply: replyToStranger(parts.unknownSource) };
      }
      const service = requireAddresses(message, request, token.appliesTo);
      const criteria = readCriteria(message.body, service);
      refuseByFault(request);
      const mayAsk = parts.accounts.mayAsk(token.userName, service.name);
      const answer = hataOf(request, mayAsk, criteria, service);
      const content = answer === undefined ? records(service, criteria, world) : sorgulaHata(service, answer);
      const refused = mayAsk ? undefined : 'service-not-in-agreement';
      const bill = { userName: token.userName, service: service.name, criteria: criteria.length };
      return { seen, refused, bill, reply: reply(message, request, content, parts.now()) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { seen, refused: error.reason, reply: faultReply(error.fault, look.messageId) };
    }
  };
}

function requireAddresses(message: SoapMessage, request: SystemRequest, appliesTo: string): ServiceVersion {
  if (message.to !== appliesTo) throw new Refused('to', destinationUnreachable);
  const service = serviceByAction(message.action);
  if (service === undefined) throw new Refused('action', actionNotSupported);
  const parameter = actionParameter(request.contentType);
  if (parameter !== undefined && parameter !== message.action)
    throw new Refused('action-parameter', invalidAddressingHeader);
  return service;
}

/** After all real checks: a fault that is played never hides that a message was wrong. */
function refuseByFault({ fault }: SystemRequest): void {
  if (fault?.kind === 'invalid-security') throw new Refused('fault-invalid-security', invalidSecurity);
  if (fault?.kind === 'expired-token') throw new Refused('fault-expired-token', failedAuthentication);
}

/** The HataBilgisi that is the whole answer, where there is one. */
function hataOf(
  { fault }: SystemRequest,
  mayAsk: boolean,
  criteria: readonly Criterion[],
  service: ServiceVersion,
): Hata | undefined {
  if (fault?.kind === 'hata-2') return HATA.notFound;
  if (fault?.kind === 'hata-8' || !mayAsk) return HATA.notAuthorised;
  if (fault?.kind === 'hata-10' || criteria.length === 0) return HATA.emptyCriterion;
  return criteria.some((criterion) => isEmpty(criterion, service)) ? HATA.emptyCriterion : undefined;
}

/** Number and year of birth are the least that a criterion holds; names too where they are what is verified. */
function isEmpty(criterion: Criterion, service: ServiceVersion): boolean {
  if (criterion.kimlikNo === null || criterion.dogumYil === null) return true;
  return service.name === 'TumKutukDogrulaServis' && criterion.ad === null;
}

function records(service: ServiceVersion, criteria: readonly Criterion[], world: World): string {
  const items = criteria.map((criterion) =>
    service.name === 'TumKutukDogrulaServis'
      ? tumKutukItem(criterion.kimlikNo ?? '', findByEverything(world, criterion))
      : bilesikKutukItem(service.version, criterion.kimlikNo ?? '', findByNumberAndDate(world, criterion)),
  );
  return sorgulaResponse(service, items);
}

function reply(message: SoapMessage, { fault }: SystemRequest, content: string, now: number): HttpReply {
  const relatesTo = fault?.kind === 'wrong-relates-to' ? `urn:uuid:${randomUUID()}` : message.messageId;
  return soapReply(`${message.action}Response`, relatesTo, now, content);
}
