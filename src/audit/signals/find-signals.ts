import type { Queryable, Statement } from '../../storage/database.js';
import { habitStatement, hoursStatement } from './day-statement.js';
import { readLastEnds, takesTurn } from './last-ends.js';
import type { LeafSlice } from './leaf-slice.js';
import type { Finding, SignalRule } from './rule.js';
import { windowStatement } from './window-statement.js';

interface Row {
  actor: Buffer;
  entryLeaf: bigint;
  windowStart: Date;
  windowEnd: Date;
  measured: number;
  threshold: number;
}

/**
 * What `rule` finds in the new leaves of a slice: for each user the first window that reached the threshold, and then those
 * that begin where the one before has ended. Users stand in it by tag alone. The search rows must reach the slice's end.
 */
export async function findSignals(
  q: Queryable,
  rule: SignalRule,
  slice: LeafSlice,
): Promise<readonly Finding[]> {
  const { rows } = await q.query<Row>(statementOf(rule, slice));
  const all = rows.map(({ actor, ...row }): Finding => ({ rule, actorTag: actor, ...row }));
  const ends = await readLastEnds(q, all);
  return all.filter((finding) => takesTurn(ends, finding));
}

function statementOf(rule: SignalRule, slice: LeafSlice): Statement {
  switch (rule.measure) {
    case 'outside-working-hours':
      return hoursStatement(rule, slice);
    case 'above-own-habit':
      return habitStatement(rule, slice);
    default:
      return windowStatement(rule, slice);
  }
}
