import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { eventsRoutes } from '../../api/events/events-routes.js';
import type { BroughtRoutes } from '../../api/service-route.js';
import { openPersons } from '../../authority/recording/persons.js';
import type { BridgeConfig } from '../../config/schema.js';
import { readEvents } from '../../events/feed.js';
import { purgeEvents } from '../../events/purge-events.js';
import { readSnapshot } from '../../events/snapshot.js';
import { type TellingTools, tellPersons } from '../../events/telling.js';
import type { Resolve } from '../../events/webhooks/checked-lookup.js';
import { createDeliverer, type Deliverer, type Line } from '../../events/webhooks/deliver.js';
import { giveUpUnregistered } from '../../events/webhooks/expired.js';
import { createPace } from '../../events/webhooks/pace.js';
import { queueEvents } from '../../events/webhooks/queue.js';
import { createSender } from '../../events/webhooks/sender.js';
import type { Database } from '../../storage/database.js';
import type { Log } from '../../telemetry/log.js';
import { startChore } from '../chore.js';
import type { OpenLog } from '../open-log.js';

/** What events need of the house. `log` needs `WEBHOOK_APPLIERS`. */
export interface EventsParts {
  readonly config: BridgeConfig;
  readonly db: Database;
  readonly log: OpenLog;
  readonly told: Log;
  /** The system's own resolver, where it is not given. */
  readonly resolve?: Resolve;
}

/** The feed and its webhooks as the listeners and the start know them. */
export interface OpenEvents {
  readonly routes: BroughtRoutes;
  /** Queueing, delivering, purging; each safe on all instances at once. */
  startChores(): () => Promise<void>;
}

const DELIVER_MS = 1_000;
const PURGE_MS = 600_000;
const DAY_MS = 86_400_000;

/** Opens them. Errors: `CONFIG_INVALID` where a receiver's secret or CA cannot be used; those of the file system. */
export async function openEvents(parts: EventsParts): Promise<OpenEvents> {
  const { config, db, log, told } = parts;
  const { events, webhooks } = config.authority;
  const telling: TellingTools = {
    tagger: log.tagger,
    openPersons: (from, tags) => openPersons(from, log.masterKeys, tags),
  };
  const source = sourceOf(config);
  const lines = await linesOf(config, parts.resolve ?? ((host) => lookup(host, { all: true })));
  const now = () => new Date();
  return {
    routes: eventsRoutes({
      source,
      pageSize: events.pageSize,
      readEvents: (after, limit) => readEvents(db, after, limit),
      readSnapshot: (place, limit) => readSnapshot(db, place, limit),
      tellPersons: (client, tags) => tellPersons(telling, db, client, tags),
    }),
    startChores: () => {
      const deliverer = createDeliverer(lines, {
        db,
        log: log.appender,
        telling,
        source,
        pace: createPace(webhooks.perSecond),
        retryDays: webhooks.retryDays,
        timeoutMs: webhooks.timeoutMs,
        now,
        chance: Math.random,
        failed: (error) => told.error('webhooks.failed', { error }),
      });
      const stops = [
        startChore('webhooks', DELIVER_MS, told, () => step(parts, lines, deliverer)),
        startChore('events.purge', PURGE_MS, told, async () => {
          const at = now();
          const before = new Date(at.getTime() - webhooks.retryDays * DAY_MS);
          const known = lines.map(({ receiver }) => receiver.id);
          await giveUpUnregistered({ db, log: log.appender }, known, { now: at, before });
          await purgeEvents(db, { keepDays: events.keepDays, retryDays: webhooks.retryDays }, at);
        }),
      ];
      return async () => {
        await Promise.all(stops.map((stop) => stop()));
        await deliverer.stop();
        await Promise.all(lines.map(({ sender }) => sender.close()));
      };
    },
  };
}

async function step({ db }: EventsParts, lines: readonly Line[], deliverer: Deliverer): Promise<void> {
  const ids = lines.map(({ receiver }) => receiver.id);
  await queueEvents(db, ids, new Date());
  await deliverer.step();
}

/** A restored log goes on under another origin: positions that are given again then belong to another source. */
function sourceOf(config: BridgeConfig): string {
  return `urn:koopbis:bridge:${config.audit.origin}`;
}

async function linesOf(config: BridgeConfig, resolve: Resolve): Promise<readonly Line[]> {
  const { timeoutMs } = config.authority.webhooks;
  const lines = config.clients.map(async ({ id, permissions, webhook }): Promise<readonly Line[]> => {
    if (webhook === undefined) return [];
    const ca = await Promise.all(webhook.extraCa.map((file) => readFile(file, 'utf8')));
    const { url, privateAddresses } = webhook;
    const receiver = { id, permissions, url, privateAddresses, ca, secret: webhook.secret.reveal() };
    return [{ receiver, sender: createSender(receiver, { timeoutMs, resolve }) }];
  });
  return (await Promise.all(lines)).flat();
}
