import type { EntryDraft } from '../../audit/entry.js';
import type { Effect } from '../../audit/lane.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import type { PersonTagger } from '../../audit/person-tags.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { CooperativeRecord, SeatSource } from '../record.js';

/** A cooperative as it stands in the tables, under its lock where a lane read it. */
export interface HeldRecord {
  readonly record: CooperativeRecord;
  readonly version: number;
  readonly readAt: Date;
  /** The instant of which the registry's word is; null where none was given. */
  readonly asOf: Date | null;
  /** Entry that last told of it; null where it came before entries were kept with it. */
  readonly leaf: bigint | null;
  /** Seats that the feed has said to be in force. */
  readonly told: ReadonlySet<string>;
}

/** What becomes of one cooperative: from `before` (null: new) to `after`. The same on both sides = only confirmed. */
export interface RecordChange {
  readonly before: HeldRecord | null;
  readonly after: CooperativeRecord;
  readonly source: SeatSource | 'clock';
  readonly asOf: Date | null;
  readonly readAt: Date;
  /** Numbers of persons whose seats are new, by hex of their tag; others are known already. */
  readonly persons: ReadonlyMap<string, KimlikNo>;
  /** Entries that stand in front: who decided. */
  readonly lead: readonly EntryDraft[];
}

/** Entries and effects that belong together. */
export interface Changes {
  readonly entries: readonly EntryDraft[];
  readonly effects: readonly Effect[];
}

/** What other rooms do in the same transaction; the start joins them. */
export interface RecordPorts {
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  /** Ends every living session of these persons (tags in the domain `authority`): with the last right goes the session. */
  endSessionsOf(tx: Transaction, tags: readonly Buffer[], now: Date): Promise<Changes>;
  /**
   * What the changes bring about for appointments: those that end with the board that decided are over in `after`, with their entries in
   * front. `lastDay`: where only the day has changed, the one before.
   */
  withAppointments(
    tx: Transaction,
    changes: readonly RecordChange[],
    now: Date,
    lastDay?: string,
  ): Promise<ChangesWithEffects>;
}

/** Changes as another room has made them, and what belongs to them. */
interface ChangesWithEffects {
  readonly changes: readonly RecordChange[];
  readonly effects: readonly Effect[];
}
