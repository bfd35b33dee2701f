import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPages, sendPage } from '../../../src/pages/pages.js';
import { drawn, EXAMPLES, titleOf } from './views.js';

/** A form that came in. */
export interface Posted {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Every example on loopback, with the headers it really has. */
export interface PageServer {
  readonly origin: string;
  /** What came in by POST since this was last asked. */
  posted(): Posted[];
  close(): void;
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** `extra`: documents of a test’s own, sent as pages are. `/stranger` is a page without any header that frames one of ours. */
export async function startPageServer(extra: Record<string, string> = {}): Promise<PageServer> {
  const pages = createPages('src/pages/templates');
  const documents = new Map(EXAMPLES.map((one) => [`/${titleOf(one)}`, drawn(pages, one)]));
  const forms: Posted[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (request.method === 'POST') {
      forms.push({ path, fields: Object.fromEntries(new URLSearchParams(await read(request))) });
      return response.end('<title>taken</title>');
    }
    if (path === pages.stylesheet.path) {
      return response.writeHead(200, { 'Content-Type': 'text/css' }).end(pages.stylesheet.body);
    }
    if (path === '/stranger') {
      return response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<title>stranger</title><iframe src="/signed-out"></iframe>');
    }
    const html = documents.get(path) ?? extra[path];
    return html === undefined ? response.writeHead(404).end() : sendPage(response, 200, html);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted: () => forms.splice(0),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
