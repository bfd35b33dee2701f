/** One receiving institution's account at KPS (DESIGN §1), as far as speaking needs it; agreement and fee class are its user's. */
export interface KpsAccount {
  readonly id: string;
  readonly userName: string;
  /** Opened only while a token request is written. */
  readonly password: { reveal(): string };
}
