import type { DeedPorts } from '../proposals/officer.js';
import { stillActs } from './still-acts.js';

const IS_OFFICER = 'SELECT 1 FROM bridge.authority_role WHERE person_tag = $1 AND role = ANY($2::text[])';
const IS_SESSION_OF = 'SELECT 1 FROM bridge.sign_in_session WHERE session_id = $1 AND person_tag = $2';

/** What deeds of officers need. `roles`: those that allow such deeds. `osUser`: null where it came otherwise than by the command line. */
export function deedPortsOf(instance: string, osUser: string | null, roles: readonly string[]): DeedPorts {
  return {
    instance,
    osUser,
    stillActs: (tx, { role, sessionId: session, tag }, now) => stillActs(tx, { role, session, tag }, now),
    isOfficer: async (tx, tag) => {
      const { rows } = await tx.query({ text: IS_OFFICER, values: [tag, roles] });
      return rows.length > 0;
    },
    isSessionOf: async (tx, session, tag) => {
      const { rows } = await tx.query({ text: IS_SESSION_OF, values: [session, tag] });
      return rows.length > 0;
    },
  };
}
