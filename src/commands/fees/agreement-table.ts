import type { AgreementRequest } from '../../fees/agreement/list-requests.js';
import type { RegisteredAgreement } from '../../fees/agreement/read-agreements.js';

/** The register of agreements for people. */
export function agreementTable(agreements: readonly RegisteredAgreement[]): string {
  if (agreements.length === 0) return 'the settings have no account';
  return agreements.map((one) => block(one).join('\n')).join('\n\n');
}

function block(one: RegisteredAgreement): readonly string[] {
  const { account, feeClass, feeClassChanges, grantedServices, institution, requests, services } = one;
  const changes = feeClassChanges.map((change) => `; ${change.feeClass} from ${change.from}`).join('');
  return [
    `${account}: ${institution} (${feeClass}${changes})`,
    `  state           ${one.state}: ${one.validFrom} to ${one.validUntil} (its last day), ${daysText(one)}`,
    `  services        ${services.join(', ')}`,
    ...(grantedServices.length === 0
      ? []
      : [
          `  granted since   ${grantedServices.join(', ')}: to be named in the settings before it can be asked`,
        ]),
    `  administrative  ${one.administrativeUser.name} <${one.administrativeUser.email}>`,
    `  technical       ${one.technicalUser.name} <${one.technicalUser.email}>`,
    `  declared        ${one.staticIp}`,
    ...requests.map((request) => `  request         ${requestText(request)}`),
  ];
}

function daysText({ daysLeft, state }: RegisteredAgreement): string {
  if (state === 'ended') return `over for ${-daysLeft} day(s): renew the protocol with NVİ`;
  return `${daysLeft} day(s) left${state === 'renew-soon' ? ': renew it now' : ''}`;
}

function requestText({
  decidedOn,
  decision,
  documentNo,
  kind,
  request,
  requestedOn,
  wanted,
}: AgreementRequest) {
  const answer = decision === null ? 'no answer yet' : `${decision} on ${decidedOn}`;
  return `${request}  ${kind} ${wanted}, letter ${documentNo} of ${requestedOn}: ${answer}`;
}
