import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';

import { DOMParser, type Element } from '@xmldom/xmldom';
import { ExclusiveCanonicalization } from 'xml-crypto';

// A client written from facts/kps.md alone. It knows neither src/kps nor the stand-in's code, and every part of a message
// can be replaced, so that a test can make exactly one thing wrong.

const S = 'http://www.w3.org/2003/05/soap-envelope';
const A = 'http://www.w3.org/2005/08/addressing';
const U = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const O = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const K = 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
const SAML = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1';
const SAML_ID = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID';
const PASSWORD =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Transport {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly localAddress?: string;
  readonly agent?: Agent;
}

export interface Send {
  readonly url: string;
  readonly body: string | Buffer;
  readonly method?: string;
  readonly contentType?: string;
}

/** Rejects with the socket's error where no complete answer came. */
export function send(transport: Transport, { url, body, method, contentType }: Send): Promise<Reply> {
  const { hostname, port, pathname } = new URL(url);
  const bytes = Buffer.from(body);
  const { agent, ...tls } = transport;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...tls,
        hostname,
        port,
        path: pathname,
        family: 4,
        agent: agent ?? new Agent({ keepAlive: false }),
        method: method ?? 'POST',
        headers: {
          'Content-Type': contentType ?? 'application/soap+xml; charset=utf-8',
          'Content-Length': bytes.length,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const instant = (offsetMs = 0): string => new Date(Date.now() + offsetMs).toISOString();

export const timestampXml = (parts: { id?: string; created?: string; expires?: string } = {}): string =>
  `<u:Timestamp xmlns:u="${U}" u:Id="${parts.id ?? '_0'}"><u:Created>${parts.created ?? instant()}</u:Created><u:Expires>${parts.expires ?? instant(300_000)}</u:Expires></u:Timestamp>`;

export interface RstParts {
  readonly action?: string;
  readonly to?: string;
  readonly messageId?: string;
  readonly timestamp?: string;
  readonly userName?: string;
  readonly password?: string;
  readonly passwordType?: string;
  /** The children of Security. */
  readonly security?: (timestamp: string, token: string) => string;
  readonly headers?: string;
  readonly rst?: (defaults: string) => string;
  readonly appliesTo?: string;
  readonly envelope?: (xml: string) => string;
}

export function rstXml(urls: { sts: string; kps: string }, parts: RstParts = {}): string {
  const timestamp = parts.timestamp ?? timestampXml();
  const token =
    `<o:UsernameToken u:Id="user"><o:Username>${escapeXml(parts.userName ?? 'KRM-1')}</o:Username>` +
    `<o:Password Type="${parts.passwordType ?? PASSWORD}">${escapeXml(parts.password ?? '')}</o:Password></o:UsernameToken>`;
  const defaults =
    `<trust:RequestType>${TRUST}/Issue</trust:RequestType>` +
    `<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference><a:Address>${escapeXml(parts.appliesTo ?? urls.kps)}</a:Address></a:EndpointReference></wsp:AppliesTo>` +
    `<trust:TokenType>${SAML}</trust:TokenType><trust:KeyType>${TRUST}/SymmetricKey</trust:KeyType>`;
  const xml =
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${S}" xmlns:a="${A}" xmlns:u="${U}" xmlns:o="${O}"><s:Header>` +
    `<a:Action s:mustUnderstand="1">${parts.action ?? `${TRUST}/RST/Issue`}</a:Action><a:MessageID>${parts.messageId ?? `urn:uuid:${randomUUID()}`}</a:MessageID>` +
    `<a:ReplyTo><a:Address>${A}/anonymous</a:Address></a:ReplyTo><a:To s:mustUnderstand="1">${parts.to ?? urls.sts}</a:To>${parts.headers ?? ''}` +
    `<o:Security s:mustUnderstand="1">${(parts.security ?? ((t, p) => t + p))(timestamp, token)}</o:Security></s:Header>` +
    `<s:Body><trust:RequestSecurityToken xmlns:trust="${TRUST}">${(parts.rst ?? ((d) => d))(defaults)}</trust:RequestSecurityToken></s:Body></s:Envelope>`;
  return (parts.envelope ?? ((x) => x))(xml);
}

export interface Token {
  readonly encryptedData: string;
  readonly key: Buffer;
  readonly keyIdentifier: string;
}

export function readToken(rstr: string): Token {
  const pick = (pattern: RegExp) => pattern.exec(rstr)?.[1] ?? '';
  return {
    encryptedData: pick(/<trust:RequestedSecurityToken>(.*)<\/trust:RequestedSecurityToken>/s),
    key: Buffer.from(pick(/<trust:BinarySecret>([^<]*)</), 'base64'),
    keyIdentifier: pick(/<trust:RequestedAttachedReference>.*?<o:KeyIdentifier[^>]*>([^<]*)</s),
  };
}

/** Exclusive canonical form of a stand-alone fragment. */
function canonical(xml: string): string {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement as Element;
  return new ExclusiveCanonicalization().process(root as never, {});
}

export const referenceXml = (uri: string, digest: string): string =>
  `<Reference URI="${uri}"><Transforms><Transform Algorithm="${C14N}"/></Transforms><DigestMethod Algorithm="${DS}sha1"/><DigestValue>${digest}</DigestValue></Reference>`;

export const digestOf = (xml: string): string => createHash('sha1').update(canonical(xml)).digest('base64');

export interface QueryParts {
  readonly action?: string;
  readonly to?: string;
  readonly messageId?: string;
  readonly timestamp?: string;
  readonly encryptedData?: string;
  readonly keyIdentifier?: string;
  readonly key?: Buffer;
  /** Replaces parts of the SignedInfo before it is signed: the signature over it is right. */
  readonly signedInfo?: (defaults: string) => string;
  /** Replaces parts of the finished signature. */
  readonly signature?: (xml: string) => string;
  readonly security?: (timestamp: string, token: string, signature: string) => string;
  readonly headers?: string;
  readonly body: string;
  readonly envelope?: (xml: string) => string;
}

export function queryXml(url: string, token: Token, parts: QueryParts): string {
  const timestamp = parts.timestamp ?? timestampXml();
  const id = /u:Id="([^"]*)"/.exec(timestamp)?.[1] ?? '';
  const plain =
    `<SignedInfo xmlns="${DS}"><CanonicalizationMethod Algorithm="${C14N}"/><SignatureMethod Algorithm="${DS}hmac-sha1"/>` +
    `${referenceXml(`#${id}`, digestOf(timestamp))}</SignedInfo>`;
  const signedInfo = (parts.signedInfo ?? ((d) => d))(plain);
  const value = createHmac('sha1', parts.key ?? token.key)
    .update(canonical(signedInfo))
    .digest('base64');
  const made =
    `<Signature xmlns="${DS}">${signedInfo}<SignatureValue>${value}</SignatureValue><KeyInfo>` +
    `<o:SecurityTokenReference xmlns:o="${O}" xmlns:k="${K}" k:TokenType="${SAML}"><o:KeyIdentifier ValueType="${SAML_ID}">${parts.keyIdentifier ?? token.keyIdentifier}</o:KeyIdentifier></o:SecurityTokenReference></KeyInfo></Signature>`;
  const signature = (parts.signature ?? ((x) => x))(made);
  const children = (parts.security ?? ((t, e, g) => t + e + g))(
    timestamp,
    parts.encryptedData ?? token.encryptedData,
    signature,
  );
  const xml =
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${S}" xmlns:a="${A}"><s:Header><a:Action s:mustUnderstand="1">${parts.action ?? ''}</a:Action>` +
    `<a:MessageID>${parts.messageId ?? `urn:uuid:${randomUUID()}`}</a:MessageID><a:To s:mustUnderstand="1">${parts.to ?? url}</a:To>${parts.headers ?? ''}` +
    `<o:Security xmlns:o="${O}" s:mustUnderstand="1">${children}</o:Security></s:Header><s:Body>${parts.body}</s:Body></s:Envelope>`;
  return (parts.envelope ?? ((x) => x))(xml);
}

/** The fault's code, without its prefix; `undefined` where the answer is no fault. */
export function faultCode(text: string): string | undefined {
  const codes = [...text.matchAll(/<s:Value[^>]*>(?:\w+:)?(\w+)<\/s:Value>/g)].map((match) => match[1]);
  return codes.at(-1);
}
