import { istanbulDay } from '../../calendar/istanbul-day.js';
import { ACR_STEP_UP } from '../../sign-in/access-tokens.js';
import type { BrowserSession } from '../../sign-in/living-session.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import { fullName } from '../../sign-in/web/interaction-pages.js';
import type { AccessRow } from '../access-row.js';
import type { ConsolePerson } from './call.js';
import { ConsoleRefusal } from './console-problem.js';
import type { FrameHouse } from './house.js';

/**
 * The person of a living session for a page: with the role that opens it. Throws `ConsoleRefusal`: `ROLE_REQUIRED` where none of the row's roles
 * is held today.
 */
export function admitted(row: Pick<AccessRow, 'audience'>, person: ConsolePerson): ConsolePerson {
  const { audience } = row;
  if (typeof audience === 'string') return person;
  const role = audience.find((wanted) => person.roles.some((held) => held.role === wanted));
  if (role === undefined) throw new ConsoleRefusal('ROLE_REQUIRED');
  return { ...person, officer: { ...person.officer, role } };
}

/** Who is at the screen, whatever that person may do. */
export async function personOf(
  session: BrowserSession,
  house: FrameHouse,
  now: Date,
): Promise<ConsolePerson> {
  const { authTime, person, sessionId, stepUpUntil, tag } = session;
  const steppedUp = stepUpUntil !== null && stepUpUntil > now;
  const acr = steppedUp ? ACR_STEP_UP : session.acr;
  return {
    session,
    officer: { sessionId, person, tag, acr, authTime, role: 'signed-in' },
    roles: await house.rolesOf(tag, istanbulDay(now)),
    steppedUp,
    names: fullName(session),
  };
}

/** Whether the settings ask for the second step and it is not there. */
export function isStepMissing(
  operation: StepUpOperation,
  person: ConsolePerson,
  house: Pick<FrameHouse, 'needsStepUp'>,
): boolean {
  return house.needsStepUp(operation) && !person.steppedUp;
}

/** Throws `ConsoleRefusal` (`STEP_UP_REQUIRED`) where the settings ask for the second step and it is not there. */
export function requireStepUp(
  row: Pick<AccessRow, 'operation' | 'method'>,
  person: ConsolePerson,
  house: FrameHouse,
): void {
  if (row.operation === undefined || row.method !== 'POST') return;
  if (isStepMissing(row.operation, person, house)) throw new ConsoleRefusal('STEP_UP_REQUIRED');
}

/** A form of ours comes from a page of ours and carries this session's token. Throws `ConsoleRefusal` (`FORM_INVALID`). */
export function requireOwnForm(headers: Readonly<Record<string, unknown>>, issuer: string): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign =
    (origin !== undefined && origin !== new URL(issuer).origin) ||
    (site !== undefined && site !== 'same-origin');
  if (isForeign) throw new ConsoleRefusal('FORM_INVALID', 'foreign-origin');
}
