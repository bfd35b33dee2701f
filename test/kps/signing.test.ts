import { describe, expect, it } from '@jest/globals';
import { DOMParser } from '@xmldom/xmldom';
import { ExclusiveCanonicalization, SignedXml } from 'xml-crypto';
import { ProofKey } from '../../src/kps/proof-key.js';
import { digestOf, securityHeader, signedInfo } from '../../src/kps/security-header.js';
import { timestampXml } from '../../src/kps/timestamp.js';
import { verbatim } from '../../src/kps/xml-writer.js';
import { ENCRYPTED_DATA, O, PROOF_KEY, S } from './support/answers.js';

const NOW = Date.parse('2025-01-02T03:04:05.678Z');
const REFERENCE = `<o:SecurityTokenReference xmlns:o="${O}"><o:KeyIdentifier>_guid</o:KeyIdentifier></o:SecurityTokenReference>`;

function key(): ProofKey {
  const made = ProofKey.fromBase64(PROOF_KEY);
  if (made === null) throw new Error('the vector has a key');
  return made;
}

function header(): string {
  const token = {
    encryptedData: verbatim(ENCRYPTED_DATA),
    attachedReference: verbatim(REFERENCE),
    proofKey: key(),
  };
  return securityHeader(token, NOW, 300);
}

function parsed(xml: string) {
  const envelope = `<s:Envelope xmlns:s="${S}"><s:Header>${xml}</s:Header><s:Body></s:Body></s:Envelope>`;
  return { envelope, document: new DOMParser().parseFromString(envelope, 'text/xml') };
}

/** Checks with a library that canonicalises what it gets; false or thrown = refused. */
function accepts(xml: string, keyBase64 = PROOF_KEY): boolean {
  const { envelope, document } = parsed(xml);
  const signature = document.getElementsByTagNameNS('http://www.w3.org/2000/09/xmldsig#', 'Signature')[0];
  const check = new SignedXml({ idMode: 'wssecurity', getCertFromKeyInfo: () => null });
  check.enableHMAC();
  check.publicCert = Buffer.from(keyBase64, 'base64');
  check.loadSignature(signature as never);
  try {
    return check.checkSignature(envelope);
  } catch {
    return false;
  }
}

describe('the signature of a query', () => {
  it('gives the digest and the signature value of the published vector', () => {
    const digest = digestOf(timestampXml(NOW, 300));
    expect(digest).toBe('j8kSrhuiey9s0kwqAouQZc18Ha4=');
    expect(key().hmacSha1(signedInfo(digest))).toBe('1weV24VISrks1nYRld5RhYUvNJY=');
  });

  it('is accepted by an independent verifier that canonicalises the bytes itself', () => {
    expect(accepts(header())).toBe(true);
  });

  it.each([
    ['the Timestamp is moved by a second', (xml: string) => xml.replace('03:04:05Z', '03:04:06Z')],
    ['the Timestamp lives longer', (xml: string) => xml.replace('03:09:05Z', '04:09:05Z')],
    ['white space comes into the Timestamp', (xml: string) => xml.replace('<u:Created>', ' <u:Created>')],
    ['the digest is another', (xml: string) => xml.replace('j8kSrhui', 'j8kSrhuj')],
    ['the signature value is another', (xml: string) => xml.replace('1weV24VI', '1weV24VJ')],
  ])('is refused by it where %s', (_name, change) => {
    const changed = change(header());
    expect(changed).not.toBe(header());
    expect(accepts(changed)).toBe(false);
  });

  it('is refused by it with another key', () => {
    expect(accepts(header(), 'AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')).toBe(false);
  });

  it('writes Timestamp and SignedInfo in the canonical form already', () => {
    const { document } = parsed(header());
    const canonical = (uri: string, local: string) =>
      new ExclusiveCanonicalization().process(document.getElementsByTagNameNS(uri, local)[0] as never, {});
    const utility = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
    expect(header()).toContain(canonical(utility, 'Timestamp'));
    expect(header()).toContain(canonical('http://www.w3.org/2000/09/xmldsig#', 'SignedInfo'));
  });

  it('puts Timestamp, token and signature in this order, and the token byte for byte', () => {
    const { document } = parsed(header());
    const security = document.getElementsByTagNameNS(O, 'Security')[0];
    const children = Array.from(security?.childNodes ?? []).map((node) => node.localName);
    expect(children).toEqual(['Timestamp', 'EncryptedData', 'Signature']);
    expect(header()).toContain(`</u:Timestamp>${ENCRYPTED_DATA}<Signature `);
  });
});

describe('the proof key', () => {
  it.each([
    ['not base64', 'AAEC*wQFBgcICQoLDA0ODw=='],
    ['empty', ''],
    ['shorter than 16 bytes', Buffer.alloc(15).toString('base64')],
    ['longer than 64 bytes', Buffer.alloc(65).toString('base64')],
  ])('is not made of text that is %s', (_name, text) => {
    expect(ProofKey.fromBase64(text)).toBeNull();
  });

  it('never prints itself', () => {
    const printed = `${String(key())} ${JSON.stringify({ key: key() })} ${JSON.stringify(Object.entries(key()))}`;
    expect(printed).not.toContain('AAEC');
    expect(printed).toContain('***');
  });

  it('does not sign once it was dropped', () => {
    const dropped = key();
    dropped.drop();
    expect(() => dropped.hmacSha1('x')).toThrow('dropped');
  });
});
