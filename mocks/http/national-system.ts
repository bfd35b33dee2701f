import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import type { ActiveFault, Faults } from '../control/faults.js';
import type { Bill, Figures } from '../control/figures.js';
import type { SeenLog, SeenRequest } from '../control/seen-log.js';
import type { SystemName } from '../control/systems.js';
import { bodyTooLarge, iisForbidden, serviceUnavailable } from './html-pages.js';
import type { HttpReply } from './http-reply.js';
import { Listener, type ListenerOptions, plainAddress } from './listener.js';
import { readBody } from './read-body.js';

/** One request as the stand-in's own logic gets it. */
export interface SystemRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly body: Buffer;
  /** A fault of the system's own kinds, which only its logic can play. */
  readonly fault: ActiveFault | undefined;
}

/** What of a request tells whether a fault of the system's own kinds is about it. */
export type FaultTarget = Pick<SystemRequest, 'method' | 'path' | 'body'>;

export interface Verdict {
  /** What is written down: one item for each question, at least one. */
  readonly seen: readonly Omit<SeenRequest, 'answered' | 'refused'>[];
  readonly refused?: string | undefined;
  /** What its account owes for: the system carried the request out. */
  readonly bill?: Bill | undefined;
  /** `cut` resets the connection, `silence` never answers: what an unknown source address may meet. */
  readonly reply: HttpReply | 'cut' | 'silence';
}

export interface NationalSystemOptions {
  readonly name: SystemName;
  readonly faultKinds: readonly string[];
  readonly listener: Omit<ListenerOptions, 'onRequest'>;
  readonly maxBodyBytes: number;
  readonly faults: Faults;
  readonly seen: SeenLog;
  /** Where bills are counted; a system without a fee has none. */
  readonly figures?: Figures | undefined;
  readonly judge: (request: SystemRequest) => Verdict;
  /** Where one system has calls of several kinds: whether a kind of fault is about this one. All are where absent. */
  readonly faultConcerns?: ((kind: string, request: FaultTarget) => boolean) | undefined;
}

const SLOW_DEFAULT_MS = 2_000;
/** How long a client may take to read its answer once the stand-in is to stop. */
const STOP_GRACE_MS = 2_000;

/**
 * The frame around every stand-in: listener, body limit, faults, and the witness, which has each request before its
 * answer goes out. The judgement itself is synchronous, so nothing can be answered that was not written down.
 */
export class NationalSystem {
  readonly listener: Listener;
  readonly #options: NationalSystemOptions;
  readonly #hanging = new Set<ServerResponse>();

  constructor(options: NationalSystemOptions) {
    this.#options = options;
    this.listener = new Listener({
      ...options.listener,
      onRequest: (req, res) => void this.#serve(req, res),
    });
    options.faults.register(options.name, options.faultKinds, this.listener);
  }

  async stop(): Promise<void> {
    for (const response of this.#hanging) response.destroy();
    await this.listener.stop(STOP_GRACE_MS);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const body = await readBody(request, this.#options.maxBodyBytes);
    if (body.kind === 'aborted') return;
    const target = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: body.kind === 'complete' ? body.bytes : Buffer.alloc(0),
    };
    const { faultConcerns } = this.#options;
    const { fault, afterAnswer } = this.#options.faults.take(
      this.#options.name,
      (kind) => faultConcerns?.(kind, target) ?? true,
    );
    if (afterAnswer !== undefined) response.once('close', afterAnswer);
    const verdict = body.kind === 'complete' ? this.#judge(request, body.bytes, fault) : tooLarge;
    await this.#deliver(response, verdict, fault);
  }

  #judge(request: IncomingMessage, body: Buffer, fault: ActiveFault | undefined): Verdict {
    const verdict = this.#options.judge({
      method: request.method ?? '',
      path: request.url ?? '',
      contentType: request.headers['content-type'] ?? '',
      headers: request.headers,
      remoteAddress: plainAddress(request.socket.remoteAddress),
      body,
      fault,
    });
    if (fault?.kind === 'http-503')
      return { seen: verdict.seen, refused: 'http-503', reply: serviceUnavailable };
    if (fault?.kind === 'html-403') return { seen: verdict.seen, refused: 'html-403', reply: iisForbidden };
    return verdict;
  }

  async #deliver(response: ServerResponse, verdict: Verdict, fault: ActiveFault | undefined): Promise<void> {
    const { reply } = verdict;
    const cut = reply === 'cut' || fault?.kind === 'reset-mid-answer';
    const waits = reply === 'silence' || fault?.kind === 'hang' || fault?.kind === 'slow';
    const expected = !cut && !waits && !response.destroyed;
    const numbers = this.#options.seen.append(
      verdict.seen.map((item) => ({ ...item, answered: expected, refused: verdict.refused })),
    );
    if (verdict.bill !== undefined) this.#options.figures?.append(verdict.bill);
    response.once('close', () => {
      const answered = response.writableFinished;
      if (answered !== expected) this.#options.seen.settle(numbers, answered);
    });
    if (response.destroyed || response.socket === null) return;
    if (waits) await this.#wait(response, reply === 'silence' ? undefined : fault);
    if (reply === 'cut') this.listener.reset(response.socket);
    else if (reply !== 'silence') this.#send(response, reply, fault?.kind);
  }

  #send(response: ServerResponse, reply: HttpReply, kind: string | undefined): void {
    const { length } = reply.body;
    const body = kind === 'truncate' ? reply.body.slice(0, Math.floor(length * 0.6)) : reply.body;
    const { socket } = response;
    if (response.destroyed || socket === null) return;
    response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(body) });
    if (kind === 'reset-mid-answer') {
      response.write(body.slice(0, Math.floor(length / 2)), () => this.listener.reset(socket));
    } else {
      // A text goes out with its head in one write.
      response.end(body);
    }
  }

  /** Waits for the fault's time, its deletion, or the client's going away, whichever comes first. */
  async #wait(response: ServerResponse, fault: ActiveFault | undefined): Promise<void> {
    this.#hanging.add(response);
    const ms = fault?.kind === 'slow' ? (fault.ms ?? SLOW_DEFAULT_MS) : fault?.ms;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      if (ms !== undefined) timer = setTimeout(resolve, ms);
      if (fault !== undefined) void fault.released.then(resolve);
    });
    clearTimeout(timer);
    this.#hanging.delete(response);
  }
}

const tooLarge: Verdict = { seen: [{ action: '' }], refused: 'body-too-large', reply: bodyTooLarge };
