import { istanbulYear } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Effect, EffectApplier } from '../lane.js';
import { sideTag } from '../person-keys.js';
import type { PersonTagger } from '../person-tags.js';
import { recordKeptUntil } from './term.js';

/** The keys that seal who destroyed; they outlive a term that is shorter than three years. */
export interface DestructionRecorded extends Effect {
  readonly kind: 'destruction-recorded';
  readonly officers: readonly Buffer[];
  readonly year: number;
  readonly keptUntil: string;
}

export const destructionRecordedApplier: EffectApplier<DestructionRecorded> = {
  kind: 'destruction-recorded',
  apply: async (tx, placed) => {
    for (const { effect } of placed) {
      await tx.query({
        text: `INSERT INTO bridge.destruction_officer (tag, year, kept_until)
          SELECT tag, $2, $3::date FROM (SELECT DISTINCT unnest($1::bytea[]) AS tag) AS officer ORDER BY tag
          ON CONFLICT (tag, year) DO UPDATE SET kept_until = greatest(destruction_officer.kept_until, excluded.kept_until)`,
        values: [effect.officers, effect.year, effect.keptUntil],
      });
    }
  },
};

/** The keys under which the entry of this batch says who destroyed: those of the officers' present year. */
export function recordedBy(
  tools: { readonly tagger: PersonTagger },
  officers: readonly KimlikNo[],
  now: Date,
): DestructionRecorded {
  return {
    kind: 'destruction-recorded',
    officers: officers.map((person) => sideTag(tools.tagger, 'actor', person)),
    year: istanbulYear(now),
    keptUntil: recordKeptUntil(now),
  };
}
