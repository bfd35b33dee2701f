import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { generateSync } from 'otplib';
import { Agent, request } from 'undici';
import { KOOPBIS_PATHS } from '../../mocks/koopbis/paths.js';
import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';
import { CookieJar } from '../../mocks/sandbox/walk/cookie-jar.js';
import { type Form, formWith, type PageContent, readPage } from '../../mocks/sandbox/walk/read-page.js';
import type { System } from './system.js';

type Person = SandboxFile['people'][number];
export type ClientName = keyof SandboxFile['clients'];

const FORM = 'application/x-www-form-urlencoded';
const LIMIT_MS = 20_000;
const MAX_HOPS = 20;
const STEP_S = 30;

/** One answer, no redirect followed. */
export interface Shown {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly content: PageContent;
  /** Where it sends the browser on to; null where nowhere. */
  readonly location: URL | null;
}

/** What an application keeps of an authorization request. */
export interface Begun {
  readonly url: URL;
  readonly client: ClientName;
  readonly redirectUri: string;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export const secret = () => randomBytes(32).toString('base64url');
/** `page` and `code` of a page, for one look at both. */
export const mark = ({ content, status }: Shown) => [status, content.page, content.code];

/**
 * A browser whose every step can be held up: nothing is followed by itself. `at`: the instance that it reaches under the
 * issuer's name, as behind a balancer.
 */
export class Tab {
  readonly jar = new CookieJar();
  /** Every cookie that was ever set, `name=value`. */
  readonly cookies: string[] = [];
  at: string;
  readonly #issuer: string;
  readonly #agent: Agent;

  constructor(sandbox: Pick<SandboxFile, 'ca' | 'web'>, at: string = sandbox.web) {
    this.#issuer = sandbox.web;
    this.at = at;
    this.#agent = new Agent({ connect: { ca: readFileSync(sandbox.ca) } });
  }

  get(address: string | URL, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.ask('GET', address, { headers });
  }

