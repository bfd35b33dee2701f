import { randomUUID } from 'node:crypto';
import { istanbulYear } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import { draftOf } from '../draft.js';
import type { Effect, EffectApplier, Lane, Settled } from '../lane.js';
import type { MasterKeys } from '../master-keys.js';
import { readLastEnds, takesTurn } from './last-ends.js';
import { openUsers } from './open-user.js';
import type { Finding } from './rule.js';
import { lockRaising } from './state.js';

/** What became of a finding: told now, told before, or not to be told because its user's number does not open. */
export type Raised = 'raised' | 'known' | 'destroyed' | 'unreadable';

export interface RaiseTools {
  readonly masterKeys: MasterKeys;
  readonly instance: string;
}

interface SignalRaised extends Effect {
  readonly kind: 'signal-raised';
  readonly id: string;
  readonly finding: Finding;
  readonly year: number;
}

/** A database that restarts is back sooner; nobody waits, and the next look finds the same again. */
const PATIENCE_MS = 30_000;

/**
 * Makes findings signals: one entry and one row each. A window that begins before the last one of this rule and user has
 * ended is known, whoever told it: the same slice looked at twice, by two instances or after a crash, is told once.
 */
export function createRaiseLane({ masterKeys, instance }: RaiseTools): Lane<Finding, Raised> {
  return {
    name: '6-signal-raise',
    patienceMs: PATIENCE_MS,
    settle: async (tx, findings, now) => {
      await lockRaising(tx);
      const ends = await readLastEnds(tx, findings);
      const users = await openUsers(
        tx,
        masterKeys,
        findings.map(({ entryLeaf }) => entryLeaf),
      );
      return findings.map((finding, i) => {
        const user = users[i] ?? 'destroyed';
        if (user === 'destroyed' || user === 'unreadable') return without(user);
        if (!takesTurn(ends, finding)) return without('known');
        return raised(finding, user, instance, now);
      });
    },
  };
}

function without(answer: Raised): Settled<Raised> {
  return { entries: [], effects: [], answer: () => answer };
}

function raised(finding: Finding, user: KimlikNo, instance: string, now: Date): Settled<Raised> {
  const { rule, measured, threshold, windowStart, windowEnd } = finding;
  const id = randomUUID();
  const entry = draftOf(
    'signal.raised',
    now,
    {
      instance,
      measure: rule.measure,
      measured,
      rule: rule.code,
      signal: id,
      threshold,
      windowEnd: windowEnd.toISOString(),
      windowStart: windowStart.toISOString(),
    },
    [{ field: 'actor.number', side: 'actor', person: user, text: user.reveal(), indexed: true }],
  );
  const effect: SignalRaised = { kind: 'signal-raised', id, finding, year: istanbulYear(now) };
  return { entries: [entry], effects: [effect], answer: () => 'raised' };
}

export const signalRaisedApplier: EffectApplier<SignalRaised> = {
  kind: 'signal-raised',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      const { id, finding, year } = effect;
      await tx.query({
        text: `INSERT INTO bridge.signal (signal_id, rule, measure, actor_tag, year, window_start, window_end, measured,
          threshold, raised_leaf, raised_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        values: [
          id,
          finding.rule.code,
          finding.rule.measure,
          finding.actorTag,
          year,
          finding.windowStart,
          finding.windowEnd,
          finding.measured,
          finding.threshold,
          receipt.leafIndex,
          receipt.at,
        ],
      });
    }
  },
};
