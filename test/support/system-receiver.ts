import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One delivery that was signed as Standard Webhooks says. */
export interface Delivery {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a CloudEvent of any kind
  readonly event: any;
}

/** A receiver of webhooks as a registered client would run it: TLS, signature checked by the library, bad days on request. */
export class WebhookReceiver {
  /** What came with a good signature and was taken, repeats included. */
  readonly taken: Delivery[] = [];
  /** What came while `answering` said something else than 2xx. */
  readonly turnedAway: Delivery[] = [];
  forged = 0;
  /** The status that is answered. */
  answering = 204;
  readonly #server: Server;
  readonly #webhook: Webhook;

  constructor(tls: { readonly cert: string; readonly key: string }, secret: string) {
    this.#webhook = new Webhook(secret);
    this.#server = createServer(tls, (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(this.#take(request.headers, body)).end();
      });
    });
  }

  /** Listens on loopback; gives its address. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => {
        resolve(`https://localhost:${(this.#server.address() as AddressInfo).port}/olaylar`);
      });
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(headers: Readonly<Record<string, string | string[] | undefined>>, body: string): number {
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
    );
    try {
      const delivery = { id: String(headers['webhook-id']), event: this.#webhook.verify(body, signed) };
      (this.answering < 300 ? this.taken : this.turnedAway).push(delivery);
      return this.answering;
    } catch {
      this.forged += 1;
      return 401;
    }
  }
}
