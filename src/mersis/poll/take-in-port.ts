import type { MersisReply } from '../port.js';

/** One reading that is to be believed or not. `runId` null: outside a run. */
export interface TakenReading {
  readonly mersisNo: string;
  readonly reply: MersisReply;
  readonly readAt: Date;
  readonly runId: string | null;
}

/** What became of a reading. `held`: waits for a second one; `run-stopped`: its run takes away too much, it waits for persons. */
export type TakenResult = 'changed' | 'unchanged' | 'held' | 'refused' | 'run-stopped';

/** `problem`: why it was refused. `secondAfter`: with `held`, when a second reading may confirm it. */
export interface Taken {
  readonly mersisNo: string;
  readonly result: TakenResult;
  readonly problem?: string | null;
  readonly secondAfter?: Date | null;
}

/** Believes readings, or holds or refuses them; one answer for each. Errors: those of `Appender`. */
export type TakeIn = (readings: readonly TakenReading[]) => Promise<readonly Taken[]>;
