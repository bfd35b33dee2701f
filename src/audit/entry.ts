import type { KimlikNo } from '../person/kimlik-no.js';
import type { JsonObject } from './canonical-json.js';
import type { EntryKind } from './catalogue/catalogue.js';
import type { Side } from './catalogue/side.js';

export type { EntryKind, Side };

/** A personal value: stands in the entry only as ciphertext under the key of this person, this side and this year. */
export interface PersonalValue {
  /** Name under which the ciphertext stands in `sealed`, e.g. `actor.number`; bound to it by the AAD. */
  readonly field: string;
  readonly side: Side;
  readonly person: KimlikNo;
  readonly text: string;
  /** True where the person can be searched for by this entry: a row in the search table beside the log. */
  readonly indexed: boolean;
}

/** What a room hands in to be written down. `id` is made by the caller so that it can be looked for after a lost COMMIT. */
export interface EntryDraft {
  readonly id: string;
  readonly kind: EntryKind;
  /** When it happened. The log's own `at` is set under the head lock and never runs backwards. */
  readonly eventAt: Date;
  readonly data: JsonObject;
  readonly personal: readonly PersonalValue[];
}

/** Where an entry stands: what a caller can later be shown a proof for. */
export interface Receipt {
  readonly leafIndex: bigint;
  readonly leafHash: Buffer;
  readonly at: Date;
}

/** Entry format version. Final: leaf bytes can never be re-made. */
export const ENTRY_VERSION = 1;
