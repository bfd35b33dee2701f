import { setTimeout as sleep } from 'node:timers/promises';
import { type Appender, createAppender } from '../audit/appender.js';
import type { EffectApplier } from '../audit/lane.js';
import { createMasterKeys, type MasterKeys } from '../audit/master-keys.js';
import { createPersonTagger, type PersonTagger } from '../audit/person-tags.js';
import { decodeKey32 } from '../config/key32.js';
import type { BridgeConfig } from '../config/schema.js';
import { BridgeError } from '../errors/bridge-error.js';
import type { Database } from '../storage/database.js';

/** The log as one process writes it: the bridge, a command, the process that brings rights in. One function for all. */
export interface OpenLog {
  readonly appender: Appender;
  readonly masterKeys: MasterKeys;
  /** Under the active key. */
  readonly tagger: PersonTagger;
}

/** What the process wants to hear of the appender, for metrics and its own log. */
export interface LogObserver {
  readonly observe?: NonNullable<Parameters<typeof createAppender>[1]['observe']>;
  readonly onPartitionTrouble?: (error: unknown) => void;
}

/** Opens the log over `db` with whatever `appliers` this process hands effects to. Close the appender before `db`. */
export function openLog(
  config: BridgeConfig,
  db: Database,
  appliers: readonly EffectApplier[],
  observer: LogObserver = {},
): OpenLog {
  const masterKeys = createMasterKeys(
    config.audit.masterKeys.map(({ id, key }) => ({ id, key: decodeKey32(key) })),
  );
  const [tagKey] = config.audit.tagKeys;
  if (tagKey === undefined) throw new BridgeError('CONFIG_INVALID', 'audit.tagKeys: at least one');
  const tagger = createPersonTagger({ id: tagKey.id, key: decodeKey32(tagKey.key) });
  const appender = createAppender(config.audit, {
    db,
    masterKeys,
    tagger,
    appliers: new Map(appliers.map((applier) => [applier.kind, applier])),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
    ...observer,
  });
  return { appender, masterKeys, tagger };
}
