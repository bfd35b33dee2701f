import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';

import type { KnownFragment } from '../xml/parse-xml.js';
import { DS, SHA1, WSSE, XENC } from './namespaces.js';

/** What the STS remembers of a token: the routing service checks against it. */
export interface IssuedToken {
  /** `_<guid>`: the assertion's id, by which a query names the token. */
  readonly keyIdentifier: string;
  /** The element that a query must carry byte for byte. */
  readonly encryptedData: string;
  readonly key: KeyObject;
  readonly userName: string;
  readonly appliesTo: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A client that takes a token for each query fills this in a benchmark; the oldest go first. */
const MAX_TOKENS = 10_000;

/** The tokens of one process: gone after a restart, as they would be after a change of the real service's key. */
export class IssuedTokens {
  readonly #tokens = new Map<string, IssuedToken>();

  issue(request: { userName: string; appliesTo: string; now: number; lifetimeMs: number }): IssuedToken {
    const token: IssuedToken = {
      keyIdentifier: `_${randomUUID()}`,
      encryptedData: freshEncryptedData(),
      key: createSecretKey(randomBytes(32)),
      userName: request.userName,
      appliesTo: request.appliesTo,
      createdAt: request.now,
      expiresAt: request.now + request.lifetimeMs,
    };
    const oldest = this.#tokens.size >= MAX_TOKENS ? this.#tokens.keys().next().value : undefined;
    if (oldest !== undefined) this.#tokens.delete(oldest);
    this.#tokens.set(token.keyIdentifier, token);
    return token;
  }

  /**
   * The token of the first assertion id in a message, for its reader alone: whether the message may use it is judged later,
   * by the KeyIdentifier of the signature.
   */
  firstNamedIn(text: string): KnownFragment | undefined {
    const id = /_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0];
    const token = id === undefined ? undefined : this.#tokens.get(id);
    return token && { text: token.encryptedData, namespaceURI: XENC, localName: 'EncryptedData' };
  }

  find(keyIdentifier: string): IssuedToken | undefined {
    return this.#tokens.get(keyIdentifier);
  }
}

/** Wider than 64 bits, as the real one (facts/kps.md §1.5): a client that makes a number of it breaks. */
const SERIAL_NUMBER = '498162737495837261945837261';

/** Shaped like the real one; its content is random, since nobody but the routing service could read it. */
function freshEncryptedData(): string {
  const wrappedKey = randomBytes(256).toString('base64');
  const assertion = randomBytes(2_048).toString('base64');
  return (
    `<xenc:EncryptedData Type="${XENC}Element" xmlns:xenc="${XENC}"><xenc:EncryptionMethod Algorithm="${XENC}aes256-cbc"/>` +
    `<KeyInfo xmlns="${DS}"><e:EncryptedKey xmlns:e="${XENC}"><e:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"><DigestMethod Algorithm="${SHA1}"/></e:EncryptionMethod>` +
    `<KeyInfo><o:SecurityTokenReference xmlns:o="${WSSE}"><X509Data><X509IssuerSerial><X509IssuerName>CN=Sandbox Sub CA, O=Sandbox</X509IssuerName><X509SerialNumber>${SERIAL_NUMBER}</X509SerialNumber></X509IssuerSerial></X509Data></o:SecurityTokenReference></KeyInfo>` +
    `<e:CipherData><e:CipherValue>${wrappedKey}</e:CipherValue></e:CipherData></e:EncryptedKey></KeyInfo>` +
    `<xenc:CipherData><xenc:CipherValue>${assertion}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`
  );
}
