import { FEE_APPLIERS } from '../../fees/appliers.js';
import { osUser } from '../../house/os-user.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import type { Terminal } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';
import { stillActs } from '../still-acts.js';

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

const IS_OFFICER = 'SELECT 1 FROM bridge.authority_role WHERE person_tag = $1 AND role = ANY($2::text[])';
const IS_SESSION_OF = 'SELECT 1 FROM bridge.sign_in_session WHERE session_id = $1 AND person_tag = $2';

/** What deeds on the command line need. */
export function deedPorts({ config }: House): DeedPorts {
  return {
    instance: config.instance,
    osUser: osUser(),
    stillActs: (tx, { role, sessionId: session, tag }, now) => stillActs(tx, { role, session, tag }, now),
    isOfficer: async (tx, tag) => {
      const { rows } = await tx.query({ text: IS_OFFICER, values: [tag, ROLES] });
      return rows.length > 0;
    },
    isSessionOf: async (tx, session, tag) => {
      const { rows } = await tx.query({ text: IS_SESSION_OF, values: [session, tag] });
      return rows.length > 0;
    },
  };
}
