import type { HttpReply } from '../http/http-reply.js';
import { escapeXml } from '../xml/escape-xml.js';
import { SOAP12, WCF_DISPATCHER, WSA, WSA_FAULT_ACTION, WSSE, WST, WSU } from './namespaces.js';

/** The faults that the Microsoft stack is expected to give (facts/kps.md §1.7, §2.5; D: no NVİ fault is public). */
export interface SoapFault {
  readonly code: 'Sender' | 'Receiver' | 'MustUnderstand' | 'VersionMismatch';
  readonly subcode?: { readonly namespace: string; readonly name: string } | undefined;
  readonly reason: string;
}

/**
 * A request that is refused. `reason` is ours, exact, and goes into `/seen`; the caller gets only the fault, as generic
 * as the real one's.
 */
export class Refused extends Error {
  readonly reason: string;
  readonly fault: SoapFault;

  constructor(reason: string, fault: SoapFault) {
    super(`refused: ${reason}`);
    this.name = 'Refused';
    this.reason = reason;
    this.fault = fault;
  }
}

const sender = (namespace: string, name: string, reason: string): SoapFault => ({
  code: 'Sender',
  subcode: { namespace, name },
  reason,
});

export const invalidSecurity = sender(
  WSSE,
  'InvalidSecurity',
  'An error occurred when verifying security for the message.',
);
export const failedAuthentication = sender(
  WSSE,
  'FailedAuthentication',
  'ID3242: The security token could not be authenticated or authorized.',
);
export const trustInvalidRequest = sender(WST, 'InvalidRequest', 'The request was invalid or malformed.');
export const trustInvalidScope = sender(WST, 'InvalidScope', 'The request scope is invalid or unsupported.');
export const actionNotSupported = sender(
  WSA,
  'ActionNotSupported',
  'The message cannot be processed at the receiver, due to a ContractFilter mismatch at the EndpointDispatcher.',
);
export const destinationUnreachable = sender(
  WSA,
  'DestinationUnreachable',
  'The message cannot be processed at the receiver, due to an AddressFilter mismatch at the EndpointDispatcher.',
);
export const addressingHeaderRequired = sender(
  WSA,
  'MessageAddressingHeaderRequired',
  'A required header representing a Message Addressing Property is not present.',
);
export const invalidAddressingHeader = sender(WSA, 'InvalidAddressingHeader', 'A header is not valid.');
export const deserializationFailed = sender(
  WCF_DISPATCHER,
  'DeserializationFailed',
  'The formatter threw an exception while trying to deserialize the message.',
);
export const mustUnderstand: SoapFault = {
  code: 'MustUnderstand',
  reason: 'A mandatory header was not understood.',
};
export const versionMismatch: SoapFault = {
  code: 'VersionMismatch',
  reason: 'The envelope is not SOAP 1.2.',
};
export const malformedEnvelope: SoapFault = {
  code: 'Sender',
  reason: 'The message is not a valid SOAP envelope.',
};

/** The fault as an answer: HTTP 500, SOAP 1.2. `clock`: the time shown in Date and a Timestamp header, where it is to be shown. */
export function faultReply(fault: SoapFault, messageId: string | undefined, clock?: Date): HttpReply {
  const { subcode } = fault;
  const relates = messageId === undefined ? '' : `<a:RelatesTo>${escapeXml(messageId)}</a:RelatesTo>`;
  const stamp =
    clock === undefined
      ? ''
      : `<o:Security s:mustUnderstand="1" xmlns:o="${WSSE}"><u:Timestamp u:Id="_0" xmlns:u="${WSU}"><u:Created>${clock.toISOString()}</u:Created><u:Expires>${new Date(clock.getTime() + 300_000).toISOString()}</u:Expires></u:Timestamp></o:Security>`;
  const sub =
    subcode === undefined
      ? ''
      : `<s:Subcode><s:Value xmlns:f="${subcode.namespace}">f:${subcode.name}</s:Value></s:Subcode>`;
  return {
    status: 500,
    headers: {
      'Content-Type': 'application/soap+xml; charset=utf-8',
      ...(clock === undefined ? {} : { Date: clock.toUTCString() }),
    },
    body:
      `<s:Envelope xmlns:s="${SOAP12}" xmlns:a="${WSA}"><s:Header><a:Action s:mustUnderstand="1">${WSA_FAULT_ACTION}</a:Action>${relates}${stamp}</s:Header>` +
      `<s:Body><s:Fault><s:Code><s:Value>s:${fault.code}</s:Value>${sub}</s:Code><s:Reason><s:Text xml:lang="en-US">${fault.reason}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
  };
}
