import type { Readable } from 'node:stream';
import type { JsonObject } from '../../audit/canonical-json.js';
import type { BothLanguages } from '../../pages/views.js';
import type { ActingOfficer } from '../../proposals/officer.js';

/** What kinds of long work there are. Closed. */
export type JobWhat = 'log-export' | 'evidence' | 'kvkk-answer' | 'statement' | 'statement-users';

/** While work runs. `progress`: so far, of how much (null: nobody knows); `stopped` is true once it was cancelled: leave at the next step. */
export interface JobTools {
  progress(done: number, total: number | null): Promise<void>;
  stopped(): boolean;
  /** An empty folder of this run alone (mode 0700), gone with it. */
  readonly folder: string;
}

/** A file that work has made. `body` is read once. */
export interface MadeFile {
  readonly name: string;
  readonly mediaType: string;
  readonly body: Readable | Buffer;
}

/** One kind of long work. `run` may happen again from the beginning on another instance: it writes an entry, then makes the file. */
export interface JobKind {
  readonly what: JobWhat;
  readonly name: BothLanguages;
  /** `order`: what `start` was given. `officer`: who asked, as then. Errors are told by their code alone. */
  run(order: JsonObject, officer: ActingOfficer, tools: JobTools): Promise<MadeFile>;
}

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  readonly id: string;
  readonly what: JobWhat;
  readonly state: JobState;
  readonly done: number;
  readonly total: number | null;
  readonly code: string | null;
  readonly fileName: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly expiresAt: Date;
}

/** Long work as pages know it. Everything is the person's own: another person's job is not found. */
export interface Jobs {
  /** Queues the work; its id, whose page is `/konsol/isler/<id>`. `RATE_LIMITED` where too much of this person waits. */
  start(officer: ActingOfficer, what: JobWhat, order: JsonObject): Promise<string>;
  /** Newest first, 100 at the most. */
  list(tag: Buffer): Promise<readonly Job[]>;
  find(tag: Buffer, id: string): Promise<Job | null>;
  /** The finished file; null where there is none. */
  file(tag: Buffer, id: string): Promise<MadeFile | null>;
  /** False where it has ended already. */
  cancel(tag: Buffer, id: string): Promise<boolean>;
}
