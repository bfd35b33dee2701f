import { BlockList, isIP } from 'node:net';
import { Refusal } from '../errors/refusal.js';

/** A calling service as it is registered. `certificates`: SHA-256 thumbprints in lower-case hex. */
export interface RegisteredClient {
  readonly id: string;
  readonly certificates: readonly string[];
  readonly sourceAddresses: readonly string[];
}

/** What a socket showed: the thumbprint of its client certificate (null: none that could be read) and where it came from. */
export interface Peer {
  readonly certificateSha256: string | null;
  readonly address: string;
}

/** Tells which registered client a socket belongs to. */
export interface ClientRegistry<C extends RegisteredClient> {
  /**
   * The client of this peer. `CLIENT_CERTIFICATE_UNKNOWN` where its certificate is not registered, whoever signed it;
   * `SOURCE_ADDRESS_NOT_ALLOWED` where it comes from elsewhere than registered: a stolen key alone is not enough.
   */
  identify(peer: Peer): C;
}

/** A registry over `clients`; thumbprints are unique among them (the settings check that). */
export function createClientRegistry<C extends RegisteredClient>(clients: readonly C[]): ClientRegistry<C> {
  const byThumbprint = new Map<string, { client: C; allowed: BlockList }>();
  for (const client of clients) {
    const allowed = allowListOf(client.sourceAddresses);
    for (const thumbprint of client.certificates) byThumbprint.set(thumbprint, { client, allowed });
  }
  return {
    identify: (peer) => {
      const found = peer.certificateSha256 === null ? undefined : byThumbprint.get(peer.certificateSha256);
      if (found === undefined) throw new Refusal('CLIENT_CERTIFICATE_UNKNOWN');
      if (!isAllowed(found.allowed, peer.address)) throw new Refusal('SOURCE_ADDRESS_NOT_ALLOWED');
      return found.client;
    },
  };
}

function allowListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list;
}

function isAllowed(list: BlockList, address: string): boolean {
  // The zone of a link-local address (`fe80::1%eth0`) names our interface, not the caller.
  const [unzoned = ''] = address.split('%');
  const plain = unzoned.startsWith('::ffff:') && isIP(unzoned.slice(7)) === 4 ? unzoned.slice(7) : unzoned;
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
