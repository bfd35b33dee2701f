/** Counted in a sliding window. */
export interface WindowRule {
  readonly code: string;
  readonly measure: 'people-asked-about' | 'non-matches' | 'log-reads';
  readonly threshold: number;
  readonly windowMinutes: number;
}

/** Counted on a day in Europe/Istanbul, outside [fromHour, toHour) of Monday to Friday. */
export interface HoursRule {
  readonly code: string;
  readonly measure: 'outside-working-hours';
  readonly threshold: number;
  readonly fromHour: number;
  readonly toHour: number;
}

/** Counted on a day, against the mean of the user's active days among the `days` before it. */
export interface HabitRule {
  readonly code: string;
  readonly measure: 'above-own-habit';
  readonly threshold: number;
  readonly days: number;
  readonly factorPercent: number;
}

/** A rule as the settings have it (`audit.signals`). */
export type SignalRule = WindowRule | HoursRule | HabitRule;

/** What a rule found: the first window of `actorTag` that reached the threshold. */
export interface Finding {
  readonly rule: SignalRule;
  readonly actorTag: Buffer;
  /** An entry of the log that holds the user's number, sealed. */
  readonly entryLeaf: bigint;
  readonly measured: number;
  readonly threshold: number;
  readonly windowStart: Date;
  readonly windowEnd: Date;
}
