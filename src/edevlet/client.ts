import type { ClientAuth, CustomFetch } from 'openid-client';
import type { Answered, Exchange } from './exchange.js';

/** openid-client's way out: every call it makes goes over our exchange, and `answerOf` makes the answer that it sees. */
export function fetchOver(exchange: Exchange, answerOf: (answer: Answered) => Response): CustomFetch {
  return async (url, { method, headers, body }) => {
    const posted = body === undefined || body === null ? null : String(body);
    return answerOf(
      await exchange({ url, method: method === 'POST' ? 'POST' : 'GET', headers, body: posted }),
    );
  };
}

/** `client_secret_post` (RFC 6749 §2.3.1), never Basic. openid-client's own keeps a copy of the secret; this one reveals it for each request. */
export function secretInBody(clientSecret: { reveal(): string }): ClientAuth {
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_secret', clientSecret.reveal());
  };
}

/** Seconds, whole and later than our own limit, so that ours is the one that ends a call and says why. */
export function libraryTimeoutS(timeoutMs: number): number {
  return Math.ceil(timeoutMs / 1000) + 5;
}
