import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Queryable } from '../../storage/database.js';
import { documentSchema } from '../catalogue/retention.js';
import type { Effect, EffectApplier, Lane } from '../lane.js';
import { sideTag } from '../person-keys.js';
import { done, exclusiveLane, refused, retentionEntry, type Verdict } from './exclusive-lane.js';
import { type ActingOfficer, actorNumber, subjectNumber } from './officer.js';
import type { RetentionTools } from './tools.js';

type HoldDocument = z.infer<typeof documentSchema>;

/** A hold as an officer asks for it. */
export interface NewHold {
  readonly officer: ActingOfficer;
  readonly subject: KimlikNo;
  readonly yearFrom: number;
  readonly yearTo: number;
  readonly document: HoldDocument;
  readonly reason: string;
}

/**
 * Placing a hold. One officer with step-up is enough: a hold only keeps, and a court's letter does not wait for a colleague. Two
 * are needed to lift it, since what is destroyed then cannot be brought back. Refused: `TOKEN_INVALID`, `REQUEST_INVALID`.
 */
export function createPlaceHoldLane(
  tools: RetentionTools,
): Lane<NewHold, Verdict<{ id: string; leafIndex: bigint }>> {
  return exclusiveLane('5-retention-hold', async (tx, hold, now) => {
    const { officer, subject, yearFrom, yearTo, document, reason } = hold;
    if (!(await tools.stillActs(tx, officer, now)))
      return refused('TOKEN_INVALID', 'the session or the role of the officer has ended');
    if (yearFrom > yearTo) return refused('REQUEST_INVALID', 'the first year lies behind the last one');
    const id = randomUUID();
    const entry = retentionEntry(
      'hold.placed',
      { actor: officer.session, document, hold: id, instance: tools.instance, reason, yearFrom, yearTo },
      [actorNumber(officer.person), subjectNumber(subject)],
      now,
    );
    const effect: HoldPlaced = {
      kind: 'hold-placed',
      id,
      actorTag: sideTag(tools.tagger, 'actor', subject),
      subjectTag: sideTag(tools.tagger, 'subject', subject),
      yearFrom,
      yearTo,
      document,
    };
    return done([entry], [effect], ({ leafIndex }) => ({ id, leafIndex }));
  });
}

export interface HoldPlaced extends Effect {
  readonly kind: 'hold-placed';
  readonly id: string;
  readonly actorTag: Buffer;
  readonly subjectTag: Buffer;
  readonly yearFrom: number;
  readonly yearTo: number;
  readonly document: HoldDocument;
}

export const holdPlacedApplier: EffectApplier<HoldPlaced> = {
  kind: 'hold-placed',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      await tx.query({
        text: `INSERT INTO bridge.legal_hold (hold_id, actor_tag, subject_tag, year_from, year_to, document, placed_leaf)
          VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        values: [
          effect.id,
          effect.actorTag,
          effect.subjectTag,
          effect.yearFrom,
          effect.yearTo,
          JSON.stringify(effect.document),
          receipt.leafIndex,
        ],
      });
    }
  },
};

export interface HoldLifted extends Effect {
  readonly kind: 'hold-lifted';
  readonly id: string;
}

export const holdLiftedApplier: EffectApplier<HoldLifted> = {
  kind: 'hold-lifted',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      await tx.query({
        text: 'UPDATE bridge.legal_hold SET lifted_leaf = $2, actor_tag = NULL, subject_tag = NULL WHERE hold_id = $1',
        values: [effect.id, receipt.leafIndex],
      });
    }
  },
};

/** A hold as an officer sees it; the person is not shown. */
export interface HoldSummary {
  readonly id: string;
  readonly yearFrom: number;
  readonly yearTo: number;
  readonly document: HoldDocument;
  readonly placedLeaf: bigint;
  readonly liftedLeaf: bigint | null;
}

/** The newest holds, `limit` at the most; standing ones first. */
export async function listHolds(q: Queryable, limit: number): Promise<readonly HoldSummary[]> {
  const { rows } = await q.query<{
    hold_id: string;
    year_from: number;
    year_to: number;
    document: unknown;
    placed_leaf: bigint;
    lifted_leaf: bigint | null;
  }>({
    text: `SELECT hold_id, year_from, year_to, document, placed_leaf, lifted_leaf FROM bridge.legal_hold
      ORDER BY lifted_leaf IS NOT NULL, placed_leaf DESC LIMIT $1`,
    values: [limit],
  });
  return rows.map((row) => ({
    id: row.hold_id,
    yearFrom: row.year_from,
    yearTo: row.year_to,
    document: documentSchema.parse(row.document),
    placedLeaf: row.placed_leaf,
    liftedLeaf: row.lifted_leaf,
  }));
}
