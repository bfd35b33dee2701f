import { BlockList, isIP } from 'node:net';

/** True where a connection to this address may be made. Text that is no address never may. */
export type AddressGate = (address: string) => boolean;

// What is not to be reached from outside (IANA special-purpose registry, RFC 6890 and its successors).
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// Of IPv6 only global unicast is public at all (RFC 4291 §2.4), and of that not these.
const GLOBAL_IPV6 = ['2000::/3'];
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '3fff::/20'];
// No registration makes a receiver of nobody, or of everybody.
const NEVER = ['0.0.0.0/32', '224.0.0.0/4', '255.255.255.255/32', '::/128', 'ff00::/8'];

/** Lists keep IPv4 and IPv6 apart: Node would hold `::ffff:a.b.c.d` against IPv4's rules, and we have taken that apart already. */
interface Networks {
  has(address: string, family: 4 | 6): boolean;
}

function networks(list: readonly string[]): Networks {
  const lists = { 4: new BlockList(), 6: new BlockList() };
  for (const network of list) {
    const [address = '', prefix = ''] = network.split('/');
    const family = isIP(address) === 6 ? 6 : 4;
    lists[family].addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
  }
  return { has: (address, family) => lists[family].check(address, family === 6 ? 'ipv6' : 'ipv4') };
}

const specialIpv4 = networks(SPECIAL_IPV4);
const globalIpv6 = networks(GLOBAL_IPV6);
const specialIpv6 = networks(SPECIAL_IPV6);
const never = networks(NEVER);

/**
 * The gate of one receiver: every public address, and those private ones that its registration names (`privateAddresses`, CIDR). An
 * address that carries an IPv4 one in it (mapped, NAT64 RFC 6052, 6to4 RFC 3056) counts as that one: it is where the packets end.
 */
export function createAddressGate(privateAddresses: readonly string[]): AddressGate {
  const registered = networks(privateAddresses);
  return (address) => {
    const family = isIP(address);
    // A zone names one of our own interfaces: the address is link-local.
    if ((family !== 4 && family !== 6) || address.includes('%')) return false;
    const embedded = family === 6 ? embeddedIpv4(address) : address;
    if (never.has(address, family) || (embedded !== null && never.has(embedded, 4))) return false;
    if (registered.has(address, family)) return true;
    if (embedded !== null) return registered.has(embedded, 4) || !specialIpv4.has(embedded, 4);
    return globalIpv6.has(address, 6) && !specialIpv6.has(address, 6);
  };
}

/** The IPv4 address that an IPv6 one stands for; null where it stands for itself. */
function embeddedIpv4(address: string): string | null {
  const words = wordsOf(address);
  const [a = 0, b = 0, c = 0, , , f = 0, g = 0, h = 0] = words;
  const zerosTo = (end: number) => words.slice(0, end).every((word) => word === 0);
  // ::ffff:0:0/96, and the translated ::ffff:0:a.b.c.d (RFC 2765).
  if (zerosTo(5) && f === 0xffff) return dotted(g, h);
  if (zerosTo(4) && words[4] === 0xffff && f === 0) return dotted(g, h);
  if (a === 0x64 && b === 0xff9b && words.slice(2, 6).every((word) => word === 0)) return dotted(g, h);
  if (a === 0x2002) return dotted(b, c);
  return null;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight words of an IPv6 address that `isIP` has accepted. */
function wordsOf(address: string): readonly number[] {
  // The URL parser writes it in the one shortest form, without dots (RFC 5952).
  const shortest = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = shortest.split('::');
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const [left, right] = [read(head), read(tail ?? '')];
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}
