import { BridgeError } from '../errors/bridge-error.js';
import type { Adapter } from './adapter.js';
import { checkAnswer } from './check-record.js';
import { createTransport, type Transport } from './http.js';
import type { AnswerProblem, MersisQuestion, MersisReply, MersisSource } from './port.js';
import { createRestAdapter } from './rest-adapter.js';
import type { MersisSettings } from './settings.js';
import { createSoapAdapter } from './soap-adapter.js';

export interface MersisClientOptions {
  /** Folder with our WSDLs; needed by the adapter `soap`. */
  readonly wsdlDirectory?: string | undefined;
  /** Told of a record that is believed though check digits in it do not hold. The number is a legal person's. */
  readonly onCheckDigits?: ((mersisNo: string) => void) | undefined;
}

/**
 * MERSİS by one of two adapters. Each `read` is one request at the most, and only checked records come out of it; a question
 * that is none, or names a natural person, is answered without a request. Throws `CONFIG_INVALID` on settings that cannot be used.
 */
export function createMersisSource(
  settings: MersisSettings,
  options: MersisClientOptions = {},
): MersisSource {
  const transport = createTransport(settings);
  const adapter = adapterFor(settings, transport, options.wsdlDirectory);
  return {
    async read(question) {
      const problem = problemOf(question);
      if (problem !== null) return invalid(problem);
      const asked = await adapter.ask(question);
      if (asked.kind === 'fault') return asked;
      const checked = checkAnswer(question, asked.raw);
      if (checked.kind === 'invalid') return invalid(checked.problem);
      if (checked.kind === 'not-found') return checked;
      if (!checked.checkDigitsHold) options.onCheckDigits?.(checked.record.mersisNo);
      return { kind: 'found', asOf: checked.asOf, record: checked.record };
    },
    close: () => transport.close(),
  };
}

function adapterFor(
  { adapter, url }: MersisSettings,
  transport: Transport,
  wsdlDirectory: string | undefined,
): Adapter {
  if (adapter === 'rest') return createRestAdapter(transport);
  if (wsdlDirectory === undefined)
    throw new BridgeError('CONFIG_INVALID', 'the folder with the WSDL of MERSİS is not named');
  return createSoapAdapter(transport, url, wsdlDirectory);
}

/** No natural person's number goes out in a question about cooperatives. */
function problemOf(question: MersisQuestion): AnswerProblem | null {
  if (!('mersisNo' in question)) return /^[0-9]{10}$/.test(question.vkn) ? null : 'not-as-contracted';
  if (!/^[0-9]{16}$/.test(question.mersisNo)) return 'not-as-contracted';
  return question.mersisNo.startsWith('0') ? null : 'natural-person';
}

function invalid(problem: AnswerProblem): MersisReply {
  return { kind: 'fault', fault: { kind: 'invalid', problem } };
}
