import { z } from 'zod';

import { isSystemName, SYSTEMS, type SystemName } from './systems.js';

/** What can be made to go wrong with any system, below the meaning of a message. */
const COMMON_FAULTS = [
  'refuse-connection',
  'hang',
  'slow',
  'reset-mid-answer',
  'http-503',
  'html-403',
  'truncate',
] as const;

/** The listener's side of `refuse-connection`. */
export interface ConnectionGate {
  /** Closes the listening socket and cuts every connection: the next connect gets ECONNREFUSED. */
  shut(): Promise<void>;
  open(): Promise<void>;
  /** Cuts every connection, then resets the next `count` before their handshake; `done` is called after the last. */
  resetNext(count: number, done: () => void): Promise<void>;
}

/** A fault that hits one request. */
export interface ActiveFault {
  readonly kind: string;
  readonly ms: number | undefined;
  /** Resolves when the faults are deleted. */
  readonly released: Promise<void>;
}

export interface Taken {
  readonly fault: ActiveFault | undefined;
  /** To be called once this request's answer is out: a refusal that was to begin after it begins then. */
  readonly afterAnswer: (() => void) | undefined;
}

/** More than any test stacks; a runaway script ends here. */
const MAX_ACTIVE = 100;
const MAX_REQUESTS = 1_000_000;
const ONE_DAY_MS = 86_400_000;

const FaultRequest = z.strictObject({
  system: z.string(),
  kind: z.string(),
  after: z.int().min(0).max(MAX_REQUESTS).default(0),
  count: z.int().min(1).max(MAX_REQUESTS).optional(),
  ms: z.int().min(0).max(ONE_DAY_MS).optional(),
});

export type Posted = { readonly ok: true } | { readonly ok: false; readonly problem: string };

interface Entry {
  readonly system: SystemName;
  readonly kind: string;
  readonly ms: number | undefined;
  after: number;
  left: number;
}

interface Registration {
  readonly kinds: ReadonlySet<string>;
  readonly gate: ConnectionGate;
}

/**
 * The faults that are switched on now. Each request of a system passes every entry of that system: an entry with `after`
 * left counts it and lets it pass; the first entry that is due hits it. A stand-in registers its own kinds and its
 * listener, so a later system needs no change here. Faults for a system without a stand-in are refused.
 */
export class Faults {
  readonly #registered = new Map<SystemName, Registration>();
  #entries: Entry[] = [];
  #timers: NodeJS.Timeout[] = [];
  #release: () => void = () => undefined;
  #released: Promise<void>;

  constructor() {
    this.#released = this.#newRelease();
  }

  register(system: SystemName, ownKinds: readonly string[], gate: ConnectionGate): void {
    this.#registered.set(system, { kinds: new Set([...COMMON_FAULTS, ...ownKinds]), gate });
  }

  /** Switches a fault on. Resolves when it holds: a refused connection is refused from then on. */
  async post(body: unknown): Promise<Posted> {
    const parsed = FaultRequest.safeParse(body);
    if (!parsed.success) return { ok: false, problem: z.prettifyError(parsed.error) };
    const { system, kind, after, count, ms } = parsed.data;
    if (!isSystemName(system)) return { ok: false, problem: `system is not one of ${SYSTEMS.join(', ')}` };
    const registration = this.#registered.get(system);
    if (registration === undefined) return { ok: false, problem: `there is no stand-in of ${system} yet` };
    if (!registration.kinds.has(kind)) {
      return { ok: false, problem: `kind is not one of ${[...registration.kinds].join(', ')}` };
    }
    if (this.#entries.length >= MAX_ACTIVE)
      return { ok: false, problem: 'too many faults are on: DELETE /faults first' };
    const entry: Entry = { system, kind, ms, after, left: count ?? Number.POSITIVE_INFINITY };
    this.#entries.push(entry);
    if (kind === 'refuse-connection' && after === 0) await this.#refuse(entry);
    return { ok: true };
  }

  /** Switches every fault off, answers what hangs, opens every listener. */
  async clear(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#entries = [];
    this.#release();
    this.#released = this.#newRelease();
    for (const { gate } of this.#registered.values()) await gate.open();
  }

  /** What happens to the request that has just been read completely. A fault whose kind is not about it lets it pass uncounted. */
  take(system: SystemName, concerns: (kind: string) => boolean = () => true): Taken {
    if (this.#entries.length === 0) return { fault: undefined, afterAnswer: undefined };
    let fault: ActiveFault | undefined;
    let afterAnswer: (() => void) | undefined;
    for (const entry of this.#entries) {
      if (entry.system !== system || !concerns(entry.kind)) continue;
      if (entry.after > 0) {
        entry.after -= 1;
        if (entry.after === 0 && entry.kind === 'refuse-connection')
          afterAnswer = () => void this.#refuse(entry);
      } else if (fault === undefined && entry.kind !== 'refuse-connection') {
        entry.left -= 1;
        fault = { kind: entry.kind, ms: entry.ms, released: this.#released };
      }
    }
    this.#entries = this.#entries.filter((entry) => entry.left > 0);
    return { fault, afterAnswer };
  }

  /** What is on, for the control interface. */
  list(): readonly { system: SystemName; kind: string; after: number; left: number | null }[] {
    return this.#entries.map(({ system, kind, after, left }) => ({
      system,
      kind,
      after,
      left: Number.isFinite(left) ? left : null,
    }));
  }

  async #refuse(entry: Entry): Promise<void> {
    const gate = this.#registered.get(entry.system)?.gate;
    if (gate === undefined || !this.#entries.includes(entry)) return;
    const forget = () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
    if (Number.isFinite(entry.left)) {
      await gate.resetNext(entry.left, forget);
      return;
    }
    await gate.shut();
    if (entry.ms === undefined) return;
    this.#timers.push(
      setTimeout(() => {
        forget();
        void gate.open();
      }, entry.ms),
    );
  }

  #newRelease(): Promise<void> {
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }
}
