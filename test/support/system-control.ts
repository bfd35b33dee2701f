/** One thing that reached a system (CONTRACT §3). */
export interface SeenItem {
  readonly n: number;
  readonly at: string;
  readonly action: string;
  readonly kimlikNo?: string;
  readonly mersisNo?: string;
  readonly messageId?: string;
  readonly answered: boolean;
  readonly refused?: string;
}

export type ControlledSystem = 'edevlet' | 'sts' | 'kps' | 'mersis' | 'tsa';

/** A fault as CONTRACT §3 posts it. */
export interface Fault {
  readonly system: ControlledSystem;
  readonly kind: string;
  readonly after?: number;
  readonly count?: number;
  readonly ms?: number;
}

/** The control interface of the stand-ins. */
export class Control {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  /** Everything that reached the system after item `after`, page by page. */
  async seen(system: ControlledSystem, after = 0): Promise<SeenItem[]> {
    const all: SeenItem[] = [];
    for (let from = after; ; ) {
      const page = (await this.#ask('GET', `/seen?system=${system}&after=${from}`)) as {
        next: number;
        requests: SeenItem[];
      };
      if (page.requests.length === 0) return all;
      all.push(...page.requests);
      from = page.next;
    }
  }

  async fault(fault: Fault): Promise<void> {
    await this.#ask('POST', '/faults', fault);
  }

  async clear(): Promise<void> {
    await this.#ask('DELETE', '/faults');
  }

  async patchPerson(kimlikNo: string, change: object): Promise<void> {
    await this.#ask('PATCH', `/people/${kimlikNo}`, change);
  }

  async patchCooperative(mersisNo: string, change: object): Promise<void> {
    await this.#ask('PATCH', `/cooperatives/${mersisNo}`, change);
  }

  /** CSV of what KPS counted for a user name: days from `from`, before `to`. */
  async figures(account: string, from: string, to: string): Promise<string> {
    const query = new URLSearchParams({ account, from, to });
    const response = await fetch(`${this.#base}/figures?${query}`, { signal: AbortSignal.timeout(15_000) });
    if (!response.ok) throw new Error(`control: ${response.status}`);
    return response.text();
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const answer = (await response.json()) as { error?: string };
    if (!response.ok) throw new Error(`control: ${response.status} ${answer.error ?? ''}`);
    return answer;
  }
}
