import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../src/errors/refusal.js';
import { createClientRegistry } from '../../src/network/client-registry.js';

const CORE = 'aa'.repeat(32);
const RENEWED = 'bb'.repeat(32);
const PORTAL = 'cc'.repeat(32);

const registry = createClientRegistry([
  { id: 'core', certificates: [CORE, RENEWED], sourceAddresses: ['10.1.2.0/24', '192.0.2.7/32'] },
  { id: 'portal', certificates: [PORTAL], sourceAddresses: ['2001:db8:1::/48', 'fe80::/64', '::1/128'] },
]);

function identify(certificateSha256: string | null, address: string): string {
  try {
    return registry.identify({ certificateSha256, address }).id;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}

describe('the registry of clients', () => {
  it.each([
    ['10.1.2.0', 'core'],
    ['10.1.2.255', 'core'],
    ['10.1.3.0', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['10.1.1.255', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['192.0.2.7', 'core'],
    ['192.0.2.8', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['::ffff:10.1.2.9', 'core'],
    ['::ffff:10.1.3.9', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['::1', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['not an address', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['10.1.2.9.evil.example', 'SOURCE_ADDRESS_NOT_ALLOWED'],
  ])('a client of IPv4 networks that comes from "%s" is %s', (address, expected) => {
    expect(identify(CORE, address)).toBe(expected);
  });

  it.each([
    ['2001:db8:1::5', 'portal'],
    ['2001:DB8:1:ffff::5', 'portal'],
    ['2001:db8:2::5', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['::1', 'portal'],
    ['127.0.0.1', 'SOURCE_ADDRESS_NOT_ALLOWED'],
    ['fe80::5%eth0', 'portal'],
    ['fe80:0:0:1::5%eth0', 'SOURCE_ADDRESS_NOT_ALLOWED'],
  ])('a client of IPv6 networks that comes from "%s" is %s', (address, expected) => {
    expect(identify(PORTAL, address)).toBe(expected);
  });

  it('knows each certificate of a client, two while one is being renewed', () => {
    expect(identify(RENEWED, '10.1.2.3')).toBe('core');
  });

  it('knows nobody without a certificate, and no certificate that is not registered, from wherever it comes', () => {
    expect(identify(null, '10.1.2.3')).toBe('CLIENT_CERTIFICATE_UNKNOWN');
    expect(identify('dd'.repeat(32), '10.1.2.3')).toBe('CLIENT_CERTIFICATE_UNKNOWN');
    expect(identify('', '198.51.100.1')).toBe('CLIENT_CERTIFICATE_UNKNOWN');
    expect(identify(CORE.toUpperCase(), '10.1.2.3')).toBe('CLIENT_CERTIFICATE_UNKNOWN');
  });

  it('does not let one client in from the networks of another', () => {
    expect(identify(PORTAL, '10.1.2.3')).toBe('SOURCE_ADDRESS_NOT_ALLOWED');
  });
});
