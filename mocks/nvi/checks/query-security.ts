import type { ReceivedXml } from '../../xml/parse-xml.js';
import { attributeOf, elementsOf, hasOnlyElements, type XmlElement } from '../../xml/xml-element.js';
import type { IssuedToken, IssuedTokens } from '../issued-tokens.js';
import { DS, WSSE, WSU, XENC } from '../namespaces.js';
import { failedAuthentication, invalidSecurity, Refused } from '../soap-fault.js';
import { readSignature, verifySignature } from './signature-check.js';
import { requireFreshTimestamp } from './timestamp-check.js';

/**
 * The Security header of a query, as facts/kps.md §2.6 lists it: Timestamp, EncryptedData, Signature in this order
 * (layout Strict) and nothing else; the token byte for byte as issued and not expired; one Reference, to this very
 * Timestamp, in a message without a second element of the same Id or a second Timestamp (wrapping).
 *
 * @returns the token that the sender proved to hold
 * @throws Refused
 */
export function requireQuerySecurity(
  security: XmlElement,
  xml: ReceivedXml,
  tokens: IssuedTokens,
  now: number,
): IssuedToken {
  const [timestamp, encrypted, signature, ...rest] = elementsOf(security);
  if (
    timestamp === undefined ||
    encrypted === undefined ||
    signature === undefined ||
    rest.length > 0 ||
    !hasOnlyElements(security)
  ) {
    throw new Refused('security-parts', invalidSecurity);
  }
  const ordered =
    timestamp.is(WSU, 'Timestamp') && encrypted.is(XENC, 'EncryptedData') && signature.is(DS, 'Signature');
  if (!ordered) throw new Refused('security-order', invalidSecurity);
  if (xml.duplicateId) throw new Refused('duplicate-id', invalidSecurity);
  requireFreshTimestamp(timestamp, now);
  const parts = readSignature(signature);
  const id = attributeOf(timestamp, WSU, 'Id');
  if (!id || parts.referenceUri !== `#${id}`) throw new Refused('reference-elsewhere', invalidSecurity);
  refuseSecondTimestamp(xml.root, timestamp);
  const token = tokens.find(parts.keyIdentifier);
  if (token === undefined) throw new Refused('token-unknown', invalidSecurity);
  if (encrypted.received() !== token.encryptedData) throw new Refused('token-altered', invalidSecurity);
  verifySignature(parts, timestamp, token.key);
  // Only who proved to hold the token learns that it has expired (facts/kps.md §2.5: may give FailedAuthentication).
  if (now >= token.expiresAt) throw new Refused('token-expired', failedAuthentication);
  return token;
}

/** A Timestamp or Security anywhere else is the mark of a wrapped message; honest clients send none. */
function refuseSecondTimestamp(root: XmlElement, only: XmlElement): void {
  const waiting: XmlElement[] = [root];
  let securities = 0;
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (element !== only && element.is(WSU, 'Timestamp'))
      throw new Refused('second-timestamp', invalidSecurity);
    if (element.is(WSSE, 'Security')) securities += 1;
    for (const child of element.childNodes) if (child.nodeType === 1) waiting.push(child);
  }
  if (securities !== 1) throw new Refused('second-security', invalidSecurity);
}
