import { createHash, timingSafeEqual } from 'node:crypto';

/** One institution's account, as NVİ keeps it: user name, password, the addresses it declared, what it may ask. */
export interface NviAccount {
  readonly userName: string;
  readonly password: string;
  readonly sourceAddresses: readonly string[];
  /** Service names; every service where absent. */
  readonly services?: readonly string[] | undefined;
}

interface Kept {
  readonly userName: string;
  readonly passwordHash: Buffer;
  readonly sourceAddresses: ReadonlySet<string>;
  readonly services: ReadonlySet<string> | undefined;
}

export class Accounts {
  readonly #byName: ReadonlyMap<string, Kept>;
  readonly #addresses: ReadonlySet<string>;

  constructor(accounts: readonly NviAccount[]) {
    this.#byName = new Map(
      accounts.map((account) => [
        account.userName,
        {
          userName: account.userName,
          passwordHash: hash(account.password),
          sourceAddresses: new Set(account.sourceAddresses),
          services: account.services === undefined ? undefined : new Set(account.services),
        },
      ]),
    );
    this.#addresses = new Set(accounts.flatMap((account) => account.sourceAddresses));
  }

  /** True where some institution declared the address: all others do not get as far as a handshake. */
  knowsAddress(address: string): boolean {
    return this.#addresses.has(address);
  }

  /** Compares hashes in constant time, and for an unknown name too, so that time does not tell a name from a password. */
  passwordIsRight(userName: string, password: string): boolean {
    const account = this.#byName.get(userName);
    const same = timingSafeEqual(hash(password), account?.passwordHash ?? NOBODY);
    return same && account !== undefined;
  }

  mayComeFrom(userName: string, address: string): boolean {
    return this.#byName.get(userName)?.sourceAddresses.has(address) ?? false;
  }

  mayAsk(userName: string, service: string): boolean {
    const account = this.#byName.get(userName);
    return account !== undefined && (account.services?.has(service) ?? true);
  }

  has(userName: string): boolean {
    return this.#byName.has(userName);
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

const NOBODY = hash('');
