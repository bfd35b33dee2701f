import type { Readable } from 'node:stream';
import axios from 'axios';
import { BridgeError } from '../errors/bridge-error.js';
import { AcceptedAgent, HUNG_UP } from './accepted-agent.js';
import type { AnswerProblem, MersisFault } from './port.js';
import type { MersisSettings } from './settings.js';
import { tlsOptions } from './tls.js';

/** How one POST ended. `spoilt`: there was an answer, whose body is not to be read. Nothing of `axios` is in it. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'spoilt'; readonly status: number; readonly problem: AnswerProblem }
  | { readonly kind: 'none'; readonly fault: MersisFault };

export interface Transport {
  /** Sends `body` once, never again; resolves within the limit of time, never rejects. */
  post(body: string, headers: Readonly<Record<string, string>>): Promise<Exchange>;
  /** Takes nothing more, lets what is in flight end (each has its limit), then closes the connections. */
  close(): Promise<void>;
}

/** A question is some hundred bytes. */
const MAX_QUESTION_BYTES = 16 * 1024;

/** Below the 5 s that common proxies keep idle connections: one that the server closes under a question costs the question. */
const IDLE_MS = 4_000;

/** Alerts by which a server refuses our certificate, or the lack of one. */
const CERTIFICATE_ALERT = /^ERR_SSL_\w*ALERT_(?:\w*CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

/**
 * HTTPS to MERSİS: mutual TLS, HTTP Basic, kept connections. No redirect is followed (it would carry the password
 * elsewhere), no proxy of the environment is asked, nothing is unpacked (a small body could grow past the limit).
 * Throws `CONFIG_INVALID` on an address, account or certificate that cannot be used, without quoting it.
 */
export function createTransport(settings: MersisSettings): Transport {
  const { timeoutMs, maxConcurrent, maxAnswerBytes } = settings;
  const url = httpsUrl(settings.url);
  const authorization = basicCredentials(settings);
  const agent = agentFor(settings);
  const inFlight = new Set<Promise<Exchange>>();
  let isClosed = false;

  async function send(body: Buffer, headers: Readonly<Record<string, string>>): Promise<Exchange> {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      const {
        status,
        headers: told,
        data,
      } = await axios.post<Readable>(url, body, {
        headers: { ...headers, ...FIXED_HEADERS, authorization },
        signal: deadline.signal,
        httpsAgent: agent,
        ...FIXED_OPTIONS,
      });
      return await read(data, status, told['content-encoding'], maxAnswerBytes);
    } catch (error) {
      // The error ends here: one of axios carries the request, and with it the password.
      if (deadline.signal.aborted) return none({ kind: 'unavailable', cause: 'timeout' });
      return none(refusedUs(error) ? { kind: 'refused' } : { kind: 'unavailable', cause: 'connection' });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async post(body, headers) {
      if (isClosed) return none({ kind: 'unavailable', cause: 'connection' });
      if (inFlight.size >= maxConcurrent) return none({ kind: 'unavailable', cause: 'overloaded' });
      const sending = send(Buffer.from(body, 'utf8'), headers);
      inFlight.add(sending);
      return sending.finally(() => inFlight.delete(sending));
    },
    async close() {
      isClosed = true;
      await Promise.all(inFlight);
      agent.destroy();
    },
  };
}

const FIXED_HEADERS = { 'accept-encoding': 'identity', 'user-agent': 'koopbis-bridge' } as const;

const FIXED_OPTIONS = {
  responseType: 'stream',
  maxRedirects: 0,
  maxBodyLength: MAX_QUESTION_BYTES,
  proxy: false,
  decompress: false,
  validateStatus: () => true,
} as const;

async function read(data: Readable, status: number, encoding: unknown, limit: number): Promise<Exchange> {
  if (encoding !== undefined && encoding !== 'identity') {
    data.on('error', () => {}).destroy();
    return { kind: 'spoilt', status, problem: 'unreadable' };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the stream and its connection.
  for await (const chunk of data as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return { kind: 'spoilt', status, problem: 'too-large' };
    chunks.push(chunk);
  }
  return { kind: 'answer', status, body: Buffer.concat(chunks) };
}

function none(fault: MersisFault): Exchange {
  return { kind: 'none', fault };
}

function refusedUs(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (code === HUNG_UP || CERTIFICATE_ALERT.test(code));
}

function httpsUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '')
    return url.href;
  throw new BridgeError(
    'CONFIG_INVALID',
    'the address of MERSİS must be an https address without user and fragment',
  );
}

/** RFC 7617 §2: the user name ends at the first colon, and neither part may hold control characters. */
function basicCredentials({ userName, password }: MersisSettings): string {
  if (/[:\p{Cc}]/u.test(userName) || /\p{Cc}/u.test(password)) {
    throw new BridgeError('CONFIG_INVALID', 'the account of MERSİS cannot be sent by HTTP Basic');
  }
  return `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
}

function agentFor(settings: MersisSettings): AcceptedAgent {
  const { localAddress, maxConcurrent, timeoutMs } = settings;
  return new AcceptedAgent(
    {
      keepAlive: true,
      maxSockets: maxConcurrent,
      timeout: IDLE_MS,
      ...tlsOptions(settings),
      ...(localAddress === undefined ? {} : { localAddress }),
    },
    timeoutMs,
  );
}
