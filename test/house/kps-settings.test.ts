import { describe, expect, it } from '@jest/globals';
import type { BridgeConfig } from '../../src/config/schema.js';
import { Secret } from '../../src/config/secret.js';
import { kpsSettingsOf } from '../../src/house/kps-settings.js';

const OWN_FILE = new URL(import.meta.url).pathname;

/** The part of the settings that counts here; the certificate's content does not matter to the assignment. */
function config(kps: Record<string, unknown>): BridgeConfig {
  return {
    accounts: [],
    kps: {
      sts: { url: 'https://sts.example/' },
      routing: { url: 'https://kps.example/' },
      mutualTls: true,
      clientCertificate: { certificate: OWN_FILE, key: new Secret('key') },
      extraCa: [],
      ...kps,
    },
  } as unknown as BridgeConfig;
}

describe('settings of the way to KPS', () => {
  it('show our certificate to both endpoints unless one is switched off', async () => {
    const both = await kpsSettingsOf(config({}));
    expect([both.sts.mutualTls, both.routing.mutualTls].map((identity) => identity !== null)).toEqual([
      true,
      true,
    ]);
    const one = await kpsSettingsOf(config({ sts: { url: 'https://sts.example/', mutualTls: false } }));
    expect([one.sts.mutualTls, one.routing.mutualTls].map((identity) => identity !== null)).toEqual([
      false,
      true,
    ]);
  });

  it('take name and address for each endpoint apart', async () => {
    const routing = { url: 'https://kps.example/', servername: 'kps.internal', connectAddress: '10.1.2.3' };
    const settings = await kpsSettingsOf(config({ routing }));
    expect(settings.routing).toMatchObject({ servername: 'kps.internal', connectAddress: '10.1.2.3' });
    expect(settings.sts).toMatchObject({ servername: undefined, connectAddress: undefined });
  });
});
