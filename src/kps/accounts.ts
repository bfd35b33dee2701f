import type { KpsServiceName } from './port.js';

/** What an institution's protocol with the General Directorate allows. Dates `YYYY-MM-DD` in Europe/Istanbul, both inclusive. */
export interface KpsAgreement {
  readonly services: readonly KpsServiceName[];
  readonly validFrom: string;
  readonly validUntil: string;
}

/** One receiving institution = one KPS account = one static address = one fee class (DESIGN §1). */
export interface KpsAccount {
  readonly id: string;
  readonly institution: string;
  /** `outside` the fee (public bodies so classed) or `paying`. */
  readonly feeClass: 'outside' | 'paying';
  readonly userName: string;
  /** Opened only while a token request is written. */
  readonly password: { reveal(): string };
  readonly agreement: KpsAgreement;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * True where the account's agreement is in force on `onDate` (`YYYY-MM-DD`, Europe/Istanbul) and names the service.
 * Anything that is not a whole date is outside every agreement.
 */
export function agreementAllows(
  account: Pick<KpsAccount, 'agreement'>,
  service: KpsServiceName,
  onDate: string,
): boolean {
  const { services, validFrom, validUntil } = account.agreement;
  // The notation sorts as the days do.
  return DAY.test(onDate) && validFrom <= onDate && onDate <= validUntil && services.includes(service);
}
