import type { Verdict } from '../../appointments/call.js';
import type { Settlement } from '../../appointments/disagreements/disagreement-rows.js';
import type { ListedDisagreement } from '../../appointments/disagreements/list-disagreements.js';
import type { ShownApplication, WaitingApplication } from '../../appointments/list-applications.js';
import type { AppointmentPolicy } from '../../appointments/ports.js';
import type { Area } from '../../authority/area/area.js';
import type { AreaCounts } from '../../authority/area/count-area.js';
import type { CooperativeFilter, CooperativePage } from '../../authority/area/list-cooperatives.js';
import type { ListedVersion } from '../../authority/area/list-versions.js';
import type { Representative } from '../../authority/area/read-representatives.js';
import type { Authorities } from '../../authority/history/read-authorities.js';
import type { HeldRecord } from '../../authority/recording/port.js';
import type { Refreshed } from '../../mersis/refresh.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { AccessId } from '../access.js';
import type { ConsoleCall } from '../frame/call.js';

/** How much waits in the own area. A thousand and one stands for more. */
export interface AreaState extends AreaCounts {
  readonly applications: number;
  readonly disagreements: number;
}

/** A cooperative with everything that its page shows, of one moment as far as it decides. */
export interface ShownCooperative {
  readonly held: HeldRecord;
  readonly authorities: Authorities;
  readonly representatives: readonly Representative[];
  readonly versions: readonly ListedVersion[];
  /** A reading that would take much away and waits for a second one or for persons; null: none. */
  readonly waiting: { readonly seenAt: Date; readonly lost: number } | null;
}

/** A decision on an application, and who makes it. */
interface DecidedBy {
  readonly officer: ActingOfficer;
  readonly appointment: string;
  readonly verdict: Verdict;
  readonly requestId: string;
}

/** What the pages of a directorate ask. */
export interface AreaPorts {
  readonly policy: AppointmentPolicy;
  /** Writes `console.opened` down, once it is known that the page lies in the own area. */
  opened(call: ConsoleCall, id: AccessId): Promise<void>;
  state(areas: readonly Area[], today: string): Promise<AreaState>;
  cooperatives(
    areas: readonly Area[],
    filter: CooperativeFilter,
    place: { readonly after: string | null; readonly today: string },
  ): Promise<CooperativePage>;
  /** Who may act at each of these, which are few at a time; those that are not known are left out. */
  acting(mersisNos: readonly string[], now: Date): Promise<ReadonlyMap<string, Authorities>>;
  /** Null where it is not known. */
  record(mersisNo: string): Promise<HeldRecord | null>;
  cooperative(held: HeldRecord, now: Date): Promise<ShownCooperative>;
  /** Null where there is no MERSİS to be asked. Errors: the refusals of a refresh, which have their entries. */
  readonly refresh:
    | ((officer: ActingOfficer, mersisNo: string, requestId: string) => Promise<Refreshed>)
    | null;
  applications(
    areas: readonly Area[],
    after: string | null,
  ): Promise<{ readonly applications: readonly WaitingApplication[]; readonly next: string | null }>;
  application(id: string): Promise<ShownApplication | null>;
  /** Errors: the refusals of a decision, which have their entries. */
  decide(decision: DecidedBy): Promise<void>;
  disagreements(
    areas: readonly Area[],
    after: bigint | null,
  ): Promise<{ readonly disagreements: readonly ListedDisagreement[]; readonly next: bigint | null }>;
  disagreement(leaf: bigint): Promise<ListedDisagreement | null>;
  /** Errors: what `settleDisagreement` refuses, as `BridgeError`. */
  settle(wish: {
    readonly disagreement: bigint;
    readonly decision: Settlement;
    readonly note: string;
    readonly officer: ActingOfficer;
  }): Promise<void>;
}
