import { withEndedAppointments } from '../../appointments/appointment-hook.js';
import { APPOINTMENT_APPLIERS } from '../../appointments/appointment-rows.js';
import type { EffectApplier } from '../../audit/lane.js';
import { AUTHORITY_APPLIERS } from '../../authority/appliers.js';
import type { RecordPorts } from '../../authority/recording/port.js';
import type { BridgeConfig } from '../../config/schema.js';
import { endSessionsOf } from '../../sign-in/end-sessions-of.js';
import { SESSION_APPLIERS } from '../../sign-in/session-appliers.js';
import type { OpenLog } from '../open-log.js';

/** Whatever process changes who may act hands its log these: records, appointments that end with them, sessions. */
export const RECORDING_APPLIERS = [
  ...AUTHORITY_APPLIERS,
  ...APPOINTMENT_APPLIERS,
  ...SESSION_APPLIERS,
] as readonly EffectApplier[];

/** What other rooms do in the transaction that changes who may act. */
export function recordPortsOf(
  { authority }: Pick<BridgeConfig, 'authority'>,
  { masterKeys, tagger }: Pick<OpenLog, 'masterKeys' | 'tagger'>,
): RecordPorts {
  return {
    masterKeys,
    tagger,
    endSessionsOf,
    withAppointments: (tx, changes, now, lastDay) =>
      withEndedAppointments(tx, changes, { masterKeys, policy: authority.appointees }, now, lastDay),
  };
}
