import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { pageHeaders, retryAfterS } from '../../pages/send-page.js';
import type { Answer, Language } from './call.js';

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
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    ...(Buffer.isBuffer(body) ? { 'Content-Length': body.length } : {}),
  });
  if (Buffer.isBuffer(body)) response.end(body);
  else await sendStream(response, body);
}

/** A reader that takes nothing for this long has gone. */
const STALLED_MS = 60_000;

async function sendStream(response: Response, body: Readable): Promise<void> {
  let broken: unknown = null;
  body.once('error', (error) => {
    // A reader who has gone ends the file by an error too: that is nobody's fault here.
    if (!response.destroyed) broken = error;
  });
  response.setTimeout(STALLED_MS, () => response.destroy());
  await pipeline(body, response).catch(() => response.destroy());
  if (broken !== null) throw broken;
}

/**
 * Sends the browser on with GET (RFC 9110 §15.4.4). The language is kept for the pages of the console alone, and for as long as the browser
 * lives.
 */
export function sendOn(
  response: Response,
  { language, to, told }: Extract<Answer, { kind: 'see-other' }>,
): void {
  const [path = '', rest] = to.split('#');
  const said = told === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}soz=${told}`;
  if (language !== undefined)
    response.append(
      'Set-Cookie',
      `${LANGUAGE_COOKIE}=${language}; Path=/konsol; Secure; HttpOnly; SameSite=Lax`,
    );
  response.set('Cache-Control', 'no-store').redirect(303, rest === undefined ? said : `${said}#${rest}`);
}

const LANGUAGE_COOKIE = 'konsol_dil';

/** The language that the browser has chosen; Turkish where it has not. `cookies`: the header of that name. */
export function chosenLanguage(cookies: string | undefined): Language {
  const isEnglish = (cookies ?? '').split('; ').includes(`${LANGUAGE_COOKIE}=en`);
  return isEnglish ? 'en' : 'tr';
}
