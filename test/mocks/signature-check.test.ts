import { createSecretKey } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { readSignature, verifySignature } from '../../mocks/nvi/checks/signature-check.js';
import { Refused } from '../../mocks/nvi/soap-fault.js';
import { parseXml } from '../../mocks/xml/parse-xml.js';
import { elementsOf } from '../../mocks/xml/xml-element.js';

// The published vector of facts/kps.md §2.3: key 00..1f, prefix u, five minutes.
const KEY = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_none, index) => index)));
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const timestamp =
  '<u:Timestamp u:Id="_0"><u:Created>2025-01-02T03:04:05Z</u:Created><u:Expires>2025-01-02T03:09:05Z</u:Expires></u:Timestamp>';
const signature =
  `<Signature xmlns="${DS}"><SignedInfo><CanonicalizationMethod Algorithm="${C14N}"/><SignatureMethod Algorithm="${DS}hmac-sha1"/>` +
  `<Reference URI="#_0"><Transforms><Transform Algorithm="${C14N}"/></Transforms><DigestMethod Algorithm="${DS}sha1"/><DigestValue>j8kSrhuiey9s0kwqAouQZc18Ha4=</DigestValue></Reference></SignedInfo>` +
  `<SignatureValue>1weV24VISrks1nYRld5RhYUvNJY=</SignatureValue><KeyInfo><o:SecurityTokenReference><o:KeyIdentifier ValueType="http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID">_x</o:KeyIdentifier></o:SecurityTokenReference></KeyInfo></Signature>`;

function check(first: string, second: string): string {
  const declared = `xmlns:u="${WSU}" xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"`;
  const [stamp, sign] = elementsOf(parseXml(Buffer.from(`<r ${declared}>${first}${second}</r>`)).root);
  if (stamp === undefined || sign === undefined) throw new Error('two elements are needed');
  try {
    verifySignature(readSignature(sign), stamp, KEY);
    return 'verified';
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}

describe('the signature check', () => {
  it('verifies the published vector', () => {
    expect(check(timestamp, signature)).toBe('verified');
  });

  it('does so however the same canonical form is spelt', () => {
    const spelt = timestamp
      .replace('<u:Timestamp u:Id="_0">', `<u:Timestamp\n  xmlns:u="${WSU}"\n  u:Id='_0' >`)
      .replace('2025-01-02T03:04:05Z', '2025-01-02T03:04:0&#53;Z<!-- dropped -->')
      .replace('</u:Created>', '</u:Created >');
    const signed = signature.replace(/<(\w+) (Algorithm="[^"]*")\/>/g, '<$1  $2></$1>');
    expect(check(spelt, signed)).toBe('verified');
  });

  it('sees white space inside what is signed', () => {
    expect(check(timestamp.replace('<u:Expires>', '\n<u:Expires>'), signature)).toBe('digest-wrong');
    expect(check(timestamp, signature.replace('<Reference ', '\n<Reference '))).toBe('signature-wrong');
  });

  it('sees another prefix, which is part of the canonical form', () => {
    const other = timestamp
      .replaceAll('u:', 'wsu:')
      .replace('<wsu:Timestamp ', `<wsu:Timestamp xmlns:wsu="${WSU}" `);
    expect(check(other, signature)).toBe('digest-wrong');
    expect(
      check(other, signature.replace('j8kSrhuiey9s0kwqAouQZc18Ha4=', 'IMAxWutDFE4Z/m4s/DrbVtglyso=')),
    ).toBe('signature-wrong');
  });
});
