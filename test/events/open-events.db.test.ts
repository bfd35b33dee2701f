import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { Webhook } from 'standardwebhooks';
import type { BridgeConfig } from '../../src/config/schema.js';
import { WEBHOOK_APPLIERS } from '../../src/events/webhooks/appliers.js';
import { type EventsParts, openEvents } from '../../src/house/events/open-events.js';
import { openLog } from '../../src/house/open-log.js';
import { type Loose, makeWorkplace, type Workplace } from '../config/fixture.js';
import {
  type Loopback,
  type LoopbackCertificates,
  makeLoopbackCertificates,
  startLoopback,
} from '../edevlet/support/loopback.js';
import { type EventHouse, openEventHouse } from './support/event-house.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

let house: EventHouse;
let workplace: Workplace;
let certificates: LoopbackCertificates;
let loopback: Loopback;

beforeAll(async () => {
  house = await openEventHouse();
  workplace = await makeWorkplace();
  certificates = await makeLoopbackCertificates();
  loopback = await startLoopback(certificates);
  workplace.write('receiver-ca.crt', certificates.ca);
});
afterAll(async () => {
  await loopback.close();
  workplace.remove();
  await house.close();
});

const configWith = (
  secret: string,
  change: (webhook: Loose) => void = () => undefined,
): Promise<BridgeConfig> =>
  workplace.load(
    (settings) => {
      const [client] = settings.clients;
      client.permissions.push('events');
      client.webhook = {
        url: `${loopback.origin}/hook`,
        secret: { env: 'HOOK' },
        privateAddresses: ['127.0.0.0/8', '::1/128'],
        extraCa: ['receiver-ca.crt'],
      };
      change(client.webhook);
    },
    { HOOK: secret },
  );

function partsOf(config: BridgeConfig): EventsParts & { readonly events: string[] } {
  const events: string[] = [];
  const tell = (event: string) => void events.push(event);
  const log = openLog(config, house.test.db, WEBHOOK_APPLIERS);
  const told = { info: tell, warn: tell, error: tell } as unknown as EventsParts['told'];
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  return { config, db: house.test.db, log, told, resolve, events };
}

describe('events, as the house opens them', () => {
  it('reach a registered receiver signed, and stand in the feed as the same', async () => {
    const parts = partsOf(await configWith(SECRET));
    loopback.replies.set('/hook', (_seen, response) => response.writeHead(204).end());
    const { routes, startChores } = await openEvents(parts);
    const stop = startChores();
    try {
      const known = 'SELECT 1 FROM bridge.webhook_receiver';
      while ((await house.rows(known)).length === 0) await sleep(20);
      await house.grantMany(2);
      while (loopback.seen.length < 2) await sleep(20);
    } finally {
      await stop();
      await parts.log.appender.close();
    }
    const pushed = loopback.seen.map(({ body, headers }) =>
      new Webhook(SECRET).verify(body, headers as Record<string, string>),
    );
    const feed = routes.routes.find(({ path }) => path === '/v1/authority-events');
    const client = { ...parts.config.clients[0], id: 'koopbis-core', permissions: ['events'] } as never;
    const caller = { client, certificateSha256: Buffer.alloc(32), requestId: 'r' };
    const reply = await feed?.handle({ url: '/v1/authority-events' } as Request, caller);
    const { events } = JSON.parse(String(reply?.body ?? '')) as { events: { id: string; source: string }[] };
    expect(pushed).toEqual(events);
    expect(events.map(({ id, source }) => [id, source])).toEqual([
      ['ae-1', 'urn:koopbis:bridge:log.example/test'],
      ['ae-2', 'urn:koopbis:bridge:log.example/test'],
    ]);
    expect(await house.rows('SELECT 1 FROM bridge.webhook_delivery')).toEqual([]);
    expect(parts.events).toEqual([]);
  });

  it('are not opened with a secret that cannot sign, or a CA that cannot be read', async () => {
    workplace.write('broken.crt', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const loads = [
      () => configWith('whsec_short'),
      () =>
        configWith(SECRET, (webhook) => {
          webhook.extraCa = ['broken.crt'];
        }),
    ];
    // One after the other: they share one file of settings.
    for (const load of loads) {
      const opening = load().then((config) => openEvents(partsOf(config)));
      await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    }
  });
});
