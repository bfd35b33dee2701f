import { FEE_APPLIERS } from '../../fees/appliers.js';
import { deedPortsOf } from '../../house/deed-ports.js';
import { osUser } from '../../house/os-user.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import type { Terminal } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';

/** Who may act on the fee book. */
const ROLES = ['finance'];

/** Opens the house for the fee book; everything is closed again. */
export function atFeeDesk<T>(
  terminal: Terminal,
  command: string,
  work: (house: House) => Promise<T>,
): Promise<T> {
  return inHouse(terminal, command, FEE_APPLIERS, work);
}

/** A finance officer by the token. `operation`: null where the second step is never asked for. Errors: those of `actingOfficer`. */
export function feeOfficer(
  house: House,
  terminal: Terminal,
  file: string | undefined,
  operation: StepUpOperation | null,
): Promise<ActingOfficer> {
  return actingOfficer(house, terminal, { file }, ROLES, { operation });
}

/** What deeds on the command line need. */
export function deedPorts({ config }: House): DeedPorts {
  return deedPortsOf(config.instance, osUser(), ROLES);
}
