import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Webhook } from 'standardwebhooks';
import { Agent, type Dispatcher, request } from 'undici';
import { BridgeError } from '../../errors/bridge-error.js';
import { createAddressGate } from './address-gate.js';
import { checkedLookup, namesForbiddenAddress, type Resolve } from './checked-lookup.js';
import type { WebhookProblem } from './problem.js';
import type { Receiver } from './receiver.js';
import { failureOf } from './send-failure.js';

/** What is sent. `body`: the event in structured mode; `at`: the instant of this attempt. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly at: Date;
}

/** What became of an attempt. `retryAfter`: the header as it came, with 429 and 503 alone; `stopped`: given up by us, nothing is known. */
export type Sent =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: WebhookProblem; readonly retryAfter: string | null };

/** The way to one receiver. */
export interface Sender {
  /** One attempt. Never rejects; ends within the time limit, or soon after `stop`. */
  send(message: Message, stop: AbortSignal): Promise<Sent>;
  close(): Promise<void>;
}

export interface SenderTools {
  /** For a whole attempt: name, connection, answer. */
  readonly timeoutMs: number;
  readonly resolve: Resolve;
}

/** One delivery at a time and instance; a second connection where the first is being closed. */
const CONNECTIONS = 2;
/** Nothing of an answer's body is used; so much is read so that the connection can be kept. */
const MAX_ANSWER_BYTES = 16_384;
const MAX_HEADER_BYTES = 16_384;

/**
 * A sender by Standard Webhooks 1.0: signed, TLS 1.2 at least and always verified, no redirects, no proxy, to addresses that the
 * receiver's registration allows. Errors: `CONFIG_INVALID` where its secret or a CA cannot be used.
 */
export function createSender(receiver: Receiver, { timeoutMs, resolve }: SenderTools): Sender {
  const { privateAddresses, secret } = receiver;
  const url = new URL(receiver.url);
  const gate = createAddressGate(privateAddresses);
  const webhook = signerOf(receiver.id, secret);
  const agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_ANSWER_BYTES,
    connect: {
      lookup: checkedLookup(gate, resolve),
      secureContext: contextOf(receiver),
      // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
      rejectUnauthorized: true,
      timeout: timeoutMs,
    },
  });
  return {
    send: async ({ id, body, at }, stop) => {
      if (namesForbiddenAddress(url, gate))
        return { kind: 'failed', problem: 'address-not-allowed', retryAfter: null };
      const timeout = AbortSignal.timeout(timeoutMs);
      const headers = {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'koopbis-bridge',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
      };
      try {
        const signal = AbortSignal.any([timeout, stop]);
        const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body, signal });
        await thrownAway(answer.body, signal);
        return judge(answer);
      } catch (error) {
        if (stop.aborted) return { kind: 'stopped' };
        return { kind: 'failed', problem: timeout.aborted ? 'timeout' : failureOf(error), retryAfter: null };
      }
    },
    close: () => agent.destroy(),
  };
}

/** The status has said everything: a body that fails or does not end changes nothing. */
async function thrownAway(body: Dispatcher.ResponseData['body'], signal: AbortSignal): Promise<void> {
  body.on('error', () => undefined);
  await body.dump({ limit: MAX_ANSWER_BYTES, signal }).catch(() => undefined);
}

function judge({ statusCode, headers }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>): Sent {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'delivered' };
  const problem = problemOf(statusCode);
  const waits = statusCode === 429 || statusCode === 503;
  const [retryAfter] = [headers['retry-after']].flat();
  return { kind: 'failed', problem, retryAfter: waits ? (retryAfter ?? null) : null };
}

function problemOf(status: number): WebhookProblem {
  if (status === 410) return 'gone';
  if (status === 429) return 'too-many-requests';
  if (status === 503) return 'unavailable';
  if (status < 400) return 'redirect';
  return status < 500 ? 'refused' : 'failed';
}

/** Standard Webhooks: 24 to 64 bytes, base64 behind `whsec_`. */
const SECRET = /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function signerOf(client: string, secret: string): Webhook {
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64').length;
  if (!SECRET.test(secret) || bytes < 24 || bytes > 64)
    throw new BridgeError(
      'CONFIG_INVALID',
      `clients.${client}.webhook.secret: must be whsec_ and 24 to 64 bytes in base64`,
    );
  return new Webhook(secret);
}

/** Built once: reading the roots takes milliseconds. */
function contextOf({ id, ca }: Receiver): SecureContext {
  try {
    // createSecureContext passes over what it cannot read, and nobody would learn why the receiver is not trusted.
    for (const pem of ca) new X509Certificate(pem);
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ...(ca.length === 0 ? {} : { ca: [...rootCertificates, ...ca] }),
    });
  } catch {
    throw new BridgeError('CONFIG_INVALID', `clients.${id}.webhook.extraCa: a CA cannot be read`);
  }
}
