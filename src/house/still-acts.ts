import type { Transaction } from '../storage/database.js';

/** Who acts, by the session that the token was given in, and in which role. `tag`: in the domain `authority`. */
interface Acting {
  readonly session: string;
  readonly tag: Buffer;
  readonly role: string;
}

const STILL_ACTS = `SELECT 1 FROM bridge.sign_in_session s JOIN bridge.authority_role r USING (person_tag)
  WHERE s.session_id = $1 AND s.person_tag = $2 AND s.ended_at IS NULL AND s.expires_at > $3 AND s.idle_until > $3 AND r.role = $4`;

/** Whether an officer's session and role still stand, looked at again inside the batch that the deed is in. */
export async function stillActs(
  tx: Transaction,
  { role, session, tag }: Acting,
  now: Date,
): Promise<boolean> {
  const { rows } = await tx.query({ text: STILL_ACTS, values: [session, tag, now, role] });
  return rows.length > 0;
}
