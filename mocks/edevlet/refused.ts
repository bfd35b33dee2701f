/** A call that gets no data: `reason` for the witness alone; `code` and `text` for the caller, in that call's own way. */
export class Refused extends Error {
  readonly reason: string;
  readonly code: string;
  readonly text: string;
  /** Whom the call was about, where that could be known. */
  readonly kimlikNo: string | undefined;

  constructor(reason: string, told: { code: string; text: string }, kimlikNo?: string) {
    super(reason);
    this.reason = reason;
    this.code = told.code;
    this.text = told.text;
    this.kimlikNo = kimlikNo;
  }
}
