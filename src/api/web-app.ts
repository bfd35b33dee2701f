import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express from 'express';

/**
 * What every page and file of the web carries: nothing is framed, guessed, or told to other sites; a browser that came once
 * never speaks plain HTTP here again.
 */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Takes a request in front of Express, or leaves it: true where it has answered. */
export type FrontDoor = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * The app behind the web listener. `mounts`: handlers by the path that they stand under; all else is not found. `front`: what
 * brings its own routes, with the same headers on what it answers.
 */
export function createWebApp(
  mounts: Readonly<Record<string, express.RequestHandler | express.RequestHandler[]>>,
  front: FrontDoor = async () => false,
): RequestListener {
  const app = expressApp(mounts);
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    front(request, response).then(
      (taken) => {
        if (!taken) app(request, response);
      },
      () => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' }).end('error\n');
      },
    );
  };
}

function expressApp(
  mounts: Readonly<Record<string, express.RequestHandler | express.RequestHandler[]>>,
): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  for (const [path, handler] of Object.entries(mounts)) app.use(path, handler);
  app.use((_request: express.Request, response: express.Response) => sendPlain(response, 404, 'not found'));
  app.use(
    (
      _error: unknown,
      _request: express.Request,
      response: express.Response,
      _next: express.NextFunction,
    ): void => {
      // Whatever went wrong: nothing of the caller's text and nothing of ours goes out.
      if (response.headersSent) response.destroy();
      else sendPlain(response, 500, 'error');
    },
  );
  return app;
}

/** A short answer in plain text that nobody keeps. */
export function sendPlain(response: express.Response, status: number, text: string): void {
  response
    .status(status)
    .set({ 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
    .end(`${text}\n`);
}
