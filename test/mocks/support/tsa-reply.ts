import { createHash, verify, X509Certificate } from 'node:crypto';

/** An element of a reply, read strictly: shortest lengths, nothing behind. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
  readonly children: readonly Element[];
}

/** All elements of `bytes` in a row. */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag = 0, first = 0] = bytes.subarray(at);
    const long = first < 0x80 ? 0 : first & 0x7f;
    const length = long === 0 ? first : bytes.readUIntBE(at + 2, long);
    if (first === 0x80 || (long > 0 && length < 0x80) || (long > 1 && bytes[at + 2] === 0))
      throw new Error('not DER');
    const from = at + 2 + long;
    if (from + length > bytes.length) throw new Error('cut off');
    const content = bytes.subarray(from, from + length);
    found.push({
      tag,
      content,
      whole: bytes.subarray(at, from + length),
      children: (tag & 0x20) === 0 ? [] : elements(content),
    });
    at = from + length;
  }
  return found;
}

/** The one element that `bytes` are. */
export function only(bytes: Buffer): Element {
  const [one, ...more] = elements(bytes);
  if (one === undefined || more.length > 0) throw new Error('not one element');
  return one;
}

/** The element at a path of positions. */
export function at(element: Element | undefined, ...path: readonly number[]): Element {
  const found = path.reduce<Element | undefined>((one, index) => one?.children[index], element);
  if (found === undefined) throw new Error(`nothing at ${path.join('.')}`);
  return found;
}

/** The status of a TimeStampResp; bits of failInfo by number. */
export function statusOf(body: Buffer): { status: number; text: string; failInfo: number[]; token: boolean } {
  const response = only(body);
  const [status, text, bits] = at(response, 0).children;
  const info = bits ?? (text?.tag === 0x03 ? text : undefined);
  const octets = info?.content.subarray(1) ?? Buffer.alloc(0);
  const failInfo = [...octets].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (0x80 >> bit)) !== 0).map((bit) => index * 8 + bit),
  );
  return {
    status: status?.content[0] ?? -1,
    text: text?.tag === 0x30 ? at(text, 0).content.toString('utf8') : '',
    failInfo,
    token: response.children.length > 1,
  };
}

/** What a granted reply says, as bytes and plain values. */
export interface Token {
  readonly policy: Buffer;
  readonly messageImprint: Element;
  readonly imprint: Buffer;
  readonly serial: bigint;
  readonly genTime: string;
  readonly accuracySeconds: number;
  readonly nonce: Buffer | undefined;
  readonly certificates: readonly X509Certificate[];
  /** Algorithm, encoding and order of the signed attributes. */
  readonly attributes: ReadonlyMap<string, Element>;
  readonly attributesInOrder: boolean;
  /** True where signature, digest and ESSCertIDv2 hold for this signer. */
  signedBy(signer: X509Certificate): boolean;
}

const MESSAGE_DIGEST = '2a864886f70d010904';
const SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f';

export function tokenOf(body: Buffer): Token {
  const signedData = at(only(body), 1, 1, 0);
  const eContent = at(signedData, 2, 1, 0);
  if (eContent.tag !== 0x04) throw new Error('the content is not one primitive string');
  const info = only(eContent.content);
  const nonce = info.children.slice(6).find((element) => element.tag === 0x02);
  const sets = signedData.children.slice(3);
  const certificates = sets.find((element) => element.tag === 0xa0)?.children ?? [];
  const signerInfo = at(
    sets.find((element) => element.tag === 0x31),
    0,
  );
  const signed = at(signerInfo, 3);
  const attributes = new Map(
    signed.children.map((one) => [at(one, 0).content.toString('hex'), at(one, 1, 0)]),
  );
  const encodings = signed.children.map((one) => one.whole);
  return {
    policy: at(info, 1).whole,
    messageImprint: at(info, 2),
    imprint: at(info, 2, 1).content,
    serial: BigInt(`0x${at(info, 3).content.toString('hex')}`),
    genTime: at(info, 4).content.toString('latin1'),
    accuracySeconds: at(info, 5, 0).content[0] ?? -1,
    nonce: nonce?.whole,
    certificates: certificates.map(({ whole }) => new X509Certificate(whole)),
    attributes,
    attributesInOrder: encodings.every(
      (one, i) => i === 0 || Buffer.compare(encodings[i - 1] ?? one, one) < 0,
    ),
    signedBy: (signer) => {
      // Signed is the SET OF, not the [0] that stands in its place (RFC 5652 §5.4).
      const set = Buffer.concat([Buffer.from([0x31]), signed.whole.subarray(1)]);
      const certHash = at(attributes.get(SIGNING_CERTIFICATE_V2), 0, 0, 0).content;
      return (
        verify('sha256', set, signer.publicKey, at(signerInfo, 5).content) &&
        sha256(eContent.content).equals(at(attributes.get(MESSAGE_DIGEST)).content) &&
        sha256(signer.raw).equals(certHash)
      );
    },
  };
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
