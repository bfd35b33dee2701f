import type { Usage } from '../../fees/ahead/usage.js';
import type { CooperativeRow, StatementFile, StatementFormat } from '../../fees/export/port.js';
import type { DueDays } from '../../fees/quarter/due.js';
import type { ListedQuarter } from '../../fees/quarter/list-quarters.js';
import type { Closing } from '../../fees/quarter/read-closing.js';
import type { QuarterView } from '../../fees/quarter/read-quarter.js';
import type { StepTimes } from '../../fees/quarter/read-step-times.js';
import type { ReadWhat, Revealing } from '../../fees/reading/entries.js';
import type { NoticeWish } from '../../fees/reconciliation/record-notice.js';
import type { PaymentWish } from '../../fees/reconciliation/record-payment.js';
import type { LinesPage, LinesPageOf } from '../../fees/statement/read-lines-page.js';
import type {
  CooperativePlace,
  MaskedUserRow,
  NamesPage,
  NamesPageOf,
} from '../../fees/statement/read-names-page.js';
import type { WantedCuts } from '../../fees/statement/read-sums.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { ConsoleCall } from '../frame/call.js';

/** Sums that are too far behind the log for a page to wait for them. */
export interface Behind {
  readonly done: number;
  readonly of: number;
}

/** What stands in the way of freezing. */
export interface Obstacles {
  /** Late outcomes have had their time from here on. */
  readonly closableFrom: Date;
  /** Queries of the quarter or before that have not ended. */
  readonly open: number;
}

/** What a file with details is made of. `account` null: all of them; `what`: how far down it goes. */
export interface ExportOrder {
  readonly quarter: string;
  readonly account: string | null;
  readonly format: 'csv' | 'xlsx' | 'pdf';
  readonly what: 'lines' | 'users';
}

/** What the pages of the quarter ask the house; joined in `house/console/open-quarters.ts`. Errors: those of the fee room and the database. */
export interface QuarterPorts {
  /** Null where reading has next to nothing to add up first. */
  behind(): Promise<Behind | null>;
  /** `fees.read`, durable before anything is shown. */
  record(call: ConsoleCall, what: ReadWhat, revealing?: Revealing): Promise<void>;
  /** Of the settings, and others that the book has. */
  accounts(): Promise<readonly string[]>;
  /** `quarter`: the one that the days are; null: days of no quarter. */
  usage(
    days: { readonly from: string; readonly to: string; readonly quarter: string | null },
    now: Date,
  ): Promise<Usage>;
  due(quarter: string): DueDays;
  list(
    before: string | null,
    limit: number,
    now: Date,
  ): Promise<{ readonly rows: readonly ListedQuarter[]; readonly next: string | null }>;
  /** `cuts`: those that a live one is to have; all unless said. */
  quarter(quarter: string, now: Date, cuts?: WantedCuts): Promise<QuarterView>;
  /** In the order in which they were recorded. */
  notices(quarter: string): Promise<Pick<QuarterView, 'notices' | 'payments'>>;
  closing(quarter: string, now: Date): Promise<Closing>;
  stepTimes(quarter: string): Promise<StepTimes>;
  obstacles(quarter: string): Promise<Obstacles>;
  lines(wish: LinesPageOf): Promise<LinesPage | null>;
  users(wish: NamesPageOf<bigint>): Promise<NamesPage<MaskedUserRow> | null>;
  cooperatives(wish: NamesPageOf<CooperativePlace>): Promise<NamesPage<CooperativeRow>>;
  /** Numbers of users out of these outcomes, or why there is none. */
  openUsers(leaves: readonly bigint[]): Promise<readonly string[]>;
  /** Totals and corrections. */
  file(quarter: string, account: string | null, format: StatementFormat, now: Date): Promise<StatementFile>;
  /** Queues the file; the job's id. */
  startExport(call: ConsoleCall, order: ExportOrder): Promise<string>;
  /** Opens an expired one again first. Refused: as `freezeQuarter`. */
  freeze(quarter: string, reason: string | null, officer: ActingOfficer): Promise<void>;
  seal(quarter: string, officer: ActingOfficer): Promise<void>;
  recordNotice(wish: NoticeWish): Promise<void>;
  recordPayment(wish: PaymentWish): Promise<void>;
}
