import { Agent, request } from 'node:https';

/** An answer as a browser got it. `url`: where it stands now. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** Redirects in a row that a browser still follows. */
const MAX_HOPS = 20;

/**
 * A browser of the tests: it keeps cookies as RFC 6265 and the prefixes have it, follows redirects within one origin, and stops
 * where it would leave it. It runs no script.
 */
export class TestBrowser {
  readonly #origin: string;
  readonly #agent: Agent;
  cookies: Cookie[] = [];

  constructor(origin: string, ca: string) {
    this.#origin = origin;
    this.#agent = new Agent({ ca, keepAlive: true });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** The value of a cookie; undefined where there is none. */
  cookie(name: string): string | undefined {
    return this.cookies.find((one) => one.name === name)?.value;
  }

  /** One request, no redirect followed. */
  async ask(
    url: string,
    {
      form,
      headers = {},
    }: { form?: Readonly<Record<string, string>>; headers?: Record<string, string> } = {},
  ): Promise<Page> {
    const at = new URL(url, this.#origin);
    if (at.origin !== this.#origin) throw new Error(`left the origin: ${at.origin}`);
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const page = await this.#send(at, body, {
      accept: 'text/html',
      cookie: this.#cookiesFor(at.pathname),
      ...(body === undefined
        ? {}
        : {
            'content-type': 'application/x-www-form-urlencoded',
            origin: this.#origin,
            'sec-fetch-site': 'same-origin',
          }),
      ...headers,
    });
    for (const line of [page.headers['set-cookie'] ?? []].flat()) this.#keep(line);
    return page;
  }

  /** Goes there and on until a page, or an address outside: then its `status` is that of the redirect and `url` the outside one. */
  async go(url: string, more: Parameters<TestBrowser['ask']>[1] = {}): Promise<Page> {
    let page = await this.ask(url, more);
    for (let hop = 0; hop < MAX_HOPS; hop += 1) {
      const { location } = page.headers;
      if (typeof location !== 'string') return page;
      const next = new URL(location, page.url);
      if (next.origin !== this.#origin) return { ...page, url: next.href };
      page = await this.ask(next.href);
    }
    throw new Error('redirected for ever');
  }

  /** Sends the first form of a page, with its hidden fields. */
  submit(page: Page, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const { action, hidden } = formOf(page);
    return this.go(new URL(action, page.url).href, { form: { ...hidden, ...fields } });
  }

  #send(at: URL, body: string | undefined, headers: Record<string, string>): Promise<Page> {
    return new Promise((resolve, reject) => {
      const asked = request(
        at,
        { agent: this.#agent, method: body === undefined ? 'GET' : 'POST', headers },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', reject);
          response.once('end', () =>
            resolve({
              url: at.href,
              status: response.statusCode ?? 0,
              headers: response.headers as Page['headers'],
              body: Buffer.concat(parts).toString('utf8'),
            }),
          );
        },
      );
      asked.once('error', reject);
      asked.end(body);
    });
  }

  #cookiesFor(path: string): string {
    return this.cookies
      .filter(
        (one) => path === one.path || path.startsWith(one.path.endsWith('/') ? one.path : `${one.path}/`),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const known = new Map(
      attributes.map((one) => {
        const [key = '', ...rest] = one.split('=');
        return [key.toLowerCase(), rest.join('=')] as const;
      }),
    );
    const path = known.get('path') ?? '/';
    const isHost = name.startsWith('__Host-');
    if ((isHost || name.startsWith('__Secure-')) && !known.has('secure')) return;
    if (isHost && (path !== '/' || known.has('domain'))) return;
    this.cookies = this.cookies.filter((one) => one.name !== name || one.path !== path);
    const expires = known.get('expires');
    const isGone =
      value === '' ||
      known.get('max-age') === '0' ||
      (expires !== undefined && Date.parse(expires) <= Date.now());
    if (!isGone) this.cookies.push({ name, value, path });
  }
}

/** The first form of a page. */
export function formOf({ body }: Page): { readonly action: string; readonly hidden: Record<string, string> } {
  const form = /<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/.exec(body);
  if (form === null) throw new Error('no form on this page');
  const [, action = '', inside = ''] = form;
  const hidden: Record<string, string> = {};
  for (const [, name = '', value = ''] of inside.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
    hidden[name] = value;
  return { action: action.replaceAll('&amp;', '&'), hidden };
}

/** What a page of ours says it is: its name and, where it says no, its code. */
export function saysOf({ body }: Page): { readonly page: string | null; readonly code: string | null } {
  return {
    page: /data-page="([^"]+)"/.exec(body)?.[1] ?? null,
    code: /data-code="([^"]+)"/.exec(body)?.[1] ?? null,
  };
}
