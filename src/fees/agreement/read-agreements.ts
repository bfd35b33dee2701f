import type { Queryable } from '../../storage/database.js';
import type { FeeClassChange } from '../fee-class.js';
import type { FeeClass } from '../tariff/tariff.js';
import { type AgreementSetting, type AgreementStanding, feeClassAhead, standingOf } from './agreement.js';
import { type AgreementRequest, listRequests } from './list-requests.js';

/** An account as the register shows it: persons' names and addresses are in it. */
export interface RegisteredAgreement extends AgreementStanding {
  readonly account: string;
  readonly institution: string;
  readonly feeClass: FeeClass;
  readonly feeClassChanges: readonly FeeClassChange[];
  readonly services: readonly string[];
  /** Granted since, but not in the settings yet: queries of these services are still refused. */
  readonly grantedServices: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string;
  readonly staticIp: string;
  readonly administrativeUser: AgreementSetting['administrativeUser'];
  readonly technicalUser: AgreementSetting['technicalUser'];
  readonly requests: readonly AgreementRequest[];
}

/** What the register is made from. */
export interface AgreementSettings {
  readonly accounts: readonly AgreementSetting[];
  readonly renewalNoticeDays: number;
}

/** Beyond it the oldest are left out; each is a letter that somebody wrote. */
const MAX_REQUESTS = 1_000;

const GRANTED = `SELECT DISTINCT account_id AS account, wanted FROM bridge.fee_agreement_request
  WHERE kind = 'service' AND decision = 'granted' ORDER BY 1, 2 LIMIT ${MAX_REQUESTS}`;

/** The register of agreements on `today`, in the order of the settings; requests newest first, as many as `limit`. */
export async function readAgreements(
  { accounts, renewalNoticeDays }: AgreementSettings,
  db: Queryable,
  today: string,
  limit = MAX_REQUESTS,
): Promise<readonly RegisteredAgreement[]> {
  const rows = limit === 0 ? [] : await listRequests(db, { limit });
  const grants = await db.query<Pick<AgreementRequest, 'account' | 'wanted'>>({ text: GRANTED });
  return accounts.map((account) => {
    const { services, validFrom, validUntil } = account.agreement;
    const requests = rows.filter((row) => row.account === account.id);
    const { coming, feeClass } = feeClassAhead(account, today);
    const granted = grants.rows.filter((grant) => grant.account === account.id).map(({ wanted }) => wanted);
    return {
      account: account.id,
      institution: account.institution,
      feeClass,
      feeClassChanges: coming,
      services,
      grantedServices: granted.filter((service) => !services.includes(service)),
      validFrom,
      validUntil,
      ...standingOf(account.agreement, today, renewalNoticeDays),
      staticIp: account.staticIp,
      administrativeUser: account.administrativeUser,
      technicalUser: account.technicalUser,
      requests,
    };
  });
}
