import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownCertificates } from '../../src/house/own-certificates.js';
import { makeWorkplace, type Workplace } from '../config/fixture.js';
import { makeCertificates } from '../kps/support/certificates.js';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
});
afterAll(() => place.remove());

const fingerprint = (pem: string | Buffer) =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

describe('the bridge’s own certificates', () => {
  it('are those of both listeners and the one towards KPS, the first of each file', async () => {
    const config = await place.load();
    const own = readFileSync(join(place.folder, 'server.crt'));
    const { validTo } = new X509Certificate(own);
    expect(await ownCertificates(config)).toEqual(
      ['kps', 'service', 'web'].map((name) => ({
        name,
        fingerprintSha256: fingerprint(own),
        notAfter: new Date(validTo),
      })),
    );
  });

  it('are found inside a PKCS#12 store too', async () => {
    const { client, clientPfx } = makeCertificates();
    place.write('kps.p12', clientPfx.pfx);
    const config = await place.load(
      (settings) => {
        settings.kps.clientCertificate = { pfx: 'kps.p12', passphrase: { env: 'PFX' } };
      },
      { PFX: clientPfx.passphrase },
    );
    const [kps] = await ownCertificates(config);
    expect(kps).toMatchObject({ name: 'kps', fingerprintSha256: fingerprint(client.certPem) });
  });

  it('are two where KPS asks for none', async () => {
    const config = await place.load((settings) => {
      delete settings.kps.clientCertificate;
      settings.kps.mutualTls = false;
    });
    expect((await ownCertificates(config)).map(({ name }) => name)).toEqual(['service', 'web']);
  });
});
