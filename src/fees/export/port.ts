import type { Readable } from 'node:stream';
import type { Kurus } from '../kurus.js';
import type { StatementDocument } from '../statement/statement-document.js';
import type { FeeClass } from '../tariff/tariff.js';

/** In what form a statement leaves. */
export type StatementFormat = 'json' | 'csv' | 'xlsx' | 'pdf';

/** What stands above a statement. Null where there is none: a range of days has no state and no due date. */
export interface StatementHead {
  readonly quarter: string | null;
  readonly state: string | null;
  /** Last day of the month after the quarter. */
  readonly due: string | null;
  /** The next working day where that is none. */
  readonly payBy: string | null;
  /** Of the bytes that are kept of a frozen quarter, lower-case hex: of the whole of it, whatever account was asked for. */
  readonly statementSha256: string | null;
  /** The account that was asked for; null: all. */
  readonly account: string | null;
  readonly madeAt: Date;
}

/** What the rows of a detail table add up: see `Sum`. */
interface Counted {
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly lines: number;
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
}

/** A user's sums. `user`: `*** (3)`, the same number for the same person in this statement alone; or the number, or why there is none. */
export interface UserRow extends Counted {
  readonly user: string;
}

/** A cooperative's sums; `cooperative`: MERSİS number. */
export interface CooperativeRow extends Counted {
  readonly cooperative: string;
}

/** One query. Never a number of a user or of who was asked about. */
export interface LineRow {
  /** `2026-07-01 00:00:00.123`, Europe/Istanbul. */
  readonly sentAt: string;
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly client: string;
  readonly service: string;
  readonly serviceVersion: string;
  readonly purpose: string;
  readonly cooperative: string;
  readonly il: string;
  readonly ministry: string;
  readonly unit: string;
  readonly result: string;
  /** 1: sent to KPS; 0: it never left. */
  readonly queries: number;
  readonly units: number;
  readonly unitPriceKurus: Kurus;
  readonly amountKurus: Kurus;
  readonly queryId: string;
}

/** A line that corrects another: a settled unknown outcome. */
export interface CorrectionLine {
  readonly queryId: string;
  readonly account: string;
  readonly feeClass: FeeClass;
  /** In which it is billed, and in which the query was sent. */
  readonly quarter: string;
  readonly ofQuarter: string;
  readonly ofDay: string;
  readonly counted: boolean;
  readonly units: number;
  readonly unitPriceKurus: Kurus;
  readonly amountKurus: Kurus;
  readonly differenceId: string;
}

/** What a file is made of. Details that are not asked for are not there; each is read once, in the order of the members. */
export interface StatementSource {
  readonly document: StatementDocument;
  readonly head: StatementHead;
  readonly corrections?: AsyncIterable<CorrectionLine>;
  readonly users?: AsyncIterable<UserRow>;
  readonly cooperatives?: AsyncIterable<CooperativeRow>;
  readonly lines?: AsyncIterable<LineRow>;
}

/** A file on its way. The stream pulls the rows; an error of theirs is the stream's, and what came out until then is no file. */
export interface StatementFile {
  readonly contentType: string;
  /** Without the dot. */
  readonly extension: StatementFormat;
  readonly stream: Readable;
}

/** `statementFile` of `statement-file.ts`: never throws by itself. */
export type MakeStatementFile = (source: StatementSource, format: StatementFormat) => StatementFile;
