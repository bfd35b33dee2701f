import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { BridgeError } from '../errors/bridge-error.js';
import { acceptedOnly } from './accepted-connection.js';
import { SOAP_CONTENT_TYPE } from './namespaces.js';
import type { EndpointSettings } from './settings.js';
import { tlsOptions } from './tls.js';

/**
 * How one POST ended. `not-sent`: nobody can have read the request: not a byte was
 * written, or the server refused our certificate in the handshake. `lost`: it was,
 * or may have been, and no whole answer came. This line decides what is charged, so doubt counts as sent.
 */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      /** The `Date` header as it came; '' where absent. */
      readonly date: string;
      readonly body: Buffer;
    }
  | { readonly kind: 'not-sent'; readonly cause: 'connection' | 'timeout' | 'overloaded' }
  | {
      readonly kind: 'lost';
      readonly cause: 'timeout' | 'connection' | 'too-large';
      readonly status: number | null;
    };

export interface Transport {
  readonly url: string;
  /** Sends `body` once, never again; resolves within `timeoutMs`, never rejects. */
  post(body: string, timeoutMs: number): Promise<Exchange>;
  /** Lets what is in flight end (each has its deadline), then closes. */
  close(): Promise<void>;
}

/** No `accept-encoding`: a compressed answer could unpack beyond the size limit. */
const HEADERS = ['content-type', SOAP_CONTENT_TYPE, 'accept', 'application/soap+xml'];

/**
 * Alerts by which a server refuses our certificate. In TLS 1.3 they arrive after we believe the handshake done and the
 * request written, but a server that sends one has not finished the handshake and so has read nothing.
 */
const CERTIFICATE_ALERT = /^ERR_SSL_\w*ALERT_(?:\w*CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

/** One keep-alive pool of mutual-TLS connections to one endpoint. Throws `CONFIG_INVALID` on a URL or key that cannot be used. */
export function createTransport(settings: EndpointSettings): Transport {
  const url = httpsUrl(settings.url);
  const dispatcher = createDispatcher(settings, url);
  const options = {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: HEADERS,
  } as const;
  let outstanding = 0;
  return {
    url: settings.url,
    post(body, timeoutMs) {
      if (outstanding >= settings.maxConcurrent)
        return Promise.resolve({ kind: 'not-sent', cause: 'overloaded' });
      outstanding += 1;
      return new Promise((resolve) => {
        let counted = true;
        const settled = () => {
          if (counted) outstanding -= 1;
          counted = false;
        };
        const handler = new OneExchange(resolve, settled, timeoutMs, settings.maxAnswerBytes);
        try {
          dispatcher.dispatch(
            { ...options, body: Buffer.from(body, 'utf8'), headersTimeout: 0, bodyTimeout: 0 },
            handler,
          );
        } catch {
          handler.onResponseError(null, new Error('not dispatched'));
        }
      });
    },
    close: () => dispatcher.close(),
  };
}

function httpsUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.hash !== '') {
    throw new BridgeError(
      'CONFIG_INVALID',
      'a KPS endpoint must be an https address without user and fragment',
    );
  }
  return url;
}

function createDispatcher(settings: EndpointSettings, url: URL): Dispatcher {
  const pool = {
    connections: settings.connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    keepAliveMaxTimeout: Math.max(settings.keepAliveTimeoutMs, 60_000),
  };
  const localAddress = settings.localAddress === undefined ? {} : { localAddress: settings.localAddress };
  const tls = tlsOptions(settings, settings.mutualTls);
  if (settings.proxy === undefined) {
    return new Pool(url.origin, {
      ...pool,
      ...localAddress,
      connect: acceptedOnly(buildConnector({ ...tls })),
    });
  }
  // The proxy sees neither our certificate nor our name for the service, only the CONNECT.
  const { servername: _none, ...proxyTls } = tlsOptions(settings, null);
  return new ProxyAgent({
    ...pool,
    uri: settings.proxy,
    requestTls: tls,
    proxyTls,
    factory: (origin, options: Pool.Options) =>
      new Pool(origin, { ...options, connect: acceptedOnly(options.connect as buildConnector.connector) }),
    clientFactory: (origin, options) =>
      new Pool(origin, { ...options, ...localAddress, headersTimeout: settings.connectTimeoutMs }),
  });
}

/** One request's way through undici. The pool may call `onRequestStart` only once: a second start would be a second query. */
class OneExchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (exchange: Exchange) => void;
  readonly #settled: () => void;
  readonly #limit: number;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #done = false;
  #status: number | null = null;
  #contentType = '';
  #date = '';
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(resolve: (exchange: Exchange) => void, settled: () => void, timeoutMs: number, limit: number) {
    this.#resolve = resolve;
    this.#settled = settled;
    this.#limit = limit;
    this.#timer = setTimeout(() => this.#timedOut(), Math.max(0, timeoutMs));
  }

  /** Called when a connection is ready, just before the first byte is written: from here on, it counts as sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Its time ran out in the queue, or undici would send it again: aborted here, nothing is written.
    if (this.#done || this.#controller !== null) {
      controller.abort(new Error('not to be sent'));
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 1xx answers come before the real one.
    if (status < 200) return;
    this.#status = status;
    this.#contentType = single(headers['content-type']);
    this.#date = single(headers.date);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size <= this.#limit) {
      this.#chunks.push(chunk);
      return;
    }
    this.#chunks = [];
    this.#finish({ kind: 'lost', cause: 'too-large', status: this.#status });
    controller.abort(new Error('answer too large'));
  }

  onResponseEnd(): void {
    this.#settled();
    const body = this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#finish({
      kind: 'answer',
      status: this.#status ?? 0,
      contentType: this.#contentType,
      date: this.#date,
      body,
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#settled();
    const sent =
      this.#controller !== null && !(this.#status === null && CERTIFICATE_ALERT.test(codeOf(error)));
    if (sent) this.#finish({ kind: 'lost', cause: 'connection', status: this.#status });
    else this.#finish({ kind: 'not-sent', cause: 'connection' });
  }

  #timedOut(): void {
    const controller = this.#controller;
    if (controller === null) this.#finish({ kind: 'not-sent', cause: 'timeout' });
    else this.#finish({ kind: 'lost', cause: 'timeout', status: this.#status });
    controller?.abort(new Error('deadline'));
  }

  #finish(exchange: Exchange): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#timer);
    this.#resolve(exchange);
  }
}

function single(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
