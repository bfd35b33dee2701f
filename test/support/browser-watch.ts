import type { BrowserContext, Cookie, Request, Response } from 'playwright-core';

/** Somebody of whom nothing may stand in a cookie, an address or a title. */
export interface Named {
  readonly kimlikNo: string;
  readonly ad: string;
  readonly soyad: string;
}

/** Shorter names turn up in random values by chance. */
const SHORTEST_NAME = 5;
/** What Chromium says of every status above 399; the tests look at the status themselves. */
const OF_STATUS = /^Failed to load resource: the server responded with a status of 4\d\d /;
/** `__Host-`: of one host and port-blind path `/`. `__Secure-`: of one step of one sign-in, by its path. */
const HOST_COOKIE = /^__Host-[a-z-]+(\.sig)?$/;
const STEP_COOKIE = /^__Secure-koopbis-(adim|devam)(\.sig)?$/;
/** The language of the console: no secret, of its pages alone. */
const LANGUAGE_COOKIE = 'konsol_dil';
const STEP_PATH = /^\/(giris\/adim|oidc\/auth)\/[A-Za-z0-9_-]{20,}$/;

/**
 * Watches everything that a browser asks for and is given from its first request on, and keeps what must not be: requests that leave
 * this machine, cookies without their attributes, personal data where they are read over shoulders and in log files, complaints of
 * the Content-Security-Policy.
 */
export class BrowserWatch {
  readonly #faults = new Set<string>();
  readonly #named: Named[];
  readonly #pending: Promise<void>[] = [];
  #cookies = 0;

  constructor(context: BrowserContext, named: readonly Named[]) {
    this.#named = [...named];
    context.on('request', (request) => this.#asked(request));
    context.on('response', (response) => {
      this.#pending.push(this.#given(response));
    });
    context.on('console', (message) => {
      if (!OF_STATUS.test(message.text())) this.#faults.add(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => this.#faults.add(`error: ${error.error().message}`));
  }

  /** What was seen that must not be. `cookies`: those that the browser holds. */
  async faults(cookies: readonly Cookie[]): Promise<string[]> {
    await Promise.all(this.#pending);
    for (const { name, path, secure, httpOnly, sameSite, domain, value } of cookies) {
      this.look(`cookie ${name}`, value);
      this.look(`cookie ${name}`, Buffer.from(value, 'base64url').toString('utf8'));
      if (!secure || !httpOnly || sameSite !== 'Lax' || domain !== 'localhost' || !rightPlace(name, path))
        this.#faults.add(`cookie held: ${name}`);
    }
    return [...this.#faults];
  }

  /** How many cookies were set: a watch that sees none proves nothing. */
  get cookies(): number {
    return this.#cookies;
  }

  /** Something else was seen that must not be. */
  note(fault: string): void {
    this.#faults.add(fault);
  }

  /** From now on of somebody else too. */
  also(named: Named): void {
    this.#named.push(named);
  }

  /** Looks for personal data in `text`, which stands at `place`. */
  look(place: string, text: string): void {
    for (const { kimlikNo, ad, soyad } of this.#named) {
      const names = [ad, soyad, `${ad} ${soyad}`].filter((name) => name.length >= SHORTEST_NAME);
      if ([kimlikNo, ...names].some((one) => text.includes(one))) this.#faults.add(`personal data: ${place}`);
    }
  }

  #asked(request: Request): void {
    const url = new URL(request.url());
    // The empty icon and the QR code.
    if (url.protocol === 'data:') return;
    if (url.hostname !== 'localhost') this.#faults.add(`request to ${url.host}`);
    this.look(`address ${url.origin}${url.pathname}`, plain(url.href));
    const referrer = request.headers().referer;
    if (referrer !== undefined) this.look(`referrer at ${url.pathname}`, plain(referrer));
  }

  async #given(response: Response): Promise<void> {
    // A page that was left while it came has no headers any more.
    const lines = await response.headerValues('set-cookie').catch(() => []);
    for (const line of lines) {
      this.#cookies += 1;
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const has = (name: string) => attributes.find((one) => one.toLowerCase().startsWith(name));
      const [name = ''] = pair.split('=');
      const path = has('path=')?.slice('path='.length) ?? '';
      const isRight =
        has('secure') !== undefined &&
        has('httponly') !== undefined &&
        has('samesite=lax') !== undefined &&
        has('domain') === undefined &&
        rightPlace(name, path);
      if (!isRight) this.#faults.add(`cookie set: ${name} ${attributes.join('; ')}`);
      this.look(`cookie ${name}`, plain(pair));
    }
  }
}

function rightPlace(name: string, path: string): boolean {
  if (HOST_COOKIE.test(name)) return path === '/';
  if (name === LANGUAGE_COOKIE) return path === '/konsol';
  return STEP_COOKIE.test(name) && STEP_PATH.test(path);
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
