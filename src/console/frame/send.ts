import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { pageHeaders, retryAfterS } from '../../pages/send-page.js';
import type { Answer } from './call.js';

/** Sends a rendered page, with the headers that go with it. */
export function sendConsolePage(
  response: Response,
  status: number,
  html: string,
  formTargets: readonly string[],
): void {
  const waitS = retryAfterS(status);
  if (waitS !== null) response.setHeader('Retry-After', waitS);
  response.writeHead(status, {
    ...pageHeaders(formTargets, { script: true }),
    'Content-Length': Buffer.byteLength(html),
  });
  response.end(html);
}

const FILE_NAME = /^[A-Za-z0-9._-]{1,150}$/;

/** Sends a file to be kept; a reader who leaves ends it, which is no fault of ours. */
export async function sendFile(
  response: Response,
  { body, mediaType, name }: Extract<Answer, { kind: 'file' }>,
): Promise<void> {
  const fileName = FILE_NAME.test(name) ? name : 'dosya';
  response.writeHead(200, {
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    ...(Buffer.isBuffer(body) ? { 'Content-Length': body.length } : {}),
  });
  if (Buffer.isBuffer(body)) response.end(body);
  else await pipeline(body, response);
}

/** Sends the browser on with GET (RFC 9110 §15.4.4). */
export function sendOn(response: Response, { to, told }: Extract<Answer, { kind: 'see-other' }>): void {
  const [path = '', rest] = to.split('#');
  const said = told === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}soz=${told}`;
  response.set('Cache-Control', 'no-store').redirect(303, rest === undefined ? said : `${said}#${rest}`);
}
