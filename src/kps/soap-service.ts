import { join } from 'node:path';
import { type Client, createClientAsync, type IOptions } from 'soap';
import { BridgeError } from '../errors/bridge-error.js';
import { silence } from '../soap/silent-soap.js';
import { type AddressingTemplate, addressingTemplate } from './addressing.js';
import type { CriterionBody } from './criterion.js';
import type { Judged } from './faults.js';
import { MEMBERS_READ } from './register.js';
import type { KpsServiceSpec } from './services.js';
import { type SoapCall, soapHttpClient } from './soap-http-client.js';
import type { Transport } from './transport.js';
import type { Xml } from './xml-writer.js';

/** Where a call's SOAP header travels: on the arguments, under a key that the serialiser does not see. */
const HEADER = Symbol('soap header');

/** Numbers of persons stay text, and a member that is no integer must not become one by halves (`parseInt`). */
const AS_TEXT = { long: (value: string) => value, int: (value: string) => value };

export type ServiceAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'none'; readonly judged: Exclude<Judged, { kind: 'answer' }> };

/** One service version through `soap` and its WSDL. */
export class SoapService {
  readonly spec: KpsServiceSpec;
  readonly addressing: AddressingTemplate;
  readonly #client: Client;

  private constructor(spec: KpsServiceSpec, client: Client, url: string) {
    this.spec = spec;
    this.addressing = addressingTemplate(spec.action, url);
    this.#client = client;
  }

  /** Reads the WSDL. Throws `CONFIG_INVALID` where it is missing or does not say what the row says. */
  static async load(spec: KpsServiceSpec, wsdlDirectory: string, transport: Transport): Promise<SoapService> {
    const options: IOptions & { customDeserializer: unknown } = {
      httpClient: soapHttpClient(transport),
      endpoint: transport.url,
      forceSoap12Headers: true,
      envelopeKey: 's',
      disableCache: true,
      customDeserializer: AS_TEXT,
    };
    const client = await createClientAsync(join(wsdlDirectory, spec.wsdl), options).catch(() => null);
    if (client === null || typeof client[spec.operation] !== 'function') {
      throw new BridgeError('CONFIG_INVALID', 'a WSDL of KPS is missing or has not the operation', {
        fields: { wsdl: spec.wsdl },
      });
    }
    silence(client);
    client.addSoapHeader(
      (_method: unknown, _url: unknown, _action: unknown, args: Record<symbol, unknown>) => args[HEADER],
    );
    return new SoapService(spec, client, transport.url);
  }

  /** Sends one message, once. Resolves, never rejects. `header`: all header blocks, ready. */
  call(body: CriterionBody, header: Xml, messageId: string, timeoutMs: number): Promise<ServiceAnswer> {
    const { spec } = this;
    return new Promise((resolve) => {
      const call: SoapCall = {
        timeoutMs,
        posted: false,
        judged: null,
        failed: () => resolve(none({ kind: 'unreadable' })),
        expected: {
          messageId,
          replyAction: `${spec.action}Response`,
          bodyNamespace: spec.namespace,
          bodyElement: `${spec.operation}Response`,
          keep: MEMBERS_READ,
        },
      };
      const finished = (error: unknown, parsed: unknown): void => {
        const judged = call.judged ?? { kind: 'unreadable' };
        if (judged.kind !== 'answer') resolve(none(judged));
        // The error is dropped here: `soap` hangs the whole answer on it.
        else
          resolve(error ? none({ kind: 'unreadable' }) : { kind: 'result', result: resultOf(parsed, spec) });
      };
      try {
        this.#client[spec.operation]({ ...body, [HEADER]: header }, finished, {
          call,
          exchangeId: messageId,
        });
      } catch {
        resolve(none(call.posted ? { kind: 'unreadable' } : { kind: 'not-sent', cause: 'connection' }));
      }
    });
  }
}

function none(judged: Exclude<Judged, { kind: 'answer' }>): ServiceAnswer {
  return { kind: 'none', judged };
}

function resultOf(parsed: unknown, spec: KpsServiceSpec): unknown {
  return (parsed as Record<string, unknown> | null)?.[`${spec.operation}Result`];
}
