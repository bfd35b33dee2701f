import { integer, leaf, member } from './answer-tree.js';
import type { KpsReply } from './port.js';

/** What HataBilgisi says where it says something: the provider's number, or `null` where only a text stands there. */
export type Hata = { readonly kod: number | null } | null;

const NO_RECORD = 2;
const NOT_AUTHORISED = 8;
const CRITERION_EMPTY = 10;

/**
 * Reads `HataBilgisi` below `node` (a Parametre: child elements, not text). Null where absent, nil, or present with
 * nothing but nils, as sub-objects often are (facts/kps.md §3.1, §3.2). The Aciklama is not read: it is prose.
 */
export function hataAt(node: unknown): Hata {
  const hata = member(node, 'HataBilgisi');
  if (hata === undefined) return null;
  if (typeof hata === 'string') return hata === '' ? null : { kod: null };
  const kod = integer(member(hata, 'Kod'));
  if (kod !== null) return { kod };
  return leaf(member(hata, 'Aciklama')) === null ? null : { kod: null };
}

/** Kod 2: no record there. At a component it speaks of that register only. */
export function saysNoRecord(hata: Hata): boolean {
  return hata?.kod === NO_RECORD;
}

type Outcome<T> = T extends { readonly messageIds: readonly string[] } ? Omit<T, 'messageIds'> : never;
/** A reply before the message ids are put to it. */
export type KpsOutcome = Outcome<KpsReply>;

/** What a HataBilgisi means for the question as a whole (facts/kps.md §3.2); it was answered, so it is charged. */
export function outcomeOfHata(hata: NonNullable<Hata>): KpsOutcome {
  if (hata.kod === NO_RECORD) return { kind: 'no-record' };
  const hataKod = hata.kod ?? undefined;
  if (hata.kod === NOT_AUTHORISED)
    return { kind: 'refused', reason: 'not-authorised', hataKod, answered: true };
  if (hata.kod === CRITERION_EMPTY)
    return { kind: 'refused', reason: 'criterion-empty', hataKod, answered: true };
  return { kind: 'refused', reason: 'provider-error', hataKod, answered: true };
}
