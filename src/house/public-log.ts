import { readFile } from 'node:fs/promises';
import type { RequestHandler } from 'express';
import { auditFiles } from '../api/audit-files.js';
import { createWebApp } from '../api/web-app.js';
import type { Appender } from '../audit/appender.js';
import { createNewestReader } from '../audit/checkpoint/newest-reader.js';
import {
  createPublisher,
  type KnowingPublisher,
  keysOf,
  type PublisherEvent,
} from '../audit/checkpoint/publisher.js';
import { keyLane } from '../audit/checkpoint/record-key.js';
import { startPublishing } from '../audit/checkpoint/start-publishing.js';
import { readTile } from '../audit/checkpoint/tile-store.js';
import { checkAtStart } from '../audit/checkpoint/witness.js';
import { draftOf } from '../audit/draft.js';
import type { LogObstacle } from '../audit/log-gate.js';
import { plainLane } from '../audit/plain-lane.js';
import type { BridgeConfig } from '../config/schema.js';
import { isBridgeError } from '../errors/bridge-error.js';
import { startWebListener } from '../network/web-listener.js';
import type { Database } from '../storage/database.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { publisherDepsOf } from './open-evidence.js';
import type { OpenSignIn } from './sign-in/doors.js';

/** The public side of the log in a bridge that serves. */
export interface PublicLog {
  readonly publisher: KnowingPublisher;
  /** `audit-log` while the log is not the continuation of what was signed before. */
  readonly obstacle: LogObstacle;
  /** Brings the gauges up to date. */
  measure(metrics: Metrics): void;
  /** Ends the publishing, with one run more for what was written last. */
  stop(): Promise<void>;
}

/**
 * Holds the log against its last checkpoints before anything is written, records a missing witness and a new key, and keeps
 * the log published from then on. Errors of `checkAtStart` and of the first publishing: the start is refused.
 */
export async function openPublicLog(
  config: BridgeConfig,
  db: Database,
  appender: Appender,
  log: Log,
): Promise<PublicLog> {
  const deps = publisherDepsOf(config, db);
  const { instance } = config;
  const { witnessMissing, size, checkpointSize } = await checkAtStart({ ...deps, keys: keysOf(deps) });
  if (witnessMissing) {
    log.error('audit.witness-missing', { action: 'find out who took audit.checkpointFile away' });
    const data = {
      checkpointSize: checkpointSize === null ? null : Number(checkpointSize),
      instance,
      size: Number(size),
    };
    await appender.submit(plainLane, draftOf('log.witness-missing', new Date(), data));
  }
  const changed = await appender.submit(keyLane, { instance, active: deps.signer.key, old: deps.oldKeys });
  if (changed !== null) log.info('audit.checkpoint-key-recorded', { leafIndex: changed.leafIndex });
  const publisher = createPublisher({ ...deps, witnessMissing, observe: (event) => observe(event, log) });
  await publisher.publish();
  const stop = startPublishing(publisher, config.audit.checkpointEveryMs, (error) => {
    // Told by the observer, once.
    if (!isBridgeError(error, 'LOG_INCONSISTENT', 'LOG_SHORTER')) log.warn('audit.publish-failed', { error });
  });
  return {
    publisher,
    obstacle: () => (publisher.state().kind === 'inconsistent' ? 'audit-log' : null),
    measure: (metrics) => {
      const state = publisher.state();
      const { lastSignedAt } = state;
      metrics.auditPublished({
        size: Number(state.size),
        checkpointSize: Number(state.checkpointSize),
        secondsSinceSigned: lastSignedAt === null ? null : (Date.now() - lastSignedAt.getTime()) / 1000,
        witnessMissing: state.witnessMissing,
        inconsistent: state.kind === 'inconsistent',
      });
    },
    stop,
  };
}

/** Serves the public files of the log and, where there is sign-in, the OpenID provider and the pages; without client certificates. */
export async function startWeb(
  config: BridgeConfig,
  db: Database,
  publisher: KnowingPublisher,
  signIn: OpenSignIn | null,
  console: RequestHandler | null,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { web } = config.listeners;
  const deps = publisherDepsOf(config, db);
  const checkpoint = createNewestReader({
    db,
    origin: deps.origin,
    keys: keysOf(deps),
    known: () => publisher.last(),
  });
  const files = auditFiles({ checkpoint, tile: (name) => readTile(db, name) });
  return startWebListener(
    { ...web, certificate: await readFile(web.certificate, 'utf8'), key: web.key.reveal() },
    signIn === null
      ? createWebApp({ '/audit': files })
      : createWebApp(
          { '/audit': files, '/': [...(console === null ? [] : [console]), signIn.router] },
          signIn.web,
        ),
  );
}

function observe(event: PublisherEvent, log: Log): void {
  switch (event.type) {
    case 'signed':
      break;
    case 'inconsistent':
      log.error('audit.inconsistent', { error: event.error });
      break;
    case 'witness-missing':
      log.error('audit.witness-missing', { action: 'find out who took audit.checkpointFile away' });
      break;
    case 'thinning-failed':
      log.warn('audit.thinning-failed', { error: event.error });
      break;
  }
}
