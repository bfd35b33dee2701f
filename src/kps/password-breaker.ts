/**
 * Remembers for which accounts the STS refused the password. Nothing is asked for them any more: locked and wrong look
 * alike, and each further try may lock the institution's account (facts/kps.md §1.7).
 */
export class PasswordBreaker {
  readonly #openedMs = new Map<string, number>();
  readonly #resetAfterMs: number | null;
  readonly #now: () => number;

  /** `resetMinutes` null: only a restart or `reset` closes it again. */
  constructor(resetMinutes: number | null, now: () => number) {
    this.#resetAfterMs = resetMinutes === null ? null : resetMinutes * 60_000;
    this.#now = now;
  }

  open(account: string): void {
    this.#openedMs.set(account, this.#now());
  }

  isOpen(account: string): boolean {
    const since = this.#openedMs.get(account);
    if (since === undefined) return false;
    if (this.#resetAfterMs === null || this.#now() - since < this.#resetAfterMs) return true;
    this.#openedMs.delete(account);
    return false;
  }

  reset(account: string): void {
    this.#openedMs.delete(account);
  }
}
