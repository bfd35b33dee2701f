import type { IncomingMessage } from 'node:http';
import type { ProblemCode } from '../errors/problem-code.js';

export type Body =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly code: ProblemCode; readonly reason?: string };

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/**
 * Read and thrown away of a body that is refused: a connection that is closed over unread bytes is reset, and many a client
 * then never sees why. More than this is nobody's mistake.
 */
const MAX_THROWN_AWAY = 1_048_576;

/**
 * Reads a JSON body of at most `maxBytes`. One that is refused is read to its end without being kept, up to a limit; where
 * it does not end there, the connection must be closed after the answer. Never rejects: what is wrong with a body is said
 * only after the token was looked at.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (!JSON_TYPE.test(headers['content-type'] ?? '') || (encoding !== undefined && encoding !== 'identity')) {
    await readBytes(request, 0);
    return { ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' };
  }
  const bytes = await readBytes(request, maxBytes);
  if (bytes === 'too-large') return { ok: false, code: 'BODY_TOO_LARGE' };
  if (bytes === 'lost') return { ok: false, code: 'REQUEST_INVALID', reason: 'body: incomplete' };
  try {
    return { ok: true, json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    // The parser's message quotes the body: it is not kept.
    return { ok: false, code: 'REQUEST_INVALID', reason: 'body: not JSON' };
  }
}

/** The body's bytes; `too-large` once it has ended or has gone too far, with nothing of it kept. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large' | 'lost'> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      if (size > Math.max(maxBytes, MAX_THROWN_AWAY)) {
        request.pause();
        resolve('too-large');
      }
    });
    request.on('end', () => resolve(size > maxBytes ? 'too-large' : Buffer.concat(chunks)));
    request.on('error', () => resolve('lost'));
    request.on('close', () => resolve('lost'));
  });
}
