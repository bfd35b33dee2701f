import { istanbulMidnight } from '../../calendar/istanbul-day.js';
import { type FeeClassChange, feeClassOn } from '../fee-class.js';
import type { FeeClass } from '../tariff/tariff.js';

/** Who answers towards NVİ, as they were told. */
interface ResponsibleUser {
  readonly name: string;
  readonly email: string;
}

/** What the settings say of an account and its bilateral agreement (ikili anlaşma). Days inclusive. */
export interface AgreementSetting {
  readonly id: string;
  readonly institution: string;
  readonly feeClass: FeeClass;
  readonly feeClassChanges: readonly FeeClassChange[];
  readonly staticIp: string;
  readonly administrativeUser: ResponsibleUser;
  readonly technicalUser: ResponsibleUser;
  readonly agreement: {
    readonly services: readonly string[];
    readonly validFrom: string;
    readonly validUntil: string;
  };
}

type AgreementState = 'not-yet' | 'in-force' | 'renew-soon' | 'ended';

/** Where an agreement stands on a day. `daysLeft`: after that day, up to its last one; 0 on the last one, negative when it is over. */
export interface AgreementStanding {
  readonly state: AgreementState;
  readonly daysLeft: number;
}

const DAY_MS = 86_400_000;

/** Where an agreement stands on `today` (Europe/Istanbul); `renew-soon` in its last `noticeDays` days: letters take weeks. Pure. */
export function standingOf(
  { validFrom, validUntil }: Pick<AgreementSetting['agreement'], 'validFrom' | 'validUntil'>,
  today: string,
  noticeDays: number,
): AgreementStanding {
  // Rounded: days of the years of summer time are an hour longer or shorter.
  const daysLeft = Math.round(
    (istanbulMidnight(validUntil).getTime() - istanbulMidnight(today).getTime()) / DAY_MS,
  );
  if (today < validFrom) return { state: 'not-yet', daysLeft };
  if (daysLeft < 0) return { state: 'ended', daysLeft };
  return { state: daysLeft < noticeDays ? 'renew-soon' : 'in-force', daysLeft };
}

/** The class today, and changes that are still to come, in their order. */
export function feeClassAhead(
  account: Pick<AgreementSetting, 'feeClass' | 'feeClassChanges'>,
  today: string,
): { readonly feeClass: FeeClass; readonly coming: readonly FeeClassChange[] } {
  const coming = account.feeClassChanges
    .filter(({ from }) => from > today)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return { feeClass: feeClassOn(account, today), coming };
}
