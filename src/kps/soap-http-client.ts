import type { IHttpClient } from 'soap';
import { type Expected, type Judged, judge } from './faults.js';
import type { Transport } from './transport.js';

/** One call's own state on its way through `soap`, handed over as the call's options: nothing is shared between calls. */
export interface SoapCall {
  readonly timeoutMs: number;
  readonly expected: Expected;
  /** Set once the message was handed to the transport. */
  posted: boolean;
  judged: Judged | null;
  /** Called where `soap` itself fails after the message went out. */
  readonly failed: () => void;
}

/** Says to `soap` that there is nothing to parse. One object, no stack, no content. */
const NOTHING_TO_PARSE = Object.freeze(new Error('no answer to parse'));

/**
 * `soap`'s way out: our pool, and our judgement before `soap` parses. It gets to see whole, harmless answers to our
 * own messages only; all else ends here, so that it can attach no body to an error.
 */
export function soapHttpClient(transport: Transport): IHttpClient {
  return {
    request(_url, xml, callback, _headers, options) {
      const call = options?.call as SoapCall;
      call.posted = true;
      const done = transport
        .post(String(xml), call.timeoutMs)
        .then((exchange) => {
          const judged = judge(exchange, call.expected);
          call.judged = judged;
          if (judged.kind === 'answer') callback(null, { status: 200, headers: {} }, judged.xml);
          else callback(NOTHING_TO_PARSE);
        })
        .catch(call.failed);
      // `soap` declares axios's promise and never looks at it.
      return done as unknown as ReturnType<IHttpClient['request']>;
    },
  };
}
