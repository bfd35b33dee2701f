import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { makeCertificates } from './support/certificates.js';
import { ACCOUNT, type Harness, startHarness } from './support/harness.js';
import {
  faultCode,
  instant,
  type RstParts,
  readToken,
  rstXml,
  send,
  timestampXml,
} from './support/reference-client.js';

const MINUTE = 60_000;
let stand: Harness;

beforeAll(async () => {
  stand = await startHarness(await makeCertificates());
});
afterAll(() => stand.stop());

describe('the STS', () => {
  it('answers a correct request as facts/kps.md §1.5 describes it', async () => {
    const messageId = 'urn:uuid:11111111-2222-4333-8444-555555555555';
    const before = Date.now();
    const reply = await stand.rst({ messageId });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/soap+xml; charset=utf-8');
    expect(reply.text).toContain(`<a:RelatesTo>${messageId}</a:RelatesTo>`);
    expect(reply.text).toContain('200512/RSTRC/IssueFinal</a:Action>');
    const response =
      /<trust:RequestSecurityTokenResponse>(.*)<\/trust:RequestSecurityTokenResponse>/s.exec(
        reply.text,
      )?.[1] ?? '';
    const order = [
      'KeySize',
      'Lifetime',
      'AppliesTo',
      'RequestedSecurityToken',
      'RequestedProofToken',
      'RequestedAttachedReference',
      'RequestedUnattachedReference',
      'TokenType',
      'RequestType',
      'KeyType',
    ];
    const places = order.map((name) => response.search(new RegExp(`<(trust|wsp):${name}[ >]`)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    const expires = /<u:Expires[^>]*>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)</.exec(response)?.[1] ?? '';
    expect(Date.parse(expires) - before).toBeGreaterThanOrEqual(600_000);
    expect(Date.parse(expires) - before).toBeLessThan(660_000);
    const token = readToken(reply.text);
    expect(token.key).toHaveLength(32);
    expect(token.keyIdentifier).toMatch(/^_[0-9a-f-]{36}$/);
    expect(token.encryptedData).toMatch(/^<xenc:EncryptedData .*<\/xenc:EncryptedData>$/s);
  });

  it('gives a fresh token, key and content each time', async () => {
    const [one, two] = [await stand.token(), await stand.token()];
    expect(one.encryptedData).not.toBe(two.encryptedData);
    expect(one.key.equals(two.key)).toBe(false);
    expect(one.keyIdentifier).not.toBe(two.keyIdentifier);
  });

  it('accepts whole seconds, a ten-minute lifetime, and an RST without the optional parts', async () => {
    const created = `${instant().slice(0, 19)}Z`;
    const timestamp = timestampXml({ created, expires: `${instant(10 * MINUTE).slice(0, 19)}Z` });
    const rst = (d: string) => d.replace(/<trust:TokenType>.*$/, '');
    expect((await stand.rst({ timestamp, rst })).status).toBe(200);
  });

  it('records Sorgulayan where it is sent', async () => {
    const headers =
      '<Sorgulayan xmlns="http://kps.nvi.gov.tr/2011/01/01/sorgulayan">servis-kullanicisi</Sorgulayan>';
    expect((await stand.rst({ headers })).status).toBe(200);
    expect(await stand.lastSeen('sts')).toMatchObject({ sorgulayan: 'servis-kullanicisi', answered: true });
  });

  const swap = (t: string, p: string) => p + t;
  const refusals: readonly [what: string, parts: RstParts, code: string, refused: string][] = [
    ['a wrong password', { password: `${ACCOUNT.password}x` }, 'FailedAuthentication', 'password'],
    ['an unknown user with a right password', { userName: 'KRM-2' }, 'FailedAuthentication', 'password'],
    ['an empty password', { password: '' }, 'InvalidSecurity', 'username-token-empty'],
    [
      'a digest password',
      {
        passwordType:
          'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest',
      },
      'InvalidSecurity',
      'password-type',
    ],
    [
      'a Timestamp six minutes old',
      { timestamp: timestampXml({ created: instant(-6 * MINUTE), expires: instant(4 * MINUTE) }) },
      'InvalidSecurity',
      'timestamp-too-old',
    ],
    [
      'a Timestamp six minutes ahead',
      { timestamp: timestampXml({ created: instant(6 * MINUTE), expires: instant(11 * MINUTE) }) },
      'InvalidSecurity',
      'timestamp-in-the-future',
    ],
    [
      'an expired Timestamp',
      { timestamp: timestampXml({ created: instant(-2 * MINUTE), expires: instant(-MINUTE) }) },
      'InvalidSecurity',
      'timestamp-expired',
    ],
    [
      'local time without zone',
      { timestamp: timestampXml({ created: instant().slice(0, 19) }) },
      'InvalidSecurity',
      'timestamp-not-utc',
    ],
    ['the token before the Timestamp', { security: swap }, 'InvalidSecurity', 'security-order'],
    ['a third part in Security', { security: (t, p) => `${t}${p}<x/>` }, 'InvalidSecurity', 'security-parts'],
    ['no UsernameToken', { security: (t) => t }, 'InvalidSecurity', 'security-parts'],
    ['another relying party', { appliesTo: 'https://localhost/other' }, 'InvalidScope', 'applies-to'],
    [
      'no AppliesTo',
      { rst: (d) => d.replace(/<wsp:AppliesTo.*<\/wsp:AppliesTo>/, '') },
      'InvalidRequest',
      'rst-without-AppliesTo',
    ],
    [
      'no RequestType',
      { rst: (d) => d.replace(/<trust:RequestType>.*?<\/trust:RequestType>/, '') },
      'InvalidRequest',
      'rst-without-RequestType',
    ],
    [
      'a request to renew',
      { rst: (d) => d.replace('200512/Issue', '200512/Renew') },
      'InvalidRequest',
      'rst-RequestType',
    ],
    ['a Bearer key', { rst: (d) => d.replace('SymmetricKey', 'Bearer') }, 'InvalidRequest', 'rst-KeyType'],
    ['client entropy', { rst: (d) => `${d}<trust:Entropy/>` }, 'InvalidRequest', 'rst-Entropy'],
    [
      'another action',
      { action: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Cancel' },
      'ActionNotSupported',
      'action',
    ],
    [
      'another To',
      { to: 'https://localhost/Services/Issuer.svc/IWSTrust13' },
      'DestinationUnreachable',
      'to',
    ],
    ['a MessageID that is no uuid', { messageId: 'one' }, 'InvalidAddressingHeader', 'message-id-not-a-uuid'],
    [
      'a header that must be understood',
      { headers: '<x:y xmlns:x="urn:x" s:mustUnderstand="1"/>' },
      'MustUnderstand',
      'header-not-understood',
    ],
    [
      'a second Security',
      { headers: '<o:Security s:mustUnderstand="1"/>' },
      'InvalidSecurity',
      'security-twice',
    ],
    [
      'SOAP 1.1',
      {
        envelope: (x) =>
          x.replaceAll(
            'http://www.w3.org/2003/05/soap-envelope',
            'http://schemas.xmlsoap.org/soap/envelope/',
          ),
      },
      'VersionMismatch',
      'not-soap-1.2',
    ],
  ];

  it.each(refusals)('refuses %s', async (_what, parts, code, refused) => {
    const messageId = 'urn:uuid:11111111-2222-4333-8444-555555555556';
    const reply = await stand.rst({ messageId, ...parts });
    expect(reply.status).toBe(500);
    expect(faultCode(reply.text)).toBe(code);
    expect(reply.text).not.toContain('BinarySecret');
    expect(await stand.lastSeen('sts')).toMatchObject({ refused, answered: true });
  });

  it('gives the same fault for a wrong password as for an unknown user', async () => {
    const strip = (text: string) => text.replace(/urn:uuid:[0-9a-f-]+/, '');
    const wrong = await stand.rst({ password: 'no' });
    const unknown = await stand.rst({ userName: 'KRM-404' });
    expect(strip(wrong.text)).toBe(strip(unknown.text));
  });

  it('never writes a password into its witness', async () => {
    await stand.rst();
    const { requests } = await stand.seen('sts');
    expect(JSON.stringify(requests)).not.toContain(ACCOUNT.password.slice(0, 4));
  });

  it('issues nothing for an envelope sent to the routing service', async () => {
    const { urls } = stand.running;
    const reply = await send(stand.transport, {
      url: urls.kps,
      body: rstXml(urls, { password: ACCOUNT.password }),
    });
    expect(faultCode(reply.text)).toBe('InvalidSecurity');
  });
});
