import { describe, expect, it } from '@jest/globals';
import { DOMParser } from '@xmldom/xmldom';
import { stsRequest } from '../../src/kps/sts-request.js';
import { readStsAnswer } from '../../src/kps/sts-response.js';
import { A, ENCRYPTED_DATA, envelope, O, type RstrOptions, rstrBody, TRUST, U } from './support/answers.js';

const request = {
  messageId: '5f2b6ab8-0000-4000-8000-000000000001',
  stsUrl: 'https://sts.example/Issuer.svc?a=1&b=2',
  appliesTo: 'https://kps.example/RoutingService.svc',
  userName: 'KRM-1 & <co>',
  password: 'p&ss"w<o>rd\'ğ',
  sorgulayan: null,
  nowMs: Date.parse('2026-01-02T03:04:05.999Z'),
  timestampLifetimeS: 300,
};

function read(xml: string) {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  return (uri: string, local: string) => Array.from(document.getElementsByTagNameNS(uri, local));
}

describe('the request for a token', () => {
  it('carries any user name and password as text', () => {
    const find = read(stsRequest(request));
    expect(find(O, 'Username').map((node) => node.textContent)).toEqual([request.userName]);
    expect(find(O, 'Password').map((node) => node.textContent)).toEqual([request.password]);
    expect(find(O, 'Password')[0]?.getAttribute('Type')).toMatch(/#PasswordText$/);
    expect(find(A, 'To').map((node) => node.textContent)).toEqual([request.stsUrl]);
  });

  it('names action, message, relying party, a Timestamp of whole seconds, and sends no entropy', () => {
    const find = read(stsRequest(request));
    expect(find(A, 'Action')[0]?.textContent).toBe(`${TRUST}/RST/Issue`);
    expect(find(A, 'MessageID')[0]?.textContent).toBe(`urn:uuid:${request.messageId}`);
    expect(find(A, 'Address').map((node) => node.textContent)).toContain(request.appliesTo);
    expect(find(U, 'Created')[0]?.textContent).toBe('2026-01-02T03:04:05Z');
    expect(find(U, 'Expires')[0]?.textContent).toBe('2026-01-02T03:09:05Z');
    expect(find(TRUST, 'Entropy')).toEqual([]);
    expect(find('http://kps.nvi.gov.tr/2011/01/01/sorgulayan', 'Sorgulayan')).toEqual([]);
  });

  it('names who asks where that is wanted', () => {
    const find = read(stsRequest({ ...request, sorgulayan: 'KRM-9 & co' }));
    const found = find('http://kps.nvi.gov.tr/2011/01/01/sorgulayan', 'Sorgulayan');
    expect(found.map((node) => node.textContent)).toEqual(['KRM-9 & co']);
  });

  it('is not written with a password that XML cannot carry', () => {
    expect(() => stsRequest({ ...request, password: 'a\u0000b' })).toThrow('cannot carry');
  });
});

const answer = (options: RstrOptions = {}) => readStsAnswer(envelope('', rstrBody(options)));

function tokenOf(options: RstrOptions = {}) {
  const given = answer(options);
  if (!given.ok) throw new Error(given.problem);
  return given.token;
}

describe('the token answer', () => {
  it('gives the encrypted token byte for byte, odd quotes, blanks and characters beyond the BMP included', () => {
    expect(tokenOf().encryptedData).toBe(ENCRYPTED_DATA);
  });

  it('gives the attached reference as it came', () => {
    expect(tokenOf({ guid: '_abc' }).attachedReference).toMatch(
      /^<o:SecurityTokenReference .*>_abc<.*<\/o:SecurityTokenReference>$/,
    );
  });

  it('adds declarations that the token has from its ancestors, and changes nothing else', () => {
    const inner =
      '<x:EncryptionMethod Algorithm="a"/><KeyInfo><y:K z:t="1" xml:lang="tr"/></KeyInfo><x:CipherData/>';
    const token = tokenOf({
      declarations:
        ' xmlns:x="http://www.w3.org/2001/04/xmlenc#" xmlns:y="urn:y" xmlns:z="urn:z&amp;" xmlns="urn:d" xmlns:unused="urn:u"',
      encryptedData: `<x:EncryptedData Type="t">${inner}</x:EncryptedData>`,
    });
    expect(token.encryptedData).toBe(
      `<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#" xmlns="urn:d" xmlns:y="urn:y" xmlns:z="urn:z&amp;" Type="t">${inner}</x:EncryptedData>`,
    );
  });

  it('keeps a token element without default namespace out of one when it is embedded', () => {
    const token = tokenOf({
      encryptedData:
        '<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"><Plain/></x:EncryptedData>',
    });
    expect(token.encryptedData).toBe(
      '<x:EncryptedData xmlns="" xmlns:x="http://www.w3.org/2001/04/xmlenc#"><Plain/></x:EncryptedData>',
    );
  });

  it('gives the span by the clock of the STS', () => {
    const now = Date.parse('2026-01-02T03:04:05.678Z');
    expect(tokenOf({ now, lifetimeS: 60 })).toMatchObject({ createdMs: now, expiresMs: now + 60_000 });
  });

  it('says clearly that a computed key is not supported', () => {
    const proof = `<trust:ComputedKey>${TRUST}/CK/PSHA1</trust:ComputedKey>`;
    expect(answer({ proof })).toEqual({ ok: false, problem: 'unsupported-proof-token' });
  });

  it('never takes the half key of an Entropy for the key', () => {
    const extra =
      '<trust:Entropy><trust:BinarySecret>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</trust:BinarySecret></trust:Entropy>';
    expect(tokenOf({ extra }).proofKey.hmacSha1('x')).toBe(tokenOf().proofKey.hmacSha1('x'));
    expect(answer({ extra, proof: '' })).toEqual({ ok: false, problem: 'unreadable' });
  });

  it.each<[string, RstrOptions]>([
    ['a key that is no base64', { proof: '<trust:BinarySecret>*</trust:BinarySecret>' }],
    [
      'two keys',
      {
        proof:
          '<trust:BinarySecret>AAECAwQFBgcICQoLDA0ODw==</trust:BinarySecret><trust:BinarySecret>AAECAwQFBgcICQoLDA0ODw==</trust:BinarySecret>',
      },
    ],
    [
      'a token that is not encrypted',
      { token: '<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"/>' },
    ],
    ['no token', { token: '' }],
    ['two tokens', { token: ENCRYPTED_DATA + ENCRYPTED_DATA }],
    ['a token beside another element', { token: `${ENCRYPTED_DATA}<x xmlns="urn:x"/>` }],
  ])('is unreadable with %s', (_name, options) => {
    expect(answer(options)).toEqual({ ok: false, problem: 'unreadable' });
  });

  it.each([
    ['a span without zone', (xml: string) => xml.replace(/Z<\/u:Expires>/, '</u:Expires>')],
    ['no span', (xml: string) => xml.replace(/<trust:Lifetime>.*<\/trust:Lifetime>/, '')],
    ['no attached reference', (xml: string) => xml.replaceAll('RequestedAttachedReference', 'Other')],
    [
      'a second answer beside the first',
      (xml: string) =>
        xml.replace(/(<trust:RequestSecurityTokenResponse>.*<\/trust:RequestSecurityTokenResponse>)/, '$1$1'),
    ],
  ])('is unreadable with %s', (_name, change) => {
    const unchanged = rstrBody({ now: 0 });
    const changed = change(unchanged);
    expect(changed).not.toBe(unchanged);
    expect(readStsAnswer(envelope('', changed))).toEqual({ ok: false, problem: 'unreadable' });
  });
});
