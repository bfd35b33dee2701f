import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Refusal } from '../../errors/refusal.js';
import type { StatementFile } from '../../fees/export/port.js';
import type { AllowReading } from '../../fees/reading/allow-reading.js';
import { askedPeriod, askedQuarter } from '../../fees/reading/asked.js';
import type { PeriodWish, QuarterWish, Reading, ReadingCall, Sent } from '../../fees/reading/call.js';
import { hashToken } from '../../sign-in/access-tokens.js';
import { readQuery } from '../events/read-query.js';
import type { Caller } from '../post-verification.js';
import { fileReply, jsonReply, type Reply } from '../reply.js';
import { bearerToken, checkHeaders } from '../request-headers.js';
import type { BroughtRoutes, ServiceRoute } from '../service-route.js';
import { remembering } from '../written-refusals.js';
import { fileOperation, QUARTER_OPERATION, USAGE_OPERATION } from './fees-operations.js';
import { FEES_SCHEMAS } from './fees-schemas.js';

type FileFormat = Exclude<QuarterWish['format'], 'json'>;

export interface FeesRouteTools {
  readonly now: () => Date;
  /** Writes `fees.read`, or throws the refusal that has its entry. */
  readonly allow: AllowReading;
  /** The answer's documents, as JSON has them. */
  quarterDocument(quarter: string): Promise<object>;
  usageDocument(wish: PeriodWish): Promise<object>;
  quarterFile(quarter: string, format: FileFormat): Promise<StatementFile>;
}

/** Made at once on one instance: each takes a connection of the database for as long as its reader takes it. */
const MAX_FILES = 2;
const BUSY_S = 5;
const FILE_FORMATS = ['csv', 'xlsx', 'pdf'] as const satisfies readonly FileFormat[];

/** `GET /v1/fees/quarters/{quarter}` (also `.csv`, `.xlsx`, `.pdf`) and `GET /v1/fees/usage` (CONTRACT §4). */
export function feesRoutes(tools: FeesRouteTools): BroughtRoutes {
  const places = { taken: 0 };
  const fileRoutes = FILE_FORMATS.map(
    (format): ServiceRoute => ({
      method: 'get',
      path: `/v1/fees/quarters/:quarter.${format}`,
      operation: fileOperation(format),
      handle: (request, caller) => {
        requireFeesPermission(caller);
        return inPlace(places, () =>
          getFile(request, { quarter: String(request.params.quarter), format }, caller, tools),
        );
      },
    }),
  );
  const routes: readonly ServiceRoute[] = [
    ...fileRoutes,
    {
      method: 'get',
      path: '/v1/fees/quarters/:quarter',
      operation: QUARTER_OPERATION,
      handle: async (request, caller) => {
        requireFeesPermission(caller);
        const quarter = String(request.params.quarter);
        await allowQuarter(request, { quarter, format: 'json' }, caller, tools);
        return jsonReply(await tools.quarterDocument(quarter));
      },
    },
    {
      method: 'get',
      path: '/v1/fees/usage',
      operation: USAGE_OPERATION,
      handle: async (request, caller) => {
        requireFeesPermission(caller);
        return getUsage(request, caller, tools);
      },
    },
  ];
  return { routes, schemas: FEES_SCHEMAS };
}

/** Without the permission in the client's registration no token is even looked at. */
function requireFeesPermission({ client }: Caller): void {
  if (!client.permissions.includes('fees')) throw new Refusal('CLIENT_NOT_PERMITTED');
}

async function getUsage(request: IncomingMessage, caller: Caller, tools: FeesRouteTools): Promise<Reply> {
  const sent = sentBy(request, () => {
    const query = readQuery(request.url, ['from', 'to', 'account'] as const);
    return askedPeriod(query, tools.now());
  });
  await allow(request, { operation: 'fees-usage', sent }, caller, tools);
  return jsonReply(await tools.usageDocument(soundOf(sent)));
}

async function getFile(
  request: IncomingMessage,
  { format, quarter }: { readonly quarter: string; readonly format: FileFormat },
  caller: Caller,
  tools: FeesRouteTools,
): Promise<{ readonly stream: Readable; readonly reply: Reply }> {
  await allowQuarter(request, { quarter, format }, caller, tools);
  const { contentType, extension, stream } = await tools.quarterFile(quarter, format);
  // What cannot even begin is still answered by its problem.
  await begun(stream);
  return { stream, reply: fileReply(stream, contentType, `kps-${quarter}.${extension}`) };
}

async function allowQuarter(
  request: IncomingMessage,
  { format, quarter }: QuarterWish,
  caller: Caller,
  tools: FeesRouteTools,
): Promise<void> {
  const sent = sentBy(request, () => {
    readQuery(request.url, []);
    return askedQuarter(quarter, format);
  });
  await allow(request, { operation: 'fees-quarter', sent }, caller, tools);
}

/** What was asked for; what is wrong with it is said once the token was looked at. */
function sentBy<T>(request: IncomingMessage, read: () => Sent<T>): Sent<T> {
  const headers = checkHeaders(request.headers);
  if (!headers.ok) return { ok: false, code: 'REQUEST_INVALID', reason: headers.reason };
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { reason } = error.detail;
    return { ok: false, code: error.code, ...(reason === undefined ? {} : { reason }) };
  }
}

async function allow(
  request: IncomingMessage,
  reading: Reading,
  { certificateSha256, client, requestId }: Caller,
  tools: FeesRouteTools,
): Promise<void> {
  const token = bearerToken(request.headers);
  const call: ReadingCall = {
    client: { id: client.id },
    certificateSha256,
    tokenHash: token === null ? null : hashToken(token),
    receivedAt: tools.now(),
    requestId,
  };
  await remembering(tools.allow(call, reading));
}

/** Nobody is allowed to read what was not soundly asked for. */
function soundOf<T>(sent: Sent<T>): T {
  if (sent.ok) return sent.value;
  throw new Refusal(sent.code, sent.reason === undefined ? {} : { reason: sent.reason });
}

/** Keeps one of the places for files until the file's stream is closed. */
async function inPlace(
  places: { taken: number },
  make: () => Promise<{ readonly stream: Readable; readonly reply: Reply }>,
): Promise<Reply> {
  if (places.taken >= MAX_FILES) throw new Refusal('OVERLOADED', { retryAfterS: BUSY_S });
  places.taken += 1;
  const leave = () => {
    places.taken -= 1;
  };
  try {
    const { reply, stream } = await make();
    if (stream.closed) leave();
    else stream.once('close', leave);
    return reply;
  } catch (error) {
    leave();
    throw error;
  }
}

/** Waits for the first piece; what fails before is thrown. */
async function begun(stream: Readable): Promise<void> {
  await Promise.race([once(stream, 'readable'), once(stream, 'close')]);
}
