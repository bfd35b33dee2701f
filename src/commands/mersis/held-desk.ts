import { BridgeError } from '../../errors/bridge-error.js';
import type { HeldOfficer, HeldTools, HeldVerdict } from '../../mersis/held/officer.js';
import { HELD_APPLIERS } from '../../mersis/held/release-run.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import { actorOf } from '../actor.js';
import { stillActsAs } from '../audit/retention-desk.js';
import type { Terminal } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';

/** Who may review and release what a stopped run holds. */
const ROLES = ['administrator', 'security-officer'];

/** Opens the house for what readings of MERSİS have left waiting; everything is closed again. */
export function atHeldDesk<T>(
  terminal: Terminal,
  command: string,
  work: (house: House) => Promise<T>,
): Promise<T> {
  return inHouse(terminal, command, HELD_APPLIERS, work);
}

/** Who acts; `operation`: null where nothing is let pass. Errors: those of `actingOfficer`. */
export async function heldOfficer(
  house: House,
  terminal: Terminal,
  file: string | undefined,
  operation: StepUpOperation | null,
): Promise<HeldOfficer> {
  const found = await actingOfficer(house, terminal, { file }, ROLES, { operation });
  const officer = { person: found.person, tag: found.tag, session: actorOf(found).data };
  return { officer, stillActs: stillActsAs(found) };
}

/** Who has reviewed a run counts as a first person only while a role lasts that allows it. */
export const HELD_TOOLS: HeldTools = {
  isOfficer: async (tx, tag) => {
    const query = {
      text: 'SELECT 1 FROM bridge.authority_role WHERE person_tag = $1 AND role = ANY($2::text[])',
      values: [tag, ROLES],
    };
    return (await tx.query(query)).rows.length > 0;
  },
};

/** The value; a refusal as an error. */
export function doneValue<T>(verdict: HeldVerdict<T>): T {
  if (verdict.kind === 'refused') throw new BridgeError(verdict.code, verdict.message);
  return verdict.value;
}
