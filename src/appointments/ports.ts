import type { Appender } from '../audit/appender.js';
import type { AuthorityPolicy } from '../authority/decide.js';
import type { RecordPorts } from '../authority/recording/port.js';
import type { Maintenance } from '../maintenance/known-windows.js';
import type { TokenReaders } from '../sign-in/read-shown-tokens.js';
import type { Application, Call } from './call.js';

/** Settings of appointments (`authority.appointees`). */
export interface AppointmentPolicy {
  readonly atATime: number;
  readonly endWithBoard: boolean;
  /** Whoever was appointed in the closed system needs a board decision later than this day (m.15(2)). */
  readonly legacyDecisionAfter: string;
}

/** What MERSİS says about a number and its VKN. `vkn-differs` is no refusal: the directorate corrects it (m.15(1)). */
export type RegistryCheck = 'match' | 'vkn-differs' | 'not-found' | 'unavailable';

/**
 * One reading of MERSİS, with its own entries before and after, never repeated by itself; what refuses it is thrown as `Refusal` and has
 * its entry then. `unavailable`: there is none to be asked.
 */
export type CheckRegistry = (
  asked: { readonly mersisNo: string; readonly vkn: string },
  call: Call,
) => Promise<RegistryCheck>;

/** An identity check with purpose `yetkili-atama`. `isMatch`: every field equals the register's, and the record is open. */
export interface CheckedPerson {
  readonly queryId: string;
  readonly isMatch: boolean;
}

/** What contradicts, of an appointment that stands all the same: somebody has to look. */
export type DisagreementMatter =
  | 'appointee-on-board'
  | 'board-gone'
  | 'appointed-while-in-liquidation'
  | 'appointed-under-trustee';

/** What the use cases need from outside; the house joins it. */
export interface AppointmentTools extends RecordPorts, TokenReaders {
  readonly log: Appender;
  readonly instance: string;
  readonly policy: AppointmentPolicy;
  readonly authority: AuthorityPolicy;
  /** The day (Europe/Istanbul) from which nobody acts without two steps; null: always. */
  readonly twoStepFrom: string | null;
  now(): Date;
  /** Throws `AUDIT_UNAVAILABLE` while the log cannot be relied on. */
  requireSound(): void;
  readonly maintenance: Maintenance;
  readonly checkRegistry: CheckRegistry;
  /** Costs its fee, writes its own entries; what refuses it is thrown as `Refusal` and has its entry then. */
  checkPerson(call: Call, application: Application): Promise<CheckedPerson>;
  /** Told once an accepted appointment has contradicted a seat, durably: for metric and log. */
  disagreed(matter: DisagreementMatter): void;
}
