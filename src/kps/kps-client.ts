import { randomUUID } from 'node:crypto';
import { BridgeError } from '../errors/bridge-error.js';
import type { KpsAccount } from './accounts.js';
import { addressingHeaders, isUuid, sorgulayanHeader } from './addressing.js';
import { AnswerNotOurs } from './answer-tree.js';
import { readBilesikKutuk } from './bilesik-kutuk.js';
import { type CriterionBody, criterionBody } from './criterion.js';
import type { KpsEvent, Observe } from './events.js';
import { isSecurityFault, outcomeWithoutAnswer } from './faults.js';
import type { KpsOutcome } from './hata-bilgisi.js';
import { PasswordBreaker } from './password-breaker.js';
import type { KpsNotSentReason, KpsPort, KpsQuestion, KpsReply } from './port.js';
import { securityHeader } from './security-header.js';
import { KPS_SERVICES, type KpsServiceSpec } from './services.js';
import type { KpsSettings } from './settings.js';
import { type ServiceAnswer, SoapService } from './soap-service.js';
import type { IssuedToken } from './sts-response.js';
import { type TokenAnswer, TokenCache, type TokenKey } from './token-cache.js';
import { TokenIssuer } from './token-issuer.js';
import { createTransport, type Transport } from './transport.js';
import { readTumKutukDogrula } from './tum-kutuk-dogrula.js';
import { fragment, type Xml } from './xml-writer.js';

/** Clock and randomness of the client; the defaults are the machine's. */
export interface KpsClientDeps {
  /** ms since 1970. */
  readonly now?: () => number;
  readonly uuid?: () => string;
  readonly observe?: Observe;
  /** The rows of the services to load. */
  readonly services?: readonly KpsServiceSpec[];
}

export interface KpsClient extends KpsPort {
  /** Lets an account try its password again, after a person has looked. */
  resetBreaker(account: string): void;
  isBreakerOpen(account: string): boolean;
}

/**
 * The client of STS and KPS v2 (facts/kps.md §1 to §3). Reads the WSDLs, opens no connection yet. Throws `CONFIG_INVALID`
 * where a WSDL, key, CA or address cannot be used.
 */
export async function createKpsClient(settings: KpsSettings, deps: KpsClientDeps = {}): Promise<KpsClient> {
  const routing = createTransport(settings.routing);
  const services = new Map<string, SoapService>();
  for (const spec of deps.services ?? KPS_SERVICES) {
    services.set(serviceId(spec), await SoapService.load(spec, settings.wsdlDirectory, routing));
  }
  return new Kps(settings, deps, createTransport(settings.sts), routing, services);
}

function serviceId(service: { readonly name: string; readonly version: string }): string {
  return `${service.name} ${service.version}`;
}

/** A token's key may be dropped between finding and using it, by a renewal beside us; more than once in a row it is not. */
const MAX_TOKEN_LOOKS = 3;

class Kps implements KpsClient {
  readonly #settings: KpsSettings;
  readonly #now: () => number;
  readonly #uuid: () => string;
  readonly #observe: Observe;
  readonly #sts: Transport;
  readonly #routing: Transport;
  readonly #services: ReadonlyMap<string, SoapService>;
  readonly #accounts: ReadonlyMap<string, KpsAccount>;
  readonly #breaker: PasswordBreaker;
  readonly #tokens: TokenCache;

