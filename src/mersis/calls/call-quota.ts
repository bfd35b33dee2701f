import type { Effect, EffectApplier } from '../../audit/lane.js';
import type { PersonTagger } from '../../audit/person-tags.js';
import { Refusal } from '../../errors/refusal.js';
import type { Transaction } from '../../storage/database.js';
import type { CallingPerson, RegistryAttempt } from './attempt.js';

/** How often persons may have MERSİS asked. */
export interface CallLimits {
  readonly perPersonPerHour: number;
  /** So long nobody has the same cooperative read again at once. */
  readonly refreshPauseS: number;
}

/** Counters that a call spends, in the transaction of its entry. */
export interface SpentCall extends Effect {
  readonly kind: 'mersis-call-spent';
  readonly rows: readonly { readonly key: string; readonly windowStart: Date }[];
}

const HOUR_MS = 3_600_000;
/** The lock of all counters (src/verification/spend-quota.ts): whoever reads them and spends holds it to the end. */
const LOCK = 'SELECT pg_advisory_xact_lock(7202, 2)';
const READ = `SELECT encode(key, 'hex') AS key, window_start AS "windowStart", used FROM bridge.quota_use
  WHERE key = ANY(SELECT decode(k, 'hex') FROM unnest($1::text[]) AS k) AND window_start >= $2`;
const SPEND = `INSERT INTO bridge.quota_use AS q (key, window_start, used)
  SELECT decode(key, 'hex'), "windowStart", count(*)::int
  FROM json_to_recordset($1::json) AS x(key text, "windowStart" timestamptz) GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (key, window_start) DO UPDATE SET used = q.used + excluded.used`;

/** The counters of a batch, as they stand with what the batch itself has spent. */
export interface CallQuota {
  /** Counts one call, or says why it is one too many; then nothing is counted. */
  spend(attempt: RegistryAttempt, person: CallingPerson): SpentCall | Refusal;
}

/** Reads the counters of all calls of a batch, under their lock. Errors: those of `Transaction`. */
export async function readCallQuota(
  tx: Transaction,
  calls: readonly { readonly attempt: RegistryAttempt; readonly person: CallingPerson }[],
  { limits, now, tagger }: { readonly limits: CallLimits; readonly now: Date; readonly tagger: PersonTagger },
): Promise<CallQuota> {
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  const personKey = ({ person }: CallingPerson) =>
    tagger.digest('quota.mersis-person', [person.reveal()]).toString('hex');
  const cooperativeKey = ({ operation, question }: RegistryAttempt) =>
    operation === 'refresh' && question.ok && 'mersisNo' in question.value && limits.refreshPauseS > 0
      ? tagger.digest('quota.mersis-refresh', [question.value.mersisNo]).toString('hex')
      : null;
  const keys = calls.flatMap(({ attempt, person }) =>
    [personKey(person), cooperativeKey(attempt) ?? []].flat(),
  );
  const used = new Map<string, number>();
  const lastRefresh = new Map<string, number>();
  if (keys.length > 0) {
    await tx.run(LOCK);
    const values = [[...new Set(keys)], new Date(now.getTime() - HOUR_MS)];
    const { rows } = await tx.query<{ key: string; windowStart: Date; used: number }>({ text: READ, values });
    for (const row of rows) {
      if (row.windowStart.getTime() === hour.getTime()) used.set(row.key, row.used);
      lastRefresh.set(row.key, Math.max(lastRefresh.get(row.key) ?? 0, row.windowStart.getTime()));
    }
  }
  return {
    spend: (attempt, person) => {
      const [who, what] = [personKey(person), cooperativeKey(attempt)];
      const spent = used.get(who) ?? 0;
      if (spent >= limits.perPersonPerHour)
        return tooMany('person-hour', hour.getTime() + HOUR_MS - now.getTime());
      const last = what === null ? undefined : lastRefresh.get(what);
      const leftMs = last === undefined ? 0 : last + limits.refreshPauseS * 1000 - now.getTime();
      if (leftMs > 0) return tooMany('just-read', leftMs);
      used.set(who, spent + 1);
      const rows = [{ key: who, windowStart: hour }];
      if (what !== null) {
        lastRefresh.set(what, now.getTime());
        rows.push({ key: what, windowStart: now });
      }
      return { kind: 'mersis-call-spent', rows };
    },
  };
}

function tooMany(reason: string, leftMs: number): Refusal {
  return new Refusal('RATE_LIMITED', { reason, retryAfterS: Math.max(1, Math.ceil(leftMs / 1000)) });
}

/** Counts what the calls of a batch have spent; their lane holds the lock of all counters. */
export const callSpentApplier: EffectApplier<SpentCall> = {
  kind: 'mersis-call-spent',
  apply: async (tx, placed) => {
    const rows = placed.flatMap(({ effect }) => effect.rows);
    await tx.query({ text: SPEND, values: [JSON.stringify(rows)] });
  },
};
