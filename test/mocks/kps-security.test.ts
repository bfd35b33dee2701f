import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedXml } from 'xml-crypto';

import { makeCertificates, type TestCertificates } from './support/certificates.js';
import { ACCOUNT, BILESIK_2024, bilesikBody, type Harness, people, startHarness } from './support/harness.js';
import {
  digestOf,
  faultCode,
  instant,
  type QueryParts,
  queryXml,
  readToken,
  referenceXml,
  rstXml,
  send,
  type Token,
  timestampXml,
} from './support/reference-client.js';

const MINUTE = 60_000;
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const body = bilesikBody('2024/04/01', people.alive);
let certificates: TestCertificates;
let stand: Harness;
let token: Token;
let other: Token;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startHarness(certificates);
  token = await stand.token();
  other = await stand.token();
});
afterAll(() => stand.stop());

describe('the routing service', () => {
  it('answers a correct query, with the action of its own answer and our MessageID', async () => {
    const messageId = 'urn:uuid:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
    const reply = await stand.query(token, { body, messageId });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain(`<a:RelatesTo>${messageId}</a:RelatesTo>`);
    expect(reply.text).toContain(`${BILESIK_2024}Response</a:Action>`);
    expect(reply.text).toContain(people.alive.ad);
    expect(await stand.lastSeen('kps')).toEqual({
      n: expect.any(Number),
      at: expect.any(String),
      action: BILESIK_2024,
      messageId,
      kimlikNo: people.alive.kimlikNo,
      answered: true,
    });
  });

  it('accepts a signature made by xml-crypto itself', async () => {
    const signature = (unsigned: string) => {
      const signer = new SignedXml({
        privateKey: token.key,
        signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
        canonicalizationAlgorithm: C14N,
        idMode: 'wssecurity',
      });
      signer.enableHMAC();
      signer.addReference({
        xpath: "//*[local-name(.)='Timestamp']",
        transforms: [C14N],
        digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1',
      });
      signer.computeSignature(`<r>${stamp}</r>`);
      const keyInfo = /<KeyInfo>.*<\/KeyInfo>/s.exec(unsigned)?.[0] ?? '';
      return signer.getSignatureXml().replace('</Signature>', `${keyInfo}</Signature>`);
    };
    const stamp = timestampXml({ id: '_0' });
    const reply = await stand.query(token, { body, timestamp: stamp, signature });
    expect(reply.status).toBe(200);
  });

  it('reads the canonical form, not the text: another prefix and another place of declarations are the same to it', async () => {
    const timestamp = timestampXml()
      .replaceAll('u:', 'wsu:')
      .replace('xmlns:wsu:', 'xmlns:u:')
      .replace('xmlns:u=', 'xmlns:wsu=');
    const id = '_0';
    const signedInfo = (d: string) => d.replace(/URI="[^"]*"/, `URI="#${id}"`);
    expect((await stand.query(token, { body, timestamp, signedInfo })).status).toBe(200);
    const lifted = await stand.query(token, {
      body,
      envelope: (x) =>
        x
          .replace(/<u:Timestamp xmlns:u="([^"]*)"/, '<u:Timestamp')
          .replace(
            '<s:Envelope',
            '<s:Envelope xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"',
          ),
    });
    expect(lifted.status).toBe(200);
  });

  it('accepts a repeated message, as the real one does, and only the witness shows it', async () => {
    const messageId = 'urn:uuid:aaaaaaaa-bbbb-4ccc-8ddd-ffffffffffff';
    const xml = queryXml(stand.running.urls.kps, token, { body, messageId, action: BILESIK_2024 });
    const { next } = await stand.seen('kps');
    for (let time = 0; time < 2; time += 1)
      expect((await send(stand.transport, { url: stand.running.urls.kps, body: xml })).status).toBe(200);
    const { requests } = await stand.seen('kps', next);
    expect(requests.map((item) => item.messageId)).toEqual([messageId, messageId]);
  });

  const swapped = (a: number, b: number, c: number) => (t: string, e: string, g: string) =>
    [[t, e, g][a], [t, e, g][b], [t, e, g][c]].join('');
  const secondStamp = timestampXml({ id: '_1' });
  const wrapped = (id: string): Omit<QueryParts, 'body'> => {
    let signed = '';
    return {
      timestamp: timestampXml({ created: instant(-MINUTE) }),
      security: (t, e, g) => {
        signed = t;
        return timestampXml({ id }) + e + g;
      },
      envelope: (x) => x.replace('<o:Security ', `<x:wrap xmlns:x="urn:x">${signed}</x:wrap><o:Security `),
    };
  };
  const alter = (text: string) =>
    text.replace(
      /(<xenc:CipherValue>)(.)/,
      (_m, tag: string, first: string) => tag + (first === 'A' ? 'B' : 'A'),
    );
  const refusals: readonly [what: string, parts: () => Omit<QueryParts, 'body'>, refused: string][] = [
    [
      'a Timestamp six minutes old',
      () => ({ timestamp: timestampXml({ created: instant(-6 * MINUTE), expires: instant(4 * MINUTE) }) }),
      'timestamp-too-old',
    ],
    [
      'a Timestamp six minutes ahead',
      () => ({ timestamp: timestampXml({ created: instant(6 * MINUTE), expires: instant(11 * MINUTE) }) }),
      'timestamp-in-the-future',
    ],
    [
      'a Timestamp that expires before it was created',
      () => ({ timestamp: timestampXml({ expires: instant(-MINUTE) }) }),
      'timestamp-expires-before-created',
    ],
    [
      'a Timestamp that expires when it was created',
      () => {
        const now = instant();
        return { timestamp: timestampXml({ created: now, expires: now }) };
      },
      'timestamp-expires-before-created',
    ],
    ['the token before the Timestamp', () => ({ security: swapped(1, 0, 2) }), 'security-order'],
    ['the signature before the token', () => ({ security: swapped(0, 2, 1) }), 'security-order'],
    ['no signature', () => ({ security: (t, e) => t + e }), 'security-parts'],
    ['no token', () => ({ security: (t, _e, g) => t + g }), 'security-parts'],
    ['the token in a comment', () => ({ security: (t, e, g) => `${t}<!--${e}-->${g}` }), 'security-parts'],
    [
      'the token as character data',
      () => ({ security: (t, e, g) => `${t}<![CDATA[${e}]]>${g}` }),
      'security-parts',
    ],
    ['the token twice', () => ({ security: (t, e, g) => t + e + e + g }), 'security-parts'],
    [
      'a UsernameToken beside the rest',
      () => ({ security: (t, e, g) => `${t}${e}${g}<o:UsernameToken/>` }),
      'security-parts',
    ],
    [
      'text between the parts of Security',
      () => ({ security: (t, e, g) => `${t}x${e}${g}` }),
      'security-parts',
    ],
    [
      'a second Security',
      () => ({
        headers:
          '<o:Security xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" s:mustUnderstand="1"/>',
      }),
      'security-twice',
    ],
    ['a token altered by one byte', () => ({ encryptedData: alter(token.encryptedData) }), 'token-altered'],
    [
      'a token that was serialised again',
      () => ({ encryptedData: token.encryptedData.replaceAll('/>', ' />') }),
      'token-altered',
    ],
    ["another token's EncryptedData", () => ({ encryptedData: other.encryptedData }), 'token-altered'],
    ["another token's key", () => ({ key: other.key }), 'signature-wrong'],
    [
      'the base64 text of the key as the key',
      () => ({ key: Buffer.from(token.key.toString('base64')) }),
      'signature-wrong',
    ],
    [
      'a KeyIdentifier that was never issued',
      () => ({ keyIdentifier: '_00000000-0000-4000-8000-000000000000' }),
      'token-unknown',
    ],
    [
      'a wrong digest, rightly signed',
      () => ({ signedInfo: (d) => d.replace(/<DigestValue>[^<]*/, `<DigestValue>${digestOf('<a/>')}`) }),
      'digest-wrong',
    ],
    [
      'a Timestamp changed after it was signed',
      () => ({ envelope: (x) => x.replace(/<u:Expires>\d{4}/, '<u:Expires>2999') }),
      'digest-wrong',
    ],
    [
      'a SignedInfo reformatted after it was signed',
      () => ({
        signature: (g) => g.replace('<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">', '$&\n'),
      }),
      'signature-wrong',
    ],
    [
      'HMAC-SHA256, rightly named',
      () => ({
        signedInfo: (d) =>
          d.replace(
            'Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"',
            'Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"',
          ),
      }),
      'SignatureMethod-algorithm',
    ],
    [
      'another digest algorithm',
      () => ({
        signedInfo: (d) =>
          d.replace(
            'Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"',
            'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"',
          ),
      }),
      'DigestMethod-algorithm',
    ],
    [
      'inclusive canonicalisation of SignedInfo',
      () => ({
        signedInfo: (d) =>
          d.replace(
            `CanonicalizationMethod Algorithm="${C14N}"`,
            'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
          ),
      }),
      'CanonicalizationMethod-algorithm',
    ],
    [
      'another transform',
      () => ({
        signedInfo: (d) =>
          d.replace(
            `Transform Algorithm="${C14N}"`,
            'Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"',
          ),
      }),
      'Transform-algorithm',
    ],
    [
      'two transforms',
      () => ({
        signedInfo: (d) => d.replace('</Transforms>', `<Transform Algorithm="${C14N}"/></Transforms>`),
      }),
      'Transforms-parts',
    ],
    [
      'InclusiveNamespaces',
      () => ({
        signedInfo: (d) =>
          d.replace(
            `<Transform Algorithm="${C14N}"/>`,
            `<Transform Algorithm="${C14N}"><InclusiveNamespaces xmlns="${C14N}" PrefixList="s"/></Transform>`,
          ),
      }),
      'Transform-algorithm',
    ],
    [
      'two References',
      () => ({
        signedInfo: (d) =>
          d.replace('</SignedInfo>', `${referenceXml('#_0', digestOf('<a/>'))}</SignedInfo>`),
      }),
      'SignedInfo-parts',
    ],
    ['a Reference to nothing', () => ({ signedInfo: (d) => d.replace('#_0', '') }), 'reference-elsewhere'],
    [
      'a Reference to another element',
      () => ({ signedInfo: (d) => d.replace('#_0', '#_1'), headers: '<x:y xmlns:x="urn:x" Id="_1"/>' }),
      'reference-elsewhere',
    ],
    [
      'a truncated signature value',
      () => ({ signature: (g) => g.replace(/<SignatureValue>(.{10})[^<]*/, '<SignatureValue>$1') }),
      'SignatureValue-length',
    ],
    ['a duplicate Id', () => ({ headers: '<x:y xmlns:x="urn:x" Id="_0"/>' }), 'duplicate-id'],
    [
      'a wrapped Timestamp: the signed one moved aside, a fresh one in its place',
      () => wrapped('_1'),
      'reference-elsewhere',
    ],
    ['a wrapped Timestamp whose replacement bears the same Id', () => wrapped('_0'), 'duplicate-id'],
    [
      'a second Timestamp elsewhere',
      () => ({ headers: `<x:wrap xmlns:x="urn:x">${secondStamp}</x:wrap>` }),
      'second-timestamp',
    ],
    [
      'another token type',
      () => ({ signature: (g) => g.replace('1.1#SAMLV1.1', '1.1#SAMLV2.0') }),
      'token-type',
    ],
  ];

  it.each(refusals)('refuses %s, with the one generic fault', async (_what, parts, refused) => {
    const reply = await stand.query(token, { body, ...parts() });
    expect(await stand.lastSeen('kps')).toMatchObject({
      refused,
      answered: true,
      kimlikNo: people.alive.kimlikNo,
    });
    expect(reply.status).toBe(500);
    expect(faultCode(reply.text)).toBe('InvalidSecurity');
    expect(reply.text).not.toContain(people.alive.ad);
    expect(reply.text).not.toContain(refused);
  });

  const addressing: readonly [what: string, parts: Partial<QueryParts>, code: string, refused: string][] = [
    ['another To', { to: 'https://localhost/Services/RoutingService.svc' }, 'DestinationUnreachable', 'to'],
    [
      'an unknown action',
      { action: 'http://kps.nvi.gov.tr/2011/01/01/BaskaServis/Sorgula' },
      'ActionNotSupported',
      'action',
    ],
    [
      'a version that does not exist',
      { action: BILESIK_2024.replace('2024', '2022') },
      'ActionNotSupported',
      'action',
    ],
    [
      'two Actions',
      { headers: '<a:Action s:mustUnderstand="1">x</a:Action>' },
      'InvalidAddressingHeader',
      'Action-twice',
    ],
    [
      'a header that must be understood',
      { headers: '<x:y xmlns:x="urn:x" s:mustUnderstand="true"/>' },
      'MustUnderstand',
      'header-not-understood',
    ],
    [
      'a To that need not be understood',
      { envelope: (x) => x.replace('<a:To s:mustUnderstand="1">', '<a:To>') },
      'InvalidAddressingHeader',
      'To-without-mustUnderstand',
    ],
    [
      'no MessageID',
      { envelope: (x) => x.replace(/<a:MessageID>.*?<\/a:MessageID>/, '') },
      'MessageAddressingHeaderRequired',
      'MessageID-missing',
    ],
  ];

  it.each(addressing)('refuses %s', async (_what, parts, code, refused) => {
    const reply = await stand.query(token, { body, ...parts });
    expect(faultCode(reply.text)).toBe(code);
    expect(await stand.lastSeen('kps')).toMatchObject({ refused });
  });

  it('refuses an expired token as authentication that failed, and a new one is good', async () => {
    let skew = 0;
    const short = await startHarness(certificates, {
      settings: { tokenLifetimeS: 60 },
      now: () => Date.now() + skew,
    });
    try {
      const { urls } = short.running;
      const old = await short.token();
      expect((await short.query(old, { body })).status).toBe(200);
      skew = 61_000;
      const reply = await short.query(old, { body });
      expect(faultCode(reply.text)).toBe('FailedAuthentication');
      expect(await short.lastSeen('kps')).toMatchObject({ refused: 'token-expired' });
      const renewed = readToken(
        (await send(short.transport, { url: urls.sts, body: rstXml(urls, { password: ACCOUNT.password }) }))
          .text,
      );
      expect((await short.query(renewed, { body })).status).toBe(200);
    } finally {
      await short.stop();
    }
  });
});