  /** A form as a browser sends it from a page of its own origin. */
  post(
    address: string | URL,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Shown> {
    const url = new URL(address, this.#issuer);
    const origin = { origin: url.origin, 'content-type': FORM };
    return this.ask('POST', url, {
      headers: { ...origin, ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  submit(page: Shown, form: Form, values: Readonly<Record<string, string>> = {}): Promise<Shown> {
    const fields = Object.fromEntries(form.fields.map(([name, value]) => [name, values[name] ?? value]));
    return this.post(new URL(form.action === '' ? page.url.href : form.action, page.url), fields);
  }

  async ask(
    method: string,
    address: string | URL,
    { headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: string | Buffer } = {},
  ): Promise<Shown> {
    const url = new URL(address, this.#issuer);
    const there = new URL(url.origin === this.#issuer ? `${this.at}${url.pathname}${url.search}` : url);
    const cookie = this.jar.header(url);
    const answer = await request(there, {
      method: method as 'GET',
      dispatcher: this.#agent,
      body: body ?? null,
      headers: {
        host: url.host,
        accept: 'text/html',
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const set = [answer.headers['set-cookie'] ?? []].flat();
    this.jar.take(url, set, Date.now());
    this.cookies.push(...set.map((one) => one.split(';')[0] ?? ''));
    const text = await answer.body.text();
    const { location } = answer.headers;
    return {
      url,
      status: answer.statusCode,
      headers: answer.headers,
      text,
      content: readPage(text),
      location: typeof location === 'string' ? new URL(location, url) : null,
    };
  }

  /** Follows redirects until `stop` says so of the next address, or a page comes. */
  async follow(first: Shown, stop: (next: URL) => boolean = () => false): Promise<Shown> {
    let shown = first;
    for (let hops = 0; hops < MAX_HOPS; hops += 1) {
      if (shown.location === null || stop(shown.location)) return shown;
      shown = await this.get(shown.location);
    }
    throw new Error('too many redirects');
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** Sign-ins of a running system, step by step. */
export class SigningIn {
  readonly system: System;
  readonly #tabs: Tab[] = [];

  constructor(system: System) {
    this.system = system;
  }

  tab(at?: string): Tab {
    const tab = new Tab(this.system.sandbox, at);
    this.#tabs.push(tab);
    return tab;
  }

  async close(): Promise<void> {
    await Promise.all(this.#tabs.map((tab) => tab.close()));
  }

  get redirectUri(): string {
    return new URL(KOOPBIS_PATHS.command, this.system.sandbox.mocks.koopbis).href;
  }

  begin(client: ClientName = 'koopbis-core', more: Readonly<Record<string, string>> = {}): Begun {
    const begun = {
      client,
      redirectUri: this.redirectUri,
      verifier: secret(),
      state: secret(),
      nonce: secret(),
    };
    const url = new URL('/oidc/auth', this.system.sandbox.web);
    url.search = new URLSearchParams({
      client_id: client,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: begun.redirectUri,
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: createHash('sha256').update(begun.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    }).toString();
    return { ...begun, url };
  }

  isAtEdevlet(url: URL): boolean {
    return url.origin === new URL(this.system.sandbox.mocks.edevlet).origin;
  }

  /** The page of e-Devlet's login for what `start` begins. */
  async toEdevlet(tab: Tab, start: URL): Promise<Shown> {
    const page = await tab.follow(await tab.get(start));
    if (!this.isAtEdevlet(page.url)) throw new Error(`not at e-Devlet: ${mark(page)}`);
    return page;
  }

  /** Number, password and code at e-Devlet; gives the address that it sends the browser back to, not yet asked for. */
  async passEdevlet(tab: Tab, page: Shown, person: Person): Promise<URL> {
    const login = formWith(page.content, 'kimlikNo', 'sifre');
    if (login === undefined) throw new Error('no login at e-Devlet');
    let shown = await tab.submit(page, login, { kimlikNo: person.kimlikNo, sifre: person.password });
    const second = formWith(shown.content, 'kod');
    if (second !== undefined && person.edevletTotp !== null)
      shown = await tab.submit(shown, second, { kod: codeOf(person.edevletTotp) });
    if (shown.location === null) throw new Error(`e-Devlet does not send back: ${mark(shown)}`);
    return shown.location;
  }

  /** From the start to the way back from e-Devlet, which is held up there. */
  async callbackOf(tab: Tab, person: Person, start: URL = this.begin().url): Promise<URL> {
    return this.passEdevlet(tab, await this.toEdevlet(tab, start), person);
  }

  /** Goes on until the application is reached or a page asks for more than a button. */
  async onward(tab: Tab, from: URL | Shown): Promise<Shown> {
    const isEnd = ({ origin }: URL) => origin === new URL(this.redirectUri).origin;
    let shown = await tab.follow(from instanceof URL ? await tab.get(from) : from, isEnd);
    for (let pages = 0; pages < 5; pages += 1) {
      const { page, forms } = shown.content;
      const [form] = forms.filter(({ method }) => method === 'post');
      if (
        shown.location !== null ||
        form === undefined ||
        !['notice', 'told', 'announced'].includes(page ?? '')
      )
        return shown;
      shown = await tab.follow(await tab.submit(shown, form), isEnd);
    }
    return shown;
  }

  /** The whole way; the application's answer address with its code, not asked for. */
  async signIn(tab: Tab, person: Person, begun: Begun = this.begin()): Promise<URL> {
    const end = await this.onward(tab, await this.callbackOf(tab, person, begun.url));
    if (end.location === null) throw new Error(`the sign-in stops: ${mark(end)}`);
    return end.location;
  }

  /** The token endpoint as an application calls it. `as` null: over `web`, without a certificate. */
  async token(
    fields: Readonly<Record<string, string>>,
    as: ClientName | null = 'koopbis-core',
    api: string = this.system.sandbox.api,
    // biome-ignore lint/suspicious/noExplicitAny: any answer
  ): Promise<{ status: number; body: any; text: string }> {
    return this.asClient(as, as === null ? this.system.sandbox.web : api, '/oidc/token', fields);
  }

  async asClient(
    as: ClientName | null,
    base: string,
    path: string,
    fields: Readonly<Record<string, string>>,
    // biome-ignore lint/suspicious/noExplicitAny: any answer
  ): Promise<{ status: number; body: any; text: string }> {
    const { ca, clients } = this.system.sandbox;
    const certificate =
      as === null ? {} : { cert: readFileSync(clients[as].cert), key: readFileSync(clients[as].key) };
    const agent = new Agent({ connect: { ca: readFileSync(ca), ...certificate } });
    try {
      const answer = await request(new URL(path, base), {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': FORM },
        body: new URLSearchParams(fields).toString(),
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      const text = await answer.body.text();
      const isJson = /json/.test(String(answer.headers['content-type']));
      return { status: answer.statusCode, text, body: isJson ? JSON.parse(text) : null };
    } finally {
      await agent.destroy();
    }
  }

  /** What a code is exchanged with. */
  grant(begun: Begun, landed: URL): Record<string, string> {
    return {
      grant_type: 'authorization_code',
      client_id: begun.client,
      code: landed.searchParams.get('code') ?? '',
      redirect_uri: begun.redirectUri,
      code_verifier: begun.verifier,
    };
  }

  /** A sign-in of its own to the end: the tokens, with the tab that has the session. */
  async tokens(
    person: Person,
    { tab = this.tab(), client = 'koopbis-core' as ClientName } = {},
  ): Promise<{ tab: Tab; accessToken: string; refreshToken: string; idToken: string }> {
    const begun = this.begin(client);
    const { status, body, text } = await this.token(
      this.grant(begun, await this.signIn(tab, person, begun)),
      client,
    );
    if (status !== 200) throw new Error(`no token: ${text}`);
    return {
      tab,
      accessToken: body.access_token,
      refreshToken: body.refresh_token,
      idToken: body.id_token,
    };
  }

  /** Kind and data of every entry from `from` on. */
  // biome-ignore lint/suspicious/noExplicitAny: data of any kind
  async entries(from = 0): Promise<{ kind: string; data: any }[]> {
    const rows = await this.system.sql(
      'SELECT line FROM bridge.entry WHERE leaf_index >= $1 ORDER BY leaf_index',
      [from],
    );
    return rows.map(({ line }) => JSON.parse(line));
  }

  async size(): Promise<number> {
    return Number((await this.system.sql('SELECT size FROM bridge.log_head'))[0].size);
  }

  /** Refusals that stand in the log as counts, by code. Stops the bridge and starts it: a stop writes the counts down. */
  async counted(): Promise<ReadonlyMap<string, number>> {
    await this.system.bridge.stop();
    await this.system.bridge.start();
    const counts = new Map<string, number>();
    for (const { kind, data } of await this.entries())
      if (kind === 'access.refused') counts.set(data.code, (counts.get(data.code) ?? 0) + data.count);
    return counts;
  }
}

/** Claims of a JWT, unchecked: the checks are those of `openid-client` in its own test. */
// biome-ignore lint/suspicious/noExplicitAny: claims of any kind
export function claimsOf(jwt: string): any {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/** The code of this moment, or of a step beside it. */
export function codeOf(totp: string, steps = 0): string {
  const now = Math.floor(Date.now() / 1000);
  return generateSync({ secret: totp, epoch: now + steps * STEP_S });
}

/** The address of the button that tries again; fails where the page has none. */
export function retryOf(page: Shown): URL {
  const [, path] = /href="(\/giris\/adim\/[^"]+)"/.exec(page.text) ?? [];
  if (path === undefined) throw new Error(`no way on: ${mark(page)}`);
  return new URL(path, page.url);
}
