import { askForPerson, type CallTools } from './calls/ask-for-person.js';
import type { RegistryAttempt } from './calls/attempt.js';
import { sameUnvan } from './calls/unvan.js';
import type { RegistryStatus } from './port.js';

/** How a name and a number go together in the registry. Numbers and status are the registry's; null where it knows none. */
export interface RegistryVerified {
  readonly result: 'match' | 'mismatch' | 'not-found';
  readonly durum: RegistryStatus | null;
  readonly mersisNo: string | null;
  readonly vkn: string | null;
}

/**
 * Holds number and `unvan` of a legal person against the registry, by one question (m.9(2), m.15(1)); nothing is taken in, no fee. The
 * answer is durable before it is given. Errors: refusals that have an entry, and those of `Appender`.
 */
export async function verifyRegistry(
  attempt: RegistryAttempt,
  unvan: string,
  tools: CallTools,
): Promise<RegistryVerified> {
  const { reply, record } = await askForPerson(attempt, tools);
  if (reply.kind === 'not-found') {
    await record('not-found');
    return { result: 'not-found', durum: null, mersisNo: null, vkn: null };
  }
  const { durum, mersisNo, unvan: registered, vkn } = reply.record;
  const result = sameUnvan(unvan, registered) ? 'match' : 'mismatch';
  await record(result);
  return { result, durum, mersisNo, vkn };
}
