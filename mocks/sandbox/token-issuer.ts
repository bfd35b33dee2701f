import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Person } from '../population/population.js';
import { checkSignIn, type SignInRefusal } from './sign-in-check.js';

const Request = z.strictObject({
  kimlikNo: z.string().max(11),
  password: z.string().max(200),
  code: z.string().max(6).nullable(),
  stepUpCode: z.string().max(6).nullable(),
  client: z.string().max(64),
});

/** A sign-in that held, to be turned into a session with a token for that client. */
export interface ProvedSignIn {
  readonly kimlikNo: string;
  readonly client: string;
  readonly stepUp: boolean;
}

/** A sign-in of somebody whom e-Devlet has named, which the bridge's own rules refuse. */
export interface RefusedSignIn extends ProvedSignIn {
  readonly reason: string;
}

/** What is refused at e-Devlet never reaches the bridge: there is nobody yet whom an entry could be about. */
const REFUSED_BY_US: ReadonlySet<SignInRefusal | 'client-unknown'> = new Set([
  'two-step-required',
  'step-up-refused',
  'step-up-unavailable',
  'client-unknown',
]);

export interface TokenIssuerParts {
  person(kimlikNo: string): Person | undefined;
  /** Opens a session and gives its access token; null where the client is not registered. */
  open(signIn: ProvedSignIn): Promise<string | null>;
  /** Writes down a sign-in that the bridge refuses. */
  refuse(signIn: RefusedSignIn): Promise<void>;
  readonly nowS: () => number;
}

const MAX_BODY_BYTES = 4096;

/**
 * The small issuer: `POST /tokens` with number, password and codes gives `{accessToken}`, or 403 `{reason}`. It stands
 * where the sign-in rooms will stand; loopback only, since it gives tokens to whoever knows a sandbox password.
 */
export async function startTokenIssuer(
  port: number,
  parts: TokenIssuerParts,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(request, parts).then(
      ({ status, body }) => send(response, status, body),
      () => send(response, 500, { reason: 'internal' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  parts: TokenIssuerParts,
): Promise<{ status: number; body: object }> {
  if (request.method !== 'POST' || request.url !== '/tokens')
    return { status: 404, body: { reason: 'not-found' } };
  const asked = Request.safeParse(await readJson(request));
  if (!asked.success) return { status: 400, body: { reason: 'request-invalid' } };
  const { kimlikNo, client, ...attempt } = asked.data;
  const checked = checkSignIn(parts.person(kimlikNo), attempt, parts.nowS());
  const stepUp = attempt.stepUpCode !== null;
  const refuse = async (reason: SignInRefusal | 'client-unknown') => {
    if (REFUSED_BY_US.has(reason)) await parts.refuse({ kimlikNo, client, stepUp, reason });
    return { status: 403, body: { reason } };
  };
  if (!checked.ok) return refuse(checked.reason);
  const accessToken = await parts.open({ kimlikNo, client, stepUp: checked.stepUp });
  return accessToken === null ? refuse('client-unknown') : { status: 200, body: { accessToken } };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > MAX_BODY_BYTES) return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
