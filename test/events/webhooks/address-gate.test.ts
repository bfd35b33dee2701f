import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createAddressGate } from '../../../src/events/webhooks/address-gate.js';

const open = createAddressGate([]);

describe('the gate of a receiver without private addresses', () => {
  it.each([
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::', '::0.0.0.0']],
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1']],
    ['of a carrier (CGNAT)', ['100.64.0.1', '100.127.255.255']],
    ['link-local', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
    ['multicast, broadcast, reserved', ['224.0.0.1', '239.1.1.1', '255.255.255.255', '240.0.0.1', 'ff02::1']],
    [
      'for documents and measurements',
      ['192.0.2.1', '198.51.100.7', '203.0.113.9', '198.18.0.1', '2001:db8::1', '3fff::1'],
    ],
    ['of protocols', ['192.0.0.8', '192.88.99.1', '2001::1', '2001:10::1', '5f00::1', '100::1', 'fec0::1']],
    [
      'IPv4 in IPv6 (mapped, compatible, translated)',
      ['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a00:1', '::127.0.0.1', '::ffff:0:10.0.0.1'],
    ],
    ['translated by NAT64', ['64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::8.8.8.8']],
    ['in a 6to4 tunnel', ['2002:7f00:1::', '2002:a00:1::1', '2002:c0a8:101::1']],
    [
      'no address',
      ['', 'localhost', '127.1', '0x7f.0.0.1', '1.2.3', '8.8.8.8 ', '1.2.3.4/8', ':::', '2130706433'],
    ],
  ])('lets nothing through that is %s', (_what, addresses) => {
    expect(addresses.filter((address) => open(address))).toEqual([]);
  });

  it.each([
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '193.140.1.1',
    '2a00:1450::1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
  ])('lets %s through, which is public', (address) => {
    expect(open(address)).toBe(true);
  });

  it('judges an IPv4 address the same in every form in which IPv6 carries it', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
        const plain = `${a}.${b}.${c}.${d}`;
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const forms = [
          `::ffff:${plain}`,
          `::ffff:${hex}`,
          `0:0:0:0:0:FFFF:${hex}`,
          `64:ff9b::${plain}`,
          `2002:${hex}::1`,
        ];
        for (const form of forms) expect(open(form)).toBe(open(plain));
      }),
    );
  });
});

describe('the gate of a receiver with private addresses', () => {
  const gate = createAddressGate(['10.20.0.0/16', 'fd00:1::/32']);

  it('lets exactly those through beside the public ones, however they are carried', () => {
    const passed = ['10.20.0.1', '::ffff:10.20.255.255', '64:ff9b::10.20.1.1', 'fd00:1::5', '8.8.8.8'];
    const refused = [
      '10.21.0.1',
      '::ffff:10.19.0.1',
      'fd00:2::5',
      '127.0.0.1',
      '192.168.0.1',
      '64:ff9b::10.21.0.1',
    ];
    expect(passed.filter((address) => !gate(address))).toEqual([]);
    expect(refused.filter((address) => gate(address))).toEqual([]);
  });

  it('does not take a network of one family for one of the other', () => {
    const wide = createAddressGate(['0.0.0.0/1', '::/1']);
    expect([wide('10.0.0.1'), wide('192.168.0.1'), wide('::1'), wide('fd00::1')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(createAddressGate(['10.0.0.0/8'])('a00::1')).toBe(false);
  });

  it('lets nobody and everybody through for no registration', () => {
    const all = createAddressGate(['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1']);
    const never = [
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '255.255.255.255',
      'ff02::1',
      '::ffff:0.0.0.0',
      'fe80::1%lo',
    ];
    expect(never.filter((address) => all(address))).toEqual([]);
  });
});
