import { plainLane } from '../../audit/plain-lane.js';
import { type ReadWhat, type Revealing, readEntry } from '../../fees/reading/entries.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { House } from '../house.js';
import { deedPorts } from './fee-desk.js';

/** Tells that `user` looks at the fee book on the command line: durable before anything is shown. Errors: those of `Appender`. */
export async function recordReading(
  house: House,
  user: ActingOfficer,
  what: ReadWhat,
  revealing?: Revealing,
): Promise<void> {
  const { instance, osUser } = deedPorts(house);
  const reader = { user, client: null, instance, osUser, requestId: null, at: new Date() };
  await house.log.appender.submit(plainLane, readEntry(reader, what, revealing));
}
