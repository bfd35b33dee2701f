import { decodeUtf8 } from '../soap/decode-utf8.js';
import { messageUrn } from './addressing.js';
import { AnswerCut } from './answer-cut.js';
import type { KpsOutcome } from './hata-bilgisi.js';
import type { Exchange } from './transport.js';
import { inspectSoap, type SoapFacts } from './xml-guard.js';

/** What an answer must say to be ours; with TLS that is all a client has (facts/kps.md §2.4). */
export interface Expected {
  readonly messageId: string;
  /** `a:Action` of the answer. */
  readonly replyAction: string;
  /** Body's child. */
  readonly bodyNamespace: string;
  readonly bodyElement: string;
  /** Members of the answer that are read; all else is cut out of it. null = the whole answer is needed (STS). */
  readonly keep: ReadonlySet<string> | null;
}

/** What became of one message, for STS and query alike. Holds no text of the answer but in `answer`. */
export type Judged =
  | { readonly kind: 'answer'; readonly xml: string; readonly theirClockMs: number | null }
  | { readonly kind: 'fault'; readonly subcodes: readonly string[]; readonly theirClockMs: number | null }
  | { readonly kind: 'http-error'; readonly status: number }
  | { readonly kind: 'not-sent'; readonly cause: 'connection' | 'timeout' | 'overloaded' }
  | { readonly kind: 'lost'; readonly cause: 'timeout' | 'connection' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'not-ours' };

const SOAP_TYPE = /^application\/soap\+xml\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/**
 * Judges one exchange, in this order: was it sent, does the HTTP layer refuse, is the document whole and harmless, is
 * it a fault, is it an answer to our message.
 */
export function judge(exchange: Exchange, expected: Expected): Judged {
  if (exchange.kind === 'not-sent') return exchange;
  if (exchange.kind === 'lost') {
    if (exchange.cause !== 'too-large') return { kind: 'lost', cause: exchange.cause };
    return isError(exchange.status)
      ? { kind: 'http-error', status: exchange.status }
      : { kind: 'unreadable' };
  }
  const { status } = exchange;
  const xml = isSoap(exchange.contentType) ? decodeUtf8(exchange.body) : null;
  const cut = xml === null || expected.keep === null ? null : new AnswerCut(xml, expected.keep);
  const inspected = xml === null ? null : inspectSoap(xml, cut);
  const facts = inspected?.ok === true ? inspected.facts : null;
  // A fault counts whatever the status; without one, an error status alone says that it was refused.
  if (facts === null || (facts.fault === null && status !== 200)) {
    return isError(status) ? { kind: 'http-error', status } : { kind: 'unreadable' };
  }
  return judgeSoap(cut?.result() ?? xml ?? '', facts, expected, clockOf(facts, exchange.date));
}

function judgeSoap(xml: string, facts: SoapFacts, expected: Expected, theirClockMs: number | null): Judged {
  const urn = messageUrn(expected.messageId);
  if (facts.fault !== null) {
    // A fault made before the headers were read names no message; one that names another is not about ours.
    if (facts.relatesTo !== null && facts.relatesTo !== urn) return { kind: 'not-ours' };
    return { kind: 'fault', subcodes: facts.fault.subcodes, theirClockMs };
  }
  if (facts.relatesTo !== urn || facts.action !== expected.replyAction) return { kind: 'not-ours' };
  if (facts.body?.local !== expected.bodyElement || facts.body.uri !== expected.bodyNamespace) {
    return { kind: 'unreadable' };
  }
  return { kind: 'answer', xml, theirClockMs };
}

function isSoap(contentType: string): boolean {
  const charset = CHARSET.exec(contentType)?.[1] ?? 'utf-8';
  return SOAP_TYPE.test(contentType) && charset.toLowerCase() === 'utf-8';
}

/** A redirect is no answer either: we follow none, and nothing behind it has seen the query. */
function isError(status: number | null): status is number {
  return status !== null && status >= 300;
}

function clockOf(facts: SoapFacts, dateHeader: string): number | null {
  if (facts.createdMs !== null) return facts.createdMs;
  const milliseconds = Date.parse(dateHeader);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** The faults by which the service refuses timestamp, token or signature, with a generic text by design (facts/kps.md §2.5). */
export function isSecurityFault(subcodes: readonly string[]): boolean {
  return subcodes.includes('InvalidSecurity') || subcodes.includes('FailedAuthentication');
}

/** On the STS: user name or password refused, or the account locked or passive; which one is not told (facts/kps.md §1.7). */
export function isPasswordRefused(subcodes: readonly string[]): boolean {
  return subcodes.includes('FailedAuthentication');
}

/** How a query ended that brought no answer to read. */
export function outcomeWithoutAnswer(judged: Exclude<Judged, { kind: 'answer' }>): KpsOutcome {
  switch (judged.kind) {
    case 'not-sent':
      return judged.cause === 'connection'
        ? { kind: 'not-sent', reason: 'connection-refused' }
        : {
            kind: 'not-sent',
            reason: 'deadline-passed',
            ...(judged.cause === 'overloaded' ? { retryAfterS: 1 } : {}),
          };
    case 'lost':
      return { kind: 'unknown', reason: judged.cause === 'timeout' ? 'timeout' : 'connection-lost' };
    case 'unreadable':
      return { kind: 'unknown', reason: 'answer-unreadable' };
    case 'not-ours':
      return { kind: 'unknown', reason: 'answer-not-ours' };
    case 'http-error':
      return { kind: 'refused', reason: 'http-error', answered: false };
    case 'fault':
      return isSecurityFault(judged.subcodes)
        ? { kind: 'refused', reason: 'security-refused', answered: false }
        : { kind: 'refused', reason: 'soap-fault', answered: false };
  }
}
