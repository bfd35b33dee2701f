import type { ServerResponse } from 'node:http';
import type { ProblemCode } from '../errors/problem-code.js';
import { problemOf } from './problem-document.js';

/** What goes back over the wire. `code`: the problem code, where it is one. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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

/** The problem document of an error. */
export function problemReply(error: unknown): Reply {
  return problemOf(error);
}

/** Writes a reply out. Answers about persons are never kept by anything on the way (RFC 9111 §5.2.2.5). */
export function sendReply(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, {
    ...reply.headers,
    'Content-Length': Buffer.byteLength(reply.body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(reply.body);
}