  constructor(
    settings: KpsSettings,
    deps: KpsClientDeps,
    sts: Transport,
    routing: Transport,
    services: ReadonlyMap<string, SoapService>,
  ) {
    this.#settings = settings;
    this.#now = deps.now ?? Date.now;
    this.#uuid = deps.uuid ?? randomUUID;
    this.#observe = safely(deps.observe ?? (() => {}));
    this.#sts = sts;
    this.#routing = routing;
    this.#services = services;
    this.#accounts = new Map(settings.accounts.map((account) => [account.id, account]));
    this.#breaker = new PasswordBreaker(settings.breakerResetMinutes, this.#now);
    const issuer = new TokenIssuer({
      transport: sts,
      accounts: this.#accounts,
      breaker: this.#breaker,
      now: this.#now,
      uuid: this.#uuid,
      observe: this.#observe,
      stsTimeoutMs: settings.sts.timeoutMs,
      timestampLifetimeS: settings.timestampLifetimeS,
      onPasswordRefused: (account) => this.#tokens.dropAccount(account),
    });
    this.#tokens = new TokenCache({
      issue: (key) => issuer.issue(key),
      now: this.#now,
      renewEarlyMs: settings.renewEarlyS * 1000,
    });
  }

  async ask(question: KpsQuestion): Promise<KpsReply> {
    const startedMs = performance.now();
    const sent: string[] = [];
    const outcome = await this.#ask(question, startedMs + question.timeoutMs, sent).catch(
      // Not foreseen, so nothing is known about it but whether a message had gone out before.
      (): KpsOutcome =>
        sent.length === 0
          ? { kind: 'not-sent', reason: 'sts-refused' }
          : { kind: 'unknown', reason: 'answer-unreadable' },
    );
    this.#observe({
      type: 'call-finished',
      account: question.account,
      service: question.service.name,
      kind: outcome.kind,
      reason: 'reason' in outcome ? outcome.reason : null,
      ms: performance.now() - startedMs,
    });
    return { ...outcome, messageIds: sent };
  }

  resetBreaker(account: string): void {
    this.#breaker.reset(account);
  }

  isBreakerOpen(account: string): boolean {
    return this.#breaker.isOpen(account);
  }

  async close(): Promise<void> {
    this.#tokens.close();
    await Promise.all([this.#sts.close(), this.#routing.close()]);
  }

  async #ask(question: KpsQuestion, deadlineMs: number, sent: string[]): Promise<KpsOutcome> {
    const prepared = this.#prepare(question);
    if (prepared === null) return { kind: 'not-sent', reason: 'sts-refused' };
    const first = await this.#attempt(prepared, question.messageId, deadlineMs, sent);
    if (!('retry' in first)) return first;
    // InvalidSecurity may only mean that the token ended early: one new token, one new message, then no more (§2.5).
    const second = await this.#attempt(prepared, this.#uuid(), deadlineMs, sent);
    const refused: KpsOutcome = { kind: 'refused', reason: 'security-refused', answered: false };
    // The first message was seen and refused; that the second did not leave does not undo it.
    return 'retry' in second || second.kind === 'not-sent' ? refused : second;
  }

  #prepare(question: KpsQuestion): Prepared | null {
    const account = this.#accounts.get(question.account);
    if (account === undefined) return this.#refuseQuestion('account');
    const service = this.#services.get(serviceId(question.service));
    if (service === undefined) return this.#refuseQuestion('service');
    if (!isUuid(question.messageId)) return this.#refuseQuestion('message-id');
    try {
      const asked = question.kimlikNo.reveal();
      const place = this.#settings.sorgulayan;
      const asker =
        this.#settings.sorgulayanValue === 'user-name' ? account.userName : question.asker.kimlikNo.reveal();
      const key: TokenKey = {
        account: account.id,
        stsUrl: this.#sts.url,
        appliesTo: this.#settings.routing.appliesTo ?? this.#routing.url,
        userName: account.userName,
        sorgulayan: place === 'sts' || place === 'both' ? asker : null,
      };
      const sorgulayan = place === 'query' || place === 'both' ? sorgulayanHeader(asker) : null;
      return { service, key, asked, sorgulayan, body: criterionBody(service.spec, question) };
    } catch (error) {
      if (error instanceof BridgeError && error.code === 'WRONG_USE')
        return this.#refuseQuestion('characters');
      throw error;
    }
  }

  #refuseQuestion(what: (KpsEvent & { type: 'question-refused' })['what']): null {
    this.#observe({ type: 'question-refused', what });
    return null;
  }

  async #attempt(
    prepared: Prepared,
    messageId: string,
    deadlineMs: number,
    sent: string[],
  ): Promise<KpsOutcome | { retry: true }> {
    const { service, key, sorgulayan, body } = prepared;
    if (this.#breaker.isOpen(key.account)) return notSent('breaker-open');
    const found = await this.#token(key, deadlineMs);
    if (!found.ok) return notSent(found.reason);
    const remainingMs = deadlineMs - performance.now();
    if (remainingMs <= 0) return notSent('deadline-passed');
    const header = fragment(
      addressingHeaders(service.addressing, messageId, sorgulayan),
      securityHeader(found.token, this.#now(), this.#settings.timestampLifetimeS),
    );
    const timeoutMs = Math.min(remainingMs, this.#settings.routing.timeoutMs ?? remainingMs);
    const answer = await service.call(body, header, messageId, timeoutMs);
    if (answer.kind === 'none' && answer.judged.kind === 'not-sent')
      return outcomeWithoutAnswer(answer.judged);
    sent.push(messageId);
    return this.#read(prepared, found.token, answer);
  }

  #read(prepared: Prepared, token: IssuedToken, answer: ServiceAnswer): KpsOutcome | { retry: true } {
    if (answer.kind === 'none') {
      const { judged } = answer;
      if (judged.kind !== 'fault' || !isSecurityFault(judged.subcodes)) return outcomeWithoutAnswer(judged);
      this.#tokens.drop(prepared.key, token);
      if (judged.theirClockMs !== null) {
        this.#observe({
          type: 'clock-skew',
          seconds: Math.round((judged.theirClockMs - this.#now()) / 1000),
        });
      }
      return { retry: true };
    }
    try {
      const read = READERS[prepared.service.spec.answer];
      return read(answer.result, prepared.asked);
    } catch (error) {
      const reason = error instanceof AnswerNotOurs ? 'answer-not-ours' : 'answer-unreadable';
      return { kind: 'unknown', reason };
    }
  }

  /** A token whose key is at hand when this returns, or why there is none; waits no longer than the deadline. */
  async #token(key: TokenKey, deadlineMs: number): Promise<TokenAnswer> {
    for (let look = 0; look < MAX_TOKEN_LOOKS; look += 1) {
      const found = this.#tokens.get(key);
      const answer = found instanceof Promise ? await within(found, deadlineMs - performance.now()) : found;
      if (answer === null) return { ok: false, problem: 'timeout', reason: 'deadline-passed' };
      if (!answer.ok || !answer.token.proofKey.dropped) return answer;
    }
    return { ok: false, problem: 'fault', reason: 'sts-unavailable' };
  }
}

interface Prepared {
  readonly service: SoapService;
  readonly key: TokenKey;
  /** The number asked about, digits: only to be compared with the answer's. */
  readonly asked: string;
  readonly sorgulayan: Xml | null;
  readonly body: CriterionBody;
}

const READERS = { 'bilesik-kutuk': readBilesikKutuk, 'tum-kutuk-dogrula': readTumKutukDogrula } as const;

function notSent(reason: KpsNotSentReason): KpsOutcome {
  return { kind: 'not-sent', reason };
}

/** Null where the time runs out first; what was waited for goes on for the others who wait. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever watches must not be able to lose an answer that was paid for. */
function safely(observe: Observe): Observe {
  return (event) => {
    try {
      observe(event);
    } catch {
      // The watcher's own fault; the question goes on.
    }
  };
}
