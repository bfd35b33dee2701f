import type { MasterKeys } from '../../audit/master-keys.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Database, Transaction } from '../../storage/database.js';
import { ACR_TWO_STEP } from '../access-tokens.js';
import type { BrowserSession } from '../living-session.js';
import { type DeviceRow, lockDevices, sealPending, secretOf } from './device.js';
import { livingRow, readSessionRows, type SessionRow } from './session-row.js';

/** How long the first code is waited for; the page that shows the secret is left open meanwhile. */
const PENDING_MINUTES = 10;

export interface Enrolment {
  readonly session: BrowserSession;
  readonly secret: string;
  readonly enrolWithinMinutes: number;
  readonly now: Date;
}

/**
 * Keeps a secret that waits for its first code; it takes the place of one that waited before. Nothing is set up by it, so no
 * entry tells of it. Throws `SESSION_REQUIRED`, `FRESH_SIGN_IN_REQUIRED`, and `STEP_UP_REQUIRED` where a device is set up and this
 * session is not stepped up: a stolen session must not replace it.
 */
export async function beginEnrolment(
  db: Database,
  masterKeys: MasterKeys,
  enrolment: Enrolment,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { session, secret, now } = enrolment;
    const device = await lockOrMake(tx, session.tag, masterKeys);
    const row = await requireFresh(tx, enrolment);
    const stands = secretOf(device, masterKeys) !== null;
    if (stands && (row.stepUpUntil === null || row.stepUpUntil <= now))
      throw new BridgeError('STEP_UP_REQUIRED', 'a second step that stands is replaced with itself alone');
    await tx.query({
      text: 'UPDATE bridge.step_up_device SET pending_box = $2, pending_until = $3 WHERE person_tag = $1',
      values: [
        session.tag,
        sealPending(masterKeys, secret, session.tag, session.sessionId),
        new Date(now.getTime() + PENDING_MINUTES * 60_000),
      ],
    });
  });
}

/** Made first and locked then: two that begin at once must not both find none. */
async function lockOrMake(tx: Transaction, tag: Buffer, masterKeys: MasterKeys): Promise<DeviceRow> {
  await tx.query({
    text: `INSERT INTO bridge.step_up_device (person_tag, master_key_id) VALUES ($1, $2)
      ON CONFLICT (person_tag) DO NOTHING`,
    values: [tag, masterKeys.activeId],
  });
  const devices = await lockDevices(tx, [tag]);
  return devices.get(tag.toString('hex')) as DeviceRow;
}

async function requireFresh(
  tx: Transaction,
  { session, enrolWithinMinutes, now }: Enrolment,
): Promise<SessionRow> {
  const rows = await readSessionRows(tx, [session.sessionId]);
  const row = livingRow(rows.get(session.sessionId), session, now);
  if (row === null) throw new BridgeError('SESSION_REQUIRED', 'the session has ended');
  // A sign-in of the future is none that can be trusted either.
  const ageMs = Math.abs(now.getTime() - row.authTime.getTime());
  if (row.acr !== ACR_TWO_STEP || ageMs > enrolWithinMinutes * 60_000)
    throw new BridgeError('FRESH_SIGN_IN_REQUIRED', 'a second step needs a fresh sign-in with two steps');
  return row;
}
