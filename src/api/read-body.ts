import type { IncomingMessage } from 'node:http';
import type { ProblemCode } from '../errors/problem-code.js';

export type Body =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly code: ProblemCode; readonly reason?: string };

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/**
 * Reads a JSON body of at most `maxBytes`. A larger one is no longer read, and the connection must be closed after the
 * answer. Never rejects: what is wrong with a body is said only after the token was looked at.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (!JSON_TYPE.test(headers['content-type'] ?? '') || (encoding !== undefined && encoding !== 'identity')) {
    return { ok: false, code: 'MEDIA_TYPE_UNSUPPORTED' };
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) return { ok: false, code: 'BODY_TOO_LARGE' };
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

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large' | 'lost'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        resolve('too-large');
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', () => resolve('lost'));
    request.on('close', () => resolve('lost'));
  });
}
