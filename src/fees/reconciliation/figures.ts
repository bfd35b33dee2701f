import type { Kurus } from '../kurus.js';

/** What a line of the Interior Ministry's figures is about: the whole period, a day, a service, or a service on a day. */
export type Detail = 'total' | 'day' | 'service' | 'day-service';

/** One figure. `day` (Europe/Istanbul), `service`: null where the file does not tell. `amountKurus` null: the file has no amounts. */
export interface Figure {
  readonly line: number;
  readonly day: string | null;
  readonly service: string | null;
  readonly queries: number;
  readonly amountKurus: Kurus | null;
}

/** What a file says, whole. */
export interface Figures {
  readonly detail: Detail;
  readonly figures: readonly Figure[];
}

/** What is wrong with a file: in our own words, never what stands in it; `tr`: the same in Turkish. `line` null: the file as a whole. */
export interface Fault {
  readonly line: number | null;
  readonly message: string;
  readonly tr: string;
}

/** Half-open days, Europe/Istanbul. */
export interface Days {
  readonly from: string;
  readonly to: string;
}
