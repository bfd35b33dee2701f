/** Something that does not agree. Fields instead of prose for programs, `text` for people; nothing personal in either. */
export interface Difference {
  /** Name of the check that found it. */
  readonly check: string;
  /** English, one sentence without a full stop. */
  readonly text: string;
  /** The leaf that it was found at, where there is one. */
  readonly leaf: bigint | null;
}

/** A difference that ends the check: later checks would rest on what is wrong. */
export class FoundDifference extends Error {
  readonly difference: Difference;

  constructor(check: string, text: string, leaf: bigint | null = null) {
    super(text);
    this.name = 'FoundDifference';
    this.difference = { check, text, leaf };
  }
}
