import { request } from 'node:https';

// A relying party and a browser written from facts/e-devlet.md alone: they know nothing of the stand-in's code, and every
// part of a request can be replaced, so that a test can make exactly one thing wrong.

export interface EdevletReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One call over TLS, its server checked against `ca`. `path` goes out to the letter. */
export function call(ca: string, origin: string, path: string, sent: Sent = {}): Promise<EdevletReply> {
  const { hostname, port } = new URL(origin);
  const { method = 'GET', headers = {}, body } = sent;
  return new Promise((resolve, reject) => {
    const asked = request(
      { ca, hostname, port, path, family: 4, agent: false, method, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Fields with one changed, or taken out where it is null. */
export type Changes = Readonly<Record<string, string | null>>;

export function formOf(fields: Readonly<Record<string, string>>, changes: Changes = {}): string {
  const all = Object.entries({ ...fields, ...changes }).filter(
    (field): field is [string, string] => field[1] !== null,
  );
  return new URLSearchParams(all).toString();
}

export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** A page as a test looks at it. */
export interface SeenPage {
  readonly status: number;
  readonly headers: EdevletReply['headers'];
  readonly text: string;
  readonly page: string | undefined;
  readonly code: string | undefined;
  /** Where a redirect points. */
  readonly location: string | undefined;
}

/** A browser without scripts: one cookie jar for one host, forms as they stand on the page. */
export class TestBrowser {
  readonly #ca: string;
  readonly #origin: string;
  readonly cookies = new Map<string, string>();

  constructor(ca: string, origin: string) {
    this.#ca = ca;
    this.#origin = origin;
  }

  get(path: string): Promise<SeenPage> {
    return this.send(path, {});
  }

  async send(path: string, sent: Sent): Promise<SeenPage> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...sent.headers, ...(cookie === '' ? {} : { Cookie: cookie }) };
    const reply = await call(this.#ca, this.#origin, path, { ...sent, headers });
    for (const header of reply.headers['set-cookie'] ?? []) this.#take(header);
    const [, page] = /<main data-page="([^"]*)"/.exec(reply.text) ?? [];
    const [, code] = /<main [^>]*data-code="([^"]*)"/.exec(reply.text) ?? [];
    const location = reply.headers.location;
    return { ...reply, page, code, location: typeof location === 'string' ? location : undefined };
  }

  /** Follows redirects within e-Devlet; one that leaves it is given back. */
  async open(path: string): Promise<SeenPage> {
    let seen = await this.get(path);
    for (let hops = 0; hops < 5 && seen.location?.startsWith('/'); hops += 1)
      seen = await this.get(seen.location);
    return seen;
  }

  /** Sends the form of `page` that has this action's end, with its hidden fields and these values. */
  async submit(page: SeenPage, action: string, values: Changes = {}): Promise<SeenPage> {
    const form = new RegExp(`<form method="post" action="([^"]*${action})">(.*?)</form>`, 's').exec(
      page.text,
    );
    if (form === null) throw new Error(`the page has no form ${action}`);
    const hidden = [...(form[2] ?? '').matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
    const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
    const body = formOf(fields, values);
    return this.send(form[1] ?? '', { method: 'POST', headers: FORM, body });
  }

  #take(header: string): void {
    const [pair = ''] = header.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (/Max-Age=0/i.test(header)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
