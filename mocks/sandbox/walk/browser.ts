import { type Dispatcher, request } from 'undici';
import { CookieJar } from './cookie-jar.js';
import { type Form, type PageContent, readPage } from './read-page.js';

/** A page that was shown. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly content: PageContent;
}

/** A page, or the address that the walk was to end at: it is told, never asked for. */
export type Arrival =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'end'; readonly url: URL };

/** Browsers follow 20. */
const MAX_REDIRECTS = 20;
/** A page of ours has some 10 KB; one with a QR code 60. */
const MAX_PAGE_BYTES = 1_048_576;
/** A password is checked and an entry written meanwhile. */
const LIMIT_MS = 20_000;
const FORM = 'application/x-www-form-urlencoded';

/** As much of a browser without scripts as a sign-in needs: cookies, redirects, forms. Over https alone. */
export class Browser {
  readonly #dispatcher: Dispatcher;
  readonly #end: string;
  readonly #jar = new CookieJar();

  /** `end`: address (without query) that redirects are not followed to. */
  constructor(dispatcher: Dispatcher, end: string) {
    this.#dispatcher = dispatcher;
    this.#end = end;
  }

  open(url: URL): Promise<Arrival> {
    return this.#go(url, 'GET', undefined);
  }

  /** Sends a form of `page` with `values` in the fields of these names. */
  submit(page: Page, form: Form, values: Readonly<Record<string, string>>): Promise<Arrival> {
    const url = new URL(form.action === '' ? page.url.href : form.action, page.url);
    const fields = form.fields.map(([name, value]): [string, string] => [name, values[name] ?? value]);
    const sent = new URLSearchParams(fields).toString();
    if (form.method === 'post') return this.#go(url, 'POST', sent);
    url.search = sent;
    return this.#go(url, 'GET', undefined);
  }

  async #go(first: URL, method: 'GET' | 'POST', body: string | undefined): Promise<Arrival> {
    let [url, verb, content] = [first, method, body];
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const { statusCode: status, headers, body: answer } = await this.#ask(url, verb, content);
      const cookies = headers['set-cookie'] ?? [];
      this.#jar.take(url, typeof cookies === 'string' ? [cookies] : cookies, Date.now());
      const { location } = headers;
      if (status < 300 || status >= 400 || typeof location !== 'string') {
        return { kind: 'page', page: { url, status, content: readPage(await textOf(answer)) } };
      }
      await answer.dump();
      url = new URL(location, url);
      if (`${url.origin}${url.pathname}` === this.#end) return { kind: 'end', url };
      // 307 and 308 repeat the form at another place; nothing here has a reason to.
      if (verb === 'POST' && (status === 307 || status === 308))
        throw new Error(`${url.host}: a redirect that repeats a form`);
      [verb, content] = ['GET', undefined];
    }
    throw new Error(`${url.host}: too many redirects`);
  }

  #ask(url: URL, method: 'GET' | 'POST', body: string | undefined): Promise<Dispatcher.ResponseData> {
    if (url.protocol !== 'https:') throw new Error(`${url.host}: not https`);
    const cookie = this.#jar.header(url);
    return request(url, {
      method,
      dispatcher: this.#dispatcher,
      body: body ?? null,
      headers: {
        accept: 'text/html',
        'accept-language': 'tr',
        ...(body === undefined ? {} : { 'content-type': FORM, origin: url.origin }),
        ...(cookie === undefined ? {} : { cookie }),
      },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  }
}

async function textOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += (part as Buffer).length;
    if (size > MAX_PAGE_BYTES) throw new Error('a page is too long');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
