import { type Area, areasOf, isInside } from '../../authority/area/area.js';
import type { ConsoleCall } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';

/** Whose cooperatives the person of a call looks after today. */
export function ownAreas({ person }: Pick<ConsoleCall, 'person'>): readonly Area[] {
  return areasOf(person.roles);
}

/**
 * What was found, where it lies in the own area. Throws `ConsoleRefusal` (`OUTSIDE_OWN_AREA`) where it lies elsewhere, and the same where there
 * is none: which there are elsewhere is nobody's to find out.
 */
export function requireOwn<T extends { readonly ilgiliBakanlik: string; readonly il: string }>(
  found: T | null,
  call: Pick<ConsoleCall, 'person'>,
): T {
  if (found === null || !isInside(ownAreas(call), found)) throw new ConsoleRefusal('OUTSIDE_OWN_AREA');
  return found;
}

/** Whether the person decides there: a directorate does, in its own il; the ministry's units in the capital look on. */
export function decidesThere(
  { person }: Pick<ConsoleCall, 'person'>,
  cooperative: { readonly ilgiliBakanlik: string; readonly il: string },
): boolean {
  return isInside(areasOf(person.roles.filter(({ role }) => role === 'directorate')), cooperative);
}
