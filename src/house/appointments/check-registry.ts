import type { CheckRegistry } from '../../appointments/ports.js';
import { askForPerson, type CallTools } from '../../mersis/calls/ask-for-person.js';
import type { RegistryAttempt } from '../../mersis/calls/attempt.js';

/**
 * Asks MERSİS once about a number and its VKN, by the limits of every call that is made for a person: `mersis.asked` before,
 * `mersis.answered` before anything follows from it. Throws the refusals of `askForPerson`, which have their entries. The log needs
 * `CALL_APPLIERS`.
 */
export function createCheckRegistry(tools: CallTools): CheckRegistry {
  return async ({ mersisNo, vkn }, { client, certificateSha256, tokenHash, receivedAt, headers }) => {
    const attempt: RegistryAttempt = {
      operation: 'appointment-apply',
      call: { client: client.id, certificateSha256, tokenHash, receivedAt, requestId: headers.requestId },
      question: { ok: true, value: { mersisNo } },
    };
    const { reply, record } = await askForPerson(attempt, tools);
    if (reply.kind === 'not-found') {
      await record('not-found');
      return 'not-found';
    }
    const isSame = reply.record.vkn === vkn;
    await record(isSame ? 'match' : 'mismatch');
    return isSame ? 'match' : 'vkn-differs';
  };
}
