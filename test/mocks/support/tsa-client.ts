import { createCipheriv, createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';

/** One DER element. Written here and not taken from the stand-in, which would agree with its own mistakes. */
export function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

export const sequence = (...parts: readonly Buffer[]) => tlv(0x30, ...parts);
export const octets = (bytes: Buffer) => tlv(0x04, bytes);
/** A non-negative INTEGER. */
export function integer(value: number | bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return tlv(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

const SHA_256 = Buffer.from('0609608648016503040201', 'hex');
export const SHA_512 = Buffer.from('0609608648016503040203', 'hex');
/** 2.999.3161.1, the authority's policy. */
export const POLICY = Buffer.from('06058837985901', 'hex');
const TRUE = Buffer.from('0101ff', 'hex');

export interface RequestParts {
  readonly imprint?: Buffer;
  readonly version?: Buffer;
  readonly algorithm?: Buffer;
  readonly policy?: Buffer;
  readonly nonce?: Buffer;
  /** `certReq` as it is to stand there; TRUE where absent, nothing where null. */
  readonly certReq?: Buffer | null;
  readonly extensions?: Buffer;
}

export const digest = (text: string) => createHash('sha256').update(text).digest();

/** A TimeStampReq, right unless `parts` make it wrong. */
export function timeStampReq(parts: RequestParts = {}): Buffer {
  const { imprint = digest('checkpoint'), certReq = TRUE } = parts;
  return sequence(
    parts.version ?? integer(1),
    sequence(sequence(parts.algorithm ?? SHA_256, Buffer.from('0500', 'hex')), octets(imprint)),
    ...[parts.policy, parts.nonce, certReq, parts.extensions].filter(
      (part) => part !== undefined && part !== null,
    ),
  );
}

export interface IdentityParts {
  readonly customerNo?: number;
  readonly password?: string;
  readonly salt?: Buffer;
  readonly iterations?: number;
  /** What the header says, where that differs from what was done. */
  readonly saidIterations?: number;
  readonly iv?: Buffer;
  readonly imprint?: Buffer;
  readonly box?: Buffer;
}

export const CUSTOMER = { customerNo: 70_101, password: 'Kamu-1234' };
export const USER = { userName: 'koopbis', password: 'a:b ş' };

/** Kamu SM's `identity` header (facts/fees-and-records.md §3). */
export function identity(parts: IdentityParts = {}): string {
  const { salt = randomBytes(16), iv = randomBytes(16), iterations = 100 } = parts;
  const key = pbkdf2Sync(parts.password ?? CUSTOMER.password, salt, iterations, 32, 'sha256');
  const box = () => {
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return Buffer.concat([cipher.update(parts.imprint ?? digest('checkpoint')), cipher.final()]);
  };
  return sequence(
    integer(parts.customerNo ?? CUSTOMER.customerNo),
    octets(salt),
    integer(parts.saidIterations ?? iterations),
    octets(iv),
    octets(parts.box ?? box()),
  ).toString('hex');
}

export interface TsaReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Posts over plain HTTP; header values go out as they are. */
export function post(
  url: string,
  call: { body: Buffer; headers?: Record<string, string | string[]>; method?: string; contentType?: string },
): Promise<TsaReply> {
  const { contentType = 'application/timestamp-query' } = call;
  return new Promise((resolve, reject) => {
    const out = request(url, {
      method: call.method ?? 'POST',
      headers: {
        ...(contentType === '' ? {} : { 'Content-Type': contentType }),
        'Content-Length': call.body.length,
        ...call.headers,
      },
      agent: false,
    });
    out.on('error', reject);
    out.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    out.end(call.body);
  });
}

export const basic = (userName = USER.userName, password = USER.password) => ({
  Authorization: `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`,
});
