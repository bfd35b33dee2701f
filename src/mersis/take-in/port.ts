import type { RecordPorts } from '../../authority/recording/port.js';
import type { CooperativeReading } from '../../authority/recording/reading.js';
import type { Database } from '../../storage/database.js';
import type { GuardPolicy, TimeProblem } from '../guard.js';

/** A reading of one cooperative. `asOf`: the instant of which the registry's word is; `runId`: null outside a run. */
export interface TakenReading {
  readonly reading: CooperativeReading;
  readonly asOf: Date;
  readonly readAt: Date;
  readonly runId: string | null;
}

/** What became of a reading. `run-stopped`: it takes something away, and its run waits for two persons. */
export type TakenResult = 'changed' | 'unchanged' | 'held' | 'refused' | 'run-stopped';
/** `not-storable`: something in it that no table takes. `run-over`: it takes something away, and its run has ended meanwhile. */
export type TakenProblem = TimeProblem | 'duplicate-seat' | 'not-storable' | 'run-over';

/** `secondAfter`: with `held` alone, when a second reading may confirm it. `problem`: with `refused`, and of a run that is over. */
export interface TakenIn {
  readonly mersisNo: string;
  readonly result: TakenResult;
  readonly problem: TakenProblem | null;
  readonly secondAfter: Date | null;
}

/** What taking in needs from outside. */
export interface TakeInTools {
  readonly db: Database;
  readonly ports: RecordPorts;
  readonly policy: GuardPolicy;
  now(): Date;
  /** A fresh random UUID. */
  newId(): string;
}
