import type { OfficerPorts } from '../../appointments/suspension/decide-suspension.js';
import { RECORDING_APPLIERS, recordPortsOf } from '../../house/authority/record-ports.js';
import { stillActs } from '../../house/still-acts.js';
import type { Terminal } from '../command.js';
import { actingOfficer, type House, inHouse, type Officer } from '../house.js';

/** What a recorded decision is brought in with: the house, who acts, and what changes records. */
export interface OfficerDesk {
  readonly house: House;
  readonly officer: Officer;
  readonly ports: OfficerPorts;
}

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
      stillActs: (tx, { sessionId: session, tag }, now) =>
        stillActs(tx, { session, tag, role: officer.role }, now),
    };
    return work({ house, officer, ports });
  });
}
