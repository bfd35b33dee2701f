/** How a system that we ask stands, as this process has seen it. */
export type SystemState = 'up' | 'slow' | 'failing' | 'breaker-open' | 'unused';

/** What this process has seen of one system lately. `fault`: a closed word. Times in ms. */
export interface SystemSeen {
  readonly system: string;
  readonly state: SystemState;
  readonly lastOkAt: Date | null;
  readonly lastFaultAt: Date | null;
  readonly fault: string | null;
  readonly calls: number;
  readonly faults: number;
  readonly slowestMs: number | null;
}

/** Remembers how calls to other systems ended. Never throws. */
export interface SystemHealth {
  /** A call was answered; `ms` null where nobody measured it. */
  answered(system: string, ms: number | null): void;
  /** A call was not answered, or not in a way that helps. `fault`: a closed word, nothing of an answer. */
  failed(system: string, fault: string, ms: number | null): void;
  /** Nothing is asked of it until a person steps in. */
  stopped(system: string, fault: string): void;
  /** Every system that was named when this was made, and whichever came since. */
  seen(now: Date): readonly SystemSeen[];
}

interface Call {
  readonly at: number;
  readonly ms: number | null;
  readonly fault: string | null;
}

interface Known {
  calls: Call[];
  lastOkAt: number | null;
  lastFaultAt: number | null;
  fault: string | null;
  stopped: boolean;
}

/** What is looked at: a fault of an hour ago says nothing of now. */
const WINDOW_MS = 15 * 60_000;
/** Calls that are kept of one system: enough to tell slow from quick, and no more memory under load. */
const MAX_CALLS = 500;
/** Beyond it people at screens notice. */
const SLOW_MS = 3_000;
/** A share of calls from which on the system counts as slow or failing. */
const MANY = 0.2;
/** Systems come from the settings: further names are a mistake. */
const MAX_SYSTEMS = 200;

/** `systems`: those that the settings name, so that one that was never asked shows too. */
export function createSystemHealth(systems: readonly string[], now: () => Date): SystemHealth {
  const known = new Map<string, Known>();
  const of = (system: string): Known | null => {
    const found = known.get(system);
    if (found !== undefined) return found;
    if (known.size >= MAX_SYSTEMS) return null;
    const fresh = { calls: [], lastOkAt: null, lastFaultAt: null, fault: null, stopped: false };
    known.set(system, fresh);
    return fresh;
  };
  for (const system of systems) of(system);
  const took = (one: Known, call: Call) => {
    one.calls.push(call);
    if (one.calls.length > MAX_CALLS) one.calls.shift();
  };
  return {
    answered: (system, ms) => {
      const one = of(system);
      if (one === null) return;
      const at = now().getTime();
      one.lastOkAt = at;
      one.stopped = false;
      took(one, { at, ms, fault: null });
    },
    failed: (system, fault, ms) => {
      const one = of(system);
      if (one === null) return;
      const at = now().getTime();
      one.lastFaultAt = at;
      one.fault = fault;
      took(one, { at, ms, fault });
    },
    stopped: (system, fault) => {
      const one = of(system);
      if (one === null) return;
      one.lastFaultAt = now().getTime();
      one.fault = fault;
      one.stopped = true;
    },
    seen: (at) => [...known].map(([system, one]) => seenOf(system, one, at)),
  };
}

function seenOf(system: string, one: Known, now: Date): SystemSeen {
  const recent = one.calls.filter(({ at }) => now.getTime() - at < WINDOW_MS);
  const faults = recent.filter(({ fault }) => fault !== null).length;
  const times = recent.flatMap(({ ms }) => (ms === null ? [] : [ms]));
  return {
    system,
    state: stateOf(one, recent, faults),
    lastOkAt: dateOf(one.lastOkAt),
    lastFaultAt: dateOf(one.lastFaultAt),
    fault: one.fault,
    calls: recent.length,
    faults,
    slowestMs: times.length === 0 ? null : Math.round(Math.max(...times)),
  };
}

function stateOf(one: Known, recent: readonly Call[], faults: number): SystemState {
  if (one.stopped) return 'breaker-open';
  // What was not asked lately is what it was when it was last asked.
  if (recent.length === 0) {
    if (one.lastOkAt === null && one.lastFaultAt === null) return 'unused';
    return (one.lastFaultAt ?? 0) > (one.lastOkAt ?? 0) ? 'failing' : 'up';
  }
  const last = recent.at(-1);
  if (last?.fault != null || faults / recent.length >= MANY) return 'failing';
  const slow = recent.filter(({ ms }) => ms !== null && ms >= SLOW_MS).length;
  return slow / recent.length >= MANY ? 'slow' : 'up';
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
