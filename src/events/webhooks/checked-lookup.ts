import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressGate } from './address-gate.js';

/** Every address of a name, as the system knows them. Rejects where there is none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The name leads to where nothing may be sent. Carries no address: the answer of a name server is not ours to spread. */
class AddressNotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';

  constructor() {
    super('the receiver stands at an address that is not allowed');
    this.name = 'AddressNotAllowed';
  }
}

/**
 * The lookup that a connection is made by: names are resolved once, every address is held against `gate`, and the connection goes to
 * exactly these. Nobody asks again in between, so that a name server cannot answer the check with one address and the connection with
 * another (DNS rebinding). One address that is not allowed refuses all: a sound receiver has none.
 */
export function checkedLookup(gate: AddressGate, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    checked(host, gate, resolve).then(
      (addresses) => answer(addresses, options, callback),
      (error: NodeJS.ErrnoException) => callback(error, [], 0),
    );
  };
}

async function checked(host: string, gate: AddressGate, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const addresses = await resolve(host);
  if (addresses.length === 0 || !addresses.every(({ address }) => gate(address)))
    throw new AddressNotAllowed();
  return addresses;
}

function answer(
  addresses: readonly LookupAddress[],
  options: LookupOptions,
  callback: Parameters<LookupFunction>[2],
): void {
  const wanted = addresses.filter(({ family }) => !options.family || options.family === family);
  const [first] = wanted.length === 0 ? addresses : wanted;
  if (options.all === true) callback(null, [...addresses]);
  else callback(null, first?.address ?? '', first?.family);
}

/** True where `url` names an address itself, which no lookup will see, and that one is not allowed. */
export function namesForbiddenAddress(url: URL, gate: AddressGate): boolean {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return isIP(host) !== 0 && !gate(host);
}
