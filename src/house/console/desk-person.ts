import type { WhoDecides } from '../../appointments/decide/decide-appointment.js';
import type { ReadPersons } from '../../mersis/calls/attempt.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { Transaction } from '../../storage/database.js';
import { stillActs } from '../still-acts.js';

/** `client` of entries whose call came by the console: no registered client may be called so. */
export const CONSOLE_CLIENT = 'konsol';

async function acts(tx: Transaction, officer: ActingOfficer, now: Date): Promise<boolean> {
  const { role, sessionId: session, tag } = officer;
  return stillActs(tx, { role, session, tag }, now);
}

/** The officer of a page where others read a token: as long as session and role stand. */
export function deskPerson(officer: ActingOfficer): WhoDecides {
  return async (tx, now) => ({
    signedIn: (await acts(tx, officer, now)) ? officer : null,
    tokenFault: null,
  });
}

/** The same for calls about the registry. Nobody opens a page with less than two steps. */
export function deskPersons(officer: ActingOfficer): ReadPersons {
  return async (tx, calls, now) => {
    const { acr, authTime, person, sessionId } = officer;
    const known = (await acts(tx, officer, now)) ? { acr, authTime, person, sessionId, twoStep: true } : null;
    return calls.map(() => ({ person: known, tokenFault: null }));
  };
}
