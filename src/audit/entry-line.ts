import { canonicalJson, type Json, type JsonObject } from './canonical-json.js';
import { ENTRY_VERSION, type EntryDraft } from './entry.js';
import type { SealedValue } from './seal.js';

/**
 * An entry's line before its `at` is known. `at` is given under the head lock, so everything else is written before:
 * `at` sorts first among the members, which is why the line falls into exactly two pieces.
 */
export interface OpenLine {
  readonly id: string;
  readonly kind: string;
  readonly rest: string;
}

/** The line without its `at`. `sealed` maps field names to ciphertexts. Throws `TypeError` on what JCS refuses. */
export function openLine(draft: EntryDraft, sealed: ReadonlyMap<string, SealedValue>): OpenLine {
  const members: JsonObject = {
    data: draft.data,
    eventAt: draft.eventAt.toISOString(),
    id: draft.id,
    kind: draft.kind,
    sealed: Object.fromEntries(sealed) as unknown as Json,
    v: ENTRY_VERSION,
  };
  return { id: draft.id, kind: draft.kind, rest: canonicalJson(members).slice(1) };
}

/** The exact line (RFC 8785) that is hashed, kept and exported. */
export function closeLine(line: OpenLine, at: Date): string {
  return `{"at":"${at.toISOString()}",${line.rest}`;
}
