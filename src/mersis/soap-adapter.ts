import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClientAsync, type IHttpClient, type IOptions } from 'soap';
import { BridgeError } from '../errors/bridge-error.js';
import { decodeUtf8 } from '../soap/decode-utf8.js';
import { silence } from '../soap/silent-soap.js';
import { type Adapter, type Asked, failed, faultOfStatus } from './adapter.js';
import type { Exchange, Transport } from './http.js';
import type { MersisQuestion } from './port.js';
import { plainAnswer } from './soap-answer.js';
import { readFrame } from './soap-frame.js';

/** Numbers and days stay text: a day must not become an instant of some zone, nor a number lose its first 0. */
const asItStands = (value: string): string => value;
const AS_TEXT = {
  long: asItStands,
  int: asItStands,
  integer: asItStands,
  date: asItStands,
  dateTime: asItStands,
};

/** One call's own state on its way through `soap`, handed over as the call's options: nothing is shared between calls. */
interface SoapCall {
  readonly element: string;
  readonly tell: (asked: Asked) => void;
}

/** Says to `soap` that there is nothing to parse. One object, no stack, no content. */
const NOTHING_TO_PARSE = Object.freeze(new Error('no answer to parse'));

const UNREADABLE = failed({ kind: 'invalid', problem: 'unreadable' });

/** MERSİS through `soap` and our WSDL. Throws `CONFIG_INVALID` where the WSDL is not there. */
export function createSoapAdapter(transport: Transport, url: string, wsdlDirectory: string): Adapter {
  const wsdl = join(wsdlDirectory, 'mersis.wsdl');
  if (!existsSync(wsdl)) throw new BridgeError('CONFIG_INVALID', 'the WSDL of MERSİS is missing');
  const options: IOptions & { customDeserializer: unknown } = {
    httpClient: soapHttpClient(transport),
    endpoint: url,
    disableCache: true,
    customDeserializer: AS_TEXT,
  };
  const loading = createClientAsync(wsdl, options).then(
    (client) => {
      silence(client);
      return client;
    },
    () => null,
  );
  return {
    async ask(question) {
      const client = await loading;
      // Our own file, read at the start: it can only be broken by whoever installs.
      return client === null ? failed({ kind: 'unavailable', cause: 'connection' }) : call(client, question);
    },
  };
}

function call(client: Client, question: MersisQuestion): Promise<Asked> {
  const [operation, body] =
    'mersisNo' in question
      ? ['SorgulaMersisNo', { MersisNo: question.mersisNo }]
      : ['SorgulaVergiNo', { VergiNo: question.vkn }];
  return new Promise((resolve) => {
    const own: SoapCall = { element: `${operation}Response`, tell: resolve };
    const finished = (error: unknown, parsed: unknown): void => {
      // The error is dropped here: `soap` hangs the whole answer on it. Where the transport has told already, this changes nothing.
      resolve(error ? UNREADABLE : { kind: 'answer', raw: plainAnswer(parsed) });
    };
    try {
      client[operation](body, finished, { call: own });
    } catch {
      resolve(UNREADABLE);
    }
  });
}

/** `soap`'s way out: our transport, and our judgement before `soap` parses. It gets to see whole, harmless answers only. */
function soapHttpClient(transport: Transport): IHttpClient {
  return {
    request(_url, xml, callback, headers, options) {
      const { element, tell } = (options as { readonly call: SoapCall }).call;
      const { 'Content-Type': type, SOAPAction: action } = headers as Record<string, string>;
      const done = transport
        .post(String(xml), { 'content-type': type ?? '', soapaction: action ?? '', accept: 'text/xml' })
        .then((exchange) => {
          const judged = judge(exchange, element);
          if (typeof judged === 'string') callback(null, { status: 200, headers: {} }, judged);
          else {
            tell(judged);
            callback(NOTHING_TO_PARSE);
          }
        })
        .catch(() => tell(UNREADABLE));
      // `soap` declares axios's promise and never looks at it.
      return done as unknown as ReturnType<IHttpClient['request']>;
    },
  };
}

/** The answer's text where `soap` may parse it; else how the call ended. A fault counts before the status that it came under. */
function judge(exchange: Exchange, element: string): string | Asked {
  if (exchange.kind === 'none') return failed(exchange.fault);
  const byStatus = faultOfStatus(exchange.status);
  if (byStatus?.kind === 'refused') return failed(byStatus);
  if (exchange.kind === 'spoilt') return failed(byStatus ?? { kind: 'invalid', problem: exchange.problem });
  const xml = decodeUtf8(exchange.body);
  const frame = xml === null ? 'unreadable' : readFrame(xml, element);
  if (frame === 'client-fault') return failed({ kind: 'refused' });
  if (frame === 'server-fault') return failed({ kind: 'unavailable', cause: 'http' });
  if (byStatus !== null) return failed(byStatus);
  if (frame === 'other-element') return failed({ kind: 'invalid', problem: 'not-as-contracted' });
  return frame === 'answer' && xml !== null ? xml : UNREADABLE;
}
