import { Counter, Gauge, type Registry } from 'prom-client';

/** How reading the registry stands; seconds. `paused`: closed word of why, null where it goes on. */
interface RegistryState {
  readonly due: number;
  readonly troubled: number;
  readonly held: number;
  readonly oldestSeconds: number | null;
  readonly budgetUsed: number;
  readonly budgetLimit: number;
  readonly runStopped: boolean;
  readonly paused: string | null;
  readonly leads: boolean;
}

/** What is said of who may act, and of where that comes from. */
export interface AuthorityMetrics {
  /** How asking about cooperatives ended: `read`, `waiting`, `refused`, `failed`; anything else counts as `other`. */
  mersisRead(result: string, count: number): void;
  mersisState(state: RegistryState): void;
  /** Contradictions between seats and appointments that the log tells of. */
  disagreements(count: number): void;
}

const READS = ['read', 'waiting', 'refused', 'failed'];
const PAUSES = ['refused', 'unavailable'];
const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;

/** Metrics of authority and of the registry behind it. */
export function authorityMetrics(registers: Registry[]): AuthorityMetrics {
  const gauge = (name: string, help: string) => {
    const one = new Gauge({ name, help, registers });
    return { set: (value: number) => isCount(value) && one.set(value) };
  };
  const reads = new Counter({
    name: 'bridge_mersis_reads_total',
    help: 'Cooperatives asked about at MERSİS by how that ended',
    labelNames: ['result'],
    registers,
  });
  for (const result of READS) reads.inc({ result }, 0);
  const due = gauge('bridge_mersis_due', 'Cooperatives that are to be read now');
  const troubled = gauge(
    'bridge_mersis_troubled',
    'Cooperatives whose last reading failed or was not believed',
  );
  const held = gauge(
    'bridge_mersis_held',
    'Cooperatives whose losses wait for a second reading or for persons',
  );
  const oldest = gauge('bridge_mersis_oldest_reading_seconds', 'Age of the oldest reading');
  const used = gauge('bridge_mersis_budget_used', 'Requests of today');
  const limit = gauge('bridge_mersis_budget_limit', 'Requests that a day may have');
  const stopped = gauge('bridge_mersis_run_stopped', '1 while a run waits for two persons');
  const leads = gauge('bridge_mersis_leads', '1 where this instance reads');
  const paused = new Gauge({
    name: 'bridge_mersis_paused',
    help: '1 while reading pauses, by why',
    labelNames: ['reason'],
    registers,
  });
  const disagreements = gauge(
    'bridge_authority_disagreements',
    'Contradictions between seats and appointments that the log tells of',
  );
  return {
    mersisRead: (result, count) =>
      isCount(count) && reads.inc({ result: READS.includes(result) ? result : 'other' }, count),
    mersisState: (state) => {
      due.set(state.due);
      troubled.set(state.troubled);
      held.set(state.held);
      if (state.oldestSeconds !== null) oldest.set(state.oldestSeconds);
      used.set(state.budgetUsed);
      limit.set(state.budgetLimit);
      stopped.set(state.runStopped ? 1 : 0);
      leads.set(state.leads ? 1 : 0);
      for (const reason of PAUSES) paused.set({ reason }, state.paused === reason ? 1 : 0);
    },
    disagreements: (count) => disagreements.set(count),
  };
}
