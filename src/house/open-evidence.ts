import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { createPublisher, keysOf, type PublisherDeps } from '../audit/checkpoint/publisher.js';
import type { ExportDeps } from '../audit/export/export-deps.js';
import { createSigner, parseVerifierKey, type VerifierKey } from '../audit/note/note.js';
import { openAuthorities } from '../audit/timestamp/authorities.js';
import type { AuthoritySettings } from '../audit/timestamp/settings.js';
import { createStamper, type StampFailure } from '../audit/timestamp/stamp.js';
import { packageRoot } from '../config/package-root.js';
import type { BridgeConfig } from '../config/schema.js';
import type { Database } from '../storage/database.js';

/** What proves the log to others: its keys, its checkpoints, their time stamps. */
export interface EvidenceHouse extends ExportDeps {
  /** All keys that a checkpoint of this log may be signed with. */
  readonly keys: readonly VerifierKey[];
  /** How long each authority may take. */
  readonly timeoutsMs: readonly number[];
}

/** Told of what goes wrong on the way to a time stamp. */
export type ObserveStamp = (failure: { readonly authority: string; readonly reason: StampFailure }) => void;

/** Signer, old keys and witness file as the settings name them. Errors: `CONFIG_INVALID`. */
export function publisherDepsOf(config: BridgeConfig, db: Database): PublisherDeps {
  const { origin, checkpointKey, oldCheckpointKeys, checkpointFile } = config.audit;
  return {
    db,
    signer: createSigner(origin, checkpointKey.reveal()),
    oldKeys: oldCheckpointKeys.map(parseVerifierKey),
    origin,
    witnessFile: checkpointFile,
    now: () => new Date(),
  };
}

/** Everything that exports, evidence and checks need beside the log itself. */
export async function openEvidence(
  config: BridgeConfig,
  db: Database,
  observe: ObserveStamp = () => undefined,
  publisher = createPublisher(publisherDepsOf(config, db)),
): Promise<EvidenceHouse> {
  const { origin, timestamps } = config.audit;
  const settings = await Promise.all(timestamps.authorities.map(authorityOf));
  // Only digests leave, by the route that the system has; a proxy of the environment is not asked.
  const http = axios.create({ proxy: false });
  const authorities = openAuthorities(settings, { http, randomBytes });
  const keys = keysOf(publisherDepsOf(config, db));
  return {
    db,
    publisher,
    stamper: createStamper(timestamps, { db, authorities, now: () => new Date(), randomBytes, observe }),
    origin,
    keys,
    // After a continuation the settings also hold keys of the log before: they sign nothing of this one.
    verifierKeys: keys.filter(({ name }) => name === origin).map(({ text }) => text),
    tsaCa: [...new Set(settings.map(({ ca }) => ca.trim()))].map((pem) => `${pem}\n`).join(''),
    timeoutsMs: settings.map(({ timeoutMs }) => timeoutMs),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
  };
}

/** Folder of the built verifier. */
export const VERIFIER = (): string => join(packageRoot(), 'dist/verifier');

async function authorityOf(
  settings: BridgeConfig['audit']['timestamps']['authorities'][number],
): Promise<AuthoritySettings> {
  const { id, url, authentication, userName, password, customerNo, policies, ca, timeoutMs } = settings;
  return {
    id,
    url,
    authentication,
    policies,
    timeoutMs,
    ca: await readFile(ca, 'utf8'),
    ...(userName === undefined ? {} : { userName }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(customerNo === undefined ? {} : { customerNo }),
  };
}
