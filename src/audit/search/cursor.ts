import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '../../errors/refusal.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { PersonTagger } from '../person-tags.js';
import { type Criteria, criteriaParts } from './criteria.js';

/** A day's work: who goes on tomorrow starts again, and says again by what authority. */
const LIFETIME_MS = 86_400_000;
const PLACE_BYTES = 16;
const BYTES = PLACE_BYTES + 32;

/** Whose search of what a cursor belongs to. */
export interface CursorOwner {
  readonly person: KimlikNo;
  readonly criteria: Criteria;
}

/**
 * The place behind a page: `before` is the first leaf that was looked at already. Bound to officer and criteria under the tag
 * key (HMAC-SHA-256, a domain of its own): nobody can make one, or look further in somebody else's search with it.
 */
export function makeCursor(before: bigint, owner: CursorOwner, tagger: PersonTagger, now: Date): string {
  const place = Buffer.alloc(PLACE_BYTES);
  place.writeBigUInt64BE(before, 0);
  place.writeBigUInt64BE(BigInt(now.getTime()), 8);
  return Buffer.concat([place, macOf(place, owner, tagger)]).toString('base64url');
}

/** The leaf of a cursor. `CURSOR_EXPIRED` for one that is older than a day, changed, of another search or another person. */
export function readCursor(text: string, owner: CursorOwner, tagger: PersonTagger, now: Date): bigint {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== BYTES || bytes.toString('base64url') !== text) throw new Refusal('CURSOR_EXPIRED');
  const place = bytes.subarray(0, PLACE_BYTES);
  if (!timingSafeEqual(macOf(place, owner, tagger), bytes.subarray(PLACE_BYTES)))
    throw new Refusal('CURSOR_EXPIRED');
  const age = now.getTime() - Number(place.readBigUInt64BE(8));
  // From the future: another instance's clock, or ours went back. Its maker is known, so no harm is in it.
  if (age > LIFETIME_MS) throw new Refusal('CURSOR_EXPIRED');
  return place.readBigUInt64BE(0);
}

function macOf(place: Buffer, { person, criteria }: CursorOwner, tagger: PersonTagger): Buffer {
  return tagger.digest('log.search-cursor', [
    place.toString('hex'),
    person.reveal(),
    ...criteriaParts(criteria),
  ]);
}
