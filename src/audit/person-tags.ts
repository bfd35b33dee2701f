import { createHmac } from 'node:crypto';
import type { KimlikNo } from '../person/kimlik-no.js';

/**
 * What a keyed hash of a number is for. The same person has an unrelated tag in each domain, so that nobody who reads
 * the tables can join the log's search rows with the seats or the sessions.
 */
export type TagDomain = 'log.actor' | 'log.subject' | 'authority' | 'query';

const TAG_BYTES = 16;

/** A key for tags and its small number, kept beside each tag so that it can be re-made under another key. */
export interface TagKey {
  readonly id: number;
  readonly key: Buffer;
}

/** Makes tags under one key. */
export interface PersonTagger {
  readonly keyId: number;
  /** 16 bytes of HMAC-SHA-256 over domain and number. */
  tag(domain: TagDomain, person: KimlikNo): Buffer;
  /** 32 bytes of HMAC-SHA-256 over domain and parts (quotas, idempotency scopes): not invertible without the key. */
  digest(domain: string, parts: readonly string[]): Buffer;
}

/** A tagger under `key` (32 random bytes). */
export function createPersonTagger(key: TagKey): PersonTagger {
  return {
    keyId: key.id,
    tag: (domain, person) =>
      createHmac('sha256', key.key).update(`${domain}\0${person.reveal()}`).digest().subarray(0, TAG_BYTES),
    digest: (domain, parts) => {
      // Each part carries its length, and UTF-16 keeps lone surrogates apart: no two lists of parts give the same bytes.
      const text = parts.map((part) => `${part.length}:${part}`).join('');
      return createHmac('sha256', key.key).update(`${domain}\0`).update(text, 'utf16le').digest();
    },
  };
}
