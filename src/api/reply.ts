import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProblemCode } from '../errors/problem-code.js';
import { problemOf } from './problem-document.js';

/** What goes back over the wire. `code`: the problem code, where it is one. `body`: a stream where it is a file of any length. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
  readonly code?: ProblemCode;
}

/** 200 with JSON. */
export function jsonReply(document: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(document),
  };
}

/** 200 with a file to be kept under `name` (a name of ours: letters, digits, hyphens and dots). */
export function fileReply(body: Readable, contentType: string, name: string): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': contentType, 'Content-Disposition': `attachment; filename="${name}"` },
    body,
  };
}

/** The problem document of an error. */
export function problemReply(error: unknown): Reply {
  return problemOf(error);
}

/** A client that takes nothing for so long is given up: its file holds rows and a snapshot of the database. */
const STALLED_MS = 60_000;

/**
 * Writes a reply out. Answers about persons are never kept by anything on the way (RFC 9111 §5.2.2.5). Null where it is written; a stream's
 * promise resolves when it has ended, with what broke it, else null: the connection is destroyed then, so that half a file never looks like
 * a whole one. A client that goes away is no fault.
 */
export function sendReply(response: ServerResponse, reply: Reply): Promise<unknown> | null {
  const { body } = reply;
  if (response.destroyed) {
    if (body instanceof Readable) body.destroy();
    return null;
  }
  const headers = { ...reply.headers, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  if (body instanceof Readable) {
    // No length: it is known when the last row is.
    response.writeHead(reply.status, headers);
    return sendStream(response, body);
  }
  response.writeHead(reply.status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
  return null;
}

async function sendStream(response: ServerResponse, body: Readable): Promise<unknown> {
  let broken: unknown = null;
  body.once('error', (error) => {
    // A reader who has gone ends the file by an error too, on some versions of Node: that is nobody's fault here.
    if (!response.destroyed) broken = error;
  });
  // Told by the response: its own timer runs only while nothing goes out.
  response.setTimeout(STALLED_MS, () => response.destroy());
  try {
    await pipeline(body, response);
    return null;
  } catch {
    response.destroy();
    return broken;
  }
}
