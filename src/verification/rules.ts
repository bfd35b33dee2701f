import type { AuthorityPolicy } from '../authority/decide.js';
import type { Budget } from '../fees/ahead/stop.js';
import type { FeeClassChange } from '../fees/fee-class.js';
import type { FeeClass, ServiceInputs } from '../fees/tariff/tariff.js';
import type { KpsService } from '../kps/port.js';

/** A purpose of the closed list: by what ground, by whom, through which services. */
export interface Purpose {
  readonly code: string;
  readonly legalGround: string;
  readonly roles: readonly string[];
  readonly services: readonly string[];
}

/** The account that a client's queries run on, with what its agreement allows. */
export interface AccountRules {
  readonly id: string;
  readonly institution: string;
  /** What it began with; `feeClassChanges` from a day on. */
  readonly feeClass: FeeClass;
  readonly feeClassChanges: readonly FeeClassChange[];
  /** Null: no stop. */
  readonly budget: Budget | null;
  readonly agreement: {
    readonly services: readonly string[];
    readonly validFrom: string;
    readonly validUntil: string;
  };
}

/** The settings that the verbs decide by. Times in the unit of their name. */
export interface Rules {
  readonly instance: string;
  readonly service: KpsService;
  readonly purposes: ReadonlyMap<string, Purpose>;
  readonly accounts: ReadonlyMap<string, AccountRules>;
  /** How many input data each version of a service takes. */
  readonly feeInputs: readonly ServiceInputs[];
  /** How old the registry's word may be, and what an old board may. */
  readonly authority: AuthorityPolicy;
  readonly nonMatchesPerPersonPerDay: number;
  readonly queriesPerUserPerMinute: number;
  readonly queriesPerUserPerDay: number;
  readonly answerDeadlineMs: number;
  readonly kpsTimeoutMs: number;
  readonly idempotencyHours: number;
  /** The day (Europe/Istanbul) from which nobody acts without two steps; null: always. */
  readonly twoStepFrom: string | null;
}
