import type { AgreementRequest } from '../../fees/agreement/list-requests.js';
import type { RegisteredAgreement } from '../../fees/agreement/read-agreements.js';
import type { AnswerWish, RecordedAnswer } from '../../fees/agreement/record-answer.js';
import type { RecordedRequest, RequestWish } from '../../fees/agreement/record-request.js';
import type { LiftProposed, LiftWish } from '../../fees/ahead/propose-lift.js';
import type { Usage } from '../../fees/ahead/usage.js';
import type { ReadWhat } from '../../fees/reading/entries.js';
import type { BehindEntry, BehindKey } from '../../fees/reconciliation/behind.js';
import type { DifferenceClass } from '../../fees/reconciliation/classify.js';
import type { Decided, DecisionWish } from '../../fees/reconciliation/decide-difference.js';
import type { HeldAgainst } from '../../fees/reconciliation/hold-against.js';
import type { Imported } from '../../fees/reconciliation/import-figures.js';
import type { ClassSum, FiguresSum } from '../../fees/reconciliation/import-sums.js';
import type { DifferenceView, ImportView } from '../../fees/reconciliation/list-imports.js';
import type { FiguresFile } from '../../fees/reconciliation/take-in.js';
import type { SwitchObstacle } from '../../fees/tariff/judge-switch.js';
import type { Proposed, TariffWish } from '../../fees/tariff/propose-tariff.js';
import type { TariffRowState } from '../../fees/tariff/row-states.js';
import type { TariffSwitch } from '../../fees/tariff/tariff.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { Proposal } from '../../proposals/proposal.js';
import type { Verdict } from '../../proposals/verdict.js';
import type { ConsoleCall } from '../frame/call.js';
import type { Looks } from '../looks/port.js';

/** The Interior Ministry's figures: taken in, held against the book, decided. */
export interface ReconciliationPorts {
  readonly looks: Looks;
  /** Services of KPS that can be asked. */
  readonly services: readonly string[];
  /** Of the settings and of the book. */
  accounts(): Promise<readonly string[]>;
  /** The newest first; `before`: the last one of the page before. */
  imports(limit: number, before: string | null): Promise<readonly ImportView[]>;
  findImport(id: string): Promise<ImportView | null>;
  sums(importId: string): Promise<{ readonly theirs: FiguresSum; readonly classes: readonly ClassSum[] }>;
  differences(
    importId: string,
    page: { readonly of: DifferenceClass | null; readonly after: number | null; readonly limit: number },
  ): Promise<readonly DifferenceView[]>;
  findDifference(id: string): Promise<DifferenceView | null>;
  behind(difference: DifferenceView, limit: number, after: BehindKey | null): Promise<readonly BehindEntry[]>;
  /** What taking in would find. */
  preview(file: FiguresFile): Promise<HeldAgainst>;
  /** The import of the same file for the same days; null where there is none. */
  sameImport(file: FiguresFile): Promise<string | null>;
  takeIn(file: FiguresFile, officer: ActingOfficer): Promise<Verdict<Imported>>;
  decide(wish: DecisionWish): Promise<Verdict<Decided>>;
  /** Writes `fees.read`: durable before anything is shown. */
  recordReading(call: ConsoleCall, what: ReadWhat): Promise<void>;
}

/** Budgets and the lifting of their stop. */
export interface BudgetPorts {
  /** The quarter that runs, up to today. */
  usage(at: Date): Promise<Usage>;
  /** That nobody has ended. */
  waiting(): Promise<readonly Proposal[]>;
  propose(wish: LiftWish): Promise<Verdict<LiftProposed>>;
}

/** Rows of the tariff and which are in force from when. */
export interface TariffPorts {
  rows(at: Date): Promise<readonly TariffRowState[]>;
  switches(): Promise<readonly TariffSwitch[]>;
  waiting(): Promise<readonly Proposal[]>;
  /** What stands against switching a row on from a day; null: nothing. A row that the settings do not have is `unknown`. */
  obstacle(row: string, from: string, at: Date): Promise<SwitchObstacle | 'unknown' | null>;
  propose(wish: TariffWish): Promise<Verdict<Proposed>>;
}

/** The register of agreements. */
export interface AgreementPorts {
  readonly services: readonly string[];
  /** Without requests: these have pages of their own. */
  register(at: Date): Promise<readonly RegisteredAgreement[]>;
  requests(page: {
    readonly limit: number;
    readonly before?: string | null;
    readonly unanswered?: boolean;
  }): Promise<readonly AgreementRequest[]>;
  findRequest(id: string): Promise<AgreementRequest | null>;
  request(wish: RequestWish): Promise<Verdict<RecordedRequest>>;
  answer(wish: AnswerWish): Promise<Verdict<RecordedAnswer>>;
}

/** What the pages of settling work with. */
export interface SettlingPorts {
  readonly reconciliation: ReconciliationPorts;
  readonly budgets: BudgetPorts;
  readonly tariff: TariffPorts;
  readonly agreements: AgreementPorts;
}
