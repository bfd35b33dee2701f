/** PKIFailureInfo (RFC 3161 §2.4.2) by the number of its bit. */
export const FAIL_INFO = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  systemFailure: 25,
} as const;

export type FailInfo = keyof typeof FAIL_INFO;

/** A request that gets no token: `reason` for the witness alone, `failInfo` and a text for the caller. */
export class TsaRefused extends Error {
  readonly reason: string;
  readonly failInfo: FailInfo;
  readonly text: string;

  constructor(reason: string, failInfo: FailInfo, text: string) {
    super(reason);
    this.reason = reason;
    this.failInfo = failInfo;
    this.text = text;
  }
}
