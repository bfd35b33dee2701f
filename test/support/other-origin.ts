import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server of somebody else. */
export interface OtherOrigin {
  readonly origin: string;
  /** The address of a page that shows `url` in a frame. */
  framing(url: string): string;
  /** The address of a page with a form of its own that is sent to `action`. */
  posting(action: string, fields: Readonly<Record<string, string>>): string;
  /** The address of a page that does all that ours must not, with `text`: cookie, address, title, a request elsewhere, a script. */
  careless(text: string): string;
  stop(): Promise<void>;
}

/**
 * Another origin on the same host, over TLS: of the same site (RFC 6265bis §5.2), so that a browser sends it along every Lax cookie.
 * What holds against it holds against another site too. `cert`, `key`: files that the tests' browser believes.
 */
export async function startOtherOrigin(files: { cert: string; key: string }): Promise<OtherOrigin> {
  const server = createServer(
    { cert: readFileSync(files.cert), key: readFileSync(files.key) },
    (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost');
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      const cookie = searchParams.get('cookie');
      if (cookie !== null) response.setHeader('Set-Cookie', `__Host-other=${cookie}; Path=/; Secure`);
      response.end(PAGES[pathname]?.(searchParams) ?? OWN);
    },
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const at = (path: string, params: Record<string, string>) =>
    `${origin}${path}?${new URLSearchParams(params)}`;
  return {
    origin,
    framing: (url) => at('/frame', { url }),
    posting: (action, fields) => at('/form', { action, fields: JSON.stringify(fields) }),
    careless: (text) => at('/careless', { cookie: text }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const OWN = '<!doctype html><title>other</title><main data-page="other"></main>';

const PAGES: Readonly<Record<string, (params: URLSearchParams) => string>> = {
  '/frame': (params) =>
    `<!doctype html><title>frame</title><iframe src="${escaped(params.get('url') ?? '')}"></iframe>`,
  '/careless': (params) =>
    `<!doctype html><title>${escaped(params.get('cookie') ?? '')}</title><main data-page="careless"></main>` +
    '<img src="https://127.0.0.1:9/" alt=""><script>console.log("ran")</script>',
  '/form': (params) => {
    const fields = JSON.parse(params.get('fields') ?? '{}') as Record<string, string>;
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
    );
    const action = escaped(params.get('action') ?? '');
    return `<!doctype html><title>form</title><form method="post" action="${action}">${inputs.join('')}<button>Send</button></form>`;
  },
};

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
