import type { DayCount } from '../../../audit/day/read-days.js';

/** How the log stands. */
export interface LogState {
  /** The newest entry; null for an empty log. */
  readonly last: { readonly leaf: bigint; readonly at: Date } | null;
  /** The newest signed checkpoint. */
  readonly checkpoint: { readonly size: bigint; readonly signedAt: Date } | null;
  readonly stamp: {
    readonly kind: 'none-configured' | 'current' | 'late' | 'outage' | 'over-budget';
    readonly lastAt: Date | null;
    /** Entries that the last time stamp covers. */
    readonly coveredSize: bigint;
  };
  /** The newest verification; null where none was ever told. */
  readonly checked: {
    readonly leaf: bigint;
    readonly at: Date;
    readonly ok: boolean;
    readonly size: number;
    readonly check: string | null;
  } | null;
  /** False: nothing is asked of national systems, because the log is not sound or has stood too long without a time stamp. */
  readonly isSound: boolean;
}

/** Counts by day, and how many of the newest entries are not in them yet. */
export interface CountedDays {
  readonly days: readonly DayCount[];
  readonly behind: bigint;
}

/** What the start page of security asks of the house. */
export interface StartPorts {
  /** From day `from` to day `to`, both counted in; of the kinds that the page shows. Counts on by a bounded step before. */
  days(from: string, to: string): Promise<CountedDays>;
  openSignals(): Promise<number>;
  logState(now: Date): Promise<LogState>;
}
