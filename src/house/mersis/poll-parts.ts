import { randomUUID } from 'node:crypto';
import type { EffectApplier } from '../../audit/lane.js';
import { ministryOf } from '../../authority/competence.js';
import type { BridgeConfig } from '../../config/schema.js';
import type { Maintenance } from '../../maintenance/known-windows.js';
import { CALL_APPLIERS } from '../../mersis/calls/appliers.js';
import { POLL_APPLIERS } from '../../mersis/poll/appliers.js';
import { createPace } from '../../mersis/poll/pace.js';
import { createPoller, type PollEvent, type Poller, type PollTools } from '../../mersis/poll/poller.js';
import type { TakeIn } from '../../mersis/poll/take-in-port.js';
import type { MersisSource } from '../../mersis/port.js';
import { TAKE_IN_APPLIERS } from '../../mersis/take-in/take-in.js';
import { createTakeIn } from '../../mersis/take-in/take-replies.js';
import type { Database } from '../../storage/database.js';
import { RECORDING_APPLIERS, recordPortsOf } from '../authority/record-ports.js';
import type { OpenLog } from '../open-log.js';
import { type MersisConfig, pollSettingsOf } from './poll-settings.js';

/** What a process that reads MERSİS hands its log: polling, calls, taking in, and what follows for rights and sessions. */
export const MERSIS_APPLIERS = [
  ...POLL_APPLIERS,
  ...CALL_APPLIERS,
  ...TAKE_IN_APPLIERS,
] as readonly EffectApplier[];

/** The same with those of the rooms that taking in reaches, for a command beside a running bridge. */
export const MERSIS_COMMAND_APPLIERS: readonly EffectApplier[] = [...MERSIS_APPLIERS, ...RECORDING_APPLIERS];

/** What a poller is joined from. */
export interface PollerParts {
  readonly config: Pick<BridgeConfig, 'authority'>;
  readonly mersis: MersisConfig;
  readonly instance: string;
  readonly db: Database;
  readonly log: OpenLog;
  readonly source: Pick<MersisSource, 'read'>;
  readonly isSound: () => boolean;
  readonly isStopping: () => boolean;
  readonly maintenance: Maintenance;
  readonly observe: (event: PollEvent) => void;
}

/** Believes, holds or refuses readings, with everything that follows for rights and sessions. */
export function takeInOf({
  config,
  db,
  log,
  mersis,
}: Pick<PollerParts, 'config' | 'db' | 'log' | 'mersis'>): TakeIn {
  const { appender, tagger } = log;
  return createTakeIn(appender, {
    db,
    ports: recordPortsOf(config, log),
    policy: mersis.guard,
    now: () => new Date(),
    newId: randomUUID,
    tag: (person) => tagger.tag('authority', person).toString('hex'),
    ministryOf,
  });
}

/** A poller over the rooms of this house; whoever steps it must lead. */
export function pollerOf(parts: PollerParts): Poller {
  const { db, instance, log, mersis } = parts;
  const settings = pollSettingsOf(mersis, instance);
  const tools: PollTools = {
    db,
    settings,
    log: log.appender,
    source: parts.source,
    takeIn: takeInOf(parts),
    pace: createPace(settings),
    timeoutMs: mersis.timeoutMs,
    now: () => new Date(),
    random: Math.random,
    isSound: parts.isSound,
    isStopping: parts.isStopping,
    maintenance: parts.maintenance,
    observe: parts.observe,
  };
  return createPoller(tools);
}
