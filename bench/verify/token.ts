import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { CALL_LIMIT_MS, type Job } from './job.js';

// Written from facts/kps.md alone, as somebody without the bridge would: nothing of src/kps is used.
export const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
export const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
export const UTILITY = `${WSS}-wssecurity-utility-1.0.xsd`;
export const SECURITY = `${WSS}-wssecurity-secext-1.0.xsd`;
export const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';
export const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const PASSWORD_TEXT = `${WSS}-username-token-profile-1.0#PasswordText`;

/** The service that is asked, in the version that is the bridge's default. */
export const SERVICE = 'http://kps.nvi.gov.tr/2024/04/01';
export const ACTION = `${SERVICE}/BilesikKutukSorgulaKimlikNoServis/Sorgula`;

/** What the STS gave: the token and its reference byte for byte, and the key. */
export interface Token {
  readonly encryptedData: string;
  readonly reference: string;
  readonly key: Buffer;
}

/** Fetches the one token that a whole run uses. Throws where the STS gives none. */
export async function fetchToken({ kps }: Job): Promise<Token> {
  const { origin, pathname } = new URL(kps.stsUrl);
  const pool = new Pool(origin, { connect: { ...kps.identity, family: 4 }, headersTimeout: CALL_LIMIT_MS });
  try {
    const { body } = await pool.request({
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
      body: requestOf(kps),
    });
    const xml = await body.text();
    const pick = (pattern: RegExp) => {
      const found = pattern.exec(xml)?.[1];
      if (found === undefined) throw new Error('the STS gave no token');
      return found;
    };
    return {
      encryptedData: pick(/<trust:RequestedSecurityToken>(.*)<\/trust:RequestedSecurityToken>/s),
      reference: pick(/<trust:RequestedAttachedReference>(.*)<\/trust:RequestedAttachedReference>/s),
      key: Buffer.from(pick(/<trust:BinarySecret>([^<]*)</), 'base64'),
    };
  } finally {
    await pool.close();
  }
}

/** `Created` and `Expires` of a message made now. */
export function lifetimeNow(): { readonly created: string; readonly expires: string } {
  const now = Date.now();
  const second = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return { created: second(now), expires: second(now + 300_000) };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function requestOf({ stsUrl, routingUrl, userName, password }: Job['kps']): string {
  const { created, expires } = lifetimeNow();
  return (
    `<s:Envelope xmlns:s="${SOAP}" xmlns:a="${ADDRESSING}" xmlns:u="${UTILITY}"><s:Header>` +
    `<a:Action s:mustUnderstand="1">${TRUST}/RST/Issue</a:Action><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>` +
    `<a:To s:mustUnderstand="1">${stsUrl}</a:To><o:Security xmlns:o="${SECURITY}" s:mustUnderstand="1">` +
    `<u:Timestamp u:Id="_0"><u:Created>${created}</u:Created><u:Expires>${expires}</u:Expires></u:Timestamp>` +
    `<o:UsernameToken u:Id="user"><o:Username>${escaped(userName)}</o:Username>` +
    `<o:Password Type="${PASSWORD_TEXT}">${escaped(password)}</o:Password></o:UsernameToken></o:Security></s:Header>` +
    `<s:Body><trust:RequestSecurityToken xmlns:trust="${TRUST}"><trust:RequestType>${TRUST}/Issue</trust:RequestType>` +
    '<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference>' +
    `<a:Address>${routingUrl}</a:Address></a:EndpointReference></wsp:AppliesTo>` +
    `<trust:KeyType>${TRUST}/SymmetricKey</trust:KeyType></trust:RequestSecurityToken></s:Body></s:Envelope>`
  );
}
