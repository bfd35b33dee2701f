import type { ProposalDeskPorts } from '../../../console/decisions/proposal-desk.js';
import type { RoomParts } from '../parts.js';

const SESSIONS_OF = `SELECT s.session_id AS session FROM unnest($1::uuid[], $2::bytea[]) AS wanted(session, tag)
  JOIN bridge.sign_in_session s ON s.session_id = wanted.session AND s.person_tag = wanted.tag`;

/** Where the desks of proposals read. */
export function proposalDeskPorts({ db, now }: Pick<RoomParts, 'db' | 'now'>): ProposalDeskPorts {
  return {
    ...{ db, now },
    sessionsOf: async (pairs) => {
      const values = [pairs.map(({ session }) => session), pairs.map(({ tag }) => tag)];
      const { rows } = await db.query<{ session: string }>({ text: SESSIONS_OF, values });
      return new Set(rows.map(({ session }) => session));
    },
  };
}
