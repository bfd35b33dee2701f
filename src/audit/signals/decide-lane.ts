import type { z } from 'zod';
import { clearTextFault } from '../../person/clear-text.js';
import type { signalDecision } from '../catalogue/signals.js';
import { draftOf } from '../draft.js';
import type { Effect, EffectApplier, Lane } from '../lane.js';
import { sideTag } from '../person-keys.js';
import type { PersonTagger } from '../person-tags.js';
import { done, refused, type Verdict } from '../retention/exclusive-lane.js';
import { type ActingOfficer, actorNumber, type StillActs } from '../retention/officer.js';

export type SignalDecision = z.infer<typeof signalDecision>;

/** An officer's decision. `note`: 1 to 500 characters; stands in the log in clear. */
export interface NewDecision {
  readonly officer: ActingOfficer;
  readonly signal: string;
  readonly decision: SignalDecision;
  readonly note: string;
}

export interface DecideTools {
  readonly instance: string;
  /** One for each tag key: the signal's user may stand under an earlier one. */
  readonly taggers: readonly PersonTagger[];
  readonly stillActs: StillActs;
}

interface SignalDecided extends Effect {
  readonly kind: 'signal-decided';
  readonly signal: string;
  readonly decision: SignalDecision;
}

/** An officer waits. */
const PATIENCE_MS = 10_000;
const MAX_NOTE = 500;

/**
 * Decisions about signals; gives the leaf. Refused: `REQUEST_INVALID` (note), `TOKEN_INVALID` (session or role ended),
 * `NOT_FOUND`, `STATE_CONFLICT` (decided already), `SECOND_PERSON_REQUIRED` (the signal is about the officer).
 */
export function createDecideLane(tools: DecideTools): Lane<NewDecision, Verdict<bigint>> {
  return {
    name: '6-signal-decide',
    patienceMs: PATIENCE_MS,
    settle: async (tx, decisions, now) => {
      const states = await lockSignals(tx, decisions);
      const settled = [];
      for (const decision of decisions) {
        const stillActs = await tools.stillActs(tx, decision.officer, now);
        const state = stillActs ? states.get(decision.signal) : undefined;
        const verdict = stillActs
          ? settleOne(decision, state, tools, now)
          : refused<bigint>('TOKEN_INVALID', 'the session or the role of the officer has ended');
        // The second decision of a batch about one signal finds it decided.
        if (state !== undefined && verdict.entries.length > 0) state.decided = true;
        settled.push(verdict);
      }
      return settled;
    },
  };
}

interface State {
  readonly actorTag: Buffer | null;
  decided: boolean;
}

async function lockSignals(
  tx: Parameters<StillActs>[0],
  decisions: readonly NewDecision[],
): Promise<ReadonlyMap<string, State>> {
  const { rows } = await tx.query<{ signal_id: string; actor_tag: Buffer | null; decided: boolean }>({
    text: `SELECT signal_id, actor_tag, decided_leaf IS NOT NULL AS decided FROM bridge.signal
      WHERE signal_id = ANY($1::uuid[]) ORDER BY signal_id FOR UPDATE`,
    values: [decisions.map(({ signal }) => signal)],
  });
  return new Map(rows.map((row) => [row.signal_id, { actorTag: row.actor_tag, decided: row.decided }]));
}

function settleOne(
  { officer, signal, decision, note }: NewDecision,
  state: State | undefined,
  { instance, taggers }: DecideTools,
  now: Date,
) {
  if (note.trim() === '' || clearTextFault(note, MAX_NOTE) !== null)
    return refused<bigint>(
      'REQUEST_INVALID',
      'note: 1 to 500 characters of plain text are needed, and no identity number among them',
    );
  if (state === undefined) return refused<bigint>('NOT_FOUND', 'no such signal');
  const { actorTag } = state;
  if (
    actorTag !== null &&
    taggers.some((tagger) => sideTag(tagger, 'actor', officer.person).equals(actorTag))
  )
    return refused<bigint>('SECOND_PERSON_REQUIRED', 'the signal is about the officer: another one decides');
  if (state.decided) return refused<bigint>('STATE_CONFLICT', 'the signal was decided already');
  const data = { actor: officer.session, decision, instance, note, signal };
  const effect: SignalDecided = { kind: 'signal-decided', signal, decision };
  return done(
    [draftOf('signal.decided', now, data, [actorNumber(officer.person)])],
    [effect],
    ({ leafIndex }) => leafIndex,
  );
}

export const signalDecidedApplier: EffectApplier<SignalDecided> = {
  kind: 'signal-decided',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      await tx.query({
        text: 'UPDATE bridge.signal SET decision = $2, decided_leaf = $3 WHERE signal_id = $1',
        values: [effect.signal, effect.decision, receipt.leafIndex],
      });
    }
  },
};
