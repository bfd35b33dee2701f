import type { DataOf } from '../audit/catalogue/catalogue.js';
import type { ReadEntry } from '../audit/check/line-check.js';
import type { Transaction } from '../storage/database.js';
import { type HolderKeys, holderOf, type ToldHolder } from './check-holders.js';
import { digestOf, oldSeatDigest, recordTexts, seatDigest } from './record-digests.js';

/** What the last entry about a seat said. `holder` null: from before entries named the person of a seat. */
export interface ToldSeat {
  readonly leaf: bigint;
  readonly digest: string;
  readonly holder: ToldHolder | null;
}

/** What the last entry about a cooperative said, and which form the entry has. */
interface ToldCooperative {
  readonly leaf: bigint;
  readonly digest: string;
  readonly isOfNewForm: boolean;
}

/** What the entries told of cooperatives, their seats and every version of them. Some 100 MB for the whole register. */
export interface ToldRecords {
  readonly cooperatives: Map<string, ToldCooperative>;
  readonly seats: Map<string, ToldSeat>;
  /** By leaf of `authority.recorded`: the digest of the version with all its seats. */
  readonly versions: Map<bigint, string>;
}

/** What is compared with what. `check`: the name under which a difference is reported. */
export interface Comparison {
  readonly tx: Transaction;
  readonly check: string;
  readonly keys: HolderKeys;
  /** Whatever was found in a table is taken out of it. */
  readonly told: ToldRecords;
  /** False where ranges are detached: what has no entry is only counted. */
  readonly isWhole: boolean;
  /** No reading can be of a time behind it. */
  readonly now: Date;
}

/** Before the first entry. */
export function nothingTold(): ToldRecords {
  return { cooperatives: new Map(), seats: new Map(), versions: new Map() };
}

/** Takes an entry about a cooperative or a seat in; others it leaves alone. */
export function rememberRecord({ kind, leaf, id, data, sealed }: ReadEntry, told: ToldRecords): void {
  if (kind === 'seat.recorded') {
    const { seat, ...rest } = data as unknown as DataOf<'seat.recorded'>;
    const holder = { leaf, entryId: id, number: holderOf(sealed) };
    told.seats.set(seat, { leaf, digest: seatDigest({ id: seat, ...rest }), holder });
  } else if (kind === 'authority.recorded') {
    const { cooperative, version, il, ministry, statuses, successor, suspensions, seats } =
      data as unknown as DataOf<'authority.recorded'>;
    const plain = recordTexts({ version, il, ministry, statuses, successor, suspensions });
    const digests = seats.map((seat) => told.seats.get(seat)?.digest ?? '');
    told.versions.set(leaf, digestOf([cooperative, ...plain, ...digests]));
    told.cooperatives.set(cooperative, { leaf, digest: digestOf([...plain, ...seats]), isOfNewForm: true });
  } else if (kind === 'authority.changed') {
    const { cooperative, version, suspended, durum, il, ministry, seats } =
      data as unknown as DataOf<'authority.changed'>;
    for (const { seat, ...rest } of seats)
      told.seats.set(seat, { leaf, digest: oldSeatDigest({ id: seat, ...rest }), holder: null });
    const digest = digestOf([version, suspended, durum, il, ministry, ...seats.map(({ seat }) => seat)]);
    told.cooperatives.set(cooperative, { leaf, digest, isOfNewForm: false });
  }
}
