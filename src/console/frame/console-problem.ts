/** A refusal of the console itself. `code`: of the closed list of problem codes, or `FORM_INVALID` for a form that is not ours. */
export class ConsoleRefusal extends Error {
  readonly code:
    | 'NOT_FOUND'
    | 'ROLE_REQUIRED'
    | 'STEP_UP_REQUIRED'
    | 'TOKEN_INVALID'
    | 'RATE_LIMITED'
    | 'FORM_INVALID'
    | 'BODY_TOO_LARGE'
    | 'OUTSIDE_OWN_AREA';
  /** Closed word beside the code, for the entry. */
  readonly reason: string | null;

  constructor(code: ConsoleRefusal['code'], reason: string | null = null, options: { cause?: unknown } = {}) {
    super(code, options);
    this.name = 'ConsoleRefusal';
    this.code = code;
    this.reason = reason;
  }
}
