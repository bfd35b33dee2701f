import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

import { ExclusiveCanonicalization } from 'xml-crypto';

import { attributeOf, elementsOf, hasOnlyElements, textOf, type XmlElement } from '../../xml/xml-element.js';
import {
  DS,
  EXC_C14N,
  HMAC_SHA1,
  SAML_ASSERTION_ID,
  SAML11_TOKEN,
  SHA1,
  WSSE,
  WSSE11,
} from '../namespaces.js';
import { invalidSecurity, Refused } from '../soap-fault.js';

/** A signature's parts once its shape is exactly that of facts/kps.md §2.3. Nothing is verified yet. */
export interface SignatureParts {
  readonly signedInfo: XmlElement;
  readonly referenceUri: string;
  readonly digest: Buffer;
  readonly value: Buffer;
  readonly keyIdentifier: string;
}

const canonicaliser = new ExclusiveCanonicalization();
/** 20 bytes in base64: both SHA-1 and HMAC-SHA1. A second spelling of the same bytes is not accepted. */
const BASE64_SHA1 = /^[A-Za-z0-9+/]{27}=$/;

/** @throws Refused with InvalidSecurity */
export function readSignature(signature: XmlElement): SignatureParts {
  const [signedInfo, value, keyInfo] = parts(signature, [
    [DS, 'SignedInfo'],
    [DS, 'SignatureValue'],
    [DS, 'KeyInfo'],
  ]);
  const [c14n, method, reference] = parts(signedInfo, [
    [DS, 'CanonicalizationMethod'],
    [DS, 'SignatureMethod'],
    [DS, 'Reference'],
  ]);
  algorithm(c14n, EXC_C14N);
  algorithm(method, HMAC_SHA1);
  const [transforms, digestMethod, digestValue] = parts(reference, [
    [DS, 'Transforms'],
    [DS, 'DigestMethod'],
    [DS, 'DigestValue'],
  ]);
  const [transform] = parts(transforms, [[DS, 'Transform']]);
  algorithm(transform, EXC_C14N);
  algorithm(digestMethod, SHA1);
  return {
    signedInfo,
    referenceUri: attributeOf(reference, '', 'URI') ?? '',
    digest: sha1Bytes(digestValue),
    value: sha1Bytes(value),
    keyIdentifier: readKeyIdentifier(keyInfo),
  };
}

/**
 * Recomputes digest and HMAC over the elements as they were received and compares in constant time. Signed is only the
 * Timestamp: that is all that the real policy asks for (facts/kps.md §2.7).
 *
 * @throws Refused with InvalidSecurity
 */
export function verifySignature(signature: SignatureParts, timestamp: XmlElement, key: KeyObject): void {
  const digest = createHash('sha1').update(canonical(timestamp), 'utf8').digest();
  if (!timingSafeEqual(digest, signature.digest)) throw new Refused('digest-wrong', invalidSecurity);
  const value = createHmac('sha1', key).update(canonical(signature.signedInfo), 'utf8').digest();
  if (!timingSafeEqual(value, signature.value)) throw new Refused('signature-wrong', invalidSecurity);
}

/** xml-crypto's canonicaliser wants a DOM node; an XmlElement has all of one that it reads. */
function canonical(element: XmlElement): string {
  return canonicaliser.process(element as unknown as Parameters<typeof canonicaliser.process>[0], {});
}

function readKeyIdentifier(keyInfo: XmlElement): string {
  const [reference] = parts(keyInfo, [[WSSE, 'SecurityTokenReference']]);
  const tokenType = attributeOf(reference, WSSE11, 'TokenType');
  // Some working clients omit it (facts/kps.md §2.3), none sends another.
  if (tokenType !== undefined && tokenType !== SAML11_TOKEN) throw new Refused('token-type', invalidSecurity);
  const [identifier] = parts(reference, [[WSSE, 'KeyIdentifier']]);
  if (attributeOf(identifier, '', 'ValueType') !== SAML_ASSERTION_ID)
    throw new Refused('key-identifier-type', invalidSecurity);
  return textOf(identifier)?.trim() ?? '';
}

type Names = readonly (readonly [namespaceURI: string, localName: string])[];
type Elements<N extends Names> = { readonly [I in keyof N]: XmlElement };

/** The element children, which must be exactly those named, in that order: nothing can hide beside them. */
function parts<const N extends Names>(parent: XmlElement, names: N): Elements<N> {
  const children = elementsOf(parent);
  const same =
    children.length === names.length &&
    hasOnlyElements(parent) &&
    names.every(([namespaceURI, localName], index) => children[index]?.is(namespaceURI, localName));
  if (!same) throw new Refused(`${parent.localName}-parts`, invalidSecurity);
  return children as unknown as Elements<N>;
}

/** The algorithm, and no parameter (such as InclusiveNamespaces) beside it. */
function algorithm(element: XmlElement, uri: string): void {
  if (attributeOf(element, '', 'Algorithm') !== uri || elementsOf(element).length > 0) {
    throw new Refused(`${element.localName}-algorithm`, invalidSecurity);
  }
}

function sha1Bytes(element: XmlElement): Buffer {
  const text = textOf(element) ?? '';
  if (!BASE64_SHA1.test(text)) throw new Refused(`${element.localName}-length`, invalidSecurity);
  return Buffer.from(text, 'base64');
}
