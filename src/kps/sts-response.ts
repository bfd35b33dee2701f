import type { SaxesTagNS } from 'saxes';
import { guardedParser, runGuarded } from '../soap/guarded-parser.js';
import { NS } from './namespaces.js';
import { ProofKey } from './proof-key.js';
import type { SecurityToken } from './security-header.js';
import { parseInstant } from './timestamp.js';
import { ElementSlice } from './xml-slice.js';
import { verbatim } from './xml-writer.js';

/** A token with the span in which the STS says that it may be used, by the STS's clock, ms since 1970. */
export interface IssuedToken extends SecurityToken {
  readonly createdMs: number;
  readonly expiresMs: number;
}

export type StsAnswer =
  | { readonly ok: true; readonly token: IssuedToken }
  | { readonly ok: false; readonly problem: 'unreadable' | 'unsupported-proof-token' };

const name = (uri: string, local: string): string => `${uri} ${local}`;
const RESPONSE = [
  name(NS.soap12, 'Envelope'),
  name(NS.soap12, 'Body'),
  name(NS.trust, 'RequestSecurityTokenResponseCollection'),
  name(NS.trust, 'RequestSecurityTokenResponse'),
].join('/');
const PROOF = `${RESPONSE}/${name(NS.trust, 'RequestedProofToken')}`;
const TEXTS: Readonly<Record<string, 'created' | 'expires' | 'secret'>> = {
  [`${RESPONSE}/${name(NS.trust, 'Lifetime')}/${name(NS.utility, 'Created')}`]: 'created',
  [`${RESPONSE}/${name(NS.trust, 'Lifetime')}/${name(NS.utility, 'Expires')}`]: 'expires',
  // Only from RequestedProofToken: an Entropy holds a BinarySecret too, which is half of a computed key.
  [`${PROOF}/${name(NS.trust, 'BinarySecret')}`]: 'secret',
};
const SLICES: Readonly<Record<string, 'encryptedData' | 'reference'>> = {
  [`${RESPONSE}/${name(NS.trust, 'RequestedSecurityToken')}/${name(NS.encryption, 'EncryptedData')}`]:
    'encryptedData',
  [`${RESPONSE}/${name(NS.trust, 'RequestedAttachedReference')}/${name(NS.security, 'SecurityTokenReference')}`]:
    'reference',
};

/**
 * Reads the STS's answer by exact paths (facts/kps.md §1.5). `xml` has passed `inspectSoap` and is no fault.
 * `unsupported-proof-token`: the key is to be computed from two entropies, which this client does not ask for.
 */
export function readStsAnswer(xml: string): StsAnswer {
  const reader = new Reader(xml);
  if (!reader.run()) return { ok: false, problem: 'unreadable' };
  if (reader.computedKey) return { ok: false, problem: 'unsupported-proof-token' };
  const { created, expires, secret, encryptedData, reference } = reader.found;
  if (encryptedData === undefined || reference === undefined) return { ok: false, problem: 'unreadable' };
  const createdMs = parseInstant(created ?? '');
  const expiresMs = parseInstant(expires ?? '');
  const proofKey = ProofKey.fromBase64(secret ?? '');
  if (createdMs === null || expiresMs === null || proofKey === null)
    return { ok: false, problem: 'unreadable' };
  return {
    ok: true,
    token: {
      createdMs,
      expiresMs,
      proofKey,
      encryptedData: verbatim(encryptedData),
      attachedReference: verbatim(reference),
    },
  };
}

/** One pass over the answer. What occurs twice makes it unreadable: two readers could take different ones. */
class Reader {
  readonly found: Partial<Record<'created' | 'expires' | 'secret' | 'encryptedData' | 'reference', string>> =
    {};
  computedKey = false;
  readonly #xml: string;
  readonly #path: string[] = [];
  #twice = false;
  #text: { key: 'created' | 'expires' | 'secret'; value: string } | null = null;
  #slice: { key: 'encryptedData' | 'reference'; cut: ElementSlice } | null = null;
  #tokens = 0;

  constructor(xml: string) {
    this.#xml = xml;
  }

  run(): boolean {
    const parser = guardedParser(
      (tag) => this.#open(tag, parser.position, (prefix) => parser.resolve(prefix)),
      () => this.#close(parser.position),
    );
    parser.on('text', (content) => {
      if (this.#text !== null) this.#text.value += content;
    });
    return runGuarded(parser, this.#xml) === null && !this.#twice && this.#tokens === 1;
  }

  #open(tag: SaxesTagNS, position: number, resolve: (prefix: string) => string | undefined): void {
    this.#path.push(name(tag.uri, tag.local));
    this.#text = null;
    if (this.#slice === null) this.#start(tag, position);
    this.#slice?.cut.open(tag, resolve);
  }

  #start(tag: SaxesTagNS, position: number): void {
    const path = this.#path.join('/');
    if (path === `${PROOF}/${name(NS.trust, 'ComputedKey')}`) this.computedKey = true;
    // RequestedSecurityToken has one child; a second, or one that is not encrypted, is not a token we know.
    if (path.startsWith(TOKEN_CHILD) && this.#path.length === 6) this.#tokens += 1;
    const text = TEXTS[path];
    if (text !== undefined) this.#text = { key: text, value: '' };
    const slice = SLICES[path];
    if (slice !== undefined) this.#slice = { key: slice, cut: new ElementSlice(this.#xml, position, tag) };
  }

  #close(position: number): void {
    this.#path.pop();
    if (this.#text !== null) this.#keep(this.#text.key, this.#text.value.trim());
    this.#text = null;
    if (this.#slice === null) return;
    const cut = this.#slice.cut.close(position);
    if (cut === null) return;
    this.#keep(this.#slice.key, cut);
    this.#slice = null;
  }

  #keep(key: keyof Reader['found'], value: string): void {
    if (this.found[key] !== undefined) this.#twice = true;
    this.found[key] = value;
  }
}

const TOKEN_CHILD = `${RESPONSE}/${name(NS.trust, 'RequestedSecurityToken')}/`;
