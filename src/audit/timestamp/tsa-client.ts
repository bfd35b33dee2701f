import { type AxiosInstance, type AxiosResponse, isAxiosError } from 'axios';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Authenticator } from './authenticators.js';

/** Why an authority gave no bytes to check. Closed. */
export type TsaFailure = 'connection' | 'timeout' | 'too-large' | 'http-status' | 'content-type';

/** Sends one TimeStampReq and gives back the bytes of the answer, unchecked. */
export interface TsaClient {
  /** `imprint` is what `request` asks about. Errors: `TIMESTAMP_UNAVAILABLE`, `fields.reason` a `TsaFailure`. */
  ask(request: Buffer, imprint: Buffer): Promise<Buffer>;
}

/** A token with a chain of three large certificates has under 10 KiB. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_REQUEST_BYTES = 4 * 1024;
const REPLY_TYPE = 'application/timestamp-reply';

/**
 * A client of one authority over `http` (whose agents decide about TLS and source address). HTTP 200 says nothing about
 * the answer: errors come under it too, so the bytes go to `checkResponse`. No redirects (they would carry our
 * credentials elsewhere), no proxy from the environment, no unpacking (a small body could grow past the limit).
 */
export function createTsaClient(
  settings: { readonly url: string; readonly timeoutMs: number },
  deps: { readonly http: AxiosInstance; readonly authenticator: Authenticator },
): TsaClient {
  const { url, timeoutMs } = settings;
  return {
    ask: async (request, imprint) => {
      const response = await deps.http
        .post<ArrayBuffer | Uint8Array>(url, request, {
          headers: {
            ...deps.authenticator.headers(imprint),
            'content-type': 'application/timestamp-query',
            accept: REPLY_TYPE,
            'accept-encoding': 'identity',
            'user-agent': 'koopbis-bridge',
          },
          responseType: 'arraybuffer',
          timeout: timeoutMs,
          // `timeout` watches a silent socket; this one ends an answer that drips.
          signal: AbortSignal.timeout(timeoutMs),
          maxContentLength: MAX_ANSWER_BYTES,
          maxBodyLength: MAX_REQUEST_BYTES,
          maxRedirects: 0,
          proxy: false,
          decompress: false,
          validateStatus: () => true,
        })
        .catch((error: unknown) => {
          throw failed(failureOf(error));
        });
      requireReply(response);
      return Buffer.from(response.data as Uint8Array);
    },
  };
}

function requireReply({ status, headers }: AxiosResponse): void {
  if (status !== 200) throw failed('http-status', status);
  const type = String(headers['content-type'] ?? '').split(';', 1)[0];
  if (type?.trim().toLowerCase() !== REPLY_TYPE) throw failed('content-type');
}

function failureOf(error: unknown): TsaFailure {
  if (!isAxiosError(error)) return 'connection';
  if (error.code === 'ERR_CANCELED' || error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT')
    return 'timeout';
  return error.message.startsWith('maxContentLength') ? 'too-large' : 'connection';
}

/** Without a cause: an error of axios carries the request, and with it our credentials. */
function failed(reason: TsaFailure, status: number | null = null): BridgeError {
  return new BridgeError('TIMESTAMP_UNAVAILABLE', `a time stamp authority did not answer: ${reason}`, {
    fields: status === null ? { reason } : { reason, status },
  });
}
