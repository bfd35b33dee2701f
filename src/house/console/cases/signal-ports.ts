import { readLogSize } from '../../../audit/log-size.js';
import { createPersonTagger, type PersonTagger } from '../../../audit/person-tags.js';
import { valueFrom } from '../../../audit/retention/exclusive-lane.js';
import { createDecideLane } from '../../../audit/signals/decide-lane.js';
import { countOpenSignals, listSignals } from '../../../audit/signals/list-signals.js';
import { openUsers } from '../../../audit/signals/open-user.js';
import { readSignal } from '../../../audit/signals/read-signal.js';
import { decodeKey32 } from '../../../config/key32.js';
import type { BridgeConfig } from '../../../config/schema.js';
import type { SignalPorts } from '../../../console/security/signals/ports.js';
import { KimlikNo } from '../../../person/kimlik-no.js';
import { retentionOfficer, stillActsAs } from '../../retention-tools.js';
import type { RoomParts } from '../parts.js';

/** One for each tag key: persons may stand under an earlier one. */
export function taggersOf({ audit }: Pick<BridgeConfig, 'audit'>): readonly PersonTagger[] {
  return audit.tagKeys.map(({ id, key }) => createPersonTagger({ id, key: decodeKey32(key) }));
}

/** Signals over the log. */
export function signalPorts({
  config,
  db,
  log,
  looks,
}: Pick<RoomParts, 'config' | 'db' | 'log' | 'looks'>): SignalPorts {
  const taggers = taggersOf(config);
  return {
    list: (options) => listSignals(db, options),
    countOpen: () => countOpenSignals(db),
    find: (id) => readSignal(db, id),
    userOf: async ({ raisedLeaf }) => {
      const [user] = await db.transaction((tx) => openUsers(tx, log.masterKeys, [raisedLeaf]));
      return user instanceof KimlikNo ? user : null;
    },
    looks,
    logSize: () => readLogSize(db),
    decide: async (officer, signal, decision, note) => {
      const lane = createDecideLane({ instance: config.instance, taggers, stillActs: stillActsAs(officer) });
      const item = { officer: retentionOfficer(officer), signal, decision, note };
      valueFrom(await log.appender.submit(lane, item));
    },
  };
}
