import type { HttpReply } from '../http/http-reply.js';
import { escapeXml } from '../xml/escape-xml.js';
import type { IssuedToken } from './issued-tokens.js';
import {
  SAML_ASSERTION_ID,
  SAML10_ASSERTION,
  SAML11_TOKEN,
  SOAP12,
  WSA,
  WSP,
  WSSE,
  WSSE11,
  WST,
  WSU,
} from './namespaces.js';

const FIVE_MINUTES_MS = 300_000;

/**
 * The answer of the STS, children in the order of facts/kps.md §1.5. The Lifetime has milliseconds; the key travels once,
 * in RequestedProofToken.
 */
export function rstrReply(token: IssuedToken, messageId: string, now: number): HttpReply {
  const reference =
    `<o:SecurityTokenReference k:TokenType="${SAML11_TOKEN}" xmlns:o="${WSSE}" xmlns:k="${WSSE11}">` +
    `<o:KeyIdentifier ValueType="${SAML_ASSERTION_ID}">${token.keyIdentifier}</o:KeyIdentifier></o:SecurityTokenReference>`;
  const key = token.key.export().toString('base64');
  const response =
    `<trust:KeySize>256</trust:KeySize>` +
    `<trust:Lifetime><u:Created xmlns:u="${WSU}">${iso(token.createdAt)}</u:Created><u:Expires xmlns:u="${WSU}">${iso(token.expiresAt)}</u:Expires></trust:Lifetime>` +
    `<wsp:AppliesTo xmlns:wsp="${WSP}"><a:EndpointReference><a:Address>${escapeXml(token.appliesTo)}</a:Address></a:EndpointReference></wsp:AppliesTo>` +
    `<trust:RequestedSecurityToken>${token.encryptedData}</trust:RequestedSecurityToken>` +
    `<trust:RequestedProofToken><trust:BinarySecret>${key}</trust:BinarySecret></trust:RequestedProofToken>` +
    `<trust:RequestedAttachedReference>${reference}</trust:RequestedAttachedReference>` +
    `<trust:RequestedUnattachedReference>${reference}</trust:RequestedUnattachedReference>` +
    `<trust:TokenType>${SAML10_ASSERTION}</trust:TokenType>` +
    `<trust:RequestType>${WST}/Issue</trust:RequestType>` +
    `<trust:KeyType>${WST}/SymmetricKey</trust:KeyType>`;
  return soapReply(
    `${WST}/RSTRC/IssueFinal`,
    messageId,
    now,
    `<trust:RequestSecurityTokenResponseCollection xmlns:trust="${WST}"><trust:RequestSecurityTokenResponse>${response}</trust:RequestSecurityTokenResponse></trust:RequestSecurityTokenResponseCollection>`,
  );
}

/** A success of either service: Action, RelatesTo, an unsigned Timestamp, the body. */
export function soapReply(action: string, relatesTo: string, now: number, body: string): HttpReply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/soap+xml; charset=utf-8' },
    body:
      `<s:Envelope xmlns:s="${SOAP12}" xmlns:a="${WSA}"><s:Header><a:Action s:mustUnderstand="1">${action}</a:Action><a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo>` +
      `<o:Security s:mustUnderstand="1" xmlns:o="${WSSE}"><u:Timestamp u:Id="_0" xmlns:u="${WSU}"><u:Created>${iso(now)}</u:Created><u:Expires>${iso(now + FIVE_MINUTES_MS)}</u:Expires></u:Timestamp></o:Security>` +
      `</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
