import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../audit/canonical-json.js';

/**
 * SHA-256 of the canonical JSON of a proposal's terms, lower-case hex: the same for what is written and for what PostgreSQL's jsonb gives back,
 * whatever the order of its members. Throws `TypeError` for what an entry could not hold (a fraction).
 */
export function termsSha256(terms: JsonObject): string {
  return createHash('sha256').update(canonicalJson(terms)).digest('hex');
}

/** The same of a row that anybody may have written: null where no bridge wrote such terms. */
export function heldTermsSha256(terms: JsonObject): string | null {
  try {
    return termsSha256(terms);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
