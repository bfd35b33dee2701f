/** How cooperatives are read again and again. Times in ms. */
export interface PollSettings {
  readonly instance: string;
  /** Every cooperative is read at least so often. */
  readonly staleMs: number;
  /** Those whose users are active, or where a term ends within `TERM_DAYS`. */
  readonly activeMs: number;
  /** So long a sign-in makes the cooperatives of that person active. */
  readonly activeForMs: number;
  /** Requests of one day (Europe/Istanbul), by all instances together. */
  readonly dailyBudget: number;
  readonly requestsPerSecond: number;
  readonly concurrent: number;
  /** Share (0 to 0.5) of the interval by which the next reading is brought forward at random. */
  readonly jitter: number;
  readonly lossesPerRun: number;
  readonly lossSharePercent: number;
  /** So long cooperatives that became due are gathered before a run is opened for them. */
  readonly gatherMs: number;
}

/** Cooperatives in one `mersis.asking`; the catalogue allows 200. What a crash leaves unknown is never more. */
export const MAX_CHUNK = 100;
/** A term that ends within so many days is looked at as often as active ones: its successor is elected in these days. */
export const TERM_DAYS = 7;
/** A run that has taken so long is ended and counted; what is still due goes into the next one. */
export const MAX_RUN_MS = 86_400_000;
/** Three entries for one cooperative would be a waste: a minute's worth of them shares a run. */
export const GATHER_MS = 60_000;
