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

// Numbers of letters repeat from one authority to the next.
const EQUAL = `SELECT 1 FROM bridge.legal_hold WHERE lifted_leaf IS NULL AND actor_tag = $1 AND subject_tag = $2
  AND year_from = $3 AND year_to = $4 AND document->>'authority' = $5 AND document->>'number' = $6 LIMIT 1`;

/**
 * Placing a hold. One officer with step-up is enough: a hold only keeps, and a court's letter does not wait for a colleague. Two
 * are needed to lift it, since what is destroyed then cannot be brought back. Refused: `TOKEN_INVALID`, `REQUEST_INVALID`,
 * `STATE_CONFLICT` (an equal one stands: the form was sent twice).
 */
export function createPlaceHoldLane(
  tools: RetentionTools,
): Lane<NewHold, Verdict<{ id: string; leafIndex: bigint }>> {
  return exclusiveLane('5-retention-hold', async (tx, hold, now) => {
    const { officer, subject, yearFrom, yearTo, document, reason } = hold;
    if (!(await tools.stillActs(tx, officer, now)))
      return refused('TOKEN_INVALID', 'the session or the role of the officer has ended');
    if (yearFrom > yearTo) return refused('REQUEST_INVALID', 'the first year lies behind the last one');
    const actorTag = sideTag(tools.tagger, 'actor', subject);
    const subjectTag = sideTag(tools.tagger, 'subject', subject);
    const { rows } = await tx.query({
      text: EQUAL,
      values: [actorTag, subjectTag, yearFrom, yearTo, document.authority, document.number],
    });
    if (rows.length > 0)
      return refused('STATE_CONFLICT', 'the same hold, by the same document, stands already');
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
      actorTag,
      subjectTag,
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

interface HoldRow {
  hold_id: string;
  year_from: number;
  year_to: number;
  document: unknown;
  placed_leaf: bigint;
  lifted_leaf: bigint | null;
}

const COLUMNS = 'hold_id, year_from, year_to, document, placed_leaf, lifted_leaf';

function holdOf(row: HoldRow): HoldSummary {
  return {
    id: row.hold_id,
    yearFrom: row.year_from,
    yearTo: row.year_to,
    document: documentSchema.parse(row.document),
    placedLeaf: row.placed_leaf,
    liftedLeaf: row.lifted_leaf,
  };
}

/** The newest holds, `limit` at the most; standing ones first. */
export async function listHolds(q: Queryable, limit: number): Promise<readonly HoldSummary[]> {
  return (await pageOfHolds(q, null, limit)).holds;
}

/** The place of a hold in the list: what stands behind it comes on the next page. */
export interface HoldPlace {
  readonly stands: boolean;
  readonly placedLeaf: bigint;
}

export interface HoldPage {
  readonly holds: readonly HoldSummary[];
  /** Null where nothing stands behind. */
  readonly next: HoldPlace | null;
}

/** A page of the same list. A hold that is lifted while somebody pages may come twice, and is never left out. */
export async function pageOfHolds(q: Queryable, after: HoldPlace | null, limit: number): Promise<HoldPage> {
  const found: HoldSummary[] = [];
  // One more than shown: it tells whether there is a next page.
  if (after === null || after.stands)
    found.push(...(await partOfHolds(q, true, after?.placedLeaf ?? null, limit + 1)));
  if (found.length <= limit) {
    const below = after === null || after.stands ? null : after.placedLeaf;
    found.push(...(await partOfHolds(q, false, below, limit + 1 - found.length)));
  }
  const holds = found.slice(0, limit);
  const last = holds.at(-1);
  if (found.length <= limit || last === undefined) return { holds, next: null };
  return { holds, next: { stands: last.liftedLeaf === null, placedLeaf: last.placedLeaf } };
}

async function partOfHolds(q: Queryable, stands: boolean, below: bigint | null, limit: number) {
  const { rows } = await q.query<HoldRow>({
    text: `SELECT ${COLUMNS} FROM bridge.legal_hold WHERE lifted_leaf IS ${stands ? '' : 'NOT '}NULL
      AND ($1::bigint IS NULL OR placed_leaf < $1) ORDER BY placed_leaf DESC LIMIT $2`,
    values: [below, limit],
  });
  return rows.map(holdOf);
}

/** A hold that stands; null where there is none of this id. */
export async function findStandingHold(q: Queryable, id: string): Promise<HoldSummary | null> {
  const { rows } = await q.query<HoldRow>({
    text: `SELECT ${COLUMNS} FROM bridge.legal_hold WHERE hold_id = $1::uuid AND lifted_leaf IS NULL`,
    values: [id],
  });
  const [row] = rows;
  return row === undefined ? null : holdOf(row);
}
