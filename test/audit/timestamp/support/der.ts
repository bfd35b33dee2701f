/** DER by hand, so that the tests do not agree with the mistakes of a library. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
export const integer = (value: number): Buffer => tlv(0x02, Buffer.of(value));

export interface Value {
  readonly tag: number;
  readonly content: Buffer;
  readonly raw: Buffer;
}

/** The values that stand one behind the other in `bytes` (definite lengths). */
export function valuesOf(bytes: Buffer): Value[] {
  const values: Value[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1] ?? 0;
    const more = first < 0x80 ? 0 : first & 0x7f;
    const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
    const from = at + 2 + more;
    values.push({
      tag: bytes[at] ?? 0,
      content: bytes.subarray(from, from + length),
      raw: bytes.subarray(at, from + length),
    });
    at = from + length;
  }
  return values;
}

/** A TimeStampResp: status, and a token where there is one. */
export function responseOf(status: number, ...token: readonly Buffer[]): Buffer {
  return sequence(sequence(integer(status)), ...token);
}

/** The reply with other certificates beside its token: they are not signed, so anybody can exchange them. */
export function withCertificates(reply: Buffer, certificates: readonly Buffer[]): Buffer {
  const [, token] = valuesOf(valuesOf(reply)[0]?.content as Buffer);
  const [type, wrapped] = valuesOf(token?.content as Buffer);
  const [signedData] = valuesOf(wrapped?.content as Buffer);
  const parts = valuesOf(signedData?.content as Buffer).map(({ tag, raw }) =>
    tag === 0xa0 ? tlv(0xa0, ...certificates) : raw,
  );
  return responseOf(0, sequence(type?.raw as Buffer, tlv(0xa0, sequence(...parts))));
}
