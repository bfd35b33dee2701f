import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'undici';
import { Browser } from '../../../mocks/sandbox/walk/browser.js';
import { codeNow } from '../../../mocks/sandbox/walk/one-time-codes.js';
import { SignInRefused } from '../../../mocks/sandbox/walk/refused.js';
import { type Typed, walk } from '../../../mocks/sandbox/walk/walk.js';
import { sharedCertificates } from '../../support/system-certificates.js';

const TOTP = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const NOW = 1_700_000_000_000;
const CLOCK = { now: () => NOW, sleep: async () => undefined };
const PERSON: Typed = { kimlikNo: '10000000146', password: 'a&b=ç', edevletTotp: TOTP, stepUpTotp: TOTP };
const END = 'https://localhost:1/belirtec';

interface Reply {
  readonly status?: number;
  readonly to?: string;
  readonly page?: string;
  readonly cookie?: string;
}
interface Came {
  readonly path: string;
  readonly cookie: string | undefined;
  readonly body: string;
}

/** Two servers that answer by a script, each request with the next line for its path. */
const scripts = new Map<string, Reply[]>();
const came: Came[] = [];
const servers: Server[] = [];
let agent: Agent;
let bridge: string;
let edevlet: string;

beforeAll(async () => {
  const folder = await sharedCertificates();
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  agent = new Agent({ connect: { ca: text('ca/koopbis-sandbox-ca.crt') } });
  const start = async (name: string) => {
    const pair = { cert: text('server/bridge.crt'), key: text('server/bridge.key') };
    const server = createServer(pair, async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
      const path = `${name}${request.url}`;
      came.push({ path: `${request.method} ${path}`, cookie: request.headers.cookie, body });
      const reply = scripts.get(path)?.shift() ?? { status: 404 };
      if (reply.cookie !== undefined) response.setHeader('Set-Cookie', reply.cookie);
      if (reply.to !== undefined) response.setHeader('Location', reply.to);
      response.writeHead(reply.status ?? (reply.to === undefined ? 200 : 303)).end(reply.page ?? '');
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `https://localhost:${(server.address() as AddressInfo).port}`;
  };
  bridge = await start('bridge');
  edevlet = await start('edevlet');
});
afterAll(async () => {
  await agent?.destroy();
  for (const server of servers) server.close();
});
beforeEach(() => {
  scripts.clear();
  came.length = 0;
});

const LOGIN = `<main data-page="password"><form method="post" action="/login"><input type="hidden" name="giris" value="1">
  <input name="kimlikNo"><input name="sifre" type="password"><button>Giriş</button></form>
  <form method="post" action="/cancel"><button>Vazgeç</button></form></main>`;
const SECOND =
  '<main data-page="second-step"><form method="post" action="/second"><input name="kod"></form></main>';
const goOn = (page: string) =>
  `<main data-page="${page}"><form method="post" action="/adim"><button>Devam</button></form></main>`;
const stepUp = (code = '') =>
  `<main data-page="step-up" data-code="${code}"><form method="post" action="/kod"><input name="kod"></form></main>`;

function script(lines: Record<string, Reply[]>): void {
  for (const [path, replies] of Object.entries(lines)) scripts.set(path, replies);
}

function run(person = PERSON): Promise<URL> {
  return walk(new Browser(agent, END), new URL(`${bridge}/auth`), person, edevlet, CLOCK);
}

/** Everything up to our own pages. */
const upTo = (last: Reply): Record<string, Reply[]> => ({
  'bridge/auth': [{ to: `${edevlet}/authorize`, cookie: '__Host-giris=s; Path=/; Secure' }],
  'edevlet/authorize': [{ page: LOGIN }],
  'edevlet/login': [{ page: SECOND }],
  'edevlet/second': [{ to: `${bridge}/donus` }],
  'bridge/donus': [last],
});

describe('the walk through a sign-in', () => {
  it('types number, password and code at e-Devlet, goes through our pages, and ends without asking for the end', async () => {
    script({
      ...upTo({ page: goOn('notice') }),
      'bridge/adim': [{ page: goOn('told') }, { to: '/resume' }],
      'bridge/resume': [{ to: `${END}?code=c&state=s` }],
    });
    expect((await run()).href).toBe(`${END}?code=c&state=s`);
    expect(came.map(({ path }) => path)).toEqual([
      'GET bridge/auth',
      'GET edevlet/authorize',
      'POST edevlet/login',
      'POST edevlet/second',
      'GET bridge/donus',
      'POST bridge/adim',
      'POST bridge/adim',
      'GET bridge/resume',
    ]);
    expect(Object.fromEntries(new URLSearchParams(came[2]?.body))).toEqual({
      giris: '1',
      kimlikNo: PERSON.kimlikNo,
      sifre: PERSON.password,
    });
    expect(came[3]?.body).toBe(`kod=${codeNow(TOTP, CLOCK)}`);
    expect(came[4]?.cookie).toBe('__Host-giris=s');
  });

  it('tries the code of the next step where the first was used already', async () => {
    script({
      ...upTo({ page: stepUp() }),
      'bridge/kod': [{ page: stepUp('STEP_UP_REPLAYED_CODE') }, { to: `${END}?code=c` }],
    });
    await run();
    const codes = came.filter(({ path }) => path === 'POST bridge/kod').map(({ body }) => body);
    const next = codeNow(TOTP, { ...CLOCK, now: () => NOW + 30_000 });
    expect(codes).toEqual([`kod=${codeNow(TOTP, CLOCK)}`, `kod=${next}`]);
  });

  it.each([
    ['two-step-required', { status: 403, page: '<main data-page="refused" data-code="TWO_STEP_REQUIRED">' }],
    ['client-unknown', { status: 400, page: '<main data-page="refused" data-code="APPLICATION_REFUSED">' }],
    ['step-up-unavailable', { page: '<main data-page="step-up-missing"><a href="/x">…</a>' }],
    ['step-up-locked', { page: stepUp('STEP_UP_LOCKED') }],
    ['step-up-refused', { page: stepUp('STEP_UP_WRONG_CODE') }],
  ])('ends with %s where a page of ours says so', async (reason, last: Reply) => {
    script(upTo(last));
    const failed = await run().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(SignInRefused);
    expect((failed as Error).message).toBe(reason);
  });

  it('ends with what e-Devlet says, and asks for no code that the person has not', async () => {
    const refused = LOGIN.replace('data-page', 'data-code="password-refused" data-page');
    script({ ...upTo({}), 'edevlet/login': [{ page: refused }] });
    await expect(run()).rejects.toThrow(new SignInRefused('password-refused'));
    script(upTo({}));
    await expect(run({ ...PERSON, edevletTotp: null })).rejects.toThrow(new SignInRefused('code-refused'));
  });

  it('is no success and no refusal where a page fails, leads in a circle, or redirects without end', async () => {
    script(upTo({ status: 500, page: '<p>…</p>' }));
    await expect(run()).rejects.toThrow('HTTP 500');
    script({ ...upTo({ page: goOn('notice') }), 'bridge/adim': Array(30).fill({ page: goOn('notice') }) });
    await expect(run()).rejects.toThrow('circle');
    script({ 'bridge/auth': Array(30).fill({ to: '/auth' }) });
    await expect(run()).rejects.toThrow('too many redirects');
    script({ 'bridge/auth': [{ to: 'http://localhost:1/' }] });
    await expect(run()).rejects.toThrow('not https');
  });

  it('goes nowhere that our CA has not signed', async () => {
    const stranger = new Agent();
    const failed = walk(new Browser(stranger, END), new URL(`${bridge}/auth`), PERSON, edevlet, CLOCK);
    await expect(failed).rejects.toThrow();
    await stranger.destroy();
    expect(came).toEqual([]);
  });
});
