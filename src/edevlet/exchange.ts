import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type BridgeError, isBridgeError } from '../errors/bridge-error.js';
import { answerInvalid, machineCode, unavailable } from './failures.js';

/** One call to the upstream. */
export interface Asked {
  /** https. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** A whole answer: status 200, or 400 to 499 but for 408 and 429. */
export interface Answered {
  readonly status: number;
  /** Without parameters, lower case; '' where there is none. */
  readonly contentType: string;
  /** '' where there is none. */
  readonly challenge: string;
  readonly body: Buffer;
}

/** Errors: `UPSTREAM_UNAVAILABLE`, `UPSTREAM_ANSWER_INVALID`, without a step. */
export type Exchange = (asked: Asked) => Promise<Answered>;

/** Calls under way and waiting, together: with more, everybody would wait longer than the limit of a call. */
const MAX_OUTSTANDING = 256;
/** Timed out, too many requests: no answer to what was asked. */
const TRY_LATER = [408, 429];

/**
 * Calls over `dispatcher`, each once, with one limit of time from its start to the last byte, and one of size. Redirects are refused
 * (they would carry the secret elsewhere); nothing is unpacked (a small body could grow past the limit).
 */
export function createExchange(
  dispatcher: Dispatcher,
  limits: { readonly timeoutMs: number; readonly maxAnswerBytes: number },
): Exchange {
  let outstanding = 0;
  return async (asked) => {
    if (outstanding >= MAX_OUTSTANDING) throw unavailable('overloaded');
    outstanding += 1;
    try {
      return await call(dispatcher, asked, limits);
    } catch (error) {
      throw isBridgeError(error) ? error : failureOf(error);
    } finally {
      outstanding -= 1;
    }
  };
}

async function call(
  dispatcher: Dispatcher,
  asked: Asked,
  { timeoutMs, maxAnswerBytes }: { readonly timeoutMs: number; readonly maxAnswerBytes: number },
): Promise<Answered> {
  const url = new URL(asked.url);
  if (url.protocol !== 'https:') throw unavailable('protocol');
  const { statusCode, headers, body } = await dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: asked.method,
    headers: asked.headers,
    body: asked.body,
    headersTimeout: 0,
    bodyTimeout: 0,
    signal: AbortSignal.timeout(timeoutMs),
  });
  // A body that is dropped ends with an error that nobody waits for.
  body.on('error', () => {});
  try {
    requireAnswer(statusCode);
    return {
      status: statusCode,
      contentType: (one(headers['content-type']).split(';', 1)[0] ?? '').trim().toLowerCase(),
      challenge: one(headers['www-authenticate']),
      body: await readAll(body, maxAnswerBytes),
    };
  } finally {
    body.destroy();
  }
}

function requireAnswer(status: number): void {
  if (status >= 500 || TRY_LATER.includes(status)) throw unavailable('http-status', { status });
  if (status >= 300 && status < 400) throw answerInvalid('redirect', { status });
  if (status !== 200 && status < 400) throw answerInvalid('http-status', { status });
}

async function readAll(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw answerInvalid('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failureOf(error: unknown): BridgeError {
  const detail = machineCode(error);
  const kind = (error as { name?: unknown } | null)?.name;
  if (kind === 'HTTPParserError') return answerInvalid('protocol');
  if (detail === 'UND_ERR_HEADERS_OVERFLOW') return answerInvalid('too-large', { detail });
  const late = kind === 'TimeoutError' || detail === 'UND_ERR_CONNECT_TIMEOUT';
  return late ? unavailable('timeout') : unavailable('connection', { detail });
}

/** A header that comes twice is none that can be believed: joined, it is no type of ours. */
function one(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
