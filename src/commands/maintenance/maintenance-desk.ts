import { deedPortsOf } from '../../house/deed-ports.js';
import { osUser } from '../../house/os-user.js';
import { MAINTENANCE_APPLIERS } from '../../maintenance/appliers.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { doneValue, type Verdict } from '../../proposals/verdict.js';
import type { Terminal } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';

const ROLES = ['administrator'];

/** Opens the house for a deed of an administrator with step-up; a refusal is thrown, everything is closed again. */
export function atMaintenanceDesk<T>(
  terminal: Terminal,
  command: string,
  tokenFile: string | undefined,
  deed: (house: House, ports: DeedPorts, officer: ActingOfficer) => Promise<Verdict<T>>,
): Promise<T> {
  return inHouse(terminal, command, MAINTENANCE_APPLIERS, async (house) => {
    const operation = 'maintenance.decide' as const;
    const officer = await actingOfficer(house, terminal, { file: tokenFile }, ROLES, { operation });
    return doneValue(await deed(house, deedPortsOf(house.config.instance, osUser(), ROLES), officer));
  });
}
