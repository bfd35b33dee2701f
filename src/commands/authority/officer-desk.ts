import type { OfficerPorts } from '../../appointments/suspension/decide-suspension.js';
import { RECORDING_APPLIERS, recordPortsOf } from '../../house/authority/record-ports.js';
import type { Terminal } from '../command.js';
import { actingOfficer, type House, inHouse, type Officer } from '../house.js';

/** What a recorded decision is brought in with: the house, who acts, and what changes records. */
export interface OfficerDesk {
  readonly house: House;
  readonly officer: Officer;
  readonly ports: OfficerPorts;
}

const STILL_ACTS = `SELECT 1 FROM bridge.sign_in_session s JOIN bridge.authority_role r USING (person_tag)
  WHERE s.session_id = $1 AND s.person_tag = $2 AND s.ended_at IS NULL AND s.expires_at > $3 AND s.idle_until > $3 AND r.role = $4`;

/**
 * Opens the house for an administrator who brings in what somebody else has decided; everything is closed again.
 */
export function atOfficerDesk<T>(
  terminal: Terminal,
  command: string,
  tokenFile: string | undefined,
  work: (desk: OfficerDesk) => Promise<T>,
): Promise<T> {
  return inHouse(terminal, command, RECORDING_APPLIERS, async (house) => {
    const officer = await actingOfficer(house, terminal, { file: tokenFile }, ['administrator'], {
      operation: 'authority.decide',
    });
    const ports: OfficerPorts = {
      ...recordPortsOf(house.config, house.log),
      stillActs: async (tx, { sessionId, tag }, now) => {
        const values = [sessionId, tag, now, officer.role];
        return (await tx.query({ text: STILL_ACTS, values })).rows.length > 0;
      },
    };
    return work({ house, officer, ports });
  });
}
