import { plainLane } from '../../audit/plain-lane.js';
import type { AccessId } from '../../console/access.js';
import type { ConsoleCall } from '../../console/frame/call.js';
import { openingEntry } from '../../console/frame/entries.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { RoomParts } from './parts.js';

/** Writes `console.opened` for rows whose entry is their own: about `subject`, where the page shows what is one person's. */
export type WriteOpened = (call: ConsoleCall, id: AccessId, subject?: KimlikNo) => Promise<void>;

export function openedBy({ config, log }: Pick<RoomParts, 'config' | 'log'>): WriteOpened {
  return async ({ at, params, person, requestId }, id, subject) => {
    const told = { id, person, params, instance: config.instance, requestId, at };
    await log.appender.submit(plainLane, openingEntry(subject === undefined ? told : { ...told, subject }));
  };
}
